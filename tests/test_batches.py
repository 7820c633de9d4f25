"""A message that failed comes back when it makes sense, not when the queue's long time-out is over."""

import boto3
import pytest

from integration.errors import Rejected, TryAgain
from lambdas import _event


@pytest.fixture
def queue(aws_account):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "3600"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    class Work:
        def take(self):
            """The records of one delivery, as Lambda hands them on."""
            sent = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])
            return [
                {
                    "messageId": each["MessageId"],
                    "receiptHandle": each["ReceiptHandle"],
                    "body": each["Body"],
                    "attributes": {"ApproximateReceiveCount": each["Attributes"]["ApproximateReceiveCount"]},
                    "eventSourceARN": arn,
                }
                for each in sent.get("Messages", [])
            ]

    sqs.send_message(QueueUrl=url, MessageBody="{}")
    return Work()


def failing(error):
    def handle(body, message_id):
        raise error

    return handle


def test_a_passing_fault_brings_the_message_back_after_the_pause_it_names(queue):
    records = queue.take()
    failed = _event.each_message({"Records": records}, failing(TryAgain("busy", seconds=0)))
    assert failed == {"batchItemFailures": [{"itemIdentifier": records[0]["messageId"]}]}
    assert [again["messageId"] for again in queue.take()] == [records[0]["messageId"]]


def test_a_longer_pause_is_kept(queue):
    _event.each_message({"Records": queue.take()}, failing(TryAgain("busy", seconds=30)))
    assert queue.take() == []


@pytest.mark.parametrize(("receives", "seconds"), [(1, 30), (2, 60), (4, 240), (7, 1920), (40, 1920)])
def test_pauses_double_up_to_half_an_hour(receives, seconds):
    assert _event.pause(TryAgain("Salesforce is away"), receives) == seconds


def test_a_bug_is_tried_again_soon_however_often():
    assert _event.pause(ValueError("x"), 1) == _event.pause(ValueError("x"), 20) == 30


def test_what_was_refused_is_done(queue):
    assert _event.each_message({"Records": queue.take()}, failing(Rejected("no"))) == {"batchItemFailures": []}


def test_a_queue_that_cannot_be_asked_keeps_its_own_time(queue, capsys):
    [record] = queue.take()
    failed = _event.each_message({"Records": [{**record, "receiptHandle": "no"}]}, failing(TryAgain("busy", seconds=0)))
    assert len(failed["batchItemFailures"]) == 1
    assert "message.not_postponed" in capsys.readouterr().err
