"""What the mail provider tells of a mail that it received, and which door of ours it is for.

The form is that of SES's notification about its S3 action (SES developer guide, "Notification contents").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

PREFIX = "inbound/"
"""Where the provider puts mail in the data bucket."""


class Door(StrEnum):
    REPLY = "reply"
    PROSPECT = "prospect"
    JOB = "job"
    NONE = "none"


@dataclass(frozen=True)
class Delivered:
    """One mail that lies in S3."""

    key: str
    at: str
    """ISO 8601: when it was received, by the provider's clock; the mail's own date is the sender's word."""
    recipients: tuple[str, ...]
    """Of the envelope."""
    verdicts: Mapping[str, str]
    """spf, dkim, dmarc, spam, virus -> PASS, FAIL, GRAY …"""

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> "Delivered":
        """Raises ValueError for what is no such notification."""
        try:
            receipt = message["receipt"]
            key = str(receipt["action"]["objectKey"])
            verdicts = {
                name.removesuffix("Verdict"): str(value["status"]).upper()
                for name, value in receipt.items()
                if name.endswith("Verdict")
            }
            recipients = tuple(str(each) for each in receipt["recipients"])
            at = str(receipt["timestamp"])
        except (KeyError, TypeError, AttributeError) as fault:
            raise ValueError("this is no notification of a received mail") from fault
        if not key.startswith(PREFIX) or len(key) > 500:
            raise ValueError("the mail does not lie where received mail lies")
        return cls(key, at.replace("Z", "+00:00"), recipients, verdicts)

    @property
    def is_virus(self) -> bool:
        return self.verdicts.get("virus") == "FAIL"

    @property
    def is_spam(self) -> bool:
        return self.verdicts.get("spam") == "FAIL"

    @property
    def is_proven(self) -> bool:
        """Whether the From line is the true sender's: by the domain's own policy and one of its two proofs."""
        proofs = {self.verdicts.get("spf"), self.verdicts.get("dkim")}
        return self.verdicts.get("dmarc") == "PASS" and "PASS" in proofs and "FAIL" not in proofs


def cause_of(message_id: str, raw: bytes) -> str:
    """The name of one mail for good: the same mail delivered twice has the same."""
    return sha256(message_id.encode() + b"\0" + raw).hexdigest()[:32]


def door_of(recipients: tuple[str, ...], domain: str) -> tuple[Door, str]:
    """The first of the addresses that is ours, as (door, what stands before the @ for it); an answer comes first."""
    doors = [found for each in recipients if (found := _door(each, domain))]
    return min(doors, key=lambda found: found[0] is not Door.REPLY, default=(Door.NONE, ""))


def _door(recipient: str, domain: str) -> tuple[Door, str] | None:
    local, _, host = recipient.lower().rpartition("@")
    if host != domain or not local:
        return None
    if local.startswith("reply+"):
        return Door.REPLY, local.removeprefix("reply+")
    if local == "prospect" or local.startswith("prospect+"):
        return Door.PROSPECT, local.removeprefix("prospect").removeprefix("+")
    return Door.JOB, local
