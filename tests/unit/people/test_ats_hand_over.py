"""People and applications go out to an ATS exactly once: under retries, lost answers, kills and loops."""

import json
import re

import pytest

from integration import ats, leases
from integration.errors import Rejected, TryAgain
from integration.model.registration import Kind, Registration
from integration.pools.bulk import run, undo
from integration.ports import Queue
from integration.records import Application, ATSConnection, BulkAction, Candidate, Channel, Consent
from integration.registration.worker import receive as register
from integration.soql import select
from lambdas.ats_sync import handler
from tests.adapters.ats.vendor import answer, busy, lost
from tests.app_fixture import app_queue_messages
from tests.unit.people import ats_world as world
from tests.unit.people.ats_world import connection, vendor

__all__ = ["connection", "vendor"]
STATUS = [Application.ATS_ID, Application.HANDED_OVER_AT, Application.HAND_OVER_PROBLEM, Application.STAGE]


@pytest.fixture
def applied(app, vendor, connection):
    """Ann, known with a title and a consent, applies for job 7 in one step; the application's id."""
    job = world.requisition(app)
    vendor.add_job(7)
    channel = app.salesforce.create(Channel.API_NAME, {"Name": "Cork board", "Kind__c": "Job board", "Key__c": "cork"})
    ann = world.person(app, 1, Title__c="Nurse", Last_Source__c=channel)
    consent = {"Candidate__c": ann, "Key__c": "c1", "Purpose__c": "Talent community", "State__c": "Given"}
    app.salesforce.create(Consent.API_NAME, consent | {"At__c": "2026-03-01T10:00:00Z", "Text_Version__c": "v1"})
    app.salesforce.attach_file(ann, "cv.pdf", b"%PDF-1.7 cv")
    key = app.salesforce.get(Candidate.API_NAME, ann, [Candidate.CANDIDATE_KEY])[Candidate.CANDIDATE_KEY]
    sent = Registration("01A", Kind.APPLICATION, "2026-03-02T09:00:00+00:00", candidate=str(key), requisition=job)
    register(app, sent.as_message())
    [row] = app.salesforce.query(select(Application.API_NAME, ["Id"]))
    return str(row["Id"])


def deliver(app, times=1):
    """The worker gets what waits on the queue; what failed (it stays on the queue) is given."""
    messages = app_queue_messages(app, Queue.ATS)
    failed = []
    for number, message in enumerate(messages * times):
        failed += handler({"Records": [{"messageId": f"m{number}", "body": json.dumps(message)}]}, None)[
            "batchItemFailures"
        ]
    return messages, failed


def status(app, application):
    return app.salesforce.get(Application.API_NAME, application, STATUS)


def test_an_application_in_one_step_goes_to_the_ats_without_entering_it_again(handled, vendor, connection, applied):
    deliver(handled, times=3)
    [(number, made)] = vendor.applications.items()
    sent = made["sent"]
    assert (sent["first_name"], sent["last_name"], sent["title"]) == ("Ann", "Lee1", "Nurse")
    assert sent["emails"] == [{"email": world.address(1), "type": "personal"}]
    assert (sent["job_id"], sent["prospect"]) == (7, False)
    assert "Source: Cork board" in sent["notes"]
    assert "Talent community since 2026-03-01" in sent["notes"]
    assert sent["external_id"].startswith("warmbench-")
    assert re.search(r"ats/out/a\w{17}/warmbench-", sent["resume"])
    assert next(handled.data.stream(next(handled.data.keys("ats/out/")))) == b"%PDF-1.7 cv"
    row = status(handled, applied)
    assert (row[Application.ATS_ID], row[Application.HAND_OVER_PROBLEM]) == (f"gh:{number}", None)
    assert row[Application.HANDED_OVER_AT]
    ats.sync(handled, connection)
    assert world.row(handled, connection, ATSConnection.HANDED_OVER)[ATSConnection.HANDED_OVER] == 1
    assert len(vendor.applications) == 1


