"""One mail to one person: the row first, one call, then what the answer proves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from integration import log
from integration.errors import Gone
from integration.messages import TooLong
from integration.messages.slots import LONGEST_VALUE, OF_CANDIDATE
from integration.model import link, reply_address
from integration.model.address import fingerprint, is_allowed, sendable
from integration.model.ledger import State, before, ledger_pk
from integration.model.link import Purpose
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, REPLY_TOKEN, Writer
from integration.model.ulid import ulid
from integration.ports import Item, MailInDoubt, MailRefused, MailSendingPaused, MailThrottled, Message
from integration.sending.aliases import Aliases
from integration.sending.suppression import look

if TYPE_CHECKING:
    from integration.app import App


@dataclass(frozen=True)
class Recipient:
    """One line of a frozen audience."""

    key: str
    """Candidate key; of transactional mail `<candidate key>.<cause>`."""
    id: str
    email: str
    slots: Mapping[str, str]
    zone: str = ""

    @property
    def candidate(self) -> str:
        return self.key.partition(".")[0]

    def as_json(self) -> dict[str, Any]:
        return {"key": self.key, "id": self.id, "email": self.email, "slots": dict(self.slots), "zone": self.zone}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Recipient":
        slots = {str(name): str(value)[:LONGEST_VALUE] for name, value in stored.get("slots", {}).items()}
        return cls(stored["key"], stored.get("id", ""), stored["email"], slots, stored.get("zone", ""))


class Result(StrEnum):
    """What became of one attempt: a state of the row, or what leaves no row of ours."""

    ACCEPTED = State.ACCEPTED
    INTENT = State.INTENT
    FAILED = State.FAILED
    SUPPRESSED = State.SUPPRESSED
    TAKEN = "taken"
    """Another worker has the row: the next run reads what it did."""
    THROTTLED = "throttled"
    SENDING_PAUSED = "sending paused"


_GONE_OUT = frozenset({State.INTENT, State.IN_DOUBT, State.ACCEPTED, State.SETTLED})
"""States of a row whose mail went, or may have gone."""


def chunk_key(campaign: str, step: str, version: str, chunk: str) -> str:
    """Where a chunk of a frozen audience lies."""
    return f"audiences/campaign={campaign}/step={step}-v{version}/{chunk}.jsonl"


def recipients_of(app: "App", message: Message) -> list[Recipient]:
    """The people of a queue message, inline or from the frozen audience."""
    if "recipients" in message:
        return [Recipient.from_json(stored) for stored in message["recipients"]]
    key = chunk_key(*(str(message[name]) for name in ("campaign", "step", "version", "chunk")))
    data = app.data.read(key)
    if data is None:
        raise Gone(f"The frozen audience {key} is not there any more.")
    return [Recipient.from_json(json.loads(line)) for line in data.splitlines()]


def send_one(app: "App", mails: Writer, recipient: Recipient) -> Result:
    """Claims the row, calls the provider once and marks what is proven; never a second call for one row."""
    address = sendable(recipient.email)
    if not address:
        return _ended(app, mails, recipient, State.FAILED, "no mail can be sent to this address")
    if not is_allowed(address, app.config.mail_allow_list):
        return _ended(app, mails, recipient, State.SUPPRESSED, "not on the list of this stage")
    transactional = mails.message.kind == "transactional"
    person = look(app, recipient.candidate, address, transactional=transactional)
    if person.reason:
        return _ended(app, mails, recipient, State.SUPPRESSED, person.reason)
    if not transactional and _has_it(app, mails, recipient, person.aliases, address):
        return _ended(app, mails, recipient, State.SUPPRESSED, "has this mail under a record merged with this one")
    try:
        raw = mails.write(address, _values(app, mails, recipient), app.clock.now())
    except (TooLong, TemplateError) as fault:
        return _ended(app, mails, recipient, State.FAILED, f"the template cannot be filled ({type(fault).__name__})")
    row = {**_row(app, mails, recipient, State.INTENT, ""), "address": fingerprint(address, app.links.salt)}
    if not app.sends.put(row, unless_exists=True):
        return Result.TAKEN
    return _called(app, mails, recipient, address, raw, row)


def _has_it(app: "App", mails: Writer, recipient: Recipient, known: Aliases, address: str) -> bool:
    """Whether the person has this mail under another key of theirs: now, or at this address while two were one."""
    if not known.others and not known.former:
        return False
    message = mails.message
    places = {
        key: (ledger_pk(message.campaign, message.step, message.version, key), key)
        for key in (*known.others, *known.former)
    }
    rows = app.sends.get_many(list(places.values()))
    mark = fingerprint(address, app.links.salt)
    for key, place in places.items():
        row = rows.get(place, {})
        if row.get("state") in _GONE_OUT and (key in known.others or row.get("address") == mark):
            return True
    if not known.others:
        return False
    # Two workers may be at two keys of one person in this moment: the first one to say so has it.
    claim = {"pk": f"once#{message.campaign}#{message.step}-v{message.version}", "sk": known.root}
    if app.sends.put({**claim, "by": recipient.key}, unless_exists=True):
        return False
    return bool((app.sends.get(claim["pk"], claim["sk"]) or {}).get("by") != recipient.key)


def _called(app: "App", mails: Writer, recipient: Recipient, address: str, raw: bytes, row: Item) -> Result:
    message = mails.message
    tags = {
        "campaign": message.campaign,
        "step": message.step,
        "version": message.version,
        "candidate": recipient.key,
    }
    try:
        message_id = app.mailer.send(raw, sender=message.sender, recipient=address, tags=tags)
    except (MailThrottled, MailSendingPaused) as refusal:
        app.sends.delete(row["pk"], row["sk"])
        log.event("mail.put_back", campaign=message.campaign, reason=str(refusal))
        return Result.THROTTLED if isinstance(refusal, MailThrottled) else Result.SENDING_PAUSED
    except MailRefused as refusal:
        _move(app, row, State.FAILED, reason=str(refusal)[:200])
        return Result.FAILED
    except MailInDoubt as doubt:
        log.event("mail.unanswered", campaign=message.campaign, candidate=recipient.key, reason=str(doubt))
        return Result.INTENT
    _move(app, row, State.ACCEPTED, message_id=message_id)
    return Result.ACCEPTED


def _move(app: "App", row: Item, to: State, **values: str) -> None:
    app.sends.update(row["pk"], row["sk"], {"state": to, **values}, only_if={"state": set(before(to))})


def _ended(app: "App", mails: Writer, recipient: Recipient, state: State, reason: str) -> Result:
    """Accounts for somebody who gets no mail; a row of another worker stands."""
    written = app.sends.put(_row(app, mails, recipient, state, str(reason)), unless_exists=True)
    return Result(state) if written else Result.TAKEN


def _row(app: "App", mails: Writer, recipient: Recipient, state: State, reason: str) -> Item:
    message, now = mails.message, app.clock.now()
    row = {
        "pk": ledger_pk(message.campaign, message.step, message.version, recipient.key),
        "sk": recipient.key,
        "state": state,
        "at": now.isoformat(),
        "candidate_id": recipient.id,
        # Two workers may write at the same moment: a repeated call of one must not pass for the other's.
        "attempt": ulid(now),
    }
    return {**row, "reason": reason} if reason else row


def _values(app: "App", mails: Writer, recipient: Recipient) -> dict[str, str]:
    message = mails.message
    values = {**dict.fromkeys(OF_CANDIDATE, ""), **recipient.slots}
    claims = {
        link.CAMPAIGN: message.campaign,
        link.STEP: message.step,
        link.VERSION: message.version,
        link.CANDIDATE: recipient.candidate,
    }
    values[MAIL_TOKEN] = app.links.sign(Purpose.MAIL, claims)
    if message.reply_mark:
        values[REPLY_TOKEN] = reply_address.token(app.links, message.reply_mark, recipient.candidate)
    if PREFERENCES_TOKEN in mails.names:
        values[PREFERENCES_TOKEN] = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: recipient.candidate})
    return values
