"""Totals back on the records: campaigns, steps, links, people with a signal, pages, and what each source brought.

Everything is an upsert of recounted numbers by an external id, so writing twice is writing once.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from integration import log, sending, soql
from integration.candidates import announce
from integration.model.fold import result_key
from integration.model.roi import in_home_currency
from integration.model.vocabulary import CampaignKind, SpendKind, Touch
from integration.ports import Outcome, Value
from integration.records import (
    Application,
    CampaignEnrollment,
    CampaignLink,
    CampaignStep,
    Candidate,
    ExchangeRate,
    LandingPage,
    RecruitingCampaign,
    SourceResult,
    SourceSpend,
    Touchpoint,
    is_record_id,
)
from integration.sending.counting import plan_of

if TYPE_CHECKING:
    from integration.app import App

_RESULTS = {
    "clicks": SourceResult.CLICKS,
    "machine_clicks": SourceResult.MACHINE_CLICKS,
    "visits": SourceResult.VISITS,
    "registrations": SourceResult.REGISTRATIONS,
    "applications": SourceResult.APPLICATIONS,
    "qualified": SourceResult.QUALIFIED,
    "interviews": SourceResult.INTERVIEWS,
    "offers": SourceResult.OFFERS,
    "hires": SourceResult.HIRES,
}
_CAMPAIGN = {
    "delivered": RecruitingCampaign.DELIVERED,
    "bounced": RecruitingCampaign.BOUNCED,
    "complained": RecruitingCampaign.COMPLAINED,
    "unsubscribed": RecruitingCampaign.UNSUBSCRIBED,
    "human_opens": RecruitingCampaign.HUMAN_OPENS,
    "human_clicks": RecruitingCampaign.HUMAN_CLICKS,
    "machine_opens": RecruitingCampaign.MACHINE_OPENS,
    "machine_clicks": RecruitingCampaign.MACHINE_CLICKS,
}
_STEP = {
    "sent": CampaignStep.SENT,
    "delivered": CampaignStep.DELIVERED,
    "human_opens": CampaignStep.HUMAN_OPENS,
    "human_clicks": CampaignStep.HUMAN_CLICKS,
}
_SIGNALS = ("human_opens", "human_clicks", "bounced", "complained", "unsubscribed")


def write_results(app: "App", results: Mapping[str, Mapping[str, int]]) -> None:
    """Source_Result__c rows for `channel|campaign|requisition|month` keys."""
    rows = [
        {**result_row(key), **{field: counts.get(name, 0) for name, field in _RESULTS.items()}}
        for key, counts in results.items()
    ]
    _written(SourceResult.API_NAME, app.salesforce.upsert_many(SourceResult.API_NAME, SourceResult.KEY, rows))


def result_row(key: str) -> dict[str, Value]:
    """The key with the lookups and month it is made of."""
    channel, campaign, requisition, month = key.split("|")
    lookups = {
        SourceResult.CHANNEL: channel,
        SourceResult.CAMPAIGN: campaign,
        SourceResult.REQUISITION: requisition,
    }
    known = {field: value for field, value in lookups.items() if is_record_id(value)}
    return {SourceResult.KEY: key, SourceResult.MONTH: f"{month}-01", **known}


def write_pages(app: "App", pages: Mapping[str, Mapping[str, int]]) -> None:
    """Visits and registrations of landing pages."""
    rows: list[dict[str, Value]] = [
        {
            LandingPage.ID: page,
            LandingPage.VISITS: counts.get("visits", 0),
            LandingPage.REGISTRATIONS: counts.get("registrations", 0),
        }
        for page, counts in pages.items()
        if is_record_id(page)
    ]
    _written(LandingPage.API_NAME, app.salesforce.update_many(LandingPage.API_NAME, rows))


def write_campaign(
    app: "App", campaign: str, whole: Mapping[str, Any], people: Mapping[str, Any], former: Mapping[str, Any]
) -> None:
    """A campaign's totals, its steps, its links, and the people of whom there is something to say."""
    steps = whole["steps"]
    totals = {field: steps.get("", {}).get(name, 0) for name, field in _CAMPAIGN.items()}
    app.salesforce.update(RecruitingCampaign.API_NAME, campaign, {**totals, **_ledger_fields(app, campaign)})
    rows = [
        {CampaignStep.ID: step, **{field: counts.get(name, 0) for name, field in _STEP.items()}}
        for step, counts in steps.items()
        if is_record_id(step)
    ]
    _written(CampaignStep.API_NAME, app.salesforce.update_many(CampaignStep.API_NAME, rows))
    _write_links(app, campaign, whole["links"], whole["targets"])
    _write_people(app, campaign, people, former)


