"""S17: what people, secrets and queries say is written into no log, no fault and no attribute of a message."""

import json
import traceback
from contextlib import suppress

import pytest

from integration import pages
from integration.adapters import aws
from integration.errors import Rejected
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from integration.prospecting import imports
from integration.records import Candidate, LandingPage
from lambdas import (
    ats_hooks,
    ats_sync,
    commands,
    drip,
    events,
    import_file,
    mail_hooks,
    mail_in,
    pools,
    prospect,
    register,
    rollup,
    send,
    sweep,
    syndicate,
    track,
)
from tests.app_fixture import CONFIG, LINK_KEYS, app_queue_messages
from tests.unit.people.importing import new_import
from tests.unit.people.test_webhook import headers
from tests.unit.site.visitor import http_event

MAIL, NAME, PHONE = "zq.canary@zqcanary.example", "Zqcanary", "+353861294857"
WORKERS = {
    Queue.COMMANDS: commands, Queue.IMPORTS: import_file, Queue.SEARCHES: prospect, Queue.CHANGES: pools,
    Queue.REGISTRATIONS: register, Queue.MAIL: send, Queue.EVENTS: events, Queue.POSTINGS: syndicate,
    Queue.ATS: ats_sync, Queue.INBOUND: mail_in,
}  # fmt: skip


class Context:
    """As Lambda gives it: time enough."""

    def get_remaining_time_in_millis(self):
        return 60_000


def work(app):
    """What waits in each queue goes through its own handler; the number of messages that failed."""
    failed = 0
    for _ in range(6):
        for queue, worker in WORKERS.items():
            bodies = app_queue_messages(app, queue)
            records = [{"messageId": f"m{place}", "body": json.dumps(body)} for place, body in enumerate(bodies)]
            if records:
                failed += len((worker.handler({"Records": records}, Context()) or {}).get("batchItemFailures", ()))
    return failed


def poison():
    """Bodies that name the person and that no worker can take. What only we number (loads, chunks) is left as it is."""
    return [
        MAIL, [MAIL], {"email": MAIL}, {"kind": NAME, "fields": {"email": MAIL}}, {"candidates": [MAIL]},
        {"import_id": MAIL, "load": "x", "chunk": 0}, {"command_id": MAIL},
        {"detail": {"payload": {MAIL: NAME}}},
        {"campaign": MAIL, "step": NAME, "version": PHONE, "recipients": [{"email": MAIL, "name": NAME}]},
        {"connection": "generic", "id": "x", "payload": {"type": "candidate.hired", "data": {"email": MAIL}}},
        {"channel": MAIL}, {"requisition": NAME}, {"search": MAIL},
        {"notificationType": MAIL, "mail": {"source": MAIL}},
    ]  # fmt: skip


@pytest.fixture
def written(capsys, caplog):
    def read():
        told = capsys.readouterr()
        return told.err + told.out + caplog.text

    return read


def canaries(app):
    token = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "01J"})
    secrets = [*LINK_KEYS["keys"].values(), "a webhook secret for tests", "a client secret for tests"]
    secrets += list(app.secrets.secret(CONFIG.ats_secret).values())
    return [MAIL, MAIL.upper(), MAIL.replace("@", "%40"), NAME, PHONE, PHONE[4:], "SELECT ", "FIND {", *secrets, token]


