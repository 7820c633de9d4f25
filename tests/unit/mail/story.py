"""Campaigns in the embedded org: only the records a mail test needs."""

from integration.model.vocabulary import CampaignStatus
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
from integration.sending import send_chunk
from tests.app_fixture import app_queue_messages
from tests.unit.mail.letters import BODY, BRAND, TEXT, plenty


def pool(app, name="Engineers"):
    return app.salesforce.create(TalentPool.API_NAME, {"Name": name, TalentPool.KIND: "Static"})


def person(app, number, in_pool=None, **changes):
    """A candidate with a confirmed address; in the pool when one is given."""
    email = changes.pop("email", f"person{number}@people.example")
    candidate = app.salesforce.create(
        Candidate.API_NAME,
        {
            Candidate.FIRST_NAME: f"First{number}",
            Candidate.LAST_NAME: f"Last{number}",
            Candidate.EMAIL: email,
            Candidate.CANDIDATE_KEY: f"01CAND{number:020}",
            Candidate.CITY: "Cork",
            **changes,
        },
    )
    membership = join(app, candidate, in_pool) if in_pool else None
    return candidate, membership


def join(app, candidate, in_pool, state="Member"):
    return app.salesforce.create(
        PoolMembership.API_NAME,
        {PoolMembership.POOL: in_pool, PoolMembership.CANDIDATE: candidate, PoolMembership.STATE: state},
    )


def template(app, name="Welcome", **changes):
    values = {
        "Name": name,
        MessageTemplate.SUBJECT: "News for {{ first_name }}",
        MessageTemplate.BODY: BODY,
        MessageTemplate.TEXT: TEXT,
        **changes,
    }
    return app.salesforce.create(MessageTemplate.API_NAME, values)


def a_brand(app, **changes):
    return app.salesforce.create(Brand.API_NAME, {"Name": "Kestrel", Brand.KEY: "kestrel", **BRAND, **changes})


def campaign(app, in_pool, *, kind="Blast", delays=(0,), excluded=None, templates=None, status="Approved", **changes):
    brand = changes.pop("brand", None) or a_brand(app)
    made = app.salesforce.create(
        RecruitingCampaign.API_NAME,
        {
            "Name": f"{kind} of the month",
            RecruitingCampaign.KIND: kind,
            RecruitingCampaign.BRAND: brand,
            RecruitingCampaign.STATUS: CampaignStatus(status),
            **changes,
        },
    )
    for place, mode in ((in_pool, "Include"), (excluded, "Exclude")):
        if place:
            values = {CampaignAudience.CAMPAIGN: made, CampaignAudience.POOL: place, CampaignAudience.MODE: mode}
            app.salesforce.create(CampaignAudience.API_NAME, values)
    for number, delay in enumerate(delays):
        values = {
            CampaignStep.CAMPAIGN: made,
            CampaignStep.KEY: f"{made}|{number}",
            CampaignStep.ORDER: number + 1,
            CampaignStep.DELAY_DAYS: delay,
            CampaignStep.TEMPLATE: templates[number] if templates else template(app, f"Step {number + 1}"),
        }
        app.salesforce.create(CampaignStep.API_NAME, values)
    return made


def record(app, campaign_id):
    """Every field of the campaign."""
    names = {getattr(RecruitingCampaign, name) for name in dir(RecruitingCampaign) if name.isupper()}
    fields = sorted(name for name in names if name.endswith("__c") and name != RecruitingCampaign.API_NAME)
    return app.salesforce.get(RecruitingCampaign.API_NAME, campaign_id, fields)


def deliver(app, queue):
    """Lets the senders take everything that waits in the mail queue; gives how many messages there were."""
    messages = app_queue_messages(app, queue)
    for message in messages:
        send_chunk(app, message, plenty)
    return len(messages)
