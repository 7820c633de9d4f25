"""Journey 1 in a browser: from an open job by a tracked link to a hire, and what each step of it cost."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
import requests
from lxml import etree

from integration import soql
from integration.demo import ats, seed
from integration.demo.visitor import Mailbox
from integration.demo.world import World
from integration.records import (
    Application,
    Candidate,
    Consent,
    ContactPoint,
    JobRequisition,
    LandingPage,
    PoolMembership,
    RecruitingCampaign,
    SourceResult,
    Touchpoint,
    parent,
)
from tests.journeys.desk import Desks
from tests.journeys.screen import Screen

pytestmark = [pytest.mark.stack, pytest.mark.slow]
RUN = 61
"""The number under which the demo's scene is set up here."""
FIRST, LAST, EMAIL = "Nora", "Kowalczyk", "nora.kowalczyk@people.example.org"
BOARD = "indeed"
COUNTS = (SourceResult.CLICKS, SourceResult.REGISTRATIONS, SourceResult.APPLICATIONS, SourceResult.HIRES)
COSTS = (SourceResult.COST_PER_CLICK, SourceResult.COST_PER_REGISTRATION, SourceResult.COST_PER_APPLICATION,
         SourceResult.COST_PER_HIRE)  # fmt: skip


@pytest.fixture(scope="module")
def stack(one_stack):
    return one_stack


@dataclass
class Journey:
    """Everybody on the way: the desks of the recruiting team, and Nora in front of her browser."""

    world: World
    desks: Desks
    nora: Screen

    @property
    def scene(self):
        return self.world.scene

    @property
    def candidate(self):
        [row] = self.rows(Candidate.API_NAME, ["Id"], soql.equals(Candidate.EMAIL, EMAIL))
        return row["Id"]

    def rows(self, name, fields, where):
        return self.desks.recruiter.query(soql.select(name, fields, where=where))

    def values(self, name, field):
        """What the rows of a kind that hang on the candidate say."""
        return [row[field] for row in self.rows(name, [field], soql.equals("Candidate__c", self.candidate))]

    def looks_at(self, name, record_id, heading):
        """The recruiter opens the record on the console."""
        self.nora.open(f"{self.world.status.console}/r/{name}/{record_id}")
        self.nora.is_headed(heading)
        self.nora.look(f"console-{name.removesuffix('__c').lower()}")

    def result(self):
        """The month's result of the job on the board."""
        here = soql.both(
            soql.equals(SourceResult.CHANNEL, self.scene.channels[BOARD]),
            soql.equals(SourceResult.REQUISITION, self.scene.requisition),
        )
        [row] = self.rows(SourceResult.API_NAME, ["Id", "Name", SourceResult.SPEND_HOME, *COUNTS, *COSTS], here)
        return row


@pytest.fixture(scope="module")
def journey(stack, browser, album):
    desks, app = Desks(stack.status), stack.app
    scene = seed.set_up(desks.recruiter, RUN, app.clock.now().date(), admin=desks.admin)
    world = World(stack.status, app, lambda _: None, desks.recruiter, Mailbox(stack.status.mailbox), RUN, scene)
    nora = Screen(browser, album, stack.status.mailbox, email=EMAIL)
    yield Journey(world, desks, nora)
    nora.close()


@pytest.fixture(scope="module")
def advertised(journey):
    """Opened, posted to two boards, with a landing page and a welcome series: the tracked link as the board has it."""
    desks, scene, world = journey.desks, journey.scene, journey.world
    desks.recruiter.command(JobRequisition.API_NAME, scene.requisition, "Open")
    references = {key: str(world.posting(key)["Reference__c"]) for key in scene.postings}
    for key, reference in references.items():
        world.wait("the feed", lambda key=key, reference=reference: reference in world.text(f"/feeds/{key}.xml"))
    desks.recruiter.command(LandingPage.API_NAME, scene.page, "Publish")
    job = f"/jobs/{references[BOARD]}"
    world.wait("the way from the job to the page", lambda: f"/p/nurses-{RUN}" in world.text(job))
    desks.launch(scene.drip)
    journey.looks_at(JobRequisition.API_NAME, scene.requisition, f"Theatre nurse {RUN}")
    feed = etree.fromstring(world.text(f"/feeds/{BOARD}.xml").encode())
    [link] = feed.xpath(f"//job[requisitionid='Theatre nurse {RUN}']/url/text()")
    return str(link)


@pytest.fixture(scope="module")
def joined(journey, advertised):
    """Nora follows the link, joins on the landing page and confirms by the mail: the job's JSON-LD as she got it."""
    nora = journey.nora
    nora.open(advertised)
    nora.is_headed("Theatre nurse")
    nora.look("job")
    told = json.loads(nora.page.locator("script[type='application/ld+json']").text_content())
    nora.follow("Stay in touch")
    nora.is_headed("Nurses, stay in touch")
    nora.look("landing-page")
    nora.fill("E-mail", EMAIL)
    nora.fill("First name", FIRST)
    nora.fill("Last name", LAST)
    nora.tick("Keep my details and write to me about jobs that may fit me.")
    nora.read()
    nora.press("Join")
    nora.is_headed("Almost done")
    nora.look("almost-done")
    nora.find_mail("Please confirm your address")
    nora.look_at_mail("mail-confirm")
    nora.follow_in_mail("Yes, this is me")
    nora.look("one-last-step")
    nora.press("Yes, confirm my address")
    nora.is_headed("Your address is confirmed")
    nora.look("confirmed")
    journey.world.advance(timedelta(minutes=1))  # the first mail of the series goes with the next minute
    return told


