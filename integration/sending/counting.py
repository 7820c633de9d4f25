"""How a campaign stands: every person of the audience in exactly one place."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from integration.model.ledger import SENT, State, all_shards, partition
from integration.ports import Item, Value
from integration.records import RecruitingCampaign
from integration.sending.control import campaign_pk

if TYPE_CHECKING:
    from integration.app import App

PLAN = "plan"


@dataclass(frozen=True)
class Totals:
    """audience = sent + suppressed + failed + in_doubt + pending."""

    audience: int = 0
    sent: int = 0
    suppressed: int = 0
    failed: int = 0
    in_doubt: int = 0
    why: Mapping[str, int] = field(default_factory=dict)
    """Reasons why people got no mail."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """Reasons why people still wait."""
    again_at: str = ""
    """When the last of those who wait is looked at again."""

    @property
    def pending(self) -> int:
        return self.audience - self.sent - self.suppressed - self.failed - self.in_doubt

    @property
    def notes(self) -> str:
        """Why people got no mail, and what others wait for, as the record shows it."""
        lines = [f"Not sent: {number:,} {reason}" for reason, number in sorted(self.why.items())]
        lines += [f"Waiting: {number:,} {reason}" for reason, number in sorted(self.waiting.items())]
        if self.again_at:
            lines.append(f"Looked at again until {self.again_at[:16].replace('T', ' ')} UTC")
        return "\n".join(lines)

    def fields(self) -> dict[str, Value]:
        """As the campaign's record shows them."""
        return {
            RecruitingCampaign.AUDIENCE_SIZE: self.audience,
            RecruitingCampaign.SENT: self.sent,
            RecruitingCampaign.SUPPRESSED: self.suppressed,
            RecruitingCampaign.FAILED: self.failed,
            RecruitingCampaign.IN_DOUBT: self.in_doubt,
            RecruitingCampaign.PENDING: self.pending,
        }


def plan_of(app: "App", campaign: str) -> Item | None:
    """What was frozen at launch: kind, steps, size of the audience."""
    return app.sends.get(campaign_pk(campaign), PLAN)


def totals(app: "App", campaign: str) -> Totals:
    """A recount of the ledger. A drip's audience is every mail that was begun."""
    plan = plan_of(app, campaign)
    if plan is None:
        return Totals()
    states, why = Counter[str](), Counter[str]()
    for step in plan.get("all_steps") or plan["steps"]:
        for row in ledger_rows(app, campaign, step["id"], str(step["version"])):
            states[str(row["state"])] += 1
            if row["state"] in (State.SUPPRESSED, State.FAILED):
                why[str(row.get("reason") or "no reason noted")] += 1
    return replace(_totals(states, plan.get("audience")), why=why)


def progress(app: "App", campaign: str) -> tuple[Totals, bool]:
    """A blast as its chunks reported it, and whether all of them are done: much cheaper than a recount."""
    plan = plan_of(app, campaign) or {}
    states, why, waiting = Counter[str](), Counter[str](), Counter[str]()
    done, again_at = 0, ""
    for item in app.sends.query(campaign_pk(campaign), prefix="chunk#"):
        states.update({state: int(item.get(state, 0)) for state in State})
        why.update({reason: int(number) for reason, number in item.get("why", {}).items()})
        waiting.update({reason: int(number) for reason, number in item.get("deferred", {}).items()})
        again_at = max(again_at, str(item.get("again_at") or ""))
        done += bool(item["done"])
    count = replace(_totals(states, plan.get("audience")), why=why, waiting=waiting, again_at=again_at)
    return count, bool(plan) and done == plan["chunks"]


def ledger_rows(app: "App", campaign: str, step: str, version: str) -> Iterator[Item]:
    """Every row of one step, shard by shard."""
    for shard in all_shards():
        yield from app.sends.query(partition(campaign, step, version, shard))


def _totals(states: Counter[str], audience: int | None) -> Totals:
    return Totals(
        audience=int(audience) if audience is not None else states.total(),
        sent=sum(states[state] for state in SENT),
        suppressed=states[State.SUPPRESSED],
        failed=states[State.FAILED],
        in_doubt=states[State.IN_DOUBT],
    )
