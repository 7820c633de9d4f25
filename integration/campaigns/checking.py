"""Before a campaign may go: what is wrong, in plain words, and who has to say yes."""

from typing import TYPE_CHECKING

from integration import soql
from integration.campaigns import preflight, steps, variants
from integration.campaigns.audience import Estimate, reach
from integration.campaigns.links import own_links
from integration.campaigns.reading import Campaign, drafts, read_for
from integration.campaigns.senders import choose
from integration.errors import Rejected
from integration.messages import make
from integration.messages.findings import Finding, in_words
from integration.model.message import Message
from integration.model.schedule import is_zone
from integration.model.vocabulary import CampaignStatus, Command
from integration.ports import Value
from integration.records import CampaignStep, MessageTemplate, RecruitingCampaign, RecruitingCommand, parent

if TYPE_CHECKING:
    from integration.app import App


def check(app: "App", campaign_id: str) -> str:
    """Compiles every message and counts the audience; raises Rejected with all that has to be put right."""
    campaign = read_for(app, campaign_id, Command.CHECK)
    findings, messages = _looked_at(app, campaign)
    findings += choose(app, campaign.record, campaign.brand)[1]
    audience = reach(app, campaign) if campaign.included else None
    if audience is not None:
        findings += preflight.of_audience(campaign, audience)
    findings += [*preflight.of_headers(app, messages), *preflight.of_outside_links(app, messages)]
    status = CampaignStatus.DRAFT if _errors(findings) else CampaignStatus.CHECKED
    looked_at = f"Checked at {app.clock.now():%Y-%m-%d %H:%M} UTC: sender, {_counted(len(messages), 'mail')}, audience."
    values = {
        RecruitingCampaign.STATUS: status,
        RecruitingCampaign.FINDINGS: preflight.as_page(findings, audience, looked_at),
    }
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, values)
    if _errors(findings):
        raise Rejected(f"Put this right and check again:\n{in_words(findings)}")
    return f"{_reached(campaign, audience)}\n{in_words(findings)}".strip()


def _reached(campaign: Campaign, audience: Estimate | None) -> str:
    """How many people it would go to, as the message says it."""
    people = _counted(audience.reached if audience else 0, "person", "people")
    if campaign.is_drip:
        found = f"The check found nothing wrong with {_counted(len(variants.places(campaign)), 'step')}."
        if campaign.record.get(RecruitingCampaign.ENROL_MEMBERS):
            return f"{found} Launch takes in {people} who are in the pool already."
        return f"{found} {people} in the pool now would not get it, only who joins."
    found = f"The check found nothing wrong. {people} can be reached."
    if audience and audience.left_out:
        found += f" Not: {', '.join(f'{count:,} {why}' for why, count in sorted(audience.left_out.items()))}."
    return found


def request_approval(app: "App", campaign_id: str) -> str:
    """Hands a checked campaign to those who may approve."""
    campaign = read_for(app, campaign_id, Command.REQUEST_APPROVAL)
    values = {RecruitingCampaign.STATUS: CampaignStatus.AWAITING_APPROVAL}
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, values)
    return "Waiting for a Recruiting Manager to approve."


def approve(app: "App", campaign_id: str) -> str:
    """Lets a campaign be launched. Who may set this command is the org's rule."""
    campaign = read_for(app, campaign_id, Command.APPROVE)
    values = {
        RecruitingCampaign.STATUS: CampaignStatus.APPROVED,
        RecruitingCampaign.APPROVED_AT: app.clock.now().isoformat(timespec="seconds"),
        RecruitingCampaign.APPROVED_BY: who_commanded(app, campaign.id, Command.APPROVE),
    }
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, values)
    return "Approved. Launch starts it."


def who_commanded(app: "App", campaign_id: str, command: Command) -> Value:
    """The user who set a command last: the act is the approval."""
    rows = app.salesforce.query(
        soql.select(
            RecruitingCommand.API_NAME,
            [RecruitingCommand.CREATED_BY],
            where=soql.both(
                soql.equals(RecruitingCommand.RECORD_ID, campaign_id),
                soql.equals(RecruitingCommand.COMMAND, command),
            ),
            order_by=[f"-{RecruitingCommand.CREATED_AT}"],
            limit=1,
        )
    )
    return rows[0][RecruitingCommand.CREATED_BY] if rows else None


def problems(app: "App", campaign: Campaign) -> list[Finding]:
    """All that speaks against the steps as they are, errors and advice."""
    return _looked_at(app, campaign)[0]


def _looked_at(app: "App", campaign: Campaign) -> tuple[list[Finding], list[Message]]:
    findings, messages = _of_the_plan(campaign), []
    if not campaign.brand.get("Id"):
        return [*findings, Finding("Brand", 0, "the campaign has no brand, so no sender. Choose one.")], []
    for step, draft in zip(campaign.steps, drafts(app, campaign), strict=True):
        if step[CampaignStep.TEMPLATE]:
            name = step[parent(CampaignStep.TEMPLATE, MessageTemplate.NAME)]
            message, found = make(app, draft)
            if message:
                messages.append(message)
                found += own_links(app, message)
            findings += [
                Finding(f"{name}, {finding.part}", finding.line, finding.text, finding.error) for finding in found
            ]
    if not _errors(findings) and any(map(variants.items_of, variants.places(campaign))):
        reached = 0 if campaign.is_drip else reach(app, campaign).reached
        findings += variants.sample_findings(campaign, reached)
    return findings, messages


def _of_the_plan(campaign: Campaign) -> list[Finding]:
    findings = []
    if not campaign.included:
        findings.append(Finding("Audience", 0, "no pool is included. Add at least one under Audience."))
    if overlap := set(campaign.included) & set(campaign.excluded):
        text = f"{_counted(len(overlap), 'pool')} is both included and excluded. Take one of the two lines out."
        findings.append(Finding("Audience", 0, text))
    zone = campaign.text(RecruitingCampaign.TIME_ZONE)
    if zone and not is_zone(zone):
        text = f"“{zone}” is no time zone. Write one like Europe/Dublin, or empty the field."
        findings.append(Finding("Time zone", 0, text))
    if not campaign.steps:
        findings.append(Finding("Steps", 0, "there is no step. Add one with a template."))
    for number, step in enumerate(campaign.steps, start=1):
        if not step[CampaignStep.TEMPLATE]:
            findings.append(Finding("Steps", 0, f"step {number} has no template. Choose one."))
        if float(step[CampaignStep.DELAY_DAYS] or 0) < 0:
            findings.append(Finding("Steps", 0, f"step {number} has a negative delay. Enter 0 or more days."))
    findings += steps.findings(campaign)
    findings += variants.findings(campaign)
    if not campaign.is_drip and len(variants.places(campaign)) > 1:
        text = "a blast sends its first step only. Make it a drip, or take the other steps out."
        findings.append(Finding("Steps", 0, text))
    return findings


def _errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.error]


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
