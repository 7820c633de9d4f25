"""What must hold whatever arrives, in whatever order: I8, I9 and I10 (I1 to I4 in test_ledger_holds, I5 in test_fold,
I6 with the imports, I7 in test_settling)."""

import base64
import json

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.adapters.sns import SnsNotifications
from integration.errors import Rejected, TryAgain
from integration.local.mailbox.signing import Notifier, make_certificate
from integration.model.event import Kind
from integration.model.fold import OUTCOMES, fold
from integration.model.verdict import Word, judge
from integration.ports import Queue
from lambdas import _event, mail_hooks
from tests.app_fixture import app_queue_messages
from tests.unit.mail.letters import CAMPAIGN, STEP
from tests.unit.track.test_fold import events

MOST = 3


TOPIC = "arn:aws:sns:eu-west-1:000000000000:warmbench-test-mail"
BOUNCE = {
    "eventType": "Bounce",
    "mail": {
        "messageId": "m1",
        "timestamp": "2026-03-02T08:59:00.000Z",
        "tags": {"campaign": [CAMPAIGN], "step": [STEP], "version": ["1"], "candidate": ["K"]},
    },
    "bounce": {
        "bounceType": "Permanent",
        "bounceSubType": "General",
        "timestamp": "2026-03-02T09:00:00.000Z",
        "bouncedRecipients": [{"emailAddress": "a@example.org", "diagnosticCode": "550 5.1.1"}],
    },
}


@pytest.mark.parametrize("is_base64", [False, True])
def test_i8_a_notification_is_durable_before_it_is_answered(app, tmp_path, monkeypatch, is_base64):
    key_file, certificate = make_certificate(tmp_path)
    app.notifications = SnsNotifications(TOPIC, certificate)
    body = Notifier.from_file(key_file, TOPIC).notification(json.dumps(BOUNCE), app.clock.now())
    call = {"body": base64.b64encode(body).decode() if is_base64 else body.decode(), "isBase64Encoded": is_base64}
    assert mail_hooks.answer(app, call) == {"statusCode": 204}
    assert [one["kind"] for one in app_queue_messages(app, Queue.EVENTS)] == ["bounce"]

    def away(*args, **kwargs):
        raise TryAgain("the queue is away")

    monkeypatch.setattr(app.queues, "send_many", away)
    with pytest.raises(TryAgain):  # the gateway answers 500, and the provider tells it again
        mail_hooks.answer(app, call)


@pytest.fixture
def queue(aws_account):
    """A queue with its dead letters, as serverless.yml makes them."""
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName="work-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": str(MOST)})
    url = sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "0", "RedrivePolicy": policy})["QueueUrl"]
    return sqs, url, dead


@pytest.mark.parametrize("fate", ["fine", "poison", "comes through at last", "told to a person"])
def test_i9_every_message_ends_done_or_in_the_dead_letters(queue, fate):
    sqs, url, dead = queue
    for number in range(12):
        sqs.send_message(
            QueueUrl=url, MessageBody=json.dumps({"number": number, "fate": fate if number % 3 else "fine"})
        )
    done, tries = set(), {}

    def handle(body, message_id):
        tries[body["number"]] = tries.get(body["number"], 0) + 1
        if body["fate"] == "poison":
            raise KeyError("a bug")
        if body["fate"] == "comes through at last" and tries[body["number"]] < MOST:
            raise TryAgain("busy", seconds=0)
        done.add(body["number"])
        if body["fate"] == "told to a person":
            raise Rejected("the person was told")

    for _ in range(MOST * 6):
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            record = {"messageId": message["MessageId"], "body": message["Body"]}
            if not _event.each_message({"Records": [record]}, handle)["batchItemFailures"]:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    lost = set()
    while found := sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10).get("Messages", []):
        for message in found:
            lost.add(json.loads(message["Body"])["number"])
            sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    assert done | lost == set(range(12))
    assert done & lost == set()
    assert bool(lost) == (fate == "poison")


@given(st.lists(events, max_size=30))
def test_i10_clicks_are_the_sum_over_sources_and_each_outcome_has_one(given_events):
    unique = list({event.id: event for event in given_events}.values())
    totals = fold(unique)
    results = totals.results.values()
    for word, name in ((Word.HUMAN, "clicks"), (Word.MACHINE, "machine_clicks")):
        assert sum(counts[name] for counts in results) == len(_clicks(unique, word))
    for kind, name in OUTCOMES.items():
        assert sum(counts[name] for counts in results) == sum(1 for event in unique if event.kind is kind)


def _clicks(unique, word):
    mails = {}
    for event in unique:
        if event.kind not in OUTCOMES:
            mails.setdefault((event.candidate, event.step, event.version), []).append(event)
    verdicts = {key: verdict for mail in mails.values() for key, verdict in judge(mail).items()}
    return [e for e in unique if e.kind is Kind.CLICK and verdicts[e.id].word is word]
