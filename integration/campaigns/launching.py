"""Starts a campaign: everything it needs is frozen first, then the senders are let go."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from integration import drips, log
from integration.campaigns import variants
from integration.campaigns.audience import Frozen, freeze
from integration.campaigns.links import own_links
from integration.campaigns.reading import Campaign, drafts, read_for
from integration.campaigns.senders import choose, fallen_back
from integration.campaigns.steps import frozen, mails_of, refuse_dead_links
from integration.errors import Rejected
from integration.messages import make, publish
from integration.messages.findings import in_words
from integration.model.message import Message
from integration.model.schedule import FALLBACK_ZONE
from integration.model.vocabulary import CampaignStatus, Command
from integration.ports import Queue, Value
from integration.records import CampaignLink, CampaignStep, RecruitingCampaign
from integration.sending import control, limits
from integration.sending.counting import PLAN, plan_of
from integration.sending.recovery import RUNNING, chunk_messages

if TYPE_CHECKING:
    from integration.app import App

SCHEDULED = "scheduled"
"""Partition of campaigns that wait for their start; sort key is `<start>#<id>`."""


def launch(app: "App", campaign_id: str) -> str:
    """Idempotency key: the campaign. A second run goes on where the first was cut off."""
    campaign = read_for(app, campaign_id, Command.LAUNCH)
    start = campaign.text(RecruitingCampaign.START_AT)
    if start and campaign.status is not CampaignStatus.RUNNING and _moment(start) > app.clock.now():
        return _schedule(app, campaign, start)
    if not campaign.included:
        raise Rejected("No pool is included. Add at least one under Audience.", field="Audience")
    plan = plan_of(app, campaign.id)
    if not plan and (wrong := variants.findings(campaign)):
        raise Rejected(f"The variants are not right:\n{in_words(wrong)}", field="Steps")
    fallback = "" if plan else _sender(app, campaign)
    messages = [] if plan else _published(app, campaign)
    said = _launch_drip(app, campaign, messages) if campaign.is_drip else _launch_blast(app, campaign, messages)
    return f"{said} {fallback}".strip()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("+0000", "+00:00"))


def _schedule(app: "App", campaign: Campaign, start: str) -> str:
    at = _moment(start).isoformat(timespec="seconds")
    app.sends.put({"pk": SCHEDULED, "sk": f"{at}#{campaign.id}"})
    values = {RecruitingCampaign.STATUS: CampaignStatus.SCHEDULED}
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, values)
    return f"Scheduled for {at}."


def _sender(app: "App", campaign: Campaign) -> str:
    """Settles whose address the mails come from; gives what to say when it is not the one that the campaign names."""
    if not campaign.text(RecruitingCampaign.SENDER):
        return ""
    sender, findings = choose(app, campaign.record, campaign.brand)
    if errors := [finding for finding in findings if finding.error]:
        raise Rejected(in_words(errors), field=RecruitingCampaign.SENDER)
    return fallen_back(sender.reply_to, sender.address) if sender.reply_to else ""


def _published(app: "App", campaign: Campaign) -> list[Message]:
    """Every step's message, compiled and stored for good."""
    wanted = drafts(app, campaign)
    if not wanted:
        raise Rejected("There is no step. Add one with a template.", field="Steps")
    messages = []
    first = {str(row[CampaignStep.ID]) for row in variants.places(campaign)[0]}
    for draft in wanted if campaign.is_drip else [one for one in wanted if one.step in first]:
        message, findings = make(app, draft)
        findings += own_links(app, message) if message else []
        if message is None or any(finding.error for finding in findings):
            raise Rejected(f"A message cannot be sent as it is:\n{in_words(findings)}")
        messages.append(message)
    for message in messages:
        publish(app, message)
    write_links(app, messages)
    return messages


def _launch_blast(app: "App", campaign: Campaign, messages: list[Message]) -> str:
    plan = plan_of(app, campaign.id)
    first = plan["steps"][0] if plan else _first(campaign, messages)
    test = (plan or {}).get("test") or variants.Test.of(campaign).as_item()
    split = variants.part_of(first, test["percent"]) if "variants" in first else None
    frozen = freeze(app, campaign, str(first["id"]), str(first["version"]), split)
    if frozen.size == 0:
        raise Rejected(f"Nobody can be reached: {frozen.in_words}", field="Audience")
    plan = {
        **_plan(campaign, [first]),
        "audience": frozen.size,
        "chunks": frozen.chunks,
        "audience_hash": frozen.hash,
    }
    if split:
        plan |= {"all_steps": first["variants"], "parts": _parts(first, frozen), "test": test}
    app.sends.put(plan, unless_exists=True)
    _let_go(app, campaign, _running_values(app, frozen))
    app.queues.send_many(Queue.MAIL, chunk_messages(campaign.id, plan))
    log.event("campaign.launched", campaign=campaign.id, audience=frozen.size, chunks=frozen.chunks)
    return f"Sending to {frozen.in_words} Audience {frozen.hash[:12]}."


