"""Behaves like the provider: accepts, throttles, loses replies, and says what became of each mail in SES's own shapes.

Addresses act as in SES's mailbox simulator: `bounce…@` bounces for good, `softbounce…@` for now, `complaint…@`
complains, `suppressed…@` is refused. Everything else is delivered.
"""

import email
import email.policy
import json
import random
import uuid
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

from integration.local.mailbox import writing
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

    def answer(self, mail: Mail, text: str, kind: str = "person") -> Mail:
        """An answer to a mail, of a person or a machine, kept beside it as a message of its own."""
        parsed = parse(mail.raw)
        message = writing.answer(mail, parsed, text, kind, self.now())
        sender = "" if kind == "bounce" else mail.recipient
        return self._kept("answer", sender, message, answer_to=mail.message_id)

    def letter(self, sender: str, to: str, subject: str, text: str, file: tuple[str, bytes] | None) -> Mail:
        """A mail that somebody writes of their own accord."""
        message = writing.letter(sender, to, subject, text, self.now(), file)
        return self._kept("letter", parseaddr(sender)[1], message)

    def _kept(self, what: str, sender: str, message: EmailMessage, answer_to: str = "") -> Mail:
        at = iso(self.now())
        to = parseaddr(str(message["to"]))[1]
        number = f"{what}-{uuid.uuid4().hex}"
        kept = Mail(number, at, sender, to, str(message["subject"]), {"written": what}, bytes(message), answer_to)
        self._store.accept(kept, [])
        return kept

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
