"""Applications: one for each candidate and job, whatever comes twice, with the source that brought the person."""

import json

import pytest

from integration import syndication
from integration.errors import TryAgain
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import JobPosting
from integration.registration.worker import receive
from lambdas import register, syndicate
from tests.app_fixture import app_queue_messages

PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org"}


@pytest.fixture
def job(app, desk):
    """(requisition, posting, reference) of a live job."""
    requisition, posting = desk.live_job()
    app_queue_messages(app, Queue.EVENTS)
    return requisition, posting, desk.read(JobPosting.API_NAME, posting, JobPosting.REFERENCE)


def test_an_application_makes_a_candidate_who_applied(app, org, desk, visitor, job):
    requisition, posting, reference = job
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    claims = {link.CHANNEL: channel, link.POSTING: posting, link.REQUISITION: requisition, link.AT: "1772150000"}
    source = app.links.sign(Purpose.SOURCE, claims)
    answer = visitor.fill(f"/jobs/{reference}/apply?wb={source}", **PERSON, phone="+353 21 427 1234")
    assert answer.headers["location"] == "/thanks/application"
    desk.work()
    [candidate] = org.rows("SELECT Lifecycle__c, First_Source__c, Phone__c, Collected_From__c FROM Candidate__c")
    assert candidate == {
        "Lifecycle__c": "Applicant",
        "First_Source__c": channel,
        "Phone__c": "+353214271234",
        "Collected_From__c": "Application form",
    }
    [application] = org.rows("SELECT Stage__c, Requisition__c, First_Source__c, Last_Source__c FROM Application__c")
    assert application == {
        "Stage__c": "Applied",
        "Requisition__c": requisition,
        "First_Source__c": channel,
        "Last_Source__c": channel,
    }
    assert org.rows("SELECT Kind__c, Posting__c FROM Touchpoint__c") == [{"Kind__c": "Applied", "Posting__c": posting}]
    [event] = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "applied"]
    assert (event["channel"], event["requisition"], event["source_month"]) == (channel, requisition, "2026-02")
    assert org.rows("SELECT Id FROM Consent__c") == []


def test_B40_applying_twice_is_one_application(app, org, desk, visitor, job):
    _, _, reference = job
    visitor.fill(f"/jobs/{reference}/apply", **PERSON)
    desk.work()
    [application] = org.rows("SELECT Id FROM Application__c")
    app.salesforce.update("Application__c", application["Id"], {"Stage__c": "Interview"})
    visitor.fill(f"/jobs/{reference}/apply", **PERSON, message="Once more")
    desk.work()
    assert org.rows("SELECT Stage__c FROM Application__c") == [{"Stage__c": "Interview"}]
    events = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "applied"]
    assert len({event["id"] for event in events}) == 1


def test_the_first_source_keeps_the_credit(app, org, desk, visitor, job):
    _, posting, reference = job
    first = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    second = desk.channel("generic")
    for channel, at in ((first, "1769850000"), (second, "1772370000")):
        source = app.links.sign(Purpose.SOURCE, {link.CHANNEL: channel, link.AT: at})
        visitor.fill(f"/jobs/{reference}/apply?wb={source}", **PERSON, message=channel)
        desk.work()
    assert org.rows("SELECT First_Source__c, Last_Source__c FROM Candidate__c") == [
        {"First_Source__c": first, "Last_Source__c": second}
    ]
    [event] = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "applied"]
    assert (event["channel"], event["source_month"]) == (first, "2026-01")


def test_who_came_back_counts_for_the_month_of_the_first_touch(app, desk, visitor, job):
    _, posting, reference = job
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    other = desk.requisition(title="Day nurse")
    second = desk.posting(other, channel)
    syndication.open_requisition(app, other)
    desk.work()
    for place in (reference, desk.read(JobPosting.API_NAME, second, JobPosting.REFERENCE)):
        at = str(int(app.clock.now().timestamp()))
        source = app.links.sign(Purpose.SOURCE, {link.CHANNEL: channel, link.AT: at})
        visitor.fill(f"/jobs/{place}/apply?wb={source}", **PERSON)
        desk.work()
        app.clock.move(days=40)
    applied = [event for event in app_queue_messages(app, Queue.EVENTS) if event["kind"] == "applied"]
    assert [event["source_month"] for event in applied] == ["2026-03", "2026-03"]


def test_a_ticked_box_is_asked_for_until_it_is_confirmed(app, org, desk, visitor, job):
    visitor.fill(f"/jobs/{job[2]}/apply", ticked=["Talent community"], **PERSON)
    desk.work()
    [consent] = org.rows("SELECT State__c, Purpose__c, Text_Version__c FROM Consent__c")
    assert (consent["State__c"], consent["Purpose__c"]) == ("Pending", "Talent community")
    kept = json.loads(app.site.read(f"pages/consent/{consent['Text_Version__c']}.json"))
    assert "Keep my details" in kept["text"]


