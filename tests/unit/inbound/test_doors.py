"""Applications to `<job>+<source>@` and profiles that recruiters forward to `prospect@`."""

import base64
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.local.rehearsal.memory import MemoryTable
from integration.model.link import Signer
from integration.records import (
    Application,
    Candidate,
    Channel,
    JobPosting,
    JobRequisition,
    Operations,
    QuickAdd,
    Touchpoint,
)
from integration.replies.bounding import is_within
from integration.soql import select
from tests.unit.inbound import corpus
from tests.unit.inbound.test_replies import app, arrive, asides, handle  # noqa: F401
from tests.unit.people.test_file_resumes import pdf

RESUME = pdf("Ada Lovelace", "Engineer", "ada@people.example", "+353 85 123 4567", "Skills: Python, Analytical engines")


def with_file(text, data=RESUME, name="cv.pdf", **changes):
    encoded = base64.encodebytes(data).decode()
    body = (
        f"--b\nContent-Type: text/plain; charset=utf-8\n\n{text}\n--b\nContent-Type: application/pdf\n"
        f'Content-Disposition: attachment; filename="{name}"\nContent-Transfer-Encoding: base64\n\n{encoded}\n--b--\n'
    )
    return corpus.mail(body, kind='multipart/mixed; boundary="b"', **changes)


@pytest.fixture
def job(handled):
    requisition = handled.salesforce.create(
        JobRequisition.API_NAME, {"Name": "R-1", JobRequisition.TITLE: "Engineer", JobRequisition.STATUS: "Open"}
    )
    channel = handled.salesforce.create(
        Channel.API_NAME,
        {"Name": "Stack Jobs", Channel.KEY: "stack-jobs", Channel.KIND: "Job board", Channel.ACTIVE: True},
    )
    posting = {JobPosting.REQUISITION: requisition, JobPosting.CHANNEL: channel, JobPosting.REFERENCE: "job-123"}
    handled.salesforce.create(JobPosting.API_NAME, posting)
    return requisition, channel


def rows(app, found, *fields):  # noqa: F811
    return app.salesforce.query(select(found.API_NAME, list(fields)))


@pytest.mark.parametrize("local", ["job-123", "JOB-123", "r-1+stack-jobs", "r-1+StackJobs", "job-123+nowhere"])
def test_mail_to_a_job_is_an_application_with_its_source(handled, job, local):
    to = f"{local}@in.kestrel.example"
    note = arrive(handled, with_file("Dear all,\nhere I am.", to=to, subject="My application"), to)
    assert handle(handled, note, note) == []
    (application,) = rows(handled, Application, Application.REQUISITION, Application.LAST_SOURCE, Application.CANDIDATE)
    assert (application[Application.REQUISITION], application[Application.LAST_SOURCE]) == job
    fields = ("Name", Candidate.EMAIL, Candidate.PHONE, Candidate.LIFECYCLE, Candidate.RESUME_TEXT)
    (candidate,) = rows(handled, Candidate, *fields)
    assert candidate["Name"] == "Ada Lovelace"
    assert (candidate[Candidate.EMAIL], candidate[Candidate.LIFECYCLE]) == ("ada@people.example", "Applicant")
    assert "Analytical engines" in candidate[Candidate.RESUME_TEXT]
    assert handled.salesforce.attached_file(application[Application.CANDIDATE])[1] == "cv.pdf"
    (touchpoint,) = rows(handled, Touchpoint, Touchpoint.KIND)
    assert touchpoint[Touchpoint.KIND] == "Applied"
    (task,) = handled.salesforce.query("SELECT Subject, Description FROM Task")
    assert (task["Subject"], "here I am." in task["Description"]) == ("Applied by mail: Engineer", True)


