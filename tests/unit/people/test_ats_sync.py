"""Jobs, stages, merges and anonymisations come in from an ATS by pull; webhooks only hint."""

import json

import pytest

from integration import ats
from integration.model.ats_job import may_close
from integration.records import (
    ATSConnection,
    Candidate,
    DuplicatePair,
    JobLocation,
    JobRequisition,
    PrivacyRequest,
)
from integration.soql import select
from tests.adapters.ats.vendor import answer, busy
from tests.unit.people import ats_world as world
from tests.unit.people.ats_world import connection, vendor

__all__ = ["connection", "vendor"]


def jobs(app, *names):
    fields = [JobRequisition.ATS_ID, *(names or [JobRequisition.STATUS])]
    return {row["ATS_Id__c"]: row for row in app.salesforce.query(select(JobRequisition.API_NAME, fields))}


def stage_of(app, number):
    return world.in_org(app)[f"gh:{number}"][0]


# Jobs in


def test_open_jobs_become_open_requisitions(app, vendor, connection):
    vendor.add_job(7, pay_input_ranges=[{"min_cents": 5_000_000, "max_cents": 7_500_000, "currency_type": "EUR"}])
    told = ats.sync(app, connection)
    assert "1 open jobs (1 new)" in told
    assert world.run_commands(app) == ["Open"]
    names = ("Title__c", "Description__c", "Salary_Max__c", "Status__c", "ATS_Posting_Id__c", "Department__c")
    row = jobs(app, *names)["gh:7"]
    assert [row[name] for name in names] == ["Tester", "<p>Test things &amp; more</p>", 75000, "Open", "70", "Quality"]
    [place] = app.salesforce.query(select(JobLocation.API_NAME, [JobLocation.CITY, JobLocation.COUNTRY]))
    assert (place[JobLocation.CITY], place[JobLocation.COUNTRY]) == ("Cork", "IE")
    ats.sync(app, connection)
    assert world.run_commands(app) == []
    assert app.salesforce.count("SELECT COUNT() FROM Job_Location__c") == 1


def test_what_a_person_changed_stays(app, vendor, connection):
    vendor.add_job(7)
    ats.sync(app, connection)
    [row] = app.salesforce.query(select(JobRequisition.API_NAME, ["Id"]))
    app.salesforce.update(JobRequisition.API_NAME, row["Id"], {"Title__c": "Tester of pumps"})
    vendor.jobs[0] |= {"title": "Tester II", "departments": [{"id": 2, "name": "Pumps"}]}
    ats.sync(app, connection)
    row = jobs(app, "Title__c", "Department__c")["gh:7"]
    assert (row["Title__c"], row["Department__c"]) == ("Tester of pumps", "Pumps")


def test_a_job_that_is_not_listed_closes_and_opens_again_when_it_is(app, vendor, connection):
    for number in range(1, 7):
        vendor.add_job(number)
    ats.sync(app, connection)
    world.run_commands(app)
    gone = vendor.jobs.pop()
    ats.sync(app, connection)
    assert world.run_commands(app) == ["Close"]
    assert jobs(app)["gh:6"]["Status__c"] == "Closed"
    vendor.jobs.append(gone)
    ats.sync(app, connection)
    assert world.run_commands(app) == ["Open"]


@pytest.mark.parametrize(
    "fault",
    [
        answer({"error": "Job board not found"}, 404),
        answer({"jobs": [], "meta": {"total": 9}}),
        answer({"jobs": [], "meta": {"total": 0}}),
        answer({"jobs": None}),
        answer("<html>", 200),
        busy(60),
    ],
)
def test_no_answer_of_a_board_closes_all_jobs(app, vendor, connection, fault):
    world.requisition(app, 1)
    world.requisition(app, 2)
    vendor.faults["GET /board"] = [fault]
    ats.sync(app, connection)
    assert world.run_commands(app) == []
    assert world.row(app, connection, ATSConnection.HEALTH)[ATSConnection.HEALTH] != "Healthy"


