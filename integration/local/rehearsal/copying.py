"""Copies what a rehearsal needs of a campaign from one org into another: no addresses, no history."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.campaigns.reading import read
from integration.local.rehearsal.playing import Actor
from integration.messages import BRAND_FIELDS
from integration.model.rehearsal import HABITS, Habit
from integration.model.vocabulary import CampaignStatus, MembershipState, PoolKind
from integration.ports import Record, Value
from integration.records import (
    Brand,
    CampaignAudience,
    CampaignStep,
    Candidate,
    MessageTemplate,
    PoolMembership,
    RecruitingCampaign,
    TalentPool,
)
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

_CAMPAIGN = (
    RecruitingCampaign.NAME,
    RecruitingCampaign.KIND,
    RecruitingCampaign.SENDER,
    RecruitingCampaign.WINDOW_START,
    RecruitingCampaign.WINDOW_END,
    RecruitingCampaign.TIME_ZONE_MODE,
    RecruitingCampaign.TIME_ZONE,
)
_STEP = (
    CampaignStep.NAME,
    CampaignStep.ORDER,
    CampaignStep.DELAY_DAYS,
    CampaignStep.WAIT_FOR,
    CampaignStep.WAIT_DAYS,
    CampaignStep.AT_TIME_OUT,
    CampaignStep.CONDITION,
    CampaignStep.ABOUT_STEP,
    CampaignStep.ABOUT_LINK,
    CampaignStep.TEMPLATE,
)
_TEMPLATE = (
    MessageTemplate.NAME,
    MessageTemplate.SUBJECT,
    MessageTemplate.BODY,
    MessageTemplate.TEXT,
    MessageTemplate.LANGUAGE,
)
_PERSON = (
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.CITY,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.TIME_ZONE,
)


def stage(source: "App", app: "App", campaign_id: str, members: int) -> tuple[str, list[Actor], list[str]]:
    """The campaign in the rehearsal's org: its id, who is in it, and their memberships in order."""
    campaign = read(source, campaign_id)
    org = app.salesforce
    brand = org.create(Brand.API_NAME, {"Name": "Brand", Brand.KEY: "brand", **_given(campaign.brand, BRAND_FIELDS)})
    values = {**_given(campaign.record, _CAMPAIGN), RecruitingCampaign.BRAND: brand}
    made = org.create(RecruitingCampaign.API_NAME, {**values, RecruitingCampaign.STATUS: CampaignStatus.APPROVED})
    pool = org.create(TalentPool.API_NAME, {TalentPool.NAME: "Rehearsal", TalentPool.KIND: PoolKind.STATIC})
    org.create(CampaignAudience.API_NAME, {CampaignAudience.CAMPAIGN: made, CampaignAudience.POOL: pool})
    _copy_steps(source, app, campaign_id, made)
    cast, rows = _people(source, campaign.included, members)
    people = org.create_many(Candidate.API_NAME, rows)
    joins: list[dict[str, Value]] = [
        {
            PoolMembership.POOL: pool,
            PoolMembership.CANDIDATE: one.id,
            PoolMembership.STATE: MembershipState.MEMBER,
        }
        for one in people
    ]
    return made, cast, [one.id for one in org.create_many(PoolMembership.API_NAME, joins)]


def _copy_steps(source: "App", app: "App", campaign_id: str, made: str) -> None:
    steps = source.salesforce.query(
        select(
            CampaignStep.API_NAME,
            _STEP,
            where=equals(CampaignStep.CAMPAIGN, campaign_id),
            order_by=[CampaignStep.ORDER, CampaignStep.ID],
        )
    )
    templates: dict[str, str] = {}
    for number, step in enumerate(steps):
        template = str(step[CampaignStep.TEMPLATE] or "")
        if template and template not in templates:
            row = source.salesforce.get(MessageTemplate.API_NAME, template, _TEMPLATE)
            templates[template] = app.salesforce.create(MessageTemplate.API_NAME, _given(row, _TEMPLATE))
        values = {**_given(step, _STEP), CampaignStep.CAMPAIGN: made, CampaignStep.KEY: f"{made}|{number}"}
        app.salesforce.create(CampaignStep.API_NAME, {**values, CampaignStep.TEMPLATE: templates.get(template)})


def _people(source: "App", pools: Sequence[str], members: int) -> tuple[list[Actor], list[dict[str, Value]]]:
    cast: list[Actor] = []
    rows: list[dict[str, Value]] = []
    for habit in HABITS:
        rows.append(_row(len(rows), {Candidate.FIRST_NAME: "Somebody", Candidate.LAST_NAME: habit.name}))
        cast.append(Actor(str(rows[-1][Candidate.CANDIDATE_KEY]), habit.name, habit))
    for person in _members(source, pools, members):
        rows.append(_row(len(rows), _given(person, _PERSON)))
        name = f"{person[Candidate.FIRST_NAME] or ''} {person[Candidate.LAST_NAME] or ''} ({len(rows)})".strip()
        zone = str(person[Candidate.TIME_ZONE] or "")
        cast.append(Actor(str(rows[-1][Candidate.CANDIDATE_KEY]), name, Habit("Does nothing"), zone))
    return cast, rows


def _members(source: "App", pools: Sequence[str], members: int) -> list[Record]:
    if not pools or not members:
        return []
    where = both(is_in(PoolMembership.POOL, pools), equals(PoolMembership.STATE, MembershipState.MEMBER))
    query = select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where, limit=members)
    found = [str(row[PoolMembership.CANDIDATE]) for row in source.salesforce.query(query)]
    return (
        source.salesforce.query(select(Candidate.API_NAME, _PERSON, where=is_in(Candidate.ID, found))) if found else []
    )


def _row(number: int, values: dict[str, Value]) -> dict[str, Value]:
    address = f"person{number}@rehearsal.example"
    return {**values, Candidate.EMAIL: address, Candidate.CANDIDATE_KEY: f"01REHEARSAL{number:015}"}


def _given(row: Record, fields: Sequence[str]) -> dict[str, Value]:
    return {name: row[name] for name in fields if name != "Id" and row.get(name) is not None}