def _ledger_fields(app: "App", campaign: str) -> dict[str, Value]:
    totals = sending.totals(app, campaign)
    # A blast's notes also say who waits: its chunks tell them every minute.
    is_drip = (plan_of(app, campaign) or {}).get("kind") == CampaignKind.DRIP
    return {
        **({RecruitingCampaign.DELIVERY_NOTES: totals.notes or None} if is_drip else {}),
        RecruitingCampaign.AUDIENCE_SIZE: totals.audience,
        RecruitingCampaign.SENT: totals.sent,
        RecruitingCampaign.SUPPRESSED: totals.suppressed,
        RecruitingCampaign.FAILED: totals.failed,
        RecruitingCampaign.IN_DOUBT: totals.in_doubt,
        RecruitingCampaign.PENDING: totals.pending,
    }


def write_outcomes(app: "App") -> None:
    """Applications and hires on the campaigns through which they came."""
    came = soql.compare(Application.CAMPAIGN, "!=", None)
    hired = soql.both(came, soql.compare(Application.HIRED_AT, "!=", None))
    rows: dict[str, dict[str, Value]] = {}
    for field, where in ((RecruitingCampaign.APPLICATIONS, came), (RecruitingCampaign.HIRES, hired)):
        for group in app.salesforce.query(soql.count_by(Application.API_NAME, [Application.CAMPAIGN], where)):
            campaign = str(group[Application.CAMPAIGN])
            rows.setdefault(campaign, {RecruitingCampaign.ID: campaign})[field] = group["expr0"]
    written = app.salesforce.update_many(RecruitingCampaign.API_NAME, list(rows.values()))
    _written(RecruitingCampaign.API_NAME, written)


def write_spend(app: "App") -> None:
    """What was really spent, in the home currency, beside what it brought; only sums that changed are written."""
    before = json.loads(app.data.read(_SPEND) or b"{}")
    now = {key: str(amount) for key, amount in _spent(app).items()}
    # A sum that is gone was a row that was deleted or moved: it becomes nought.
    changed = {key: now.get(key, "0") for key in {**before, **now} if before.get(key) != now.get(key)}
    if not changed:
        return
    rows = [
        {
            **result_row(key),
            SourceResult.SPEND_HOME: float(amount),
            SourceResult.HOME_CURRENCY: app.config.home_currency,
        }
        for key, amount in changed.items()
    ]
    outcomes = app.salesforce.upsert_many(SourceResult.API_NAME, SourceResult.KEY, rows)
    _written(SourceResult.API_NAME, outcomes)
    refused = {key for key, outcome in zip(changed, outcomes, strict=True) if not outcome.success}
    stands = {key: amount for key, amount in now.items() if key not in refused}
    # What was refused is remembered as it was, so that the next run writes it again.
    stands |= {key: before[key] for key in refused & before.keys()}
    app.data.write(_SPEND, json.dumps(stands).encode(), content_type="application/json")


_SPEND = "rollup/spend.json"


def _spent(app: "App") -> dict[str, Decimal]:
    lookups = [SourceSpend.CHANNEL, SourceSpend.CAMPAIGN, SourceSpend.REQUISITION]
    fields = [*lookups, SourceSpend.MONTH, SourceSpend.AMOUNT, SourceSpend.CURRENCY_ISO, SourceSpend.ID]
    actual = soql.equals(SourceSpend.KIND, SpendKind.ACTUAL)
    rates = _rates(app)
    sums: dict[str, Decimal] = {}
    for row in app.salesforce.query(soql.select(SourceSpend.API_NAME, fields, where=actual)):
        month = str(row[SourceSpend.MONTH])[:7]
        home = app.config.home_currency
        currency = str(row[SourceSpend.CURRENCY_ISO] or home)
        amount = in_home_currency(Decimal(str(row[SourceSpend.AMOUNT] or 0)), currency, month, home, rates)
        if amount is None:
            log.event("spend.without_rate", spend=row[SourceSpend.ID], currency=currency, month=month)
            continue
        channel, campaign, requisition = (str(row[lookup] or "") for lookup in lookups)
        key = result_key(channel, campaign, requisition, month)
        sums[key] = sums.get(key, Decimal(0)) + amount
    return sums


def _rates(app: "App") -> dict[tuple[str, str], Decimal]:
    fields = [ExchangeRate.CURRENCY_ISO, ExchangeRate.MONTH, ExchangeRate.RATE]
    return {
        (str(row[ExchangeRate.CURRENCY_ISO]), str(row[ExchangeRate.MONTH])[:7]): Decimal(str(row[ExchangeRate.RATE]))
        for row in app.salesforce.query(soql.select(ExchangeRate.API_NAME, fields))
    }