def test_S17_many_journeys_leave_no_canary_in_any_log(handled, org, desk, visitor, written):
    app = handled
    desk.brand()
    desk.live_job()
    pages.publish(app, desk.page(**{LandingPage.BLOCKS: json.dumps([{"type": "form", "fields": ["phone"]}])}))
    person = {"first_name": NAME, "last_name": NAME, "email": MAIL, "phone": PHONE}
    [posting] = org.rows("SELECT Reference__c FROM Job_Posting__c")
    # On the site: a form in order, forms that are not, a double, an application, broken links.
    visitor.fill("/p/night-nurses", ticked=["Talent community"], **person)
    visitor.fill("/p/night-nurses", **person)
    visitor.fill("/p/night-nurses", **{**person, "email": f"{MAIL}@"})
    visitor.fill(f"/jobs/{posting['Reference__c']}/apply", ticked=["Talent community"], **person, message=MAIL)
    visitor.fill("/preferences", email=MAIL)
    for address in (
        f"/preferences/{MAIL}",
        f"/confirm/{MAIL}",
        f"/p/{MAIL}",
        f"/jobs/{NAME}",
        f"/p/night-nurses?wb={MAIL}",
    ):
        visitor.get(address, headers={"user-agent": MAIL, "referer": f"https://x.example/?{MAIL}"})
    track.handler(http_event("GET", f"/c/{MAIL}/{MAIL}", headers={"user-agent": MAIL}), None)
    assert work(app) == 0
    [known] = org.rows("SELECT Id, Candidate_Key__c FROM Candidate__c")
    own = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: known["Candidate_Key__c"]})
    for action in ("show", "correct", "email"):
        visitor.fill(f"/preferences/{own}/data", action=action, **person)
    visitor.get(f"/preferences/{own}/data.json")
    # Files, webhooks, notifications of mail.
    rows = f"First name,Last name,E-mail,Phone\n{NAME},{NAME},{MAIL},{PHONE}\n{NAME},,{MAIL}@,{PHONE}\n{NAME},x,,\n"
    for data in (rows, f'"{rows}', rows.replace(MAIL, f"{MAIL}\x00")):
        one = new_import(app, data, name=f"{NAME}.csv")
        with suppress(Rejected):
            imports.preview(app, one)
            imports.load(app, one)
    body = json.dumps({"type": "candidate.hired", "data": {"candidate": {"email": MAIL}, "name": NAME}}).encode()
    at = str(int(app.clock.now().timestamp()))
    for secret in ("a webhook secret for tests", "guessed"):
        signed = headers(body, secret=secret, at=at)
        hook = {"headers": signed, "body": body.decode(), "pathParameters": {"connection": "generic"}}
        ats_hooks.handler(hook, None)
    mail_hooks.handler({"body": json.dumps({"Type": "Notification", "Message": MAIL, "Signature": NAME})}, None)
    work(app)
    for schedule in (sweep, drip, rollup):
        schedule.handler({"source": "aws.events"}, Context())
    work(app)
    told = written()
    for event in (
        "registration.accepted",
        "application.accepted",
        "import.",
        "webhook.refused",
        "notification.refused",
    ):
        assert event in told
    assert [canary for canary in canaries(app) if canary.casefold() in told.casefold()] == []


@pytest.mark.parametrize("queue", sorted(WORKERS))
def test_S17_what_no_worker_can_take_is_logged_without_its_words(handled, org, written, queue):
    bodies = poison()
    records = [{"messageId": f"m{place}", "body": json.dumps(body)} for place, body in enumerate(bodies)]
    WORKERS[queue].handler({"Records": records}, Context())
    told = written()
    assert '"event"' in told
    assert [canary for canary in canaries(handled) if canary.casefold() in told.casefold()] == []


def test_S17_no_fault_of_the_org_quotes_query_or_values(app, org):
    acts = [
        lambda: app.salesforce.query(f"SELECT Nothing__c FROM Candidate__c WHERE Email__c = '{MAIL}'"),
        lambda: app.salesforce.query(f"SELECT Id FROM Candidate__c WHERE Email__c = '{MAIL}"),
        lambda: app.salesforce.count(f"SELECT COUNT() FROM Nothing__c WHERE Name = '{NAME}'"),
        lambda: app.salesforce.create(
            Candidate.API_NAME, {Candidate.EMAIL: f"{MAIL}@@", Candidate.LAST_NAME: NAME * 99}
        ),
        lambda: app.salesforce.create(Candidate.API_NAME, {"Nothing__c": MAIL}),
        lambda: app.salesforce.update(Candidate.API_NAME, "a01000000000001AAA", {Candidate.EMAIL: MAIL}),
    ]
    for act in acts:
        with pytest.raises(Exception) as raised:  # noqa: PT011  (which one it is differs; what it says does not)
            act()
        text = "".join(traceback.format_exception_only(raised.value)) + str(raised.value.__cause__ or "")
        assert [word for word in (MAIL, NAME, "SELECT") if word.casefold() in text.casefold()] == []


def test_S17_messages_carry_no_attributes_that_a_dead_letter_could_show(app, visitor):
    for queue in Queue:
        app.queues.send(queue, {"email": MAIL})
        answer = aws.sqs().receive_message(
            QueueUrl=app.config.queue_urls[queue], MessageAttributeNames=["All"], AttributeNames=["All"]
        )
        [message] = answer["Messages"]
        assert "MessageAttributes" not in message
        assert MAIL not in json.dumps(message["Attributes"])