def _first(campaign: Campaign, messages: list[Message]) -> dict[str, Any]:
    """What a blast sends: one mail, or the variants that are tested."""
    several = variants.items_of(variants.places(campaign)[0])
    if not several:
        return {"id": str(campaign.steps[0][CampaignStep.ID]), "version": messages[0].version, "day": 0}
    return {"id": several[0]["id"], "version": several[0]["version"], "day": 0, "variants": several}


def _parts(first: dict[str, Any], frozen: Frozen) -> list[dict[str, Any]]:
    """The parts of the audience in the order of their chunks; the one without a step waits for the decision."""
    steps = {str(number): one["id"] for number, one in enumerate(first["variants"])}
    return [
        {"step": steps.get(part, ""), "chunks": chunks}
        for part, chunks in sorted(frozen.parts.items(), key=lambda one: int(one[0]))
    ]


def _launch_drip(app: "App", campaign: Campaign, messages: list[Message]) -> str:
    if messages:
        path = frozen(campaign, drafts(app, campaign), messages)
        refuse_dead_links(campaign, path)
        plan = {**_plan(campaign, [step.as_item() for step in path]), "number": 1, "folders": campaign.folders}
        if any(step.variants for step in path):
            plan |= {"all_steps": mails_of(path), "test": variants.Test.of(campaign).as_item()}
        app.sends.put(plan, unless_exists=True)
    _let_go(app, campaign, {RecruitingCampaign.SERIES_VERSION: int((plan_of(app, campaign.id) or {}).get("number", 1))})
    log.event("campaign.launched", campaign=campaign.id, steps=len(campaign.steps))
    count = len(variants.places(campaign))
    mails = f"{count} {'mail' if count == 1 else 'mails'}"
    if not campaign.record.get(RecruitingCampaign.ENROL_MEMBERS):
        return f"Running: everybody who joins from now on gets {mails}."
    drips.admit(app, campaign.id)
    return f"Running: everybody who is in the pool or joins it gets {mails}. The present members are taken in now."


def _plan(campaign: Campaign, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What stays as it was at launch, whatever is edited later."""
    return {
        "pk": control.campaign_pk(campaign.id),
        "sk": PLAN,
        "kind": campaign.text(RecruitingCampaign.KIND),
        "steps": steps,
        "included": campaign.included,
        "excluded": campaign.excluded,
        "requisition": campaign.text(RecruitingCampaign.REQUISITION),
        "hold_out": float(campaign.record.get(RecruitingCampaign.HOLD_OUT_PERCENT) or 0),
    }


def _let_go(app: "App", campaign: Campaign, values: dict[str, Any]) -> None:
    app.sends.put({"pk": RUNNING, "sk": campaign.id})
    limits.refresh(app, [campaign.id])
    control.start(app, campaign.id, settings_of(campaign))
    status: dict[str, Value] = {RecruitingCampaign.STATUS: CampaignStatus.RUNNING}
    if campaign.status is not CampaignStatus.RUNNING:
        status[RecruitingCampaign.LAUNCHED_AT] = app.clock.now().isoformat(timespec="seconds")
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, {**values, **status})


def settings_of(campaign: Campaign) -> dict[str, Any]:
    """What the record says to its senders."""
    return {
        "rate": float(campaign.record.get(RecruitingCampaign.THROTTLE) or 0),
        "window_start": campaign.text(RecruitingCampaign.WINDOW_START),
        "window_end": campaign.text(RecruitingCampaign.WINDOW_END),
        "own_zones": campaign.text(RecruitingCampaign.TIME_ZONE_MODE) != "Campaign",
        "zone": campaign.text(RecruitingCampaign.TIME_ZONE) or FALLBACK_ZONE,
    }


def _running_values(app: "App", frozen: Frozen) -> dict[str, Any]:
    return {RecruitingCampaign.AUDIENCE_SIZE: frozen.size, RecruitingCampaign.PENDING: frozen.size}


def write_links(app: "App", messages: list[Message]) -> None:
    """One row per link of a step, for the totals of clicks."""
    rows = [
        {
            CampaignLink.KEY: f"{message.step}|{one.number}",
            CampaignLink.CAMPAIGN: message.campaign,
            CampaignLink.STEP: message.step,
            CampaignLink.TARGET: one.target,
            CampaignLink.TARGET_HASH: one.number,
        }
        for message in messages
        for one in message.links
    ]
    if rows:
        app.salesforce.upsert_many(CampaignLink.API_NAME, CampaignLink.KEY, rows)
