"""Bounces and complaints as they come, and the campaigns that stop because of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.model.bounce import Failure, failure_of
from integration.model.event import SITE, Event, Kind
from integration.model.health import Health, reason_to_stop
from integration.model.vocabulary import CampaignKind
from integration.ports import Item
from integration.sending import control, settling
from integration.sending.counting import PLAN, plan_of, progress, totals

if TYPE_CHECKING:
    from integration.app import App

WINDOW = timedelta(days=7)


def settle(app: "App", event: Event) -> None:
    """Idempotency key: the event's id. Moves the ledger, then counts what speaks against the campaign."""
    settling.settle(app, event)
    is_bounce = event.kind is Kind.BOUNCE and failure_of(event.detail) is Failure.HARD
    if (is_bounce or event.kind is Kind.COMPLAINT) and event.campaign != SITE and event.candidate:
        app.sends.put({"pk": _pk(event.campaign), "sk": f"{event.at}#{event.id}", "kind": str(event.kind)})


def stop_the_sick(app: "App", campaigns: Sequence[str]) -> None:
    """Idempotency key: the campaign and its count. All of a sender's campaigns stop when their mails together ask."""
    by_sender: dict[str, list[tuple[str, Health]]] = defaultdict(list)
    for campaign in campaigns:
        health, is_new = _health(app, campaign)
        if not is_new:
            continue
        if reason := reason_to_stop(health, "this campaign"):
            _stop(app, campaign, reason)
        sender = (app.sends.get(control.campaign_pk(campaign), control.CONTROL) or {}).get("sender")
        if sender:
            by_sender[str(sender)].append((campaign, health))
    for sender, those in by_sender.items():
        reason = reason_to_stop(sum((health for _, health in those), Health()), f"the sender {sender}")
        for campaign, _ in those if reason else ():
            _stop(app, campaign, reason)


def _health(app: "App", campaign: str) -> tuple[Health, bool]:
    """The last week's trouble with a campaign since a person last looked; False when there is none."""
    plan = plan_of(app, campaign)
    if plan is None:
        return Health(), False
    first = (app.clock.now() - WINDOW).isoformat(timespec="seconds")
    kinds = Counter(str(item["kind"]) for item in app.sends.query(_pk(campaign), first=first, last="~"))
    if not kinds:
        return Health(), False
    return _counted(app, campaign, plan, kinds).since(_seen(plan)), True


def _counted(app: "App", campaign: str, plan: Item, kinds: Counter[str]) -> Health:
    count = totals(app, campaign) if plan.get("kind") == CampaignKind.DRIP else progress(app, campaign)[0]
    return Health(count.sent, kinds[Kind.BOUNCE], kinds[Kind.COMPLAINT])


def _seen(plan: Item) -> Health:
    return Health(*(int(number) for number in plan.get("looked_at", ())))


def _stop(app: "App", campaign: str, reason: str) -> None:
    if not control.pause(app, campaign, reason):
        return
    plan = plan_of(app, campaign) or {}
    health = _health(app, campaign)[0] + _seen(plan)
    # Whoever resumes has seen this: only what comes then can stop the campaign once more.
    looked_at = [health.sent, health.bounces, health.complaints]
    app.sends.update(control.campaign_pk(campaign), PLAN, {"looked_at": looked_at})
    log.event("campaign.unhealthy", campaign=campaign, reason=reason)


def _pk(campaign: str) -> str:
    return f"trouble#{campaign}"
