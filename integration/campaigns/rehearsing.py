"""Tells on the record who would get what when, without sending anything: made-up people and some real members."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from integration.campaigns.audience import choose
from integration.campaigns.reading import Campaign, drafts, read
from integration.campaigns.steps import frozen
from integration.errors import Rejected
from integration.messages import make
from integration.messages.findings import in_words
from integration.model.rehearsal import HABITS, Habit, Line
from integration.model.rehearsal import rehearse as play
from integration.model.schedule import FALLBACK_ZONE, Window, clock_time, zone_of
from integration.model.series import Step
from integration.model.vocabulary import TimeZoneMode
from integration.records import RecruitingCampaign

if TYPE_CHECKING:
    from integration.app import App

MEMBERS = 5
LONGEST = 30_000


def rehearse(app: "App", campaign_id: str) -> str:
    """Changes nothing but the field Rehearsal. It plays the steps as they are now, joined at this moment."""
    campaign = read(app, campaign_id)
    steps = _steps(app, campaign)
    blocks = [_block(app, campaign, steps, habit, "") for habit in HABITS]
    choice = choose(app, campaign.included, campaign.excluded)
    for person in choice.people[:MEMBERS]:
        name = " ".join(filter(None, (person.slots.get("first_name"), person.slots.get("last_name"))))
        blocks.append(_block(app, campaign, steps, Habit(f"{name or 'A member'}, who does nothing"), person.zone))
    text = "\n\n".join(blocks)[:LONGEST]
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign.id, {RecruitingCampaign.REHEARSAL: text})
    return "Nothing was sent. Read under Rehearsal who would get what when."


def _steps(app: "App", campaign: Campaign) -> list[Step]:
    wanted = drafts(app, campaign)
    if not wanted:
        raise Rejected("There is no step. Add one with a template.", field="Steps")
    messages = []
    for draft in wanted if campaign.is_drip else wanted[:1]:
        message, findings = make(app, draft)
        if message is None:
            raise Rejected(f"A message cannot be sent as it is:\n{in_words(findings)}")
        messages.append(message)
    return frozen(campaign, wanted, messages)


def _block(app: "App", campaign: Campaign, steps: Sequence[Step], habit: Habit, own_zone: str) -> str:
    own = campaign.text(RecruitingCampaign.TIME_ZONE_MODE) != TimeZoneMode.CAMPAIGN
    zone = zone_of(own_zone if own else "", campaign.text(RecruitingCampaign.TIME_ZONE) or FALLBACK_ZONE)
    opens, closes = (campaign.text(name) for name in (RecruitingCampaign.WINDOW_START, RecruitingCampaign.WINDOW_END))
    window = Window(clock_time(opens), clock_time(closes))
    lines = play(steps, habit, app.clock.now().replace(second=0, microsecond=0), window, zone)
    return "\n".join([f"{habit.name} ({zone})", *(_line(steps, line, zone) for line in lines)])


def _line(steps: Sequence[Step], line: Line, zone: tzinfo) -> str:
    named = {step.id: f"step {number}{f' “{step.name}”' if step.name else ''}" for number, step in enumerate(steps, 1)}
    step = named.get(line.step, "")
    at = line.at.astimezone(zone)
    words = {
        "send": f"gets {step}",
        "left out": f"does not get {step}: {line.note}",
        "does": f"has {line.note} ({step})",
        "end": f"leaves the series: {line.note}",
        "done": "is through",
    }
    return f"{at:%a %d %b %Y %H:%M}  {words[line.what]}"