@pytest.fixture(scope="module")
def applied(journey, joined):
    """She opens the first mail of the series, follows its button and applies."""
    nora = journey.nora
    journey.world.wait("the welcome mail", lambda: bool(_got(journey)), nudge="drip")
    journey.world.advance(timedelta(hours=2))
    nora.find_mail(f"Welcome, {FIRST}")
    nora.look_at_mail("mail-welcome")
    nora.follow_in_mail("See the job")
    nora.is_headed("Theatre nurse")
    nora.follow("Apply for this job")
    nora.look("apply")
    nora.fill("E-mail", EMAIL)
    nora.fill("First name", FIRST)
    nora.fill("Last name", LAST)
    nora.read()
    nora.press("Send application")
    nora.is_headed("Thank you for your application")
    nora.look("applied")
    journey.world.wait("the application", lambda: bool(journey.values(Application.API_NAME, "Id")))


def _got(journey):
    return [entry for entry in journey.world.mailbox.ledger(journey.scene.drip) if entry["recipient"] == EMAIL]


def _is_at(journey, stage):
    return journey.values(Application.API_NAME, Application.STAGE) == [stage]


@pytest.fixture(scope="module")
def hired(journey, applied):
    """The applicant tracking system reports an interview and the hire; totals are rolled up."""
    world = journey.world
    for kind, stage in (("application.stage_changed", "Interview"), ("candidate.hired", "Hired")):
        at = world.app.clock.now().isoformat(timespec="seconds")
        data = {"requisition_id": seed.ats_id(RUN), "email": EMAIL, "at": at, "stage": stage}
        ats.report(world.status, world.app, f"journey-{RUN}-{kind}", {"type": kind, "timestamp": at, "data": data})
        world.wait(stage, partial(_is_at, journey, stage))
    world.advance(timedelta(minutes=10))
    return journey.result()


def test_the_job_stands_in_feeds_sitemap_and_json_ld(journey, joined):
    world = journey.world
    job = f"{world.status.site}/jobs/{world.posting(BOARD)['Reference__c']}"
    assert job in world.text("/sitemap.xml")
    assert (joined["@type"], joined["title"]) == ("JobPosting", "Theatre nurse")
    assert joined["jobLocation"][0]["address"]["addressLocality"] == "Cork"
    assert joined["baseSalary"]["value"]["minValue"] == 41_000
    assert requests.get(f"{world.status.site}/feeds/nurse-jobs.xml", timeout=30).ok


def test_she_is_a_candidate_with_pool_consent_and_first_and_last_touch(journey, applied):
    sources = [parent(field, "Name") for field in (Candidate.FIRST_SOURCE, Candidate.LAST_SOURCE)]
    [row] = journey.rows(Candidate.API_NAME, sources, soql.equals("Id", journey.candidate))
    assert row["First_Source__r"]["Name"] == "Indeed"
    assert row["Last_Source__r"]["Name"] == "Our mails"
    assert journey.values(ContactPoint.API_NAME, ContactPoint.STATUS) == ["Confirmed"]
    assert journey.values(PoolMembership.API_NAME, PoolMembership.STATE) == ["Member"]
    assert "Given" in journey.values(Consent.API_NAME, Consent.STATE)
    assert {"Registered", "Applied"} <= set(journey.values(Touchpoint.API_NAME, Touchpoint.KIND))


def test_the_hire_is_traced_and_costed_back_to_the_board(journey, hired):
    assert {field: hired[field] for field in COUNTS} == dict.fromkeys(COUNTS, 1)
    spent = seed.SPENT[BOARD]
    assert hired[SourceResult.SPEND_HOME] == spent
    assert [hired[field] for field in COSTS] == [spent] * 4  # of everything there was one


def test_the_campaign_counts_what_she_did(journey, hired):
    c = RecruitingCampaign
    fields = [c.SENT, c.HUMAN_OPENS, c.HUMAN_CLICKS, c.MACHINE_CLICKS, c.APPLICATIONS, c.HIRES]
    [row] = journey.rows(c.API_NAME, fields, soql.equals("Id", journey.scene.drip))
    assert [row[field] or 0 for field in fields] == [1, 1, 1, 0, 1, 1]


def test_the_recruiter_sees_it_on_the_records(journey, hired):
    journey.looks_at(Candidate.API_NAME, journey.candidate, f"{FIRST} {LAST}")
    journey.nora.sees("Employee")
    journey.looks_at(SourceResult.API_NAME, hired["Id"], hired["Name"])
    journey.nora.sees("600")
    journey.looks_at(RecruitingCampaign.API_NAME, journey.scene.drip, f"Welcome to the nurses (story {RUN})")
    journey.looks_at(Application.API_NAME, journey.values(Application.API_NAME, "Id")[0], re.compile("."))


def test_axe_finds_nothing_serious_and_no_page_complains(journey, hired, album):
    assert album.findings == {}
    assert journey.nora.troubles == []
