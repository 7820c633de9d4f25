"""Delivers mail to the product as SES would: the mail into S3, what was found out about it into the queue."""

import json
from functools import cached_property
from typing import Any

from integration.model.delivered import PREFIX

PASSED = dict.fromkeys(("spf", "dkim", "dmarc", "spam", "virus"), "PASS")
CHECKS: dict[str, dict[str, str]] = {
    "passed": {},
    "unproven": {"spf": "FAIL", "dkim": "FAIL", "dmarc": "FAIL"},
    "spam": {"spam": "FAIL"},
    "virus": {"virus": "FAIL"},
}
"""What the provider may have found, by a word for people."""


class NotDelivered(Exception):
    """The local AWS does not take it; the message says why."""


class Delivery:
    """One stage's door for mail; finds bucket and queue when the first mail comes, since they are deployed later."""

    def __init__(self, endpoint: str, domain: str) -> None:
        self._endpoint, self.domain = endpoint, domain.lower()

    def takes(self, address: str) -> bool:
        """Whether mail to this address comes in here."""
        return bool(self.domain) and address.lower().rstrip(">").endswith(f"@{self.domain}")

    def deliver(self, name: str, raw: bytes, to: str, sender: str, at: str, check: str = "passed") -> None:
        """Raises NotDelivered."""
        bucket, queue = self._places
        key = f"{PREFIX}{name}"
        body = json.dumps(notification(key, bucket, to, sender, at, check))
        head = f"Return-Path: <{sender}>\r\n".encode()
        try:
            self._cloud.client("s3").put_object(Bucket=bucket, Key=key, Body=head + raw)
            self._cloud.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
        except Exception as fault:  # whatever the local AWS says is for the person at the page
            raise NotDelivered(f"The local AWS did not take the mail: {fault}") from fault

    @cached_property
    def _cloud(self) -> Any:
        from integration.local.cloud import Cloud

        return Cloud(self._endpoint)

    @cached_property
    def _places(self) -> tuple[str, str]:
        from integration.local.deploy import STACK, outputs_of

        try:
            bucket = outputs_of(self._cloud)["DataBucket"]
            queue = self._cloud.client("sqs").get_queue_url(QueueName=f"{STACK}-inbound")["QueueUrl"]
        except Exception as fault:
            raise NotDelivered(f"The stack is not deployed: {fault}") from fault
        return bucket, str(queue)


def notification(key: str, bucket: str, to: str, sender: str, at: str, check: str) -> dict[str, Any]:
    """The JSON of SES about a mail that its S3 action has stored."""
    verdicts = {**PASSED, **CHECKS[check]}
    return {
        "notificationType": "Received",
        "mail": {"timestamp": at, "source": sender, "messageId": key.removeprefix(PREFIX), "destination": [to]},
        "receipt": {
            "timestamp": at,
            "processingTimeMillis": 40,
            "recipients": [to],
            **{f"{name}Verdict": {"status": status} for name, status in verdicts.items()},
            "action": {"type": "S3", "bucketName": bucket, "objectKeyPrefix": PREFIX, "objectKey": key},
        },
    }
