"""Journey 1: from an open job to a hire that can be traced and costed, on the whole stack."""

import io
from collections import Counter

import pytest
from rich.console import Console

from integration import soql
from integration.demo import people, play
from integration.demo.people import CAST
from integration.demo.recruiter import Recruiter
from integration.demo.story import Story
from integration.demo.visitor import Mailbox
from integration.records import (
    Application,
    Candidate,
    CandidateImport,
    Consent,
    ContactPoint,
    PoolMembership,
    SourceResult,
    Touchpoint,
    parent,
)

pytestmark = [pytest.mark.stack, pytest.mark.slow]
ROWS = 5_000


@pytest.fixture(scope="module")
def told(stack):
    """The story, played twice on one stack: (both agreed with their recounts, the terminal's text)."""
    console = Console(file=io.StringIO(), width=160)
    agreed = [play(stack.status, console, file_size=ROWS if run == 1 else 400) for run in (1, 2)]
    return agreed, console.file.getvalue()


@pytest.fixture
def recruiter(stack, told):
    return Recruiter(stack.status)


@pytest.fixture
def ledger(stack, told):
    return Mailbox(stack.status.mailbox).ledger()


def of_person(number, run=1):
    return soql.equals(parent("Candidate__c", Candidate.EMAIL), people.visitor(run, number).email)


def story_of(stack, run):
    return Story(stack.status, stack.app, print, file_size=ROWS, run=run)


def only(recruiter, object_name, field, where):
    return [row[field] for row in recruiter.query(soql.select(object_name, [field], where=where))]


def test_every_number_of_the_funnel_equals_its_recount(told):
    agreed, text = told
    assert agreed == [True, True], text


def test_nobody_gets_a_mail_twice_even_when_the_story_is_played_twice(ledger):
    copies = [(entry["campaign"], entry["step"], entry["candidate"]) for entry in ledger]
    assert len(copies) == len(set(copies)) > ROWS


def test_a_visitor_becomes_a_candidate_with_address_membership_consent_and_source(recruiter):
    number = min(CAST.confirms)
    assert only(recruiter, ContactPoint.API_NAME, ContactPoint.STATUS, of_person(number)) == ["Confirmed"]
    assert only(recruiter, PoolMembership.API_NAME, PoolMembership.STATE, of_person(number)) == ["Member"]
    assert only(recruiter, Consent.API_NAME, Consent.STATE, of_person(number))[-1] == "Given"
    assert "Registered" in only(recruiter, Touchpoint.API_NAME, Touchpoint.KIND, of_person(number))
    email = soql.equals(Candidate.EMAIL, people.visitor(1, number).email)
    [source] = recruiter.query(soql.select(Candidate.API_NAME, [parent(Candidate.FIRST_SOURCE, "Name")], where=email))
    assert source["First_Source__r"]["Name"] == "Indeed"


def test_S13_who_does_not_confirm_is_written_to_once_and_never_again(stack, told):
    unconfirmed = [number for number in CAST.registers if number not in CAST.confirms]
    mails = [Mailbox(stack.status.mailbox).mails(people.visitor(1, number).email) for number in unconfirmed]
    assert unconfirmed
    assert [len(found) for found in mails] == [1] * len(unconfirmed)


def test_the_file_is_accounted_for_row_by_row(recruiter):
    fields = [CandidateImport.ROWS, CandidateImport.CREATED, CandidateImport.UPDATED, CandidateImport.MERGED,
              CandidateImport.REJECTED]  # fmt: skip
    for row in recruiter.query(soql.select(CandidateImport.API_NAME, fields)):
        rows, *parts = [row[field] for field in fields]
        assert rows == sum(parts)
        assert row[CandidateImport.REJECTED] > 0


def test_one_click_in_the_middle_of_the_blast_stops_everything_after_it(stack, told):
    story = story_of(stack, 1)
    leaver = story.crowd.leaver()
    mailbox = Mailbox(stack.status.mailbox)
    assert len(mailbox.mails(leaver.email, story.world.scene.drip)) == 1  # of three
    assert len(mailbox.mails(leaver.email, story.world.scene.blast)) <= 1
    assert all(len(mailbox.mails(leaver.email, other.world.scene.blast)) == 0 for other in (story_of(stack, 2),))


def test_the_hire_stands_on_the_application_and_the_candidate(recruiter):
    assert only(recruiter, Application.API_NAME, Application.STAGE, of_person(CAST.hired)) == ["Hired"]
    email = soql.equals(Candidate.EMAIL, people.visitor(1, CAST.hired).email)
    assert only(recruiter, Candidate.API_NAME, Candidate.LIFECYCLE, email) == ["Employee"]


def test_costs_stand_on_the_results(recruiter):
    fields = [SourceResult.COST_PER_CLICK, SourceResult.COST_PER_REGISTRATION, SourceResult.COST_PER_APPLICATION,
              SourceResult.COST_PER_HIRE]  # fmt: skip
    hired = soql.compare(SourceResult.HIRES, ">", 0)
    rows = recruiter.query(soql.select(SourceResult.API_NAME, fields, where=hired))
    assert len(rows) == 2
    assert all(row[field] > 0 for row in rows for field in fields)


def test_every_member_of_the_drip_gets_three_mails_and_the_leaver_one(stack, told):
    story = story_of(stack, 1)
    sent = Counter(entry["recipient"] for entry in Mailbox(stack.status.mailbox).ledger(story.world.scene.drip))
    leaver = story.crowd.leaver()
    expected = {story.crowd.person(number).email: 3 for number in CAST.confirms} | {leaver.email: 1}
    assert sent == expected