def _write_links(app: "App", campaign: str, links: Mapping[str, Mapping[str, int]], targets: Mapping[str, str]) -> None:
    rows: list[dict[str, Value]] = []
    for link, counts in links.items():
        step = link.split("|")[0]
        target = targets.get(link, "")
        owner = {CampaignLink.STEP: step} if is_record_id(step) else {}
        rows.append(
            {
                CampaignLink.KEY: link,
                CampaignLink.CAMPAIGN: campaign,
                **owner,
                CampaignLink.TARGET: target,
                CampaignLink.TARGET_HASH: hashlib.sha256(target.encode()).hexdigest(),
                CampaignLink.HUMAN_CLICKS: counts.get("human_clicks", 0),
                CampaignLink.MACHINE_CLICKS: counts.get("machine_clicks", 0),
            }
        )
    _written(CampaignLink.API_NAME, app.salesforce.upsert_many(CampaignLink.API_NAME, CampaignLink.KEY, rows))


def _write_people(app: "App", campaign: str, people: Mapping[str, Any], former: Mapping[str, Any]) -> None:
    """Rows only for people with a human signal or a problem, now or before; the rest is in the ledger."""
    telling = {key: now for key, now in people.items() if _tells(now) or _tells(former.get(key))}
    ids = candidate_ids(app, list(telling))
    present = {key: person for key, person in telling.items() if key in ids}
    enrollments = [_enrollment(campaign, ids[key], person["counts"]) for key, person in present.items()]
    _written(
        CampaignEnrollment.API_NAME,
        app.salesforce.upsert_many(CampaignEnrollment.API_NAME, CampaignEnrollment.KEY, enrollments),
    )
    touches = [
        {
            Touchpoint.KEY: f"click|{campaign}|{ids[key]}",
            Touchpoint.CANDIDATE: ids[key],
            Touchpoint.KIND: Touch.FIRST_CLICK,
            Touchpoint.AT: person["first_click_at"],
            Touchpoint.CAMPAIGN: campaign,
        }
        for key, person in present.items()
        if person["first_click_at"]
    ]
    _written(Touchpoint.API_NAME, app.salesforce.upsert_many(Touchpoint.API_NAME, Touchpoint.KEY, touches))
    undone = [key for key, now in present.items() if not now["first_click_at"] and _clicked(former.get(key))]
    _take_back_clicks(app, [f"click|{campaign}|{ids[key]}" for key in undone])
    engaged = [
        {Candidate.ID: ids[key], Candidate.LAST_ENGAGED_AT: person["last_human_at"]}
        for key, person in present.items()
        if person["last_human_at"]
    ]
    _written(Candidate.API_NAME, app.salesforce.update_many(Candidate.API_NAME, engaged))
    announce(app, sorted(ids.values()))  # to the pools whose rules ask who opened or clicked


def _tells(person: Mapping[str, Any] | None) -> bool:
    return person is not None and any(person["counts"].get(name) for name in _SIGNALS)


def _clicked(person: Mapping[str, Any] | None) -> bool:
    return bool(person and person["first_click_at"])


def _take_back_clicks(app: "App", keys: Sequence[str]) -> None:
    """First clicks that a later verdict gives to a machine."""
    for start in range(0, len(keys), _KEYS_A_QUERY):
        where = soql.is_in(Touchpoint.KEY, keys[start : start + _KEYS_A_QUERY])
        rows = app.salesforce.query(soql.select(Touchpoint.API_NAME, [Touchpoint.ID], where=where))
        if rows:
            _written(
                Touchpoint.API_NAME,
                app.salesforce.delete_many(Touchpoint.API_NAME, [str(row[Touchpoint.ID]) for row in rows]),
            )


def _enrollment(campaign: str, candidate: str, counts: Mapping[str, int]) -> dict[str, Value]:
    return {
        CampaignEnrollment.KEY: f"{campaign}|{candidate}",
        CampaignEnrollment.CAMPAIGN: campaign,
        CampaignEnrollment.CANDIDATE: candidate,
        CampaignEnrollment.SENT: counts.get("sent", 0),
        CampaignEnrollment.HUMAN_OPENS: counts.get("human_opens", 0),
        CampaignEnrollment.HUMAN_CLICKS: counts.get("human_clicks", 0),
        CampaignEnrollment.MACHINE_EVENTS: counts.get("machine_events", 0),
    }


def candidate_ids(app: "App", keys: Sequence[str]) -> dict[str, str]:
    """Candidate key -> record id, for those that still exist."""
    found = {}
    for start in range(0, len(keys), _KEYS_A_QUERY):
        where = soql.is_in(Candidate.CANDIDATE_KEY, keys[start : start + _KEYS_A_QUERY])
        rows = app.salesforce.query(
            soql.select(Candidate.API_NAME, [Candidate.ID, Candidate.CANDIDATE_KEY], where=where)
        )
        found.update({str(row[Candidate.CANDIDATE_KEY]): str(row[Candidate.ID]) for row in rows})
    return found


_KEYS_A_QUERY = 200
"""So that the address of the query stays well below the platform's 16 KB."""


def _written(object_name: str, outcomes: Sequence[Outcome]) -> None:
    """A row that was refused is logged with its reason; the others stand, and the next fold writes it again."""
    for outcome in outcomes:
        if not outcome.success:
            log.event("total.refused", object=object_name, code=outcome.code, reason=outcome.message)
