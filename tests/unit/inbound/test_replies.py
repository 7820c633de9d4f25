"""An answer to a campaign mail, from S3 to what the owner sees; each effect once, whatever comes twice."""

import dataclasses
import json

import pytest

from integration.ports import Queue
from integration.records import Candidate, PoolMembership, RecruitingCampaign, Touchpoint
from integration.replies.receiving import ASIDE
from integration.sending import send_chunk, suppressed_among
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages, app_sent_mail
from tests.unit.inbound import corpus
from tests.unit.mail.letters import plenty, published, queue_message, recipient

DOMAIN = "in.kestrel.example"
PASSED = dict.fromkeys(("spf", "dkim", "dmarc", "spam", "virus"), "PASS")


@pytest.fixture
def app(app):
    app.config = dataclasses.replace(app.config, inbound_domain=DOMAIN)
    return app


def arrive(app, raw, *recipients, name="m1", **verdicts):
    """As SES: the object in S3, and its notification to the function."""
    app.data.write(f"inbound/{name}", raw, content_type="message/rfc822")
    given = {f"{check}Verdict": {"status": status} for check, status in {**PASSED, **verdicts}.items()}
    return {
        "notificationType": "Received",
        "receipt": {
            "timestamp": "2026-03-03T10:00:05.000Z",
            "recipients": list(recipients),
            "action": {"type": "S3", "bucketName": "x", "objectKey": f"inbound/{name}"},
            **given,
        },
        "mail": {},
    }


def handle(handled, *messages):
    from lambdas.mail_in import handler

    records = [{"messageId": str(number), "body": json.dumps(each)} for number, each in enumerate(messages)]
    return handler({"Records": records}, None)["batchItemFailures"]


@pytest.fixture
def ada(app):
    """A candidate who got a campaign mail; her key and where answers to it go."""
    users = app.salesforce.query("SELECT Id, Email FROM User WHERE IsActive = true")
    owner = next(user for user in users if user["Id"] != app.salesforce.user_id() and user["Email"])
    made = app.salesforce.create(
        Candidate.API_NAME,
        {
            **{Candidate.FIRST_NAME: "Ada", Candidate.LAST_NAME: "Lovelace", Candidate.EMAIL: "person1@people.example"},
            **{Candidate.CANDIDATE_KEY: recipient()["key"], "OwnerId": owner["Id"]},
        },
    )
    campaign = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "Spring", RecruitingCampaign.KIND: "Blast"})
    published(app, campaign=campaign)
    send_chunk(app, queue_message(recipient(id=made), campaign=campaign), plenty)
    to = app_sent_mail(app)[0]["Reply-To"].addresses[0].addr_spec
    return dataclasses.make_dataclass("Ada", ["id", "key", "to", "owner"])(made, recipient()["key"], to, owner)


def tasks(app, ada):
    fields = ["Subject", "Description", "Status", "OwnerId"]
    return app.salesforce.query(select("Task", fields, where=equals("WhatId", ada.id)))


def touchpoints(app, ada):
    return app.salesforce.query(
        select(Touchpoint.API_NAME, [Touchpoint.KIND], where=equals(Touchpoint.CANDIDATE, ada.id))
    )


def forwarded(app):
    return [mail for mail in app_sent_mail(app) if mail["X-Warmbench-Forwarded"]]


def asides(app):
    return [item["reason"] for item in app.claims.query(ASIDE)]


def test_owner_sees_the_answer_as_touchpoint_task_and_mail(handled, ada):
    assert handle(handled, arrive(handled, corpus.mail(corpus.GMAIL, to=ada.to), ada.to)) == []
    (task,) = tasks(handled, ada)
    assert task["Subject"] == "Ada Lovelace answered: Re: News for Ada"
    assert "I am interested, call me." in task["Description"]
    assert "unsubscribe" not in task["Description"]
    assert (task["Status"], task["OwnerId"]) == ("Not Started", ada.owner["Id"])
    assert [row[Touchpoint.KIND] for row in touchpoints(handled, ada)] == ["Replied"]
    (mail,) = forwarded(handled)
    assert mail.recipients == [ada.owner["Email"]]
    assert mail["Reply-To"].addresses[0].addr_spec == "ada@people.example"
    assert mail["Auto-Submitted"] == "auto-forwarded"
    assert "I am interested" in mail.get_body(("plain",)).get_content()


