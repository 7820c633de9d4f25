"""Systems without an API: CSV files in and out, and what they call our fields and stages."""

import csv
import io
import json

import pytest

from integration import ats
from integration.model.field_map import BadMap, read
from integration.records import Application, ATSConnection, Candidate, JobRequisition
from integration.soql import select
from tests.unit.people import ats_world as world

MAP = {
    "fields": {"job_id": "Req No.", "email": "E-Mail", "application_id": "Vorgang", "stage": "Status"},
    "stages": {"Zweites Gespräch": "Interview", "Eingestellt": "Hired"},
}
IN = "ats/exchange/gh/in/"


@pytest.fixture
def connection(app):
    """The record's id; the key is that of ats_world."""
    values = {"Name": "Files", "Key__c": world.KEY, "Kind__c": "CSV files", "Field_Map__c": json.dumps(MAP)}
    return app.salesforce.create(ATSConnection.API_NAME, values)


def put(app, name, text):
    app.data.write(f"{IN}{name}.csv", text.encode("utf-8-sig"), content_type="text/csv")


def message(app, connection):
    return ats.sync(app, connection)


def test_jobs_and_applications_come_in_by_files(app, connection):
    put(
        app,
        "jobs",
        "Req No.;title;description;location\n7;Nurse;<p>Care;\nmore</p>;Cork, Ireland\n".replace("\nmore", " "),
    )
    told = message(app, connection)
    assert "1 open jobs (1 new)" in told, told
    assert world.run_commands(app) == ["Open"]
    ann = world.person(app, 1)
    put(app, "applications", f"Vorgang,Req No.,E-Mail,Status\nA1,7,{world.address(1)},Zweites Gespräch\n")
    assert "1 changes written" in message(app, connection)
    [row] = app.salesforce.query(select(Application.API_NAME, [Application.STAGE, Application.CANDIDATE]))
    assert (row[Application.STAGE], row[Application.CANDIDATE]) == ("Interview", ann)
    app.clock.move(minutes=5)
    put(app, "applications", f"Vorgang,Req No.,E-Mail,Status\nA1,7,{world.address(1)},Eingestellt\n")
    message(app, connection)
    assert world.in_org(app)["gh:A1"][0] == "Hired"
    assert "0 applications read" in ats.sync(app, connection) or "0 changes written" in ats.sync(app, connection)


def test_a_bad_line_is_told_and_the_others_count(app, connection):
    world.requisition(app)
    world.person(app, 1)
    put(app, "applications", f"Vorgang,Req No.,E-Mail,Status,at\nA0,7,{world.address(1)},x,soon\n,7,,,\nA1,7,{world.address(1)},Offer,2026-03-02\n")  # fmt: skip  # noqa: E501
    told = message(app, connection)
    assert "line 2: at “soon” is not a time" in told
    assert "line 3: application_id" in told
    assert world.in_org(app)["gh:A1"][0] == "Offer"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("applications", "a,b\n1,2\n", "has no column application_id. Its columns are a, b"),
        ("jobs", "Req No.,title\n7,\n", "no job_id or title in line 2"),
        ("jobs", "", "has no column job_id"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(app, connection, name, text, told):
    world.requisition(app)
    put(app, name, text)
    assert told in message(app, connection)
    assert world.run_commands(app) == []


def test_a_hand_over_is_one_file(app, connection):
    job = world.requisition(app)
    ann = world.person(app, 1, Title__c="=HYPERLINK(1)")
    key = f"{ann}|{job}"
    values = {"Candidate__c": ann, "Requisition__c": job, "Key__c": key, "Stage__c": "Applied"}
    application = app.salesforce.create(Application.API_NAME, values)
    for _ in range(2):
        ats.offer_application(app, application, job)
        ats.sync(app, connection)
    [name] = app.data.keys("ats/exchange/gh/out/")
    [row] = csv.DictReader(io.StringIO(app.data.read(name).decode()))
    assert (row["email"], row["job_id"], row["title"]) == (world.address(1), "7", "'=HYPERLINK(1)")
    assert name.endswith(f"{row['mark']}.csv")
    status = app.salesforce.get(Application.API_NAME, application, [Application.HANDED_OVER_AT])
    assert status[Application.HANDED_OVER_AT]
    assert app.salesforce.get(Candidate.API_NAME, ann, [Candidate.ATS_ID])[Candidate.ATS_ID] is None


def test_a_webhook_of_a_generic_system_in_its_own_words(app, connection):
    own = {
        "fields": {"job_id": "req.no", "email": "who.mail", "stage": "to", "at": "when"},
        "stages": {"2. Runde": "Interview"},
    }
    values = {"Kind__c": "Generic", "Field_Map__c": json.dumps(own)}
    app.salesforce.update(ATSConnection.API_NAME, connection, values)
    job = world.requisition(app)
    app.salesforce.update(JobRequisition.API_NAME, job, {JobRequisition.ATS_ID: "R-1"})
    world.person(app, 1)
    payload = {
        "req": {"no": "R-1"},
        "who": {"mail": world.address(1)},
        "to": "2. Runde",
        "when": "2026-03-02T08:00:00Z",
    }
    ats.receive(app, "gh", "m1", payload)
    [row] = app.salesforce.query(select(Application.API_NAME, [Application.STAGE]))
    assert row[Application.STAGE] == "Interview"


def test_what_waited_for_a_better_map_is_placed_by_it(app, connection):
    app.salesforce.update(ATSConnection.API_NAME, connection, {"Kind__c": "Generic", "Field_Map__c": "{oops"})
    world.requisition(app)
    world.person(app, 1)
    payload = {"req": "gh:7", "mail": world.address(1), "to": "Offer", "when": "2026-03-02T08:00:00Z"}
    ats.receive(app, "gh", "m1", payload)
    assert "The field map is not JSON at line 1" in message(app, connection)
    own = {"fields": {"job_id": "req", "email": "mail", "stage": "to", "at": "when"}}
    app.salesforce.update(ATSConnection.API_NAME, connection, {"Field_Map__c": json.dumps(own)})
    assert "1 waiting events were placed, 0 still wait" in message(app, connection)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "an object with"),
        ('{"field": {}}', "an object with"),
        ('{"fields": {"mail": "x"}}', "“mail” is no field of ours"),
        ('{"fields": {"email": ""}}', "needs the other system's name"),
        ('{"fields": []}', "our name, then theirs"),
        ('{"stages": {"x": "Limbo"}}', "“Limbo” is no stage of ours"),
        ('{"stages": []}', "their word, then our stage"),
        ("[" * 5_000, "not JSON"),
        (" " + "x" * 11_000, "longer than"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(text, told):
    with pytest.raises(BadMap, match=told):
        read(text)
