"""What a person did reaches their drips: it ends the series at once, counts once, and is never lost to a crash."""

import pytest

from integration import ats, campaigns, drips
from integration.candidates import rights
from integration.model.registration import Kind as RegistrationKind
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.ports import Queue
from integration.records import Candidate, Consent, ContactPoint, JobRequisition
from integration.registration.worker import receive
from tests.app_fixture import app_sent_mail
from tests.unit.mail.story import campaign, deliver, person, pool

KEY = "01CAND" + "1".zfill(20)
ENDINGS = {
    SignalKind.REPLIED: "Replied",
    SignalKind.APPLIED: "Applied",
    SignalKind.STAGE_CHANGED: "ATS: Interview",
    SignalKind.HIRED: "Hired",
    SignalKind.UNSUBSCRIBED: "Unsubscribed",
}


def signal(app, kind, cause="c1", **fields):
    detail = "Interview" if kind is SignalKind.STAGE_CHANGED else ""
    return Signal(kind, KEY, app.clock.now().isoformat(), cause, detail=detail, **fields)


@pytest.fixture
def in_pool(app, org):
    return pool(app)


@pytest.fixture
def drip(app, in_pool):
    made = campaign(app, in_pool, kind="Drip", delays=(0, 3))
    campaigns.launch(app, made)
    _, member = person(app, 1, in_pool)
    drips.enrol(app, [member])
    return made


def enrollment(app):
    (row,) = app.salesforce.query("SELECT State__c, Exit_Reason__c, Next_Step_At__c FROM Campaign_Enrollment__c")
    return tuple(row.values())


@pytest.mark.parametrize("kind", ENDINGS)
def test_the_series_ends_at_once_with_its_reason(app, drip, kind):
    assert drips.hear(app, [signal(app, kind)]) == 1
    assert enrollment(app) == ("Exited", ENDINGS[kind], None)
    app.clock.move(minutes=1)
    drips.run_due(app)
    deliver(app, Queue.MAIL)
    assert app_sent_mail(app) == []


@pytest.mark.parametrize("kind", [SignalKind.OPENED, SignalKind.CLICKED, SignalKind.REGISTERED])
def test_what_is_no_ending_leaves_the_place_as_it_is(app, drip, kind):
    before = enrollment(app)
    assert drips.hear(app, [signal(app, kind, campaign=drip)]) == 1
    assert enrollment(app) == before


def test_one_cause_counts_once(app, drip):
    click = signal(app, SignalKind.CLICKED, campaign=drip)
    assert drips.hear(app, [click, click]) == 1
    assert drips.hear(app, [click]) == 0


def test_a_reply_to_another_campaign_ends_nothing_here(app, drip):
    assert drips.hear(app, [signal(app, SignalKind.REPLIED, campaign="a0C000000000000AAA")]) == 0
    assert enrollment(app)[0] == "Active"


def test_the_org_is_told_by_the_second_attempt_when_the_first_was_cut_off(app, drip, monkeypatch):
    with monkeypatch.context() as cut:
        cut.setattr("integration.drips.hearing.write", lambda app, rows: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            drips.hear(app, [signal(app, SignalKind.REPLIED)])
    assert enrollment(app)[0] == "Active"
    drips.hear(app, [signal(app, SignalKind.REPLIED)])
    assert enrollment(app) == ("Exited", "Replied", None)


def test_a_stage_of_the_ats_ends_the_series(app, drip):
    app.salesforce.create(JobRequisition.API_NAME, {"Name": "Job", "Title__c": "Tester", "ATS_Id__c": "R-1"})
    _known_address(app)
    data = {"requisition_id": "R-1", "email": "person1@people.example", "stage": "Interview"}
    at = "2026-03-02T09:30:00Z"
    ats.receive(
        app, "generic", "m1", {"type": "application.stage_changed", "timestamp": at, "data": {**data, "at": at}}
    )
    assert enrollment(app) == ("Exited", "ATS: Interview", None)


def test_an_application_on_a_job_page_ends_the_series(app, drip):
    job = app.salesforce.create(JobRequisition.API_NAME, {"Name": "Job", "Title__c": "Tester"})
    _known_address(app)
    fields = {"first_name": "First1", "last_name": "Last1", "email": "person1@people.example"}
    at = app.clock.now().isoformat()
    sent = Registration(id="r1", kind=RegistrationKind.APPLICATION, at=at, requisition=job, fields=fields)
    receive(app, sent.as_message())
    assert enrollment(app) == ("Exited", "Applied", None)


@pytest.mark.parametrize("action", ["all", "save", "pause"])
def test_a_wish_for_no_more_mail_ends_the_series_and_a_pause_does_not(app, drip, action):
    wish = Registration(
        id="w1",
        kind=RegistrationKind.PREFERENCES,
        at=app.clock.now().isoformat(),
        candidate=KEY,
        purposes=("Newsletter",),  # of the topics only this one stays ticked
        fields={"action": action},
    )
    receive(app, wish.as_message())
    assert enrollment(app)[:2] == (("Active", None) if action == "pause" else ("Exited", "Unsubscribed"))


def test_a_withdrawn_consent_that_a_recruiter_records_ends_the_series(app, drip):
    (row,) = app.salesforce.query("SELECT Id FROM Candidate__c")
    values = {Consent.CANDIDATE: row["Id"], Consent.PURPOSE: "Talent community", Consent.STATE: "Withdrawn"}
    values[Consent.AT] = app.clock.now().isoformat()
    rights.consent_changed(app, app.salesforce.create(Consent.API_NAME, {**values, Consent.KEY: "c1"}))
    assert enrollment(app) == ("Exited", "Unsubscribed", None)


def test_do_not_contact_ends_the_series(app, drip):
    (row,) = app.salesforce.query("SELECT Id FROM Candidate__c")
    app.salesforce.update(Candidate.API_NAME, row["Id"], {Candidate.DO_NOT_CONTACT: True})
    rights.changed(app, row["Id"])
    assert enrollment(app) == ("Exited", "Do not contact", None)


def _known_address(app):
    (row,) = app.salesforce.query("SELECT Id FROM Candidate__c")
    values = {ContactPoint.CANDIDATE: row["Id"], "Kind__c": "Email", "Value__c": "person1@people.example"}
    app.salesforce.create(ContactPoint.API_NAME, {**values, ContactPoint.KEY: "email:person1@people.example"})