@pytest.mark.parametrize("local", ["nothing", "r-2+x", "a' OR Name != '", "+x", "job-123/../x"])
def test_mail_to_no_job_is_put_aside(handled, job, local):
    note = arrive(handled, corpus.mail("x"), f"{local}@in.kestrel.example")
    assert handle(handled, note) == []
    assert (rows(handled, Application, "Id"), len(asides(handled))) == ([], 1)


def test_the_sixth_application_within_an_hour_is_held_and_the_owner_told_once(handled, job):
    notes = []
    for number in range(8):
        raw = corpus.mail(f"Here I am, {number}", to="job-123@in.kestrel.example")
        notes.append(arrive(handled, raw, "job-123@in.kestrel.example", name=f"m{number}"))
        assert handle(handled, notes[-1], notes[-1]) == []
    assert len(asides(handled)) == 3
    assert all("more than 5 applications within an hour" in reason for reason in asides(handled))
    held = handled.salesforce.query("SELECT Subject, WhatId FROM Task WHERE Subject LIKE 'Applications held%'")
    assert [(task["Subject"], task["WhatId"]) for task in held] == [("Applications held: Engineer", job[0])]
    (operations,) = rows(handled, Operations, Operations.MAILS_PUT_ASIDE)
    assert operations[Operations.MAILS_PUT_ASIDE] == 3


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 200)), max_size=30))
def test_no_more_than_five_of_a_sender_come_in_within_any_hour(arrivals):
    parts = SimpleNamespace(claims=MemoryTable(), links=Signer("k", {"k": b"a key"}, b"salt"))
    let_in = {}
    for cause, minute in sorted(arrivals, key=lambda one: one[1]):
        at = datetime(2026, 3, 2, 9, tzinfo=UTC) + timedelta(minutes=minute)
        if is_within(parts, "ada@people.example", str(cause), at.isoformat()):
            let_in.setdefault(cause, minute)
    times = sorted(let_in.values())
    assert all(later - first >= 60 for first, later in zip(times, times[5:], strict=False))


def test_machine_does_not_apply(handled, job):
    raw = corpus.mail("I am away", to="job-123@in.kestrel.example", extra=corpus.REPLIED)
    handle(handled, arrive(handled, raw, "job-123@in.kestrel.example"))
    assert rows(handled, Application, "Id") == []


def test_spam_to_a_job_is_put_aside(handled, job):
    handle(handled, arrive(handled, corpus.mail("x"), "job-123@in.kestrel.example", spam="FAIL"))
    assert (rows(handled, Application, "Id"), len(asides(handled))) == ([], 1)


@pytest.mark.parametrize("data", [b"%PDF-1.4 broken", b"PK\x03\x04 broken", b"", b"MZ program"])
def test_file_that_cannot_be_read_costs_nobody_the_application(handled, job, data):
    raw = with_file("Dear all", data=data, name="..\\..\\\u202ecv.pdf", to="job-123@in.kestrel.example")
    assert handle(handled, arrive(handled, raw, "job-123@in.kestrel.example")) == []
    assert len(rows(handled, Application, "Id")) == 1


GMAIL_FORWARD = """Look at her!

---------- Forwarded message ---------
From: Bea Byron <bea@people.example>
Date: Mon, 2 Mar 2026 at 09:00
Subject: Hello
To: <{user}>

I write poems. https://www.linkedin.com/in/bea-byron or +353 85 123 4567
"""
OUTLOOK_FORWARD = """
________________________________
Von: Bea Byron <bea@people.example>
Gesendet: Montag, 2. März 2026 09:00
An: {user}
Betreff: Hallo

https://www.linkedin.com/in/bea-byron, +353 85 123 4567
"""


@pytest.fixture
def user(handled):
    users = handled.salesforce.query("SELECT Id, Email FROM User WHERE IsActive = true")
    return next(each for each in users if each["Id"] != handled.salesforce.user_id() and each["Email"])


