"""A running drip as it was frozen at launch, and where its people's places are kept in the `due` table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from integration.model.ledger import shard_of
from integration.model.schedule import Step, minute_of, zone_of
from integration.model.vocabulary import CampaignKind
from integration.ports import Item
from integration.sending import control
from integration.sending.control import Control, Leave
from integration.sending.counting import plan_of
from integration.sending.recovery import running

if TYPE_CHECKING:
    from integration.app import App

MINUTES = "minutes"
"""Partition that lists every minute and shard with work; sort key `<minute>#<shard>`."""
STATE = "state"
AT_A_TIME = 200


@dataclass(frozen=True)
class Drip:
    """A running drip as it was frozen at launch."""

    campaign: str
    steps: Sequence[Step]
    included: frozenset[str]
    excluded: frozenset[str]
    requisition: str
    control: Control


def all_running(app: "App") -> list[Drip]:
    return [drip for campaign in running(app) if (drip := find(app, campaign)) is not None]


def find(app: "App", campaign: str) -> Drip | None:
    """None when the campaign is not a drip under way."""
    plan = plan_of(app, campaign)
    current = control.read(app, campaign)
    if plan is None or plan["kind"] != CampaignKind.DRIP or current.leave is Leave.CANCELLED:
        return None
    steps = [Step(step["id"], str(step["version"]), int(step["day"])) for step in plan["steps"]]
    pools = (frozenset(plan["included"]), frozenset(plan["excluded"]))
    return Drip(campaign, steps, *pools, plan.get("requisition", ""), current)


def zone_for(drip: Drip, own: str) -> tzinfo:
    return zone_of(own if drip.control.own_zones else "", drip.control.zone)


def enrollment_pk(campaign: str, key: str) -> str:
    return f"enrollment#{campaign}#{key}"


def entry_of(drip: Drip, key: str, number: int, at: datetime) -> Item:
    place = f"{minute_of(at)}#{shard_of(key)}"
    return {"pk": place, "sk": f"{drip.campaign}#{key}", "campaign": drip.campaign, "candidate": key, "step": number}
