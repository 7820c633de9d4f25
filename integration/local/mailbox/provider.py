"""Behaves like the provider: accepts, throttles, loses replies, and says what became of each mail in SES's own shapes.

Addresses act as in SES's mailbox simulator: `bounce…@` bounces for good, `softbounce…@` for now, `complaint…@`
complains, `suppressed…@` is refused. Everything else is delivered.
"""

import email
import email.policy
import json
import random
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from integration.local.mailbox.store import Mail, Store


@dataclass
class Faults:
    """What goes wrong on demand; shares are between 0 and 1."""

    throttle: float = 0.0
    drop_reply: float = 0.0
    """Accepted, but the sender never hears it."""
    refuse: float = 0.0
    paused: bool = False
    lose_events: float = 0.0
    duplicate_events: float = 0.0
    hold_events: bool = False
    seed: int = 7
    chance: random.Random = field(default_factory=lambda: random.Random(7), repr=False)  # noqa: S311 (faults)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Faults":
        """Raises ValueError naming the field that is unknown or out of range."""
        known = {each.name: each.type for each in fields(cls) if each.name != "chance"}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"{name!r} is no fault; known are {', '.join(known)}")
            if known[name] is float and not (isinstance(value, int | float) and 0 <= value <= 1):
                raise ValueError(f"{name} is a share between 0 and 1, not {value!r}")
            if known[name] is bool and not isinstance(value, bool):
                raise ValueError(f"{name} is true or false, not {value!r}")
        faults = cls(**values)
        faults.chance = random.Random(faults.seed)  # noqa: S311 (faults)
        return faults

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "chance"}

    def strikes(self, share: float) -> bool:
        return share > 0 and self.chance.random() < share


class Provider:
    """Decides what becomes of a mail and writes the events that tell it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.faults = Faults.from_json(store.setting("faults") or {})
        self.offset_seconds: float = store.setting("offset_seconds") or 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    def move_clock(self, offset_seconds: float) -> None:
        self.offset_seconds = offset_seconds
        self._store.keep("offset_seconds", offset_seconds)

    def set_faults(self, values: dict[str, Any]) -> Faults:
        self.faults = Faults.from_json(values)
        self._store.keep("faults", self.faults.as_json())
        return self.faults

    def accept(self, message_id: str, raw: bytes, sender: str, recipient: str, tags: dict[str, str]) -> str:
        """`accepted`, `throttle`, `refuse`, `paused` or `drop_reply`; the mail is on disk before `accepted`."""
        if self.faults.paused:
            return "paused"
        if self.faults.strikes(self.faults.throttle):
            return "throttle"
        if self.faults.strikes(self.faults.refuse) or recipient.startswith("suppressed"):
            return "refuse"
        parsed = parse(raw)
        mail = Mail(message_id, iso(self.now()), sender, recipient, str(parsed["subject"] or ""), tags, raw)
        self._store.accept(mail, self._fate(mail, parsed))
        return "drop_reply" if self.faults.strikes(self.faults.drop_reply) else "accepted"

    def tell(self, mail: Mail, kind: str) -> None:
        """Adds one event by hand: Bounce, Complaint, Delivery …"""
        self._store.tell(mail.message_id, [self._notice(mail, parse(mail.raw), kind)])

    def answer(self, mail: Mail, text: str) -> Mail:
        """A person's answer to a mail, kept beside it as a message of its own."""
        parsed = parse(mail.raw)
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"], message["To"] = mail.recipient, str(parsed["reply-to"] or parsed["from"])
        message["Subject"] = f"Re: {mail.subject.removeprefix('Re: ')}"
        if parsed["message-id"]:
            message["In-Reply-To"] = message["References"] = str(parsed["message-id"])
        message.set_content(text)
        at = iso(self.now())
        number = f"answer-{mail.message_id}-{at}"
        answer = Mail(number, at, mail.recipient, str(message["To"]), str(message["Subject"]), {}, bytes(message),
                      answer_to=mail.message_id)  # fmt: skip
        self._store.accept(answer, [])
        return answer

    def _fate(self, mail: Mail, parsed: EmailMessage) -> list[tuple[str, str, str]]:
        kinds = ["Send"]
        local = mail.recipient.partition("@")[0].lower()
        if local.startswith(("bounce", "softbounce")):
            kinds.append("Bounce")
        else:
            kinds.append("Delivery")
            kinds.extend(["Complaint"] if local.startswith("complaint") else [])
        notices = []
        for kind in kinds:
            if self.faults.strikes(self.faults.lose_events):
                continue
            notice = self._notice(mail, parsed, kind)
            notices.extend([notice] * (2 if self.faults.strikes(self.faults.duplicate_events) else 1))
        return notices

    def _notice(self, mail: Mail, parsed: EmailMessage, kind: str) -> tuple[str, str, str]:
        at = iso(self.now())
        member = kind[0].lower() + kind[1:]
        body = {"eventType": kind, "mail": _mail_part(mail, parsed), member: _facts(kind, mail, at)}
        return kind, at, json.dumps(body)


def parse(raw: bytes) -> EmailMessage:
    """A mail as the standard library reads it."""
    return email.message_from_bytes(raw, policy=email.policy.default)


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mail_part(mail: Mail, parsed: EmailMessage) -> dict[str, Any]:
    return {
        "timestamp": mail.at,
        "messageId": mail.message_id,
        "source": mail.sender,
        "sendingAccountId": "000000000000",
        "destination": [mail.recipient],
        "headersTruncated": False,
        "headers": [{"name": name, "value": str(value)} for name, value in parsed.items()],
        "commonHeaders": {"from": [mail.sender], "to": [mail.recipient], "subject": mail.subject},
        "tags": {name: [value] for name, value in mail.tags.items()},
    }


def _facts(kind: str, mail: Mail, at: str) -> dict[str, Any]:
    recipient = {"emailAddress": mail.recipient}
    if kind == "Delivery":
        return {"timestamp": at, "processingTimeMillis": 40, "recipients": [mail.recipient], "smtpResponse": "250 ok",
                "reportingMTA": "mailbox.local"}  # fmt: skip
    if kind == "Bounce":
        soft = mail.recipient.lower().startswith("soft")
        failed = {**recipient, "action": "failed", "status": "4.2.2" if soft else "5.1.1",
                  "diagnosticCode": "smtp; 452 mailbox full" if soft else "smtp; 550 no such user"}  # fmt: skip
        return {"timestamp": at, "bounceType": "Transient" if soft else "Permanent",
                "bounceSubType": "MailboxFull" if soft else "General", "bouncedRecipients": [failed],
                "feedbackId": mail.message_id, "reportingMTA": "mailbox.local"}  # fmt: skip
    if kind == "Complaint":
        return {"timestamp": at, "complainedRecipients": [recipient], "feedbackId": mail.message_id,
                "complaintFeedbackType": "abuse"}  # fmt: skip
    return {}