def test_answer_that_arrives_twice_has_each_effect_once(handled, ada):
    raw = corpus.mail(corpus.GMAIL, to=ada.to)
    first, again = arrive(handled, raw, ada.to), arrive(handled, raw, ada.to, name="m2")
    assert handle(handled, first, first, again) == []
    assert len(tasks(handled, ada)) == len(touchpoints(handled, ada)) == len(forwarded(handled)) == 1


def test_worker_that_dies_anywhere_leaves_no_effect_undone_or_doubled(handled, ada, monkeypatch):
    from integration.replies import answering

    note = arrive(handled, corpus.mail("Call me", to=ada.to), ada.to)
    for place in ("_touch", "_move_stage", "_task"):
        with monkeypatch.context() as patched:
            patched.setattr(answering, place, lambda *_, **__: 1 / 0)
            assert handle(handled, note)
    assert handle(handled, note) == []
    assert len(tasks(handled, ada)) == len(touchpoints(handled, ada)) == len(forwarded(handled)) == 1


def test_member_who_was_contacted_has_replied(handled, ada):
    pool = handled.salesforce.create("Talent_Pool__c", {"Name": "Engineers", "Kind__c": "Static"})
    values = {PoolMembership.POOL: pool, PoolMembership.CANDIDATE: ada.id, PoolMembership.STATE: "Member"}
    place = handled.salesforce.create(PoolMembership.API_NAME, {**values, PoolMembership.STAGE: "Contacted"})
    handle(handled, arrive(handled, corpus.mail("Call me", to=ada.to), ada.to))
    assert (
        handled.salesforce.get(PoolMembership.API_NAME, place, [PoolMembership.STAGE])[PoolMembership.STAGE]
        == "Replied"
    )


def test_absence_stands_in_the_timeline_and_stops_nothing(handled, ada):
    subject, text, extra, _ = corpus.AWAY["exchange, german"]
    handle(handled, arrive(handled, corpus.mail(text, to=ada.to, subject=subject, extra=extra), ada.to))
    (task,) = tasks(handled, ada)
    assert (task["Subject"], task["Status"]) == ("Out of office until 2026-03-16", "Completed")
    assert touchpoints(handled, ada) == forwarded(handled) == []
    assert suppressed_among(handled, [ada.key]) == set()


def test_wish_for_no_more_mail_holds_at_once_and_reaches_the_records(handled, ada):
    handle(handled, arrive(handled, corpus.mail("Please remove me from your list", to=ada.to), ada.to))
    assert suppressed_among(handled, [ada.key]) == {ada.key}
    (wish,) = app_queue_messages(handled, Queue.REGISTRATIONS)
    assert (wish["kind"], wish["candidate"], wish["fields"]) == ("preferences", ada.key, {"action": "all"})
    assert "asked to get no more mail" in tasks(handled, ada)[0]["Subject"]
    assert forwarded(handled) == []


def test_wish_of_a_machine_is_none(handled, ada):
    handle(handled, arrive(handled, corpus.mail("unsubscribe me", to=ada.to, extra=corpus.REPLIED), ada.to))
    assert suppressed_among(handled, [ada.key]) == set()
    assert tasks(handled, ada) == []


@pytest.mark.parametrize(("status", "kind"), [("5.1.1", "Permanent/Reply 5.1.1"), ("4.2.2", "Transient/Reply 4.2.2")])
def test_bounce_goes_the_way_of_the_providers_own(handled, ada, status, kind):
    raw = corpus.dsn(status, "smtp").replace(b"token@", ada.to.split("+")[1].split("@")[0].encode() + b"@")
    handle(handled, arrive(handled, raw, "bounces@in.kestrel.example"))
    (event,) = app_queue_messages(handled, Queue.EVENTS)
    assert (event["kind"], event["detail"], event["candidate"]) == ("bounce", kind, ada.key)


