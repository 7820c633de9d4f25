"""Totals of campaigns, steps, links, pages and sources as rows for the org.

Everything is an upsert of recounted numbers by an external id, so writing twice is writing once.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from integration import sending
from integration.model.vocabulary import CampaignKind
from integration.ports import Value, Write
from integration.records import CampaignLink, CampaignStep, LandingPage, RecruitingCampaign, SourceResult, is_record_id
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


def writes(app: "App", campaign: str, whole: Mapping[str, Any]) -> list[Write]:
    """All rows that one campaign's totals, or the site's, stand on."""
    rows = [Write(SourceResult.API_NAME, _results(whole["results"]), SourceResult.KEY)]
    rows.append(Write(LandingPage.API_NAME, _pages(whole["pages"])))
    if is_record_id(campaign):
        rows.append(Write(RecruitingCampaign.API_NAME, [_campaign(app, campaign, whole["steps"])]))
        rows.append(Write(CampaignStep.API_NAME, _steps(whole["steps"])))
        rows.append(Write(CampaignLink.API_NAME, _links(campaign, whole["links"], whole["targets"]), CampaignLink.KEY))
    return rows


def result_row(key: str) -> dict[str, Value]:
    """The key of a Source_Result__c row (`channel|campaign|requisition|month`) with what it is made of."""
    channel, campaign, requisition, month = key.split("|")
    lookups = {
        SourceResult.CHANNEL: channel,
        SourceResult.CAMPAIGN: campaign,
        SourceResult.REQUISITION: requisition,
    }
    known = {field: value for field, value in lookups.items() if is_record_id(value)}
    return {SourceResult.KEY: key, SourceResult.MONTH: f"{month}-01", **known}


def _results(results: Mapping[str, Mapping[str, int]]) -> list[dict[str, Value]]:
    return [
        {**result_row(key), **{field: counts.get(name, 0) for name, field in _RESULTS.items()}}
        for key, counts in results.items()
    ]


def _pages(pages: Mapping[str, Mapping[str, int]]) -> list[dict[str, Value]]:
    return [
        {
            LandingPage.ID: page,
            LandingPage.VISITS: counts.get("visits", 0),
            LandingPage.REGISTRATIONS: counts.get("registrations", 0),
            LandingPage.VISITS_B: counts.get("visits_b", 0),
            LandingPage.REGISTRATIONS_B: counts.get("registrations_b", 0),
        }
        for page, counts in pages.items()
        if is_record_id(page)
    ]


def _campaign(app: "App", campaign: str, steps: Mapping[str, Mapping[str, int]]) -> dict[str, Value]:
    totals = {field: steps.get("", {}).get(name, 0) for name, field in _CAMPAIGN.items()}
    ledger = sending.totals(app, campaign)
    # A blast's notes also say who waits: its chunks tell them every minute.
    is_drip = (plan_of(app, campaign) or {}).get("kind") == CampaignKind.DRIP
    notes: dict[str, Value] = {RecruitingCampaign.DELIVERY_NOTES: ledger.notes or None} if is_drip else {}
    return {RecruitingCampaign.ID: campaign, **totals, **ledger.fields(), **notes}


def _steps(steps: Mapping[str, Mapping[str, int]]) -> list[dict[str, Value]]:
    return [
        {CampaignStep.ID: step, **{field: counts.get(name, 0) for name, field in _STEP.items()}}
        for step, counts in steps.items()
        if is_record_id(step)
    ]


def _links(campaign: str, links: Mapping[str, Mapping[str, int]], targets: Mapping[str, str]) -> list[dict[str, Value]]:
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
    return rows
