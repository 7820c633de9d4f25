"""Tells on the record who would get what when, without sending anything: made-up people and some real members."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from integration.campaigns.audience import Choice, choose
from integration.campaigns.launching import settings_of
from integration.campaigns.reading import Campaign, drafts, read
from integration.campaigns.steps import frozen
from integration.campaigns.variants import places
from integration.errors import Rejected
from integration.messages import make
from integration.messages.findings import in_words
from integration.model.facts import Facts
from integration.model.rehearsal import HABITS, Asked, Habit, Line
from integration.model.rehearsal import rehearse as play
from integration.model.schedule import zone_of
from integration.model.series import Step
from integration.model.series_words import named
from integration.model.variant import picked
from integration.records import CampaignStep, RecruitingCampaign
from integration.sending.control import Control
from integration.sending.deciding import PATIENCE, facts_with, holidays_for, known, of_campaign
from integration.sending.deciding import Step as SentStep
from integration.sending.limits import foreseen
from integration.sending.recipients import Recipient

if TYPE_CHECKING:
    from integration.app import App

MEMBERS = 5
LONGEST = 30_000


@dataclass(frozen=True)
class _Stage:
    """What all of a rehearsal's people share."""

    campaign: Campaign
    steps: Sequence[Step]
    control: Control
    now: datetime


def rehearse(app: "App", campaign_id: str) -> str:
    """Changes nothing but the field Rehearsal. It plays the steps as they are now, joined at this moment."""
    campaign = read(app, campaign_id)
    now = app.clock.now().replace(second=0, microsecond=0)
    stage = _Stage(campaign, _steps(app, campaign), foreseen(app, campaign.id, settings_of(campaign)), now)
    blocks = [_block(stage, habit, _made_up(stage)) for habit in HABITS]
    hold_out = float(campaign.record.get(RecruitingCampaign.HOLD_OUT_PERCENT) or 0)
    choice = choose(app, campaign.included, campaign.excluded, campaign=campaign.id, hold_out=hold_out)
    for person in choice.people[:MEMBERS]:
        name = " ".join(filter(None, (person.slots.get("first_name"), person.slots.get("last_name"))))
        habit = Habit(f"{name or 'A member'}, who does nothing")
        blocks.append(_block(stage, habit, _member(app, stage, person), person.zone))
    text = "\n\n".join([*blocks, *_about_members(stage, choice)])[:LONGEST]
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, {RecruitingCampaign.REHEARSAL: text})
    return "Nothing was sent. Read under Rehearsal who would get what when."


def _steps(app: "App", campaign: Campaign) -> list[Step]:
    wanted = drafts(app, campaign)
    if not wanted:
        raise Rejected("There is no step. Add one with a template.", field="Steps")
    first = {str(row[CampaignStep.ID]) for row in places(campaign)[0]}
    wanted = wanted if campaign.is_drip else [one for one in wanted if one.step in first]
    messages = []
    for draft in wanted:
        message, findings = make(app, draft)
        if message is None:
            raise Rejected(f"A message cannot be sent as it is:\n{in_words(findings)}")
        messages.append(message)
    return frozen(campaign, wanted, messages)


def _made_up(stage: _Stage) -> Asked:
    """Somebody of whom nothing is known: what campaign and brand set for everybody."""
    nobody = Recipient("", "", "", {})
    facts = facts_with(Facts(stage.now), of_campaign(stage.control, nobody, stage.now))
    return Asked(_without_end(stage, facts, nobody), PATIENCE)


def _member(app: "App", stage: _Stage, person: Recipient) -> Asked:
    """What the senders would find at this moment: opt-outs, pauses, holds, contacts and mails of other campaigns."""
    lead = stage.steps[0]
    mail = SentStep(stage.campaign.id, lead.id, lead.version, topic=stage.campaign.topic)
    facts = known(app, mail, person, stage.control, stage.now).facts
    return Asked(_without_end(stage, facts, person), PATIENCE, person.key)


def _without_end(stage: _Stage, facts: Facts, person: Recipient) -> Facts:
    """With all days without mail of the coming months; each mail has an end of its own unless the campaign sets one."""
    days = holidays_for(stage.control, person) if stage.control.working_days else ()
    return replace(facts, ends=stage.control.ends, holidays=days)


def _about_members(stage: _Stage, choice: Choice) -> list[str]:
    """Who of the pools is left out, and how long the throttle makes the others wait."""
    lines = []
    left_out = {**choice.left_out, "are members of an excluded pool": choice.excluded}
    if any(left_out.values()):
        reasons = [f"{count:,} {why}" for why, count in sorted(left_out.items()) if count]
        lines.append("\n".join(["Of the members now, left out:", *reasons]))
    if stage.control.rate and choice.people:
        seconds = len(choice.people) / stage.control.rate
        words = f"{len(choice.people):,} at {stage.control.rate:g} mails a second"
        lines.append(f"The last of {words} goes {_duration(seconds)} after the first.")
    return lines


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "within a minute"
    return f"{minutes:,} {'minute' if minutes == 1 else 'minutes'}" if minutes < 120 else f"{minutes // 60:,} hours"


def _block(stage: _Stage, habit: Habit, by: Asked, own_zone: str = "") -> str:
    zone = zone_of(own_zone if stage.control.own_zones else "", stage.control.zone)
    lines = play(stage.steps, habit, stage.now, stage.control.window, zone, by)
    return "\n".join([f"{habit.name} ({zone})", *(_line(stage.steps, line, zone, by.key) for line in lines)])


def _line(steps: Sequence[Step], line: Line, zone: tzinfo, key: str) -> str:
    named = {step.id: f"step {number}{_mail(step, key)}" for number, step in enumerate(steps, 1)}
    step = named.get(line.step, "")
    at = line.at.astimezone(zone)
    words = {
        "send": f"gets {step}",
        "put off": f"{step} waits: {line.note}",
        "left out": f"does not get {step}: {line.note}",
        "does": f"has {line.note} ({step})",
        "end": f"leaves the series: {line.note}",
        "done": "is through",
    }
    return f"{at:%a %d %b %Y %H:%M}  {words[line.what]}"


def _mail(step: Step, key: str) -> str:
    """Its name; of variants that of the one the person would get before a decision, or all for somebody made up."""
    if step.variants and key:
        one = picked(key, step.id, step.variants)
        return f" {one.variant} “{one.name}”"
    return named(step)
