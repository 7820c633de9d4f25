"""Records to publish, and a visitor who speaks to the site through real HTTP API events."""

import pytest

from integration import syndication
from integration.ports import Queue
from integration.records import Brand, Channel, JobLocation, JobPosting, JobRequisition, LandingPage, TalentPool
from integration.registration.worker import receive
from lambdas.site.web import create_app
from tests.app_fixture import app_queue_messages
from tests.unit.site.visitor import Visitor

DESCRIPTION = (
    "<p>You look after our patients at night, together with two colleagues.</p>"
    "<ul><li>Rounds &amp; handover</li><li>Medication</li></ul><p>Experience on a ward is a must.</p>"
)


class Desk:
    """What a recruiter has made, by short calls."""

    def __init__(self, app):
        self.app = app

    def brand(self, **fields):
        values = {
            Brand.NAME: "Lee Hospitals",
            Brand.KEY: "lee",
            Brand.FROM_NAME: "Lee Hospitals",
            Brand.FROM_ADDRESS: "careers@mail.warmbench.example",
            Brand.POSTAL_ADDRESS: "1 Quay Street, Cork",
        }
        return self.app.salesforce.create(Brand.API_NAME, values | fields)

    def channel(self, key="indeed", adapter=None, **fields):
        values = {
            "Name": key.title(),
            Channel.KEY: key,
            Channel.KIND: "Job board",
            Channel.ADAPTER: key if adapter is None else adapter,
            Channel.ACTIVE: True,
        }
        return self.app.salesforce.create(Channel.API_NAME, values | fields)

    def requisition(self, title="Night nurse", places=(("Cork", "Munster", "IE"),), **fields):
        values = {
            JobRequisition.TITLE: title,
            JobRequisition.DESCRIPTION: DESCRIPTION,
            JobRequisition.DEPARTMENT: "Nursing",
            JobRequisition.COMPANY: "Lee Hospitals",
        }
        requisition = self.app.salesforce.create(JobRequisition.API_NAME, values | fields)
        for place in places:
            self.place(requisition, *place)
        return requisition

    def place(self, requisition, city, region, country):
        values = {JobLocation.REQUISITION: requisition, JobLocation.CITY: city, JobLocation.REGION: region}
        return self.app.salesforce.create(JobLocation.API_NAME, {**values, JobLocation.COUNTRY: country})

    def posting(self, requisition, channel, **fields):
        values = {JobPosting.REQUISITION: requisition, JobPosting.CHANNEL: channel}
        return self.app.salesforce.create(JobPosting.API_NAME, values | fields)

    def page(self, **fields):
        pool = self.app.salesforce.create(TalentPool.API_NAME, {"Name": "Night nurses", TalentPool.KIND: "Static"})
        values = {
            "Name": "Night nurses",
            LandingPage.SLUG: "night-nurses",
            LandingPage.HEADLINE: "Nights that matter",
            LandingPage.INTRO: "Join the people who keep our wards calm after dark.",
            LandingPage.CONSENT_TEXT: "We keep your details for two years.",
            LandingPage.POOL: pool,
        }
        return self.app.salesforce.create(LandingPage.API_NAME, values | fields)

    def live_job(self, **fields):
        """(requisition, posting) that are live, surfaces and all."""
        requisition = self.requisition(**fields)
        posting = self.posting(requisition, self.channel())
        syndication.open_requisition(self.app, requisition)
        self.work()
        return requisition, posting

    def work(self):
        """The workers of postings and registrations, until their queues are empty."""
        for _ in range(20):
            postings = app_queue_messages(self.app, Queue.POSTINGS)
            registrations = app_queue_messages(self.app, Queue.REGISTRATIONS)
            for message in postings:
                syndication.refresh(self.app, message)
            for message in registrations:
                receive(self.app, message)
            if not postings and not registrations:
                return
        raise AssertionError("the queues never run empty")

    def read(self, object_name, record_id, *fields):
        row = self.app.salesforce.get(object_name, record_id, fields)
        return row[fields[0]] if len(fields) == 1 else tuple(row[field] for field in fields)


@pytest.fixture
def desk(app):
    return Desk(app)


@pytest.fixture
def visitor(app):
    return Visitor(create_app(app, cache_seconds=0), app)
