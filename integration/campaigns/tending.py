"""Once a minute: starts what is due, shows how far campaigns are, and ends those that are done."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.campaigns import choosing, doubting
from integration.campaigns.launching import SCHEDULED, launch
from integration.errors import Gone, Rejected
from integration.model.vocabulary import CampaignStatus
from integration.ports import Value
from integration.records import RecruitingCampaign
from integration.sending import Totals, contacts, control, health, later, limits, notices, totals
from integration.sending.control import Leave
from integration.sending.counting import PLAN, plan_of, progress
from integration.sending.recovery import RUNNING, running

if TYPE_CHECKING:
    from integration.app import App

TOO_LATE = timedelta(hours=1)
"""A start that was missed by more is a person's decision: a mail of this morning may be wrong tonight (F9)."""


def tend(app: "App") -> None:
    """Idempotency key: campaign. Running it twice in a minute changes nothing."""
    for item in list(app.sends.query(SCHEDULED, last=app.clock.now().isoformat(timespec="seconds") + "~")):
        start, _, campaign = str(item["sk"]).partition("#")
        _start(app, campaign, datetime.fromisoformat(start))
        app.sends.delete(SCHEDULED, item["sk"])
    under_way = running(app)
    if under_way:
        # Before anything is released: what waited is asked by the limits and contacts of today.
        limits.refresh(app, under_way)
        contacts.note(app)
    health.stop_the_sick(app, under_way)
    later.release(app)
    notices.write_back(app)
    for campaign in under_way:
        try:
            _look_after(app, campaign)
        except Gone:
            control.cancel(app, campaign)
            app.sends.delete(RUNNING, campaign)
            log.event("campaign.gone", campaign=campaign)


def _start(app: "App", campaign: str, start: datetime) -> None:
    if app.clock.now() - start > TOO_LATE:
        values: dict[str, Value] = {
            RecruitingCampaign.STATUS: CampaignStatus.APPROVED,
            RecruitingCampaign.MESSAGE: "The start was missed, so nothing was sent. Set a new start and launch again.",
        }
    else:
        try:
            values = {RecruitingCampaign.MESSAGE: launch(app, campaign)}
        except Rejected as rejected:
            values = {
                RecruitingCampaign.STATUS: CampaignStatus.FAILED,
                RecruitingCampaign.MESSAGE: rejected.message[:1_000],
            }
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign, values)


def _look_after(app: "App", campaign: str) -> None:
    plan = plan_of(app, campaign)
    if plan is None:
        return
    values: dict[str, Value] = _doubts(app, campaign)
    leave, reason = control.state_of(app, campaign)
    if leave is Leave.PAUSED:
        values[RecruitingCampaign.STATUS] = CampaignStatus.PAUSED
        values[RecruitingCampaign.MESSAGE] = reason
    choosing.look(app, campaign, plan)
    if "chunks" in plan:
        count, finished = progress(app, campaign)
        values[RecruitingCampaign.DELIVERY_NOTES] = count.notes
        values[RecruitingCampaign.EXPECTED_END] = None if finished else _expected_end(app, campaign, count)
        if finished:
            count = totals(app, campaign)
            if count.pending == 0 and not _is_sent_again(app, campaign):
                values |= {RecruitingCampaign.STATUS: CampaignStatus.DONE, RecruitingCampaign.MESSAGE: _summary(count)}
        values |= count.fields()
        values[RecruitingCampaign.PROGRESS] = round(100 * (count.audience - count.pending) / max(1, count.audience))
    seen = repr(sorted(values.items()))
    if values and seen != plan.get("seen"):
        app.salesforce.update(RecruitingCampaign.API_NAME, campaign, values)
        app.sends.update(control.campaign_pk(campaign), PLAN, {"seen": seen})
    if values.get(RecruitingCampaign.STATUS) == CampaignStatus.DONE:
        app.sends.delete(RUNNING, campaign)
        log.event("campaign.done", campaign=campaign)


def _expected_end(app: "App", campaign: str, count: Totals) -> str | None:
    """When the last mail should be out: the rest at the campaign's rate, and whoever waits when their time comes."""
    if count.pending == 0:
        return None
    settings, now = control.read(app, campaign), app.clock.now()
    rate = min(settings.rate or app.config.send_rate, app.config.send_rate)
    slot = app.pace.get(f"sender#{settings.sender}", "slot") or {}
    start = max(now, datetime.fromtimestamp(int(slot.get("free_from", 0)) / 1000, UTC))
    waiting = sum(count.waiting.values())
    rest = start + timedelta(seconds=max(0, count.pending - waiting) / rate)
    last = datetime.fromisoformat(count.again_at) if count.again_at else rest
    # In whole minutes: the record is not written again for a second more or less.
    return max(rest, last).replace(second=0, microsecond=0).isoformat()


def _doubts(app: "App", campaign: str) -> dict[str, Value]:
    """Lists what came to be in doubt since the last look; of a drip it is counted then, too."""
    pk = control.campaign_pk(campaign)
    if app.sends.get(pk, control.DOUBT) is None:
        return {}
    app.sends.delete(pk, control.DOUBT)  # first: a doubt that comes while we look is looked at again
    doubting.show(app, campaign)
    return totals(app, campaign).fields()


def _is_sent_again(app: "App", campaign: str) -> bool:
    item = app.sends.get(control.campaign_pk(campaign), control.AGAIN)
    return item is not None and datetime.fromisoformat(item["until"]) > app.clock.now()


def _summary(count: Totals) -> str:
    text = f"Done: {count.sent:,} of {count.audience:,} sent"
    others = {"suppressed": count.suppressed, "failed": count.failed, "in doubt": count.in_doubt}
    return ", ".join([text, *(f"{number:,} {word}" for word, number in others.items() if number)]) + "."