def quick_adds(app):  # noqa: F811
    fields = ("OwnerId", QuickAdd.FULL_NAME, QuickAdd.EMAIL, QuickAdd.PHONE, QuickAdd.PROFILE_URL, QuickAdd.STATUS)
    return rows(app, QuickAdd, "Id", *fields, QuickAdd.MESSAGE)


def forward(app, user, text, **verdicts):  # noqa: F811
    raw = with_file(text.format(user=user["Email"]), who=f"Ben <{user['Email']}>", to="prospect@in.kestrel.example")
    return arrive(app, raw, "prospect@in.kestrel.example", **verdicts)


@pytest.mark.parametrize("text", [GMAIL_FORWARD, OUTLOOK_FORWARD])
def test_forwarded_mail_becomes_a_quick_add_with_its_check(handled, user, text):
    note = forward(handled, user, text)
    assert handle(handled, note, note) == []
    (made,) = quick_adds(handled)
    assert made["OwnerId"] == user["Id"]
    assert (made[QuickAdd.FULL_NAME], made[QuickAdd.EMAIL]) == ("Bea Byron", "bea@people.example")
    assert made[QuickAdd.PHONE] == "+353851234567"
    assert "linkedin.com/in/bea-byron" in made[QuickAdd.PROFILE_URL]
    assert (made[QuickAdd.STATUS], made[QuickAdd.MESSAGE]) == ("Checked", "Nobody like this is here yet. Choose Add.")
    assert handled.salesforce.attached_file(made["Id"])[1] == "cv.pdf"
    assert rows(handled, Candidate, "Id") == []


def test_mail_attached_as_a_whole_is_read_too(handled, user):
    body = (
        "--b\nContent-Type: text/plain\n\nFYI\n--b\nContent-Type: message/rfc822\n\n"
        "From: Bea Byron <bea@people.example>\nSubject: x\n\nI write poems.\n--b--\n"
    )
    raw = corpus.mail(body, kind='multipart/mixed; boundary="b"', who=user["Email"], to="prospect@in.kestrel.example")
    handle(handled, arrive(handled, raw, "prospect@in.kestrel.example"))
    assert quick_adds(handled)[0][QuickAdd.EMAIL] == "bea@people.example"


def test_somebody_known_is_shown_first(handled, user):
    values = {Candidate.FIRST_NAME: "Bea", Candidate.LAST_NAME: "Byron", Candidate.CANDIDATE_KEY: f"01CAND{9:020}"}
    bea = handled.salesforce.create(Candidate.API_NAME, values)
    point = {"Candidate__c": bea, "Kind__c": "Email", "Value__c": "bea@people.example"}
    handled.salesforce.create("Contact_Point__c", {**point, "Key__c": "email:bea@people.example"})
    handle(handled, forward(handled, user, GMAIL_FORWARD))
    assert "is this person" in quick_adds(handled)[0][QuickAdd.MESSAGE]


@pytest.mark.parametrize(
    "verdicts", [{"dmarc": "FAIL"}, {"spf": "FAIL"}, {"dkim": "GRAY", "spf": "GRAY"}, {"spam": "FAIL"}]
)
def test_forward_of_an_unproven_sender_makes_nothing(handled, user, verdicts):
    handle(handled, forward(handled, user, GMAIL_FORWARD, **verdicts))
    assert (quick_adds(handled), len(asides(handled))) == ([], 1)


def test_forward_of_a_stranger_makes_nothing(handled):
    handle(handled, forward(handled, {"Email": "stranger@people.example"}, GMAIL_FORWARD))
    assert (quick_adds(handled), len(asides(handled))) == ([], 1)


def test_attempt_that_died_after_creating_finds_what_it_made(handled, user, monkeypatch):
    from integration.replies import prospecting

    note = forward(handled, user, GMAIL_FORWARD)
    with monkeypatch.context() as patched:
        patched.setattr(prospecting.files, "attach", lambda *_: 1 / 0)
        assert handle(handled, note)
    assert handle(handled, note) == []
    assert len(quick_adds(handled)) == 1
