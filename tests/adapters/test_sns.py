"""Subscriptions and certificates of SNS: what is fetched, from whom, and what is refused without a call."""

import base64
import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import responses
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from integration.adapters import sns
from integration.adapters.sns import SnsNotifications, string_to_sign
from integration.errors import Rejected
from integration.local.mailbox.signing import Notifier, make_certificate
from lambdas import mail_hooks

TOPIC = "arn:aws:sns:eu-west-1:000000000000:warmbench-test-mail"
HOST = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE_URL = f"{HOST}/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
CONFIRM = f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=t"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
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


def notified(signed, message, **changes):
    return signed(Type="Notification", Message=message, **changes)


@pytest.mark.parametrize(
    "event",
    [
        "", "x", "null", "[]", "7", '"x"', "{}", "[" * 100_000, '{"eventType": []}', '{"eventType": "Bounce"}',
        '{"eventType": "Send", "mail": null}', '{"eventType": "Send", "mail": []}',
        '{"eventType": "Send", "mail": {"messageId": "m", "timestamp": "t"}}',
        '{"eventType": "Send", "mail": {"messageId": "m", "timestamp": "t", "destination": 7}}',
        '{"eventType": "Send", "mail": {"messageId": "m", "timestamp": "t", "destination": ["a"], "tags": []}}',
        '{"eventType": "Send", "mail": {"messageId": "m", "timestamp": "t", "destination": ["a"], "tags": {"a": 7}}}',
        '{"eventType": "Bounce", "bounce": [], "mail": {"messageId": "m", "destination": ["a"]}}',
        '{"eventType": "Bounce", "bounce": {"timestamp": "t", "bouncedRecipients": [{}]}, "mail": {"messageId": "m"}}',
        '{"eventType": "Bounce", "bounce": "x", "mail": {"messageId": "m", "timestamp": "t", "destination": ["a"]}}',
    ],
)  # fmt: skip
def test_B42_an_event_of_wrong_types_or_without_its_parts_is_refused_in_words(signed, event):
    with pytest.raises(Rejected, match="not an event of SES"):
        SnsNotifications(TOPIC, signed.certificate).read(notified(signed, event), NOW)


@pytest.mark.parametrize(
    "changes",
    [{"Message": None}, {"Message": []}, {"MessageId": 7}, {"Subject": {}}, {"TopicArn": [TOPIC]}, {"Timestamp": 7},
     {"Signature": 7}, {"SignatureVersion": 2}, {"SigningCertURL": ["x"]}, {"Type": 7},
     {"Type": "Notification\n"}],
)  # fmt: skip
def test_B42_a_notification_of_wrong_types_is_refused_in_words(signed, web, changes):
    body = json.loads(notified(signed, "{}"))
    with pytest.raises(Rejected, match="is not taken"):
        SnsNotifications(TOPIC).read(json.dumps({**body, **changes}).encode(), NOW)
    assert len(web.calls) == 0


@pytest.mark.parametrize(
    "name", ["Message", "MessageId", "Timestamp", "TopicArn", "Type", "Signature", "SigningCertURL"]
)
def test_B42_a_notification_without_a_part_is_refused_in_words(signed, web, name):
    body = json.loads(notified(signed, "{}"))
    del body[name]
    with pytest.raises(Rejected, match="is not taken"):
        SnsNotifications(TOPIC).read(json.dumps(body).encode(), NOW)
    assert len(web.calls) == 0


def test_B42_a_body_that_cannot_be_unpacked_is_refused():
    hook = {"body": "abcde", "isBase64Encoded": True}
    assert mail_hooks.answer(None, hook) == {"statusCode": 400}


@pytest.fixture
def from_moto():
    """(notification, certificate) of moto: neither key nor the text that is signed were made by code of ours."""
    with mock_aws():
        client = boto3.client("sns", region_name="eu-west-1")
        topic = client.create_topic(Name="mail")["TopicArn"]
        client.subscribe(TopicArn=topic, Protocol="https", Endpoint="https://hook.example/")
        backend = sns_backends[DEFAULT_ACCOUNT_ID]["eu-west-1"]
        [subscription] = backend.subscriptions.values()
        body = subscription.get_post_data('{"eventType": "Open"}', "m-1", None)
        [certificate] = backend._message_public_keys.values()
    return body, certificate


def test_S5_what_moto_signed_is_read_and_any_change_is_noticed(from_moto, web):
    body, certificate = from_moto
    web.get(body["SigningCertURL"], body=certificate)
    reader, now = SnsNotifications(body["TopicArn"]), datetime.now(UTC)
    assert reader.read(json.dumps(body).encode(), now) == []  # opens are our own tracker's business
    for change in (
        {"Message": '{"eventType": "Send"}'},
        {"Subject": "Hello"},
        {"MessageId": "m-2"},
        {"Timestamp": (now - timedelta(minutes=1)).isoformat()},
        {"Type": "UnsubscribeConfirmation", "SubscribeURL": "https://x.example/", "Token": "t"},
        {"Signature": body["Signature"][:-4] + "AAA="},
        {"Signature": "é"},
    ):
        with pytest.raises(Rejected, match="signature does not match"):
            reader.read(json.dumps({**body, **change}).encode(), now)
    with pytest.raises(Rejected, match="older than an hour"):
        reader.read(json.dumps(body).encode(), now + timedelta(hours=1, minutes=1))
    with pytest.raises(Rejected, match="another topic"):
        SnsNotifications(TOPIC).read(json.dumps(body).encode(), now)


def test_S5_a_certificate_of_somebody_else_does_not_fit(from_moto, signed, web):
    body, _ = from_moto
    web.get(body["SigningCertURL"], body=signed.certificate)
    with pytest.raises(Rejected, match="signature does not match"):
        SnsNotifications(body["TopicArn"]).read(json.dumps(body).encode(), datetime.now(UTC))
