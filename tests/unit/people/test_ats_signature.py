"""Vendors' signatures: over the raw bytes, by the scheme that stands before the secret."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from integration.adapters import aws
from integration.model.ats_signature import check
from integration.model.webhook import Refused
from integration.ports import Queue
from lambdas.ats_hooks import answer
from tests.app_fixture import app_queue_messages

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BODY = b'{"action":"candidate_stage_change","payload":{"note":"\\u003cb\\u003e Zo\xc3\xab"}}'
KEY = b"s3cret"


def hexed(body=BODY, key=KEY):
    return hmac.digest(key, body, hashlib.sha256).hex()


def lever(token="t0k", at=1772442000000, **changes):
    said = {"token": token, "triggeredAt": at, "signature": hexed(f"{token}{at}".encode())}
    return json.dumps({**said, "event": "candidateHired", **changes}).encode()


GOOD = {
    "greenhouse": ("greenhouse:s3cret", {"Signature": f"sha256 {hexed()}"}, BODY),
    "greenhouse, header in small letters": ("greenhouse:s3cret", {"signature": f"sha256 {hexed()}"}, BODY),
    "ashby": ("ashby:s3cret", {"Ashby-Signature": f"sha256={hexed()}"}, BODY),
    "lever": ("lever:s3cret", {}, lever()),
}
BAD = {
    "greenhouse: equals sign of another vendor": ("greenhouse:s3cret", {"Signature": f"sha256={hexed()}"}, BODY),
    "greenhouse: another secret": ("greenhouse:guess", {"Signature": f"sha256 {hexed()}"}, BODY),
    "greenhouse: the same JSON with unescaped letters": (
        "greenhouse:s3cret",
        {"Signature": f"sha256 {hexed()}"},
        BODY.replace(b"\\u003c", b"<"),
    ),
    "greenhouse: no signature": ("greenhouse:s3cret", {}, BODY),
    "greenhouse: an empty secret": ("greenhouse:", {"Signature": f"sha256 {hexed(key=b'')}"}, BODY),
    "greenhouse: letters beyond ASCII": ("greenhouse:s3cret", {"Signature": "sha256 é"}, BODY),
    "ashby: signed as another vendor": ("ashby:s3cret", {"Signature": f"sha256 {hexed()}"}, BODY),
    "ashby: a byte changed": ("ashby:s3cret", {"Ashby-Signature": f"sha256={hexed()}"}, BODY + b" "),
    "ashby: scheme and key": ("ashby:s3cret", {"Ashby-Signature": f"sha256={hexed(key=b'ashby:s3cret')}"}, BODY),
    "lever: another time": ("lever:s3cret", {}, lever(triggeredAt=1)),
    "lever: no object": ("lever:s3cret", {}, b"[]"),
    "lever: deep": ("lever:s3cret", {}, b"[" * 100_000),
    "lever: signature of another type": ("lever:s3cret", {}, lever(signature=["x"])),
    "standard: a vendor's signature": ("s3cret", {"Signature": f"sha256 {hexed()}"}, BODY),
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
def test_what_the_vendor_signed_is_taken(case):
    secret, headers, body = GOOD[case]
    assert check(headers, body, ["greenhouse:other", secret] if "green" in case else [secret], NOW).body == body


@pytest.mark.parametrize("case", BAD)
def test_what_the_vendor_did_not_sign_is_refused(case):
    secret, headers, body = BAD[case]
    with pytest.raises(Refused):
        check(headers, body, [secret], NOW)


def test_a_replay_has_the_same_id_whatever_its_headers_say():
    first, second = (
        check({"Signature": f"sha256 {hexed()}", "Greenhouse-Event-ID": number}, BODY, ["greenhouse:s3cret"], NOW)
        for number in ("1", "2")
    )
    assert first.id == second.id


def test_a_vendors_webhook_goes_through_the_door_once(app):
    stored = json.dumps({"gh": "greenhouse:s3cret"})
    aws.secretsmanager().put_secret_value(SecretId=app.config.ats_secret, SecretString=stored)
    event = {
        "headers": {"signature": f"sha256 {hexed()}"},
        "body": BODY.decode(),
        "pathParameters": {"connection": "gh"},
    }
    assert [answer(app, event)["statusCode"] for _ in range(2)] == [202, 202]
    [queued] = app_queue_messages(app, Queue.ATS)
    assert (queued["connection"], queued["payload"]) == ("gh", json.loads(BODY))
    assert answer(app, event | {"body": BODY.decode() + " "})["statusCode"] == 401
