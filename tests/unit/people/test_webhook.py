"""S26: only what the sender signed, as it was signed, now, and once."""

import base64
import json
from datetime import UTC, datetime

import pytest

from integration.model.webhook import Refused, check, secrets_of, signature, signing_key
from integration.ports import Queue
from lambdas.ats_hooks import MAX_BODY, answer
from tests.app_fixture import app_queue_messages

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"a signing secret of thirty-two b").decode()
OLD = "an older secret that is still live"
BODY = b'{"type":"candidate.hired","data":{"name":"Zo\\u00eb \xc3\xab"}}'


def headers(body=BODY, *, secret=SECRET, number="msg_1", at=None, **changes):
    timestamp = str(int(NOW.timestamp())) if at is None else at
    signed = {
        "webhook-id": number,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(signing_key(secret), number, timestamp, body),
    }
    return {**signed, **{name.replace("_", "-"): value for name, value in changes.items()}}


def accepted(given, body=BODY, secrets=(SECRET, OLD)):
    try:
        return check(given, body, secrets, NOW).id == "msg_1"
    except Refused:
        return False


def later(seconds):
    return str(int(NOW.timestamp()) + seconds)


CASES = {
    "the right signature": (headers(), BODY, True),
    "header names in capitals": ({name.title(): value for name, value in headers().items()}, BODY, True),
    "the older of two live secrets": (headers(secret=OLD), BODY, True),
    "one right signature among several": (
        headers(webhook_signature="v1,AAAA v2,xyz " + headers()["webhook-signature"]), BODY, True
    ),
    "a secret that is not live": (headers(secret="guessed"), BODY, False),
    "one byte of the body changed": (headers(), BODY.replace(b"hired", b"fired"), False),
    "the same JSON in other bytes": (headers(), json.dumps(json.loads(BODY)).encode(), False),
    "another id under the same signature": ({**headers(), "webhook-id": "msg_2"}, BODY, False),
    "another time under the same signature": ({**headers(), "webhook-timestamp": later(1)}, BODY, False),
    "five minutes old": (headers(at=later(-300)), BODY, True),
    "older than five minutes": (headers(at=later(-301)), BODY, False),
    "from the future": (headers(at=later(301)), BODY, False),
    "no signature": (headers(webhook_signature=""), BODY, False),
    "a signature of another version": (
        headers(webhook_signature=headers()["webhook-signature"].replace("v1,", "v0,")), BODY, False
    ),
    "a truncated signature": (headers(webhook_signature=headers()["webhook-signature"][:-4]), BODY, False),
    "a time that is no number": (headers(at="1e9"), BODY, False),
    "an id that could be two": (headers(number="msg 1\n"), BODY, False),
    "a signature of letters beyond ASCII": (headers(webhook_signature="v1,é"), BODY, False),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_S26_webhook_signature(case):
    given, body, right = CASES[case]
    assert accepted(given, body) is right


def test_a_connection_without_a_secret_takes_nothing():
    no_secret = headers(secret="a connection without a secret takes as long to refuse as a wrong signature")
    assert not accepted(no_secret, secrets=())


def test_live_secrets_of_a_connection():
    stored = {"generic": "a", "generic#2026": "b", "generic2": "c", "other": "d", "generic#old": ""}
    assert secrets_of("generic", stored) == ["a", "b"]


def request(app, body=BODY, connection="generic", number="msg_1", secret="a webhook secret for tests", **event):
    at = str(int(app.clock.now().timestamp()))
    signed = headers(body, secret=secret, number=number, at=at)
    return {"headers": signed, "body": body.decode(), "pathParameters": {"connection": connection}, **event}


def test_a_webhook_is_queued_before_it_is_answered(app):
    assert answer(app, request(app))["statusCode"] == 202
    assert app_queue_messages(app, Queue.ATS) == [{"connection": "generic", "id": "msg_1", "payload": json.loads(BODY)}]


def test_S26_a_replayed_webhook_is_answered_and_not_queued_again(app):
    statuses = [answer(app, request(app))["statusCode"] for _ in range(3)]
    assert statuses == [202, 202, 202]
    assert len(app_queue_messages(app, Queue.ATS)) == 1


def test_a_webhook_is_not_answered_when_the_queue_fails(app, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(app.queues, "send", lambda *_: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(ConnectionError):
            answer(app, request(app))
    assert answer(app, request(app))["statusCode"] == 202
    assert len(app_queue_messages(app, Queue.ATS)) == 1


def test_a_base64_body_is_checked_as_bytes(app):
    event = request(app) | {"body": base64.b64encode(BODY).decode(), "isBase64Encoded": True}
    assert answer(app, event)["statusCode"] == 202


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": "x" * (MAX_BODY + 1)}, 413),
        ({"body": "%%%", "isBase64Encoded": True}, 400),
        ({"body": None}, 401),
        ({"headers": None}, 401),
        ({"pathParameters": {"connection": "unknown"}}, 401),
    ],
)
def test_what_is_no_webhook_of_ours_is_refused(app, change, status):
    refused = answer(app, request(app) | change)
    assert refused["statusCode"] == status
    assert json.loads(refused["body"])["message"]
    assert app_queue_messages(app, Queue.ATS) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[" * 100_000, b'{"a":' * 10_000, b"\xff\xfe", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e999}',
     b'{"type": "candidate.hired", "type": "candidate.rejected"}', b'{"a": {"b": 1, "b": 1}}'],
)  # fmt: skip
def test_B39_a_signed_body_that_is_not_json_is_refused_for_good(app, body):
    event = request(app, b"") | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    event["headers"] = headers(body, secret="a webhook secret for tests", at=str(int(app.clock.now().timestamp())))
    refused = answer(app, event)
    assert refused["statusCode"] == 400
    assert "Send one event as a JSON object" in refused["body"]
    assert app_queue_messages(app, Queue.ATS) == []


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x\ud800"]
)
def test_B39_what_a_body_is_called_decides_nothing(app, kind):
    right = request(app)
    right["headers"] = {**right["headers"], "content-type": kind}
    assert answer(app, right)["statusCode"] == 202
    assert answer(app, right | {"body": "\ud800"})["statusCode"] == 401
    assert len(app_queue_messages(app, Queue.ATS)) == 1
