"""What kinds of bounces there are, and when soft ones become too many."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

TOO_MANY = 3
WITHIN = timedelta(days=7)
_REMEMBERED = timedelta(days=30)
_MAIL = "mail "
"""Before the message ids on the item of an address, so that no id is taken for another attribute."""


class Failure(StrEnum):
    HARD = "hard"
    """The address does not exist, or the provider no longer sends to it."""
    SOFT = "soft"
    """A full mailbox, a server that is down, or a reason that nobody knows."""
    OURS = "ours"
    """The mail was too large or its content not liked: says nothing of the address."""


_OURS = frozenset({"MessageTooLarge", "ContentRejected", "AttachmentRejected"})


def failure_of(detail: str) -> Failure:
    """From an event's `Permanent/General 5.1.1`: SES's bounce type, sub type and the server's status."""
    kind, _, rest = detail.partition("/")
    if kind.strip() == "Permanent":
        return Failure.HARD
    return Failure.OURS if rest.partition(" ")[0] in _OURS else Failure.SOFT


def soft_bounces(item: Mapping[str, Any], message_id: str, at: str) -> dict[str, str | None]:
    """What the item of an address remembers once this bounce is noted; None for what is old enough to forget."""
    noted = {name: str(when) for name, when in item.items() if name.startswith(_MAIL)}
    noted[_MAIL + message_id] = at
    newest = max(map(datetime.fromisoformat, noted.values()))
    return {
        name: when if newest - datetime.fromisoformat(when) <= _REMEMBERED else None for name, when in noted.items()
    }


def enough(times: Sequence[str]) -> bool:
    """Whether so many fall within a week of each other, in whatever order they were heard of."""
    ordered = sorted(map(datetime.fromisoformat, times))
    return any(last - first <= WITHIN for first, last in zip(ordered, ordered[TOO_MANY - 1 :], strict=False))
