"""Copies what a rehearsal needs of a campaign from one org into another: no addresses, no history."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from integration.campaigns.audience import PERSON, is_held_out, why_left_out
from integration.campaigns.reading import Campaign, read
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
    Holiday,
    MessageTemplate,
    PoolMembership,
    RecruitingCampaign,
    TalentPool,
)
from integration.sending.aliases import SUPPRESSION, person_pk
from integration.sending.deciding import HOLD
from integration.sending.mails import MAILS
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
    RecruitingCampaign.THROTTLE,
    RecruitingCampaign.PURPOSE,
    RecruitingCampaign.DECIDED_BY,
    RecruitingCampaign.SAMPLE_PER_VARIANT,
    RecruitingCampaign.TEST_PERCENT,
    RecruitingCampaign.DECIDE_AFTER_HOURS,
)
_LIMITS = (RecruitingCampaign.ENDS_ON, RecruitingCampaign.WORKING_DAYS_ONLY)
_BRAND_LIMITS = (Brand.MAIL_CAP, Brand.MAIL_CAP_DAYS, Brand.QUIET_DAYS, Brand.DAILY_LIMIT, Brand.WARM_UP_FROM)
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
    CampaignStep.VARIANT,
    CampaignStep.SHARE,
    CampaignStep.HOLD_OUT_PERCENT,
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
    Candidate.COUNTRY,
    Candidate.DO_NOT_CONTACT,
    Candidate.DO_NOT_REHIRE,
    Candidate.PAUSED_UNTIL,
)
_OF_PERSON = (SUPPRESSION, HOLD, MAILS)
"""What the senders know of a person: taken along, under the key that they have here."""


def stage(source: "App", app: "App", campaign_id: str, members: int) -> tuple[str, list[Actor], list[str]]:
    """The campaign in the rehearsal's org: its id, who is in it, and their memberships in order."""
    campaign = read(source, campaign_id)
    org = app.salesforce
    look = _given(campaign.brand, BRAND_FIELDS) | _of(source, Brand.API_NAME, campaign.brand.get("Id"), _BRAND_LIMITS)
    brand = org.create(Brand.API_NAME, {"Name": "Brand", Brand.KEY: "brand", **look})
    values = _given(campaign.record, _CAMPAIGN) | _of(source, RecruitingCampaign.API_NAME, campaign_id, _LIMITS)
    values |= {RecruitingCampaign.BRAND: brand, RecruitingCampaign.STATUS: CampaignStatus.APPROVED}
    made = org.create(RecruitingCampaign.API_NAME, values)
    pool = org.create(TalentPool.API_NAME, {TalentPool.NAME: "Rehearsal", TalentPool.KIND: PoolKind.STATIC})
    org.create(CampaignAudience.API_NAME, {CampaignAudience.CAMPAIGN: made, CampaignAudience.POOL: pool})
    _copy_steps(source, app, campaign_id, made)
    _copy_holidays(source, app)
    cast, rows = _people(source, app, campaign, members)
    people = org.create_many(Candidate.API_NAME, rows)
    joins: list[dict[str, Value]] = [
        {
            PoolMembership.POOL: pool,
            PoolMembership.CANDIDATE: one.id,
            PoolMembership.STATE: MembershipState.MEMBER,
        }
        for one, actor in zip(people, cast, strict=True)
        if not actor.left_out
    ]
    return made, cast, [one.id for one in org.create_many(PoolMembership.API_NAME, joins)]


def _of(source: "App", object_name: str, record_id: object, fields: Sequence[str]) -> dict[str, Value]:
    return _given(source.salesforce.get(object_name, str(record_id), fields), fields) if record_id else {}


def _copy_holidays(source: "App", app: "App") -> None:
    fields = [Holiday.COUNTRY, Holiday.ON]
    rows = [_given(row, fields) for row in source.salesforce.query(select(Holiday.API_NAME, fields))]
    if rows:
        app.salesforce.create_many(Holiday.API_NAME, rows)


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


def _people(source: "App", app: "App", campaign: Campaign, members: int) -> tuple[list[Actor], list[dict[str, Value]]]:
    cast: list[Actor] = []
    rows: list[dict[str, Value]] = []
    for habit in HABITS:
        rows.append(_row(len(rows), {Candidate.FIRST_NAME: "Somebody", Candidate.LAST_NAME: habit.name}))
        cast.append(Actor(str(rows[-1][Candidate.CANDIDATE_KEY]), habit.name, habit))
    found = _members(source, campaign.included, members)
    shut_out = set(_candidates(source, campaign.excluded, [str(person[Candidate.ID]) for person in found]))
    for person in found:
        rows.append(_row(len(rows), _given(person, _PERSON)))
        key = str(rows[-1][Candidate.CANDIDATE_KEY])
        name = f"{person[Candidate.FIRST_NAME] or ''} {person[Candidate.LAST_NAME] or ''} ({len(rows)})".strip()
        why = _left_out(source, campaign, person, shut_out)
        cast.append(Actor(key, name, Habit("Does nothing"), str(person[Candidate.TIME_ZONE] or ""), why))
        _copy_facts(source, app, str(person[Candidate.CANDIDATE_KEY] or ""), key)
    return cast, rows


def _left_out(source: "App", campaign: Campaign, person: Record, shut_out: Collection[str]) -> str:
    """By the rules of enrolling, asked with the person's own ids: chance must fall as it does in earnest."""
    one = str(person[Candidate.ID])
    if why := why_left_out(person, source.clock.now()):
        return f"such people {why}"
    if one in shut_out:
        return "is in an excluded pool"
    percent = float(campaign.record.get(RecruitingCampaign.HOLD_OUT_PERCENT) or 0)
    return "is held out to measure the effect" if is_held_out(campaign.id, one, percent) else ""


def _copy_facts(source: "App", app: "App", key: str, here: str) -> None:
    """Opt-outs, pauses, holds and the mails of other campaigns, as the senders keep them."""
    if not key:
        return
    for item in source.people.get_many([(person_pk(key), kind) for kind in _OF_PERSON]).values():
        app.people.put({**item, "pk": person_pk(here)})


def _members(source: "App", pools: Sequence[str], members: int) -> list[Record]:
    if not pools or not members:
        return []
    where = both(is_in(PoolMembership.POOL, pools), equals(PoolMembership.STATE, MembershipState.MEMBER))
    query = select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where, limit=members)
    found = [str(row[PoolMembership.CANDIDATE]) for row in source.salesforce.query(query)]
    query = select(Candidate.API_NAME, sorted({*PERSON, *_PERSON}), where=is_in(Candidate.ID, found))
    return source.salesforce.query(query) if found else []


def _candidates(source: "App", pools: Sequence[str], among: Sequence[str]) -> list[str]:
    """Those of some candidates who are members of one of the pools."""
    if not pools or not among:
        return []
    where = both(
        is_in(PoolMembership.POOL, pools),
        is_in(PoolMembership.CANDIDATE, among),
        equals(PoolMembership.STATE, MembershipState.MEMBER),
    )
    rows = source.salesforce.query(select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where))
    return [str(row[PoolMembership.CANDIDATE]) for row in rows]


def _row(number: int, values: dict[str, Value]) -> dict[str, Value]:
    address = f"person{number}@rehearsal.example"
    return {**values, Candidate.EMAIL: address, Candidate.CANDIDATE_KEY: f"01REHEARSAL{number:015}"}


def _given(row: Record, fields: Sequence[str]) -> dict[str, Value]:
    return {name: row[name] for name in fields if name != "Id" and row.get(name) is not None}