def test_salesforce_down_loses_nothing(app, org, desk, visitor, job):
    visitor.fill(f"/jobs/{job[2]}/apply", **PERSON)
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)

    class Down:
        def __getattr__(self, name):
            def call(*_, **__):
                raise TryAgain("Salesforce is down")

            return call

    working, app.salesforce = app.salesforce, Down()
    for _ in range(3):
        with pytest.raises(TryAgain):
            receive(app, message)
    assert visitor.get(f"/jobs/{job[2]}").status == 200  # the public side does not notice
    app.salesforce = working
    receive(app, message)
    assert len(org.rows("SELECT Id FROM Application__c")) == 1


@pytest.mark.parametrize("stop", range(1, 12))
def test_a_worker_that_dies_anywhere_is_repeated_to_the_same_end(app, org, desk, visitor, job, stop):
    visitor.fill(f"/jobs/{job[2]}/apply", **PERSON)
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)

    class Dying:
        calls = 0

        def __getattr__(self, name):
            def call(*args, **named):
                self.calls += 1
                if self.calls == stop:
                    raise KeyboardInterrupt
                return getattr(working, name)(*args, **named)

            return call

    working, app.salesforce = app.salesforce, Dying()
    try:
        receive(app, message)
    except KeyboardInterrupt:
        app.salesforce = working
        receive(app, message)
    app.salesforce = working
    counts = [len(org.rows(f"SELECT Id FROM {name}")) for name in ("Candidate__c", "Application__c", "Touchpoint__c")]
    assert counts == [1, 1, 1]
    assert org.rows("SELECT Lifecycle__c FROM Candidate__c") == [{"Lifecycle__c": "Applicant"}]


def test_what_the_org_refuses_goes_to_the_dead_letters(app, org, desk, visitor, job):
    visitor.fill(f"/jobs/{job[2]}/apply", **PERSON)
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    with pytest.raises(RuntimeError, match="cannot be written"):
        receive(app, {**message, "fields": {**message["fields"], "email": "not an address"}})


def test_the_handlers_give_back_only_what_failed(app, org, desk, visitor, job, monkeypatch):
    visitor.fill(f"/jobs/{job[2]}/apply", **PERSON)
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    bodies = {"bad": "{", "odd": '{"kind": "nonsense"}', "good": json.dumps(message)}
    records = [{"messageId": name, "body": body} for name, body in bodies.items()]
    monkeypatch.setattr(register, "current", lambda: app)
    monkeypatch.setattr(syndicate, "current", lambda: app)
    answer = register.handler({"Records": records}, None)
    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == ["bad", "odd"]
    assert len(org.rows("SELECT Id FROM Application__c")) == 1
    assert syndicate.handler({"source": "aws.events"}, None) == {"batchItemFailures": []}
    records = [{"messageId": "m", "body": '{"listing": true}'}, {"messageId": "n", "body": '{"posting": "gone"}'}]
    answer = syndicate.handler({"Records": records}, None)
    assert "m" not in [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


def test_the_feed_keeps_the_credit_when_the_person_applies_days_later_by_a_mail(app, org, desk, visitor, job):
    _, posting, reference = job
    channel = desk.read(JobPosting.API_NAME, posting, JobPosting.CHANNEL)
    mails = desk.channel("mail", adapter="")
    at = str(int(app.clock.now().timestamp()))
    feed = app.links.sign(Purpose.SOURCE, {link.CHANNEL: channel, link.POSTING: posting, link.AT: at})
    other = desk.requisition(title="Day nurse")
    second = desk.posting(other, channel)
    syndication.open_requisition(app, other)
    desk.work()
    visitor.fill(f"/jobs/{reference}/apply?wb={feed}", **PERSON)
    desk.work()
    [known] = org.rows("SELECT Candidate_Key__c FROM Candidate__c")
    app.clock.move(days=5)
    visitor.ip = "198.51.100.9"  # another device: nothing but the mail's own link
    at = str(int(app.clock.now().timestamp()))
    mailed = app.links.sign(
        Purpose.SOURCE, {link.CHANNEL: mails, link.CANDIDATE: known["Candidate_Key__c"], link.AT: at}
    )
    place = desk.read(JobPosting.API_NAME, second, JobPosting.REFERENCE)
    visitor.fill(f"/jobs/{place}/apply?wb={mailed}", **PERSON)
    desk.work()
    [row] = org.rows(f"SELECT First_Source__c, Last_Source__c FROM Application__c WHERE Requisition__c = '{other}'")
    assert row == {"First_Source__c": channel, "Last_Source__c": mails}
