"""A connection to a Greenhouse on this machine, and what tests ask of both sides."""

import json

import pytest

from integration import commands
from integration.adapters import aws
from integration.candidates import Origin, Person, find_or_create
from integration.model.identity import Name, email
from integration.records import Application, ATSConnection, Candidate, JobRequisition, RecruitingCommand, parent
from integration.soql import equals, select
from tests.adapters.ats.greenhouse_server import CLIENT, Greenhouse
from tests.adapters.ats.vendor import served

KEY = "gh"
SECRET_NAME = "warmbench/test/ats-gh"


@pytest.fixture
def vendor(app):
    with served(Greenhouse(app.clock.now)) as running:
        secret = {
            "board_token": "acme",
            "harvest_client_id": CLIENT[0],
            "harvest_client_secret": CLIENT[1],
            "ingestion_key": "ingestion-key",
            "ingestion_user": "robot@acme.example",
            "board_url": f"{running.url}/board",
            "harvest_url": f"{running.url}/harvest",
            "auth_url": f"{running.url}/auth",
            "ingestion_url": f"{running.url}/ingest",
        }
        aws.secretsmanager().create_secret(Name=SECRET_NAME, SecretString=json.dumps(secret))
        yield running


@pytest.fixture
def connection(app, vendor):
    """The record's id."""
    values = {"Name": "Greenhouse", "Key__c": KEY, "Kind__c": "Greenhouse", "Secret_Name__c": SECRET_NAME}
    return app.salesforce.create(ATSConnection.API_NAME, values)


def person(app, number=1, **ids):
    origin = Origin(app.clock.now())
    [found] = find_or_create(
        app, [Person(f"p{number}", Name("Ann", f"Lee{number}"), (email(address(number)),))], origin
    )
    if ids:
        app.salesforce.update(Candidate.API_NAME, found.id, ids)
    return found.id


def address(number):
    return f"ann{number}@a.example"


def requisition(app, number=7, status="Open"):
    values = {"Name": "Job", "Title__c": "Tester", "ATS_Id__c": f"{KEY}:{number}", "Status__c": status}
    return app.salesforce.create(JobRequisition.API_NAME, values | {"ATS_Posting_Id__c": str(number * 10)})


def row(app, connection, *names):
    return app.salesforce.get(ATSConnection.API_NAME, connection, names)


def run_commands(app):
    """Runs what flows have recorded; the commands' words."""
    where = equals(RecruitingCommand.STATUS, "New")
    rows = app.salesforce.query(select(RecruitingCommand.API_NAME, ["Id", "Command__c"], where=where))
    for each in rows:
        commands.run(app, str(each["Id"]))
    return [each["Command__c"] for each in rows]


def in_org(app):
    """ATS id of each application -> (stage, candidate's ATS id, job's ATS id, whether a hire is dated)."""
    fields = [
        Application.ATS_ID,
        Application.STAGE,
        Application.HIRED_AT,
        parent(Application.CANDIDATE, Candidate.ATS_ID),
        parent(Application.REQUISITION, JobRequisition.ATS_ID),
    ]
    return {
        each[fields[0]]: (each[fields[1]], each[fields[3]], each[fields[4]], each[fields[2]] is not None)
        for each in app.salesforce.query(select(Application.API_NAME, fields))
    }


def in_ats(vendor, stages):
    """The same, of the vendor. `stages`: the ATS's word -> ours."""

    def stage(each):
        return {"hired": "Hired", "rejected": "Rejected"}.get(each["status"]) or stages[each["stage_name"]]

    return {
        f"{KEY}:{number}": (
            stage(each),
            f"{KEY}:{each['candidate_id']}",
            f"{KEY}:{each['job_id']}",
            each["status"] == "hired",
        )
        for number, each in vendor.applications.items()
    }