def test_many_jobs_close_when_a_person_confirms_it(app, vendor, connection):
    for number in range(1, 9):
        world.requisition(app, number)
    vendor.add_job(1)
    assert "7 of 8 open jobs are not listed" in ats.sync(app, connection)
    assert world.run_commands(app) == []
    app.salesforce.update(ATSConnection.API_NAME, connection, {ATSConnection.CONFIRM_CLOSING: True})
    ats.sync(app, connection)
    assert world.run_commands(app).count("Close") == 7
    assert not world.row(app, connection, ATSConnection.CONFIRM_CLOSING)[ATSConnection.CONFIRM_CLOSING]


def test_the_rule_of_closing():
    here = {str(number) for number in range(40)}
    assert may_close(here, here, confirmed=False) == (set(), "")
    assert may_close(here - {"1"}, here, confirmed=False) == ({"1"}, "")
    few = {str(number) for number in range(30, 40)}
    assert may_close(here - few, here, confirmed=False) == (few, "")
    for listed in (set(), here - few - {"1"}):
        closing, why = may_close(listed, here, confirmed=False)
        assert closing == set()
        assert "Confirm closing" in why
    assert may_close(set(), here, confirmed=True) == (here, "")


# Applications in


def test_applications_of_people_who_are_here_come_in_by_the_pull(app, vendor, connection):
    world.requisition(app)
    ann = world.person(app, 1)
    mine = vendor.add_application(vendor.add_candidate(email=world.address(1)), 7, stage="Offer")
    vendor.add_application(vendor.add_candidate(email="stranger@x.example"), 7)
    told = ats.sync(app, connection)
    assert "2 applications read, 1 changes written, 1 of people or jobs that are not here" in told
    assert stage_of(app, mine) == "Offer"
    assert app.salesforce.get(Candidate.API_NAME, ann, [Candidate.ATS_ID])[Candidate.ATS_ID].startswith("gh:")


def test_nothing_is_written_where_nothing_differs(app, vendor, connection):
    world.requisition(app)
    world.person(app, 1)
    vendor.add_application(vendor.add_candidate(email=world.address(1)), 7)
    ats.sync(app, connection)
    written = []
    update = app.salesforce.update
    app.salesforce.update = lambda name, *rest: (written.append(name), update(name, *rest))[1]
    assert "0 changes written" in ats.sync(app, connection)
    assert set(written) <= {ATSConnection.API_NAME}


def test_a_hire_that_is_taken_back(app, vendor, connection):
    world.requisition(app)
    world.person(app, 1)
    number = vendor.add_application(vendor.add_candidate(email=world.address(1)), 7, status="hired")
    ats.sync(app, connection)
    assert world.in_org(app)[f"gh:{number}"][3]
    app.clock.move(minutes=5)
    vendor.move(number, status="in_process", stage_name="Offer")
    ats.sync(app, connection)
    assert world.in_org(app)[f"gh:{number}"][::3] == ("Offer", False)


def test_a_webhook_is_a_hint_and_the_system_is_asked(app, vendor, connection):
    world.requisition(app)
    world.person(app, 1)
    number = vendor.add_application(vendor.add_candidate(email=world.address(1)), 7)
    _, body = vendor.told(number)
    app.clock.move(minutes=1)
    vendor.move(number, status="hired")  # the webhook still says Application Review
    ats.receive(app, "gh", "h1", json.loads(body))
    assert stage_of(app, number) == "Hired"
    assert world.row(app, connection, ATSConnection.RECEIVED, ATSConnection.APPLIED_COUNT) == {
        ATSConnection.RECEIVED: 1,
        ATSConnection.APPLIED_COUNT: 1,
    }


@pytest.mark.parametrize("payload", [[], {"action": "hire_candidate"}, {"action": "ping", "payload": {}}])
def test_a_webhook_that_says_nothing_does_nothing(app, vendor, connection, payload):
    ats.receive(app, "gh", "h1", payload)
    assert vendor.paths("harvest") == []
    assert not list(app.data.keys("ats/waiting/"))


def test_forged_ids_of_a_webhook_lead_to_nothing(app, vendor, connection):
    world.requisition(app)
    ats.receive(app, "gh", "h1", {"action": "hire_candidate", "payload": {"application": {"id": 999_999}}})
    assert world.in_org(app) == {}


# Merges and anonymisations


