"""SqsQueues against moto; partial refusals by the SDK's own events."""

import pytest

from integration.adapters import aws
from integration.errors import TryAgain
from integration.ports import Queue
from tests.app_fixture import app_queue_messages


@pytest.fixture
def refusals(app):
    """The batches as they were sent; entries that hold `poison` are answered as failed."""
    batches = []

    def note(params, **_):
        batches.append({entry["Id"]: entry["MessageBody"] for entry in params["Entries"]})

    def refuse(parsed, **_):
        poisoned = [number for number, body in batches[-1].items() if "poison" in body]
        parsed["Failed"] = [{"Id": number, "Code": "InternalError", "SenderFault": False} for number in poisoned]

    events = aws.sqs().meta.events
    events.register("provide-client-params.sqs.SendMessageBatch", note)
    events.register("after-call.sqs.SendMessageBatch", refuse)
    yield batches
    events.unregister("provide-client-params.sqs.SendMessageBatch", note)
    events.unregister("after-call.sqs.SendMessageBatch", refuse)


def test_any_number_of_messages_arrives(app):
    app.queues.send_many(Queue.MAIL, ({"number": number} for number in range(23)))
    assert [message["number"] for message in app_queue_messages(app, Queue.MAIL)] == list(range(23))


def test_any_character_arrives(app):
    text = "Zoë \u0000\ufffe\U0001f600 \u2028"
    app.queues.send(Queue.EVENTS, {"text": text})
    assert app_queue_messages(app, Queue.EVENTS) == [{"text": text}]


def test_large_messages_are_sent_apart(app):
    app.queues.send_many(Queue.MAIL, [{"text": "x" * 700_000}] * 3)
    assert len(app_queue_messages(app, Queue.MAIL)) == 3


def test_message_that_cannot_fit_is_a_bug(app):
    with pytest.raises(ValueError, match="pass it by file"):
        app.queues.send(Queue.MAIL, {"text": "x" * 1_100_000})


@pytest.mark.parametrize("delay", [-1, 901])
def test_delay_a_queue_cannot_hold_is_refused(app, delay):
    with pytest.raises(ValueError, match="0 to 900"):
        app.queues.send(Queue.MAIL, {}, delay_seconds=delay)


def test_delayed_message_is_not_there_yet(app):
    app.queues.send(Queue.MAIL, {"a": 1}, delay_seconds=900)
    assert app_queue_messages(app, Queue.MAIL) == []


def test_refused_message_is_sent_again_alone_and_then_reported(app, refusals):
    with pytest.raises(TryAgain, match="1 messages"):
        app.queues.send_many(Queue.MAIL, [{"n": 1}, {"n": "poison"}, {"n": 3}, *({"n": n} for n in range(10, 20))])
    assert [len(batch) for batch in refusals] == [10, 1, 1, 3]


def test_queue_this_function_may_not_use_is_a_bug(app):
    from integration.adapters.sqs import SqsQueues

    with pytest.raises(LookupError, match="mail"):
        SqsQueues({}).send(Queue.MAIL, {})
