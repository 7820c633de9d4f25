"""What a person does with a campaign under way, and a test mail before it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from integration.campaigns.launching import SCHEDULED
from integration.campaigns.reading import Campaign, drafts, read, read_for
from integration.errors import Rejected
from integration.messages import make, publish
from integration.messages.findings import in_words
from integration.messages.slots import PERSONA
from integration.model.address import sendable
from integration.model.ulid import ulid
from integration.model.vocabulary import CampaignStatus, Command
from integration.ports import Queue, Value
from integration.records import RecruitingCampaign
from integration.sending import control, totals
from integration.sending.counting import plan_of
from integration.sending.one import Recipient
from integration.sending.recovery import RUNNING

if TYPE_CHECKING:
    from integration.app import App

TEST = "test"
"""The campaign of test mails: in the ledger under a name of its own, in nobody's totals."""


def pause(app: "App", campaign_id: str) -> str:
    """Senders stop within about a second; what they hold waits."""
    campaign = read_for(app, campaign_id, Command.PAUSE)
    _unschedule(app, campaign)
    if plan_of(app, campaign.id):
        control.pause(app, campaign.id, "Paused by a person.")
    _write(app, campaign, CampaignStatus.PAUSED)
    return "Paused. Resume goes on with those who have not got it yet."


def resume(app: "App", campaign_id: str) -> str:
    """Everybody who has no mail yet gets theirs, nobody a second one."""
    campaign = read_for(app, campaign_id, Command.RESUME)
    if plan_of(app, campaign.id) is None:
        _write(app, campaign, CampaignStatus.APPROVED)
        return "It was paused before it started. Launch starts it."
    waiting = control.resume(app, campaign.id)
    _write(app, campaign, CampaignStatus.RUNNING)
    return f"Running again; {waiting:,} waiting parts go on."


def cancel(app: "App", campaign_id: str) -> str:
    """Stops for good: nobody else gets a mail, and people in a drip leave it."""
    campaign = read_for(app, campaign_id, Command.CANCEL)
    _unschedule(app, campaign)
    control.cancel(app, campaign.id)
    app.sends.delete(RUNNING, campaign.id)
    count = totals(app, campaign.id)
    _write(app, campaign, CampaignStatus.CANCELLED, count.fields())
    return f"Cancelled. {count.sent:,} had been sent, {count.pending:,} were not."


def send_test(app: "App", campaign_id: str) -> str:
    """Every step's message in each language to the test address; opens and clicks of it count nowhere."""
    campaign = read(app, campaign_id)
    address = campaign.text(RecruitingCampaign.TEST_ADDRESS)
    if not sendable(address):
        raise Rejected(
            "There is no proper test address. Enter one under Test address.",
            field=RecruitingCampaign.TEST_ADDRESS,
            value=address,
        )
    once = ulid(app.clock.now())
    steps, count = drafts(app, campaign), 0
    for draft in steps:
        others = [replace(one, subject=f"[Test] {one.subject}") for one in draft.translations]
        test = replace(draft, campaign=TEST, version=once, subject=f"[Test] {draft.subject}", translations=others)
        message, findings = make(app, test)
        if message is None:
            raise Rejected(f"The message cannot be sent as it is:\n{in_words(findings)}")
        publish(app, message)
        languages = [message.language, *(one.language for one in message.translations)]
        to = [Recipient(f"{TEST}.{once}-{one}", "", address, PERSONA, language=one) for one in languages]
        body = {"campaign": TEST, "step": draft.step, "version": once, "recipients": [one.as_json() for one in to]}
        app.queues.send(Queue.MAIL, body)
        count += len(to)
    if not steps:
        raise Rejected("There is no step. Add one with a template.", field="Steps")
    return f"{count} test {'mail' if count == 1 else 'mails'} on the way."


def _unschedule(app: "App", campaign: Campaign) -> None:
    for item in list(app.sends.query(SCHEDULED)):
        if item["sk"].endswith(f"#{campaign.id}"):
            app.sends.delete(SCHEDULED, item["sk"])


def _write(app: "App", campaign: Campaign, status: CampaignStatus, values: dict[str, Value] | None = None) -> None:
    app.salesforce.update(
        RecruitingCampaign.API_NAME, campaign.id, {**(values or {}), RecruitingCampaign.STATUS: status}
    )