def test_a_merge_of_two_known_people_is_a_pair_to_judge(app, vendor, connection):
    gone, kept = vendor.add_candidate(), vendor.add_candidate()
    ids = {world.person(app, n, ATS_Id__c=f"gh:{one}") for n, one in ((1, gone), (2, kept))}
    vendor.merge(gone, kept)
    payload = {"action": "merge_candidate", "payload": {"person": {"id": gone, "new_candidate_id": kept}}}
    for number in ("h1", "h2"):
        ats.receive(app, "gh", number, payload)
    [pair] = app.salesforce.query(select(DuplicatePair.API_NAME, ["First__c", "Second__c", "Reasons__c"]))
    assert {pair["First__c"], pair["Second__c"]} == ids
    assert pair["Reasons__c"] == "Greenhouse has merged the two."


def test_a_merge_whose_webhook_was_lost_shows_in_the_pull(app, vendor, connection):
    world.requisition(app)
    ann = world.person(app, 1)
    gone, kept = vendor.add_candidate(email=world.address(1)), vendor.add_candidate()
    number = vendor.add_application(gone, 7)
    ats.sync(app, connection)
    app.clock.move(minutes=5)
    vendor.merge(gone, kept)
    ats.sync(app, connection)
    assert app.salesforce.get(Candidate.API_NAME, ann, [Candidate.ATS_ID])[Candidate.ATS_ID] == f"gh:{kept}"
    assert list(world.in_org(app)) == [f"gh:{number}"]


def test_who_was_anonymised_there_is_erased_here(app, vendor, connection):
    number = vendor.add_candidate(email=world.address(1))
    ann = world.person(app, 1, ATS_Id__c=f"gh:{number}")
    vendor.anonymise(number)
    ats.sync(app, connection)
    ats.sync(app, connection)
    fields = [PrivacyRequest.CANDIDATE, PrivacyRequest.KIND]
    assert app.salesforce.query(select(PrivacyRequest.API_NAME, fields)) == [
        {PrivacyRequest.CANDIDATE: ann, PrivacyRequest.KIND: "Erasure"}
    ]
    assert world.run_commands(app) == ["Erase"]
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 0


# Health


def test_a_refused_key_is_told_on_the_connection(app, vendor, connection):
    vendor.faults["GET /board"] = [answer({"message": "no"}, 403)]
    vendor.faults["POST /auth"] = [answer({"error": "invalid_client"}, 401)]
    ats.retry_all(app)
    row = world.row(app, connection, ATSConnection.HEALTH, ATSConnection.MESSAGE)
    assert row[ATSConnection.HEALTH] == "Failing"
    assert "does not accept our key (HTTP 403): “no”" in row[ATSConnection.MESSAGE]
    assert "“invalid_client”" in row[ATSConnection.MESSAGE]
    ats.retry_all(app)
    row = world.row(app, connection, ATSConnection.HEALTH, ATSConnection.LAST_SUCCESS_AT)
    assert row[ATSConnection.HEALTH] == "Healthy"
    assert row[ATSConnection.LAST_SUCCESS_AT]


def test_a_busy_system_is_no_failure_at_once(app, vendor, connection):
    ats.sync(app, connection)
    vendor.faults["GET /harvest"] = [busy(60)]
    assert "Health: Healthy." in ats.sync(app, connection)
    app.clock.move(days=2)
    vendor.faults["GET /harvest"] = [busy(60)]
    assert "Health: Late." in ats.sync(app, connection)


def test_only_secrets_of_ats_connections_are_read(app, vendor, connection):
    app.salesforce.update(ATSConnection.API_NAME, connection, {ATSConnection.SECRET_NAME: "warmbench/test/salesforce"})
    assert "It must begin with warmbench/test/ats-" in ats.sync(app, connection)


def test_the_next_pull_asks_only_for_what_is_new(app, vendor, connection):
    ats.retry_all(app)
    app.clock.move(minutes=10)
    ats.retry_all(app)
    app.clock.move(days=1)
    ats.retry_all(app)
    filtered = ["updated_at" in path for path in vendor.paths("/harvest/applications")]
    assert filtered == [False, True, False]  # once a day everything
