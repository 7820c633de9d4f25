"""Subscriptions and certificates of SNS: what is fetched, from whom, and what is refused without a call."""

from datetime import UTC, datetime, timedelta

import pytest
import responses
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from integration.adapters import sns
from integration.adapters.sns import SnsNotifications, string_to_sign
from integration.errors import Rejected
from integration.local.mailbox.signing import Notifier, make_certificate

TOPIC = "arn:aws:sns:eu-west-1:000000000000:warmbench-test-mail"
HOST = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE_URL = f"{HOST}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
CONFIRM = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    import base64
    import json

    key_file, certificate = make_certificate(tmp_path_factory.mktemp("keys"))
    notifier = Notifier.from_file(key_file, TOPIC)

    def make(**changes):
        body = {
            "Type": "SubscriptionConfirmation", "MessageId": "m", "Token": "t", "TopicArn": TOPIC, "Message": "confirm",
            "SubscribeURL": CONFIRM, "Timestamp": NOW.isoformat(), "SignatureVersion": "2",
            "SigningCertURL": CERTIFICATE_URL, **changes,
        }  # fmt: skip
        signature = notifier.key.sign(string_to_sign(body), padding.PKCS1v15(), hashes.SHA256())
        return json.dumps({**body, "Signature": base64.b64encode(signature).decode()}).encode()

    make.certificate = certificate
    return make


@pytest.fixture
def web():
    sns._fetched.cache_clear()
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked
    sns._fetched.cache_clear()


def test_S6_our_own_topic_is_confirmed_with_sns_itself(signed, web):
    web.get(CONFIRM, body="<ok/>")
    assert SnsNotifications(TOPIC, signed.certificate).read(signed(), NOW) == []
    assert [call.request.url for call in web.calls] == [CONFIRM]


@pytest.mark.parametrize(
    "changes",
    [
        {"SubscribeURL": "https://evil.example/?Action=ConfirmSubscription"},
        {"SubscribeURL": f"https://a@sns.eu-west-1.amazonaws.com/?{TOPIC}"},
        {"SubscribeURL": "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"},
        {"SubscribeURL": "https://sns.eu-west-1.amazonaws.com.evil.example/"},
        {"SubscribeURL": "https://sns.eu-west-1.amazonaws.com:444/"},
        {"SubscribeURL": "https://169.254.169.254/"},
        {"TopicArn": "arn:aws:sns:eu-west-1:111111111111:another"},
        {"SignatureVersion": "1"},
        {"Timestamp": (NOW - timedelta(hours=1, seconds=1)).isoformat()},
        {"Timestamp": (NOW + timedelta(hours=1, seconds=1)).isoformat()},
        {"Timestamp": "2026-03-02T09:00:00"},
    ],
)
def test_S6_no_other_subscription_is_confirmed_and_nobody_is_called(signed, web, changes):
    with pytest.raises(Rejected):
        SnsNotifications(TOPIC, signed.certificate).read(signed(**changes), NOW)
    assert len(web.calls) == 0


def test_without_a_topic_nothing_is_believed(signed, web):
    with pytest.raises(Rejected, match="another topic"):
        SnsNotifications("", signed.certificate).read(signed(TopicArn=""), NOW)


def test_a_certificate_is_fetched_once(signed, web):
    web.get(CONFIRM, body="<ok/>")
    web.get(CERTIFICATE_URL, body=signed.certificate)
    reader = SnsNotifications(TOPIC)
    reader.read(signed(), NOW)
    reader.read(signed(), NOW)
    assert [call.request.url for call in web.calls].count(CERTIFICATE_URL) == 1


def test_S5_a_redirecting_certificate_is_refused(signed, web):
    web.get(CERTIFICATE_URL, status=302, headers={"location": "https://evil.example/c.pem"})
    with pytest.raises(Rejected, match="cannot be read"):
        SnsNotifications(TOPIC).read(signed(), NOW)
    assert len(web.calls) == 1


def test_S5_what_is_no_certificate_is_refused(signed, web):
    web.get(CERTIFICATE_URL, body="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")
    with pytest.raises(Rejected, match="does not match"):
        SnsNotifications(TOPIC).read(signed(), NOW)