def test_complaint_is_found_by_the_mail_it_shows(handled, ada):
    raw = corpus.ARF.replace(b"reply+token@in", b"fbl@elsewhere", 1).replace(
        b"token@", ada.to.split("+")[1].split("@")[0].encode() + b"@"
    )
    handle(handled, arrive(handled, raw, "fbl@elsewhere.example"))
    (event,) = app_queue_messages(handled, Queue.EVENTS)
    assert (event["kind"], event["candidate"]) == ("complaint", ada.key)


def test_answer_to_another_address_is_known_by_what_it_answers(handled, ada):
    token = ada.to.split("@")[0].removeprefix("reply+")
    extra = f"References: <{token}@{DOMAIN}> <0100-x@eu-central-1.amazonses.com>\r\n"
    handle(
        handled, arrive(handled, corpus.mail("Call me", to="jobs@kestrel.example", extra=extra), "jobs@kestrel.example")
    )
    assert len(tasks(handled, ada)) == 1


def test_answer_of_somebody_who_is_gone_leaves_nothing(handled, ada):
    handled.salesforce.delete_many(Candidate.API_NAME, [ada.id])
    assert handle(handled, arrive(handled, corpus.mail("Call me", to=ada.to), ada.to)) == []
    assert forwarded(handled) == []


def test_virus_forged_address_and_our_own_mail_are_put_aside_with_the_reason(handled, ada):
    forged = ada.to.replace(ada.to[10], "a" if ada.to[10] != "a" else "b")
    handle(
        handled,
        arrive(handled, corpus.mail("x", to=ada.to), ada.to, name="v", virus="FAIL"),
        arrive(handled, corpus.mail("x", to=forged), forged, name="f"),
        arrive(handled, corpus.mail("x", to=ada.to, extra="X-Warmbench-Forwarded: 1\r\n"), ada.to, name="o"),
        arrive(handled, b'Content-Type: multipart/mixed; boundary="b"\r\n' * 100, ada.to, name="b"),
    )
    assert len(asides(handled)) == 4
    assert tasks(handled, ada) == []
    assert any("virus" in reason for reason in asides(handled))


def test_spam_is_shown_to_the_owner_but_not_forwarded(handled, ada):
    handle(handled, arrive(handled, corpus.mail("Buy", to=ada.to), ada.to, spam="FAIL"))
    assert "takes this for spam" in tasks(handled, ada)[0]["Description"]
    assert forwarded(handled) == []


HOSTILE = [
    "=?utf-8?Q?Ada=0D=0ABcc:_evil@x.example?=",
    "=?utf-8?B?QWRhDQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
    '"Ada\\" <evil@x.example>, \\"x"',
    "Ada =?utf-8?q?=E2=80=A8?= Bcc: x",
    "A" * 2_000,
]


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_in_an_answer_adds_a_header_or_a_recipient_to_the_forward(handled, ada, value):
    body = (
        "--b\nContent-Type: text/plain\n\nhello\n--b\nContent-Type: text/html; name=x\n"
        'Content-Disposition: attachment; filename="a\\"\r\nBcc: x@y.example\r\n.html"\n\n<script>\n--b--\n'
    )
    raw = corpus.mail(body, kind='multipart/mixed; boundary="b"', who=f"{value} <ada@people.example>", subject=value)
    handle(handled, arrive(handled, raw, ada.to))
    (mail,) = forwarded(handled)
    allowed = {
        "MIME-Version",
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
    }
    assert set(mail.keys()) <= {*allowed, "X-Warmbench-Forwarded", "Content-Type"}
    assert mail.recipients == [ada.owner["Email"]]
    for part in mail.iter_attachments():
        assert part.get_content_type() == "application/octet-stream"
        assert part.get_content_disposition() == "attachment"


def test_personal_words_are_not_in_the_log(handled, ada, capfd):
    raw = corpus.mail(
        "my secret words", who="Canary Bird <canary@people.example>", to=ada.to, subject="my secret subject"
    )
    handle(handled, arrive(handled, raw, ada.to), arrive(handled, raw, "x@elsewhere.example", name="m2"))
    logged = capfd.readouterr().err
    assert "mail.received" in logged
    assert not any(word in logged for word in ("secret", "canary", "Canary", ada.to))
