"""What the recruiter sets up: channels, a brand, a pool, a landing page, mails, a job with two postings, and spend."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from integration.demo.mails import BLAST, DRIP, Template
from integration.demo.recruiter import Recruiter
from integration.model.vocabulary import AudienceMode, CampaignKind, ChannelKind, ConnectionKind, PoolKind, SpendKind
from integration.records import (
    ATSConnection,
    Brand,
    CampaignAudience,
    CampaignStep,
    Channel,
    JobLocation,
    JobPosting,
    JobRequisition,
    LandingPage,
    MessageTemplate,
    RecruitingCampaign,
    SourceSpend,
    TalentPool,
)

CURRENCY = "EUR"
ATS = "generic"
"""The connection whose webhooks tell of interviews and hires."""
SPENT = {"indeed": 600.0, "nurse-jobs": 240.0}
"""Channel key -> what its postings cost this month."""

_DESCRIPTION = """<p>You look after people before, during and after an operation, in a team of twelve.</p>
<p><strong>What you do</strong></p><ul><li>Prepare theatre and instruments</li><li>Assist the surgeon</li>
<li>Teach new colleagues</li></ul><p><strong>What you bring</strong></p><ul><li>A nursing registration</li>
<li>Two years in theatre, or the wish to learn it with us</li></ul>"""

_BLOCKS = [
    {"type": "hero", "title": "Nurses, stay in touch", "text": "Jobs, open days and honest stories from our wards.",
     "button": "Join our talent community"},
    {"type": "text", "title": "Why join?",
     "body": "You hear of jobs before they are advertised.\n\n- One mail a week at most\n- Leave with one click"},
    {"type": "jobs", "title": "Open now", "limit": 5},
    {"type": "form", "title": "Join us", "fields": ["phone", "desired_role"], "purposes": ["Talent community"],
     "button": "Join"},
    {"type": "faq", "title": "Good to know", "items": [
        {"question": "Who reads what I send?", "answer": "Our recruiting team in Cork, nobody else."}]},
]  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """The ids of what a run of the story plays with."""

    run: int
    channels: dict[str, str]
    """Channel key -> id."""
    brand: str
    pool: str
    talent_pool: str
    page: str
    requisition: str
    postings: dict[str, str]
    """Channel key -> posting id."""
    drip: str
    blast: str
    steps: dict[str, str]
    """Template name -> step id."""


def set_up(recruiter: Recruiter, run: int, today: date, admin: Recruiter | None = None) -> Scene:
    """Makes what is not there yet; `today` is the stack's, whose clock an earlier run may have moved.

    `admin` makes what recruiters may not: channels, brand, connection, spend, and the job that the ATS would bring.
    """
    admin = admin or recruiter
    channels = {key: _channel(admin, key, values) for key, values in _CHANNELS.items()}
    brand = admin.ensure(Brand.API_NAME, {Brand.KEY: "harbour-hospital"}, _BRAND)
    pool = _pool(recruiter, f"Nurses who joined (story {run})")
    talent_pool = _pool(recruiter, f"Nurses from the fair (story {run})")
    requisition = _requisition(admin, run, today)
    page = _page(recruiter, run, brand, pool, requisition)
    recruiter.update(JobRequisition.API_NAME, requisition, {JobRequisition.LANDING_PAGE: page})
    postings = {key: _posting(recruiter, requisition, channels[key]) for key in SPENT}
    for key, amount in SPENT.items():
        _spend(admin, run, channels[key], requisition, amount, today)
    admin.ensure(
        ATSConnection.API_NAME,
        {ATSConnection.KEY: ATS},
        {ATSConnection.NAME: "Applicant tracking", ATSConnection.KIND: ConnectionKind.GENERIC},
    )
    steps: dict[str, str] = {}
    common = {
        RecruitingCampaign.BRAND: brand,
        RecruitingCampaign.CHANNEL: channels["mail"],
        RecruitingCampaign.REQUISITION: requisition,
    }
    welcome, fair = f"Welcome to the nurses (story {run})", f"Open day in theatre (story {run})"
    drip = _campaign(recruiter, welcome, CampaignKind.DRIP, pool, DRIP, common, run, steps)
    blast = _campaign(recruiter, fair, CampaignKind.BLAST, talent_pool, [BLAST], common, run, steps)
    return Scene(run, channels, brand, pool, talent_pool, page, requisition, postings, drip, blast, steps)


_CHANNELS: dict[str, dict[str, Any]] = {
    "indeed": {Channel.NAME: "Indeed", Channel.KIND: ChannelKind.JOB_BOARD, Channel.ADAPTER: "indeed",
               Channel.COST_MODEL: "CPC"},
    "nurse-jobs": {Channel.NAME: "Nurse Jobs", Channel.KIND: ChannelKind.AGGREGATOR, Channel.ADAPTER: "generic",
                   Channel.COST_MODEL: "Flat"},
    "mail": {Channel.NAME: "Our mails", Channel.KIND: ChannelKind.EMAIL, Channel.COST_MODEL: "Free"},
    "fair": {Channel.NAME: "Nursing fair", Channel.KIND: ChannelKind.EVENT, Channel.COST_MODEL: "Flat"},
}  # fmt: skip

_BRAND = {
    Brand.NAME: "Harbour Hospital",
    Brand.PRIMARY_COLOR: "#0b5c6b",
    Brand.BACKGROUND_COLOR: "#ffffff",
    Brand.TEXT_COLOR: "#1c2430",
    Brand.FROM_NAME: "Harbour Hospital Careers",
    Brand.FROM_ADDRESS: "careers@careers.example.com",
    Brand.POSTAL_ADDRESS: "Harbour Hospital, 1 Quay Street, Cork, Ireland",
    Brand.PRIVACY_URL: "https://careers.example.com/privacy",
}


def ats_id(run: int) -> str:
    """What the applicant tracking system calls the job."""
    return f"HH-{1000 + run}"


def _channel(recruiter: Recruiter, key: str, values: dict[str, Any]) -> str:
    return recruiter.ensure(Channel.API_NAME, {Channel.KEY: key}, {**values, Channel.ACTIVE: True})


def _pool(recruiter: Recruiter, name: str) -> str:
    return recruiter.ensure(TalentPool.API_NAME, {TalentPool.NAME: name}, {TalentPool.KIND: PoolKind.STATIC})


def _requisition(recruiter: Recruiter, run: int, today: date) -> str:
    requisition = recruiter.ensure(
        JobRequisition.API_NAME,
        {JobRequisition.ATS_ID: ats_id(run)},
        {
            JobRequisition.NAME: f"Theatre nurse {run}",
            JobRequisition.TITLE: "Theatre nurse",
            JobRequisition.COMPANY: "Harbour Hospital",
            JobRequisition.DESCRIPTION: _DESCRIPTION,
            JobRequisition.DEPARTMENT: "Theatre",
            JobRequisition.EMPLOYMENT_TYPE: "FULL_TIME",
            JobRequisition.SALARY_MIN: 41_000,
            JobRequisition.SALARY_MAX: 52_000,
            JobRequisition.SALARY_CURRENCY: CURRENCY,
            JobRequisition.SALARY_UNIT: "YEAR",
            JobRequisition.OPENED_ON: today.isoformat(),
            JobRequisition.VALID_THROUGH: (today + timedelta(days=60)).isoformat(),
        },
    )
    recruiter.ensure(
        JobLocation.API_NAME,
        {JobLocation.REQUISITION: requisition, JobLocation.CITY: "Cork"},
        {JobLocation.STREET: "1 Quay Street", JobLocation.POSTAL_CODE: "T12 X000", JobLocation.COUNTRY: "IE",
         JobLocation.REGION: "Munster"},
    )  # fmt: skip
    return requisition


def _page(recruiter: Recruiter, run: int, brand: str, pool: str, requisition: str) -> str:
    return recruiter.ensure(
        LandingPage.API_NAME,
        {LandingPage.SLUG: f"nurses-{run}"},
        {
            LandingPage.NAME: f"Nurses (story {run})",
            LandingPage.BRAND: brand,
            LandingPage.POOL: pool,
            LandingPage.HEADLINE: "Nurses, stay in touch",
            LandingPage.BLOCKS: json.dumps(_BLOCKS),
            LandingPage.LANGUAGE: "en",
            LandingPage.CONSENT_TEXT: "I agree that Harbour Hospital keeps my data and writes to me about jobs.",
            LandingPage.DOUBLE_OPT_IN: True,
            LandingPage.REQUISITION: requisition,
        },
    )


def _posting(recruiter: Recruiter, requisition: str, channel: str) -> str:
    found_by = {JobPosting.REQUISITION: requisition, JobPosting.CHANNEL: channel}
    return recruiter.ensure(JobPosting.API_NAME, found_by, {})


def _spend(recruiter: Recruiter, run: int, channel: str, requisition: str, amount: float, today: date) -> None:
    recruiter.ensure(
        SourceSpend.API_NAME,
        {SourceSpend.KEY: f"story-{run}|{channel}"},
        {
            SourceSpend.CHANNEL: channel,
            SourceSpend.REQUISITION: requisition,
            SourceSpend.MONTH: today.replace(day=1).isoformat(),
            SourceSpend.AMOUNT: amount,
            SourceSpend.CURRENCY_ISO: CURRENCY,
            SourceSpend.KIND: SpendKind.ACTUAL,
        },
    )


def _campaign(
    recruiter: Recruiter,
    name: str,
    kind: CampaignKind,
    pool: str,
    templates: list[Template],
    common: dict[str, str],
    run: int,
    steps: dict[str, str],
) -> str:
    campaign = recruiter.ensure(
        RecruitingCampaign.API_NAME, {RecruitingCampaign.NAME: name}, {RecruitingCampaign.KIND: kind, **common}
    )
    audience = {CampaignAudience.CAMPAIGN: campaign, CampaignAudience.POOL: pool}
    recruiter.ensure(CampaignAudience.API_NAME, audience, {CampaignAudience.MODE: AudienceMode.INCLUDE})
    for order, template in enumerate(templates, start=1):
        message = recruiter.ensure(
            MessageTemplate.API_NAME,
            {MessageTemplate.NAME: f"{template.name} (story {run})"},
            {
                MessageTemplate.SUBJECT: template.subject,
                MessageTemplate.BODY: template.body,
                MessageTemplate.TEXT: template.text,
                MessageTemplate.LANGUAGE: "en",
            },
        )
        steps[template.name] = recruiter.ensure(
            CampaignStep.API_NAME,
            {CampaignStep.CAMPAIGN: campaign, CampaignStep.TEMPLATE: message},
            {CampaignStep.ORDER: order, CampaignStep.DELAY_DAYS: template.delay},
        )
    return campaign
