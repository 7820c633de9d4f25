"""Mail that comes in, from the mailbox to the records: the way of S3 and the queue, in the functions as deployed."""

import dataclasses

import pytest
import requests

from integration.local.cloud import wait_until
from integration.local.deploy import INBOUND_DOMAIN, MAIL_IDENTITY
from integration.ports import Queue
from integration.records import Application, Brand, Candidate, JobRequisition, QuickAdd, RecruitingCampaign
from integration.soql import equals, select
from tests.unit.mail.letters import BRAND, published, queue_message, recipient

pytestmark = [pytest.mark.stack]
PATIENCE = 150


@pytest.fixture
def app(stack):
    app = stack.app
    app.config = dataclasses.replace(app.config, inbound_domain=INBOUND_DOMAIN)
    return app


def comes_true(is_true):
    assert wait_until(is_true, seconds=PATIENCE, every=0.3)


def test_answer_application_and_forward_reach_the_records(stack, app, mailbox):
    user = app.salesforce.query("SELECT Id, Email FROM User WHERE IsActive = true AND Email != null LIMIT 1")[0]
    who = {Candidate.FIRST_NAME: "Ada", Candidate.LAST_NAME: "Lovelace", Candidate.CANDIDATE_KEY: recipient()["key"]}
    ada = app.salesforce.create(Candidate.API_NAME, {**who, "OwnerId": user["Id"]})
    campaign = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "Spring", RecruitingCampaign.KIND: "Blast"})
    published(app, campaign=campaign, brand={**BRAND, Brand.FROM_ADDRESS: f"jobs@{MAIL_IDENTITY}"})
    app.queues.send(Queue.MAIL, queue_message(recipient(id=ada), campaign=campaign))
    comes_true(lambda: mailbox("/messages", to="person1@people.example"))
    [mail] = mailbox("/messages", to="person1@people.example")

    def write(path, **values):
        requests.post(f"{stack.status.mailbox}{path}", json=values, timeout=30).raise_for_status()

    def tasks():
        return {
            row["Subject"] for row in app.salesforce.query(select("Task", ["Subject"], where=equals("WhatId", ada)))
        }

    write(f"/messages/{mail['message_id']}/answer", text="Call me on Tuesday", kind="person")
    write(f"/messages/{mail['message_id']}/answer", text="", kind="away")
    job = {"Name": "R-7", JobRequisition.TITLE: "Engineer", JobRequisition.STATUS: "Open"}
    app.salesforce.create(JobRequisition.API_NAME, job)
    bea = "Bea Byron <bea@people.example>"
    write("/compose", **{"from": bea}, to=f"r-7+direct@{INBOUND_DOMAIN}", subject="My application", text="Here I am")
    text = "Look!\n\n---------- Forwarded message ---------\nFrom: Cy Clark <cy@people.example>\nTo: x@y.example\n\nHi"
    write("/compose", **{"from": user["Email"]}, to=f"prospect@{INBOUND_DOMAIN}", subject="Fwd: Hi", text=text)

    comes_true(lambda: len(tasks()) == 2)
    assert any(subject.startswith("Ada Lovelace answered: Re: News for Ada") for subject in tasks())
    assert any(subject.startswith("Out of office until") for subject in tasks())
    comes_true(lambda: mailbox("/messages", to=user["Email"]))
    comes_true(lambda: app.salesforce.query(select(Application.API_NAME, ["Id"])))
    fields = [QuickAdd.EMAIL, QuickAdd.STATUS]
    expected = [{QuickAdd.EMAIL: "cy@people.example", QuickAdd.STATUS: "Checked"}]
    comes_true(lambda: app.salesforce.query(select(QuickAdd.API_NAME, fields)) == expected)