@pytest.mark.parametrize(
    "fault", [lost, lambda respond: lambda request: (respond(request), answer("", 502))[1]], ids=["lost", "failed"]
)
def test_a_lost_answer_is_looked_up_by_the_mark(handled, vendor, connection, applied, fault):
    vendor.faults["POST /ingest"] = [fault(vendor.respond)]
    [message], failed = deliver(handled)
    assert failed
    with pytest.raises(TryAgain, match="it is asked whether it has this"):
        ats.hand_over(handled, "gh", message["hand_over"])
    handled.clock.move(minutes=3)
    ats.hand_over(handled, "gh", message["hand_over"])
    assert len(vendor.paths("POST /ingest")) == 1
    assert status(handled, applied)[Application.ATS_ID] == f"gh:{next(iter(vendor.applications))}"


def test_what_did_not_arrive_is_sent_again(handled, vendor, connection, applied):
    vendor.faults["POST /ingest"] = [answer("", 503), busy(60)]
    deliver(handled)
    handled.clock.move(minutes=3)
    ats.sync(handled, connection)
    handled.clock.move(minutes=3)
    ats.sync(handled, connection)
    assert len(vendor.applications) == 1
    assert len(vendor.paths("POST /ingest")) == 3


class Killed(BaseException):
    pass


@pytest.mark.parametrize("step", range(12))
def test_a_worker_killed_anywhere_leaves_one_application_there(handled, vendor, connection, applied, step):
    """Killed in front of the nth write to the table or the org, then once more right behind the hand-over."""
    app, writes = handled, iter(range(100))
    table, org = app.claims, app.salesforce

    def dies(call):
        def or_dies(*given, **named):
            if next(writes) == step:
                raise Killed
            return call(*given, **named)

        return or_dies

    parts = [(table, "update"), (table, "put"), (table, "delete"), (org, "update")]
    originals = [(part, name, getattr(part, name)) for part, name in parts]
    [message] = app_queue_messages(app, Queue.ATS)
    for part, name, call in originals:
        setattr(part, name, dies(call))
    try:
        ats.hand_over(app, message["connection"], message["hand_over"])
    except Killed:
        pass
    finally:
        for part, name, call in originals:
            setattr(part, name, call)
    leases.release(app, f"ats-out#{message['hand_over']}")  # a lease runs out; released here, as a kill cannot
    app.clock.move(minutes=5)
    ats.sync(app, connection)
    assert len(vendor.applications) == 1
    row = status(app, applied)
    assert row[Application.ATS_ID] == f"gh:{next(iter(vendor.applications))}"
    assert row[Application.HANDED_OVER_AT]
    assert not list(app.claims.query("ats-waiting#gh"))


def test_a_refusal_is_told_on_the_application_and_tried_again_by_sync_now(handled, vendor, connection, applied):
    vendor.faults["POST /ingest"] = [answer({"errors": [{"message": "job is closed", "field": "job_id"}]}, 422)]
    deliver(handled)
    assert "“job is closed”" in status(handled, applied)[Application.HAND_OVER_PROBLEM]
    ats.retry_all(handled)
    assert not vendor.applications  # not every ten minutes
    ats.sync(handled, connection)
    assert len(vendor.applications) == 1
    assert status(handled, applied)[Application.HAND_OVER_PROBLEM] is None


def test_a_refused_key_concerns_the_connection_and_no_application(handled, vendor, connection, applied):
    vendor.faults["POST /ingest"] = [answer({"errors": [{"message": "no"}]}, 401)] * 2
    deliver(handled)
    ats.sync(handled, connection)
    row = world.row(handled, connection, ATSConnection.HEALTH, ATSConnection.MESSAGE)
    assert row[ATSConnection.HEALTH] == "Failing"
    assert status(handled, applied)[Application.ATS_ID] is None
    ats.retry_all(handled)
    assert len(vendor.applications) == 1


