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
from integration.sending.counting import plan_of, progress, totals

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
    """The last week's trouble with a campaign since a person last looked, and its mails of the same time.

    False when there is none.
    """
    if (plan := plan_of(app, campaign)) is None:
        return Health(), False
    marks = _marks(app, campaign, plan)
    kinds = Counter(str(item["kind"]) for item in _unseen(app, campaign, str(marks[0]["at"])))
    if not kinds:
        return Health(), False
    before = next((mark for mark in reversed(marks) if mark.get("looked")), marks[0])
    sent = max(0, _sent(app, campaign, plan) - int(before["sent"]))
    return Health(sent, kinds[Kind.BOUNCE], kinds[Kind.COMPLAINT]), True


def _marks(app: "App", campaign: str, plan: Item) -> list[Item]:
    """How many mails had gone when: at the first look of each day of the window, and whenever a person had looked."""
    now = app.clock.now()
    pk, today = f"sent#{campaign}", now.date().isoformat()
    if app.sends.get(pk, today) is None:
        is_first = next(app.sends.query(pk, limit=1), None) is None
        sent = 0 if is_first else _sent(app, campaign, plan)
        # The first look comes some mails late: the window of a young campaign begins with its first mail.
        at = (now - WINDOW if is_first else now).isoformat(timespec="seconds")
        app.sends.put({"pk": pk, "sk": today, "at": at, "sent": sent}, unless_exists=True)
    return list(app.sends.query(pk, first=(now - WINDOW).date().isoformat(), last="~"))


def _unseen(app: "App", campaign: str, since: str) -> list[Item]:
    found = app.sends.query(_pk(campaign), first=since, last="~")
    return [item for item in found if not item.get("seen")]


def _sent(app: "App", campaign: str, plan: Item) -> int:
    count = totals(app, campaign) if plan.get("kind") == CampaignKind.DRIP else progress(app, campaign)[0]
    return count.sent


def _stop(app: "App", campaign: str, reason: str) -> None:
    plan = plan_of(app, campaign)
    if plan is None or not control.pause(app, campaign, reason):
        return
    # Whoever resumes has seen this: only what comes then can stop the campaign once more.
    now = app.clock.now().isoformat()
    for item in _unseen(app, campaign, str(_marks(app, campaign, plan)[0]["at"])):
        app.sends.update(item["pk"], item["sk"], {"seen": True})
    app.sends.put({"pk": f"sent#{campaign}", "sk": now, "at": now, "sent": _sent(app, campaign, plan), "looked": True})
    log.event("campaign.unhealthy", campaign=campaign, reason=reason)


def _pk(campaign: str) -> str:
    return f"trouble#{campaign}"
