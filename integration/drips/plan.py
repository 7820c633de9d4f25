"""A running drip as it was frozen at launch, and where its people's places are kept in the `due` table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from integration.model.ledger import shard_of
from integration.model.schedule import minute_of, zone_of
from integration.model.series import Place, Step
from integration.model.vocabulary import CampaignKind
from integration.pools.directory import Directory
from integration.ports import Item
from integration.sending import control
from integration.sending.control import Control, Leave
from integration.sending.counting import PLAN, plan_of
from integration.sending.recovery import running

if TYPE_CHECKING:
    from integration.app import App

MINUTES = "minutes"
"""Partition that lists every minute and shard with work; sort key `<minute>#<shard>`."""
STATE = "state"
AT_A_TIME = 200


@dataclass(frozen=True)
class Drip:
    """A running drip as it was frozen at launch, or at the last change that was applied."""

    campaign: str
    steps: Sequence[Step]
    included: frozenset[str]
    excluded: frozenset[str]
    requisition: str
    control: Control
    number: int = 1
    """Of the version that new members get."""
    hold_out: float = 0.0
    """Per cent of the new members who are not taken in at all."""
    older: dict[int, Sequence[Step]] = field(default_factory=dict)


def all_running(app: "App") -> list[Drip]:
    return [drip for campaign in running(app) if (drip := find(app, campaign)) is not None]


def find(app: "App", campaign: str) -> Drip | None:
    """None when the campaign is not a drip under way."""
    plan = plan_of(app, campaign)
    current = control.read(app, campaign)
    if plan is None or plan["kind"] != CampaignKind.DRIP or current.leave is Leave.CANCELLED:
        return None
    # A pool that was put into an included folder after the launch counts from then on.
    below = [pool for folder in plan.get("folders", ()) for pool in Directory(app).below(folder)]
    included, excluded = frozenset([*plan["included"], *below]), frozenset(plan["excluded"])
    requisition, number = plan.get("requisition", ""), int(plan.get("number", 1))
    hold_out = float(plan.get("hold_out", 0))
    return Drip(campaign, steps_in(plan), included, excluded, requisition, current, number, hold_out)


def steps_in(plan: Item) -> list[Step]:
    return [Step.from_item(item) for item in plan["steps"]]


def steps_for(app: "App", drip: Drip, state: Item) -> Sequence[Step]:
    """The steps of one enrollment: it runs on its version to the end (F33)."""
    number = int(state.get("plan", 1))
    if number == drip.number:
        return drip.steps
    if number not in drip.older:
        plan = app.sends.get(control.campaign_pk(drip.campaign), f"{PLAN}#{number}")
        drip.older[number] = steps_in(plan) if plan else drip.steps
    return drip.older[number]


def place_of(state: Item) -> Place:
    return Place(
        due=datetime.fromisoformat(state["due_at"]),
        anchor=datetime.fromisoformat(state.get("anchor") or state["joined"]),
        number=int(state["step"]),
        anchor_step=str(state.get("anchor_step", "")),
        sent=datetime.fromisoformat(state["sent"]) if state.get("sent") else None,
        sent_step=str(state.get("sent_step", "")),
        had=tuple(state.get("had", ())),
    )


def place_values(place: Place) -> dict[str, Any]:
    """The attributes of an enrollment that say where the person stands."""
    return {
        "step": place.number,
        "due_at": place.due.isoformat(timespec="seconds"),
        "anchor": place.anchor.isoformat(),
        "anchor_step": place.anchor_step,
        "sent": place.sent.isoformat() if place.sent else None,
        "sent_step": place.sent_step,
        "had": list(place.had),
    }


def look_at(app: "App", drip: Drip, key: str, number: int, at: datetime) -> None:
    """Has one person looked at when `at` has come: never in this very minute, whose entries are just being cleared."""
    entry = entry_of(drip, key, number, max(at, app.clock.now() + timedelta(minutes=1)))
    # The index first: a minute that is listed for nothing costs one read, one that is not listed is never looked at.
    app.due.put({"pk": MINUTES, "sk": entry["pk"]})
    app.due.put(entry)


def zone_for(drip: Drip, own: str) -> tzinfo:
    return zone_of(own if drip.control.own_zones else "", drip.control.zone)


def enrollment_pk(campaign: str, key: str) -> str:
    return f"enrollment#{campaign}#{key}"


def enrolled_pk(campaign: str) -> str:
    """Partition that lists everybody who was ever taken in."""
    return f"enrolled#{campaign}"


def entry_of(drip: Drip, key: str, number: int, at: datetime) -> Item:
    place = f"{minute_of(at)}#{shard_of(key)}"
    return {"pk": place, "sk": f"{drip.campaign}#{key}", "campaign": drip.campaign, "candidate": key, "step": number}