def test_what_came_from_the_ats_never_goes_back(handled, vendor, connection):
    world.requisition(handled)
    world.person(handled, 1)
    number = vendor.add_application(vendor.add_candidate(email=world.address(1)), 7)
    for name in ("h1", "h2"):
        ats.receive(handled, "gh", name, json.loads(vendor.told(number)[1]))
        ats.sync(handled, connection)
    assert app_queue_messages(handled, Queue.ATS) == []
    assert not vendor.paths("POST /ingest")


def test_our_own_application_comes_back_as_itself(handled, vendor, connection, applied):
    deliver(handled)
    number = next(iter(vendor.applications))
    ats.receive(handled, "gh", "h1", json.loads(vendor.told(number)[1]))
    ats.sync(handled, connection)
    assert list(world.in_org(handled)) == [f"gh:{number}"]
    assert len(vendor.applications) == 1
    assert app_queue_messages(handled, Queue.ATS) == []


def test_a_webhook_faster_than_the_answer(handled, vendor, connection, applied):
    """The vendor tells of the application while our call still waits; the answer then is lost."""

    def told_first(request):
        vendor.respond(request)
        number = next(iter(vendor.applications))
        ats.receive(handled, "gh", "h1", json.loads(vendor.told(number)[1]))
        return answer("", 504)

    vendor.faults["POST /ingest"] = [told_first]
    deliver(handled)
    handled.clock.move(minutes=3)
    ats.sync(handled, connection)
    assert len(vendor.paths("POST /ingest")) == 1
    row = status(handled, applied)
    assert row[Application.ATS_ID] == f"gh:{next(iter(vendor.applications))}"
    assert row[Application.HANDED_OVER_AT]


def test_registrations_become_prospects_where_that_is_wanted(handled, vendor, connection):
    ann = world.person(handled, 1)
    ats.offer_registration(handled, ann)
    assert app_queue_messages(handled, Queue.ATS) == []
    handled.salesforce.update(ATSConnection.API_NAME, connection, {ATSConnection.SEND_REGISTRATIONS: True})
    for _ in range(3):
        ats.offer_registration(handled, ann)
    deliver(handled)
    [made] = vendor.applications.values()
    assert made["sent"]["prospect"] is True
    candidate = handled.salesforce.get(Candidate.API_NAME, ann, [Candidate.ATS_ID])
    assert candidate[Candidate.ATS_ID] == f"gh:{made['candidate_id']}"


def bulk(app, people, **values):
    row = {"Action__c": "Hand over to ATS", "Record_Ids__c": "\n".join(people), **values}
    return app.salesforce.create(BulkAction.API_NAME, row)


def test_recruiters_hand_prospects_over_and_take_back_who_was_not_sent(handled, vendor, connection):
    ann, bob = (world.person(handled, number) for number in (1, 2))
    first = bulk(handled, [ann])
    assert run(handled, first) == "1 of 1 done."
    deliver(handled)
    second = bulk(handled, [ann, bob], Target__c="GH")
    assert run(handled, second) == "1 of 2 done. 1 were so already."
    assert undo(handled, second) == "1 restored."
    assert "were changed by somebody since" in undo(handled, first)
    deliver(handled)
    ats.sync(handled, connection)
    assert len(vendor.applications) == 1


def test_a_hand_over_needs_to_know_where_to(handled, vendor, connection):
    with pytest.raises(Rejected, match=r"names no ATS connection. Enter its key under Target; there is gh"):
        run(handled, bulk(handled, [world.person(handled, 1)], Target__c="other"))


def test_an_application_without_an_ats_job_goes_nowhere(handled, vendor, connection):
    job = world.requisition(handled)
    handled.salesforce.update("Job_Requisition__c", job, {"ATS_Id__c": "R-1"})
    ats.offer_application(handled, "a0A000000000001AAA", job)
    assert app_queue_messages(handled, Queue.ATS) == []


def test_who_is_gone_is_not_handed_over(handled, vendor, connection, applied):
    handled.salesforce.delete_many(Application.API_NAME, [applied])
    deliver(handled)
    assert not vendor.applications
    assert not list(handled.claims.query("ats-waiting#gh"))
