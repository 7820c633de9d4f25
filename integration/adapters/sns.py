"""Signed notifications of SNS: nothing is believed before its signature, topic, age and certificate are.

Only signature version 2 (SHA-256) is taken; the topic in serverless.yml asks for it. A stage may pin the certificate;
otherwise it is fetched from the region's own SNS host and kept for the life of the process.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from integration import log
from integration.adapters.ses_events import events_in, events_of
from integration.errors import Rejected
from integration.model.event import Event

_MAX_AGE = timedelta(hours=1)
_TIMEOUT_SECONDS = 5
_CERTIFICATE_PATH = re.compile(r"/SimpleNotificationService-[0-9a-f]{32}\.pem")
_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


class SnsNotifications:
    """ports.MailNotifications for one topic."""

    def __init__(self, topic_arn: str, pinned_certificate: str = "") -> None:
        self._topic, self._pinned = topic_arn, pinned_certificate

    def read(self, body: bytes, now: datetime) -> list[Event]:
        notification = _parsed(body)
        self._verify(notification, now)
        if notification["Type"] == "SubscriptionConfirmation":
            self._confirm(notification)
        if notification["Type"] != "Notification":
            return []
        return events_of(notification["Message"])

    def on_bus(self, envelope: Mapping[str, Any]) -> list[Event]:
        detail = envelope.get("detail")
        return events_in(detail if isinstance(detail, dict) else {})

    def _verify(self, notification: dict[str, str], now: datetime) -> None:
        if notification["TopicArn"] != self._topic or not self._topic:
            raise _forged("it is about another topic")
        if notification.get("SignatureVersion") != "2":
            raise _forged("it is not signed with version 2")
        if abs(now - _time(notification["Timestamp"])) > _MAX_AGE:
            raise _forged("it is older than an hour")
        certificate = self._pinned or _fetched(self._certificate_url(notification))
        _check_signature(notification, certificate)

    def _certificate_url(self, notification: dict[str, str]) -> str:
        url = notification.get("SigningCertURL", "")
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.netloc == self._host and not parts.query and not parts.fragment
        if not plain or not _CERTIFICATE_PATH.fullmatch(parts.path):
            raise _forged("its certificate is not at SNS")
        return url

    @property
    def _host(self) -> str:
        region = self._topic.split(":")[3]
        return f"sns.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"

    def _confirm(self, notification: dict[str, str]) -> None:
        """Only with SNS itself, and only for our own topic (checked before)."""
        parts = urlsplit(notification["SubscribeURL"])
        if parts.scheme != "https" or parts.netloc != self._host:
            raise _forged("it asks to confirm elsewhere")
        requests.get(notification["SubscribeURL"], timeout=_TIMEOUT_SECONDS, allow_redirects=False).raise_for_status()
        log.event("subscription.confirmed", topic=self._topic)


def _parsed(body: bytes) -> dict[str, str]:
    try:
        notification: dict[str, Any] = json.loads(body)
        required = _SIGNED[notification["Type"]]
        wanted = {name: notification[name] for name in required if name != "Subject" or name in notification}
        wanted |= {name: notification[name] for name in ("Signature", "SignatureVersion")}
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise _forged("it has not the form of a notification") from fault
    if not all(isinstance(value, str) for value in wanted.values()):
        raise _forged("it has not the form of a notification")
    return {**wanted, "SigningCertURL": str(notification.get("SigningCertURL", ""))}


def string_to_sign(notification: dict[str, str]) -> bytes:
    """Names and values on lines of their own, in the order SNS documents."""
    names = _SIGNED[notification["Type"]]
    return "".join(f"{name}\n{notification[name]}\n" for name in names if name in notification).encode()


def _check_signature(notification: dict[str, str], certificate: str) -> None:
    try:
        key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
        signature = base64.b64decode(notification["Signature"], validate=True)
        if not isinstance(key, rsa.RSAPublicKey):
            raise _forged("its certificate has no RSA key")
        key.verify(signature, string_to_sign(notification), padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, binascii.Error, ValueError) as fault:
        raise _forged("its signature does not match") from fault


@cache
def _fetched(url: str) -> str:
    response = requests.get(url, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
    if response.status_code != 200:
        raise _forged("its certificate cannot be read")
    return response.text


def _time(text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as fault:
        raise _forged("its time cannot be read") from fault
    if parsed.tzinfo is None:
        raise _forged("its time has no zone")
    return parsed


def _forged(why: str) -> Rejected:
    return Rejected(f"This notification is not taken: {why}.", field="notification")
