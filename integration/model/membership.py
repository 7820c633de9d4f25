"""What happened in a pool, and from it who was in the pool at any time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from integration.model.vocabulary import MembershipState

_RANK = {state.value: rank for rank, state in enumerate(MembershipState)}


@dataclass(frozen=True)
class Happened:
    """One person's standing in a pool changed."""

    candidate: str
    state: str
    at: datetime
    by: str = ""
    """The user who did it; the service's own user for rules, imports and pages."""
    cause: str = ""
    """Pool_Membership__c.Added_By__c: Manual, Import, Rule …"""


def standing_at(events: Iterable[Happened], moment: datetime) -> dict[str, Happened]:
    """How everybody stood at a moment and since when, whatever order the events come in and however often."""
    standing: dict[str, Happened] = {}
    for event in sorted({event for event in events if event.at <= moment}, key=_order):
        known = standing.get(event.candidate)
        if known is None or known.state != event.state:  # what repeats the standing does not begin it anew
            standing[event.candidate] = event
    return standing


def members_at(events: Iterable[Happened], moment: datetime) -> dict[str, Happened]:
    """Those who were members, with the event that made them one."""
    standing = standing_at(events, moment)
    return {one: event for one, event in standing.items() if event.state == MembershipState.MEMBER}


def moment_of(text: str) -> datetime:
    """A time as the org writes it."""
    at = datetime.fromisoformat(text.replace("+0000", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _order(event: Happened) -> tuple[datetime, int, str, str]:
    """Within one second people join before they leave."""
    return event.at, _RANK.get(event.state, -1), event.by, event.cause
