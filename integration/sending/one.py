"""One mail to one person: the row first, one call, then what the answer proves."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from jinja2 import TemplateError

from integration import log
from integration.messages import TooLong
from integration.messages.slots import OF_CANDIDATE
from integration.model import link, reply_address
from integration.model.address import fingerprint, sendable
from integration.model.decision import Name, Outcome, decide
from integration.model.facts import Facts
from integration.model.ledger import State, before
from integration.model.link import Purpose
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, REPLY_TOKEN, Writer
from integration.model.ulid import ulid
from integration.ports import Item, MailInDoubt, MailRefused, MailSendingPaused, MailThrottled
from integration.sending import listing, mails, notices, quota
from integration.sending.aliases import Aliases
from integration.sending.control import Control
from integration.sending.deciding import Known, Step, Variants, known
from integration.sending.recipients import Recipient, chunk_key, recipients_of

if TYPE_CHECKING:
    from integration.app import App

__all__ = ["Attempt", "Recipient", "Result", "chunk_key", "recipients_of", "send_one"]


class Result(StrEnum):
    """What became of one attempt: a state of the row, or what leaves no row of ours."""

    ACCEPTED = State.ACCEPTED
    INTENT = State.INTENT
    FAILED = State.FAILED
    IN_DOUBT = State.IN_DOUBT
    SUPPRESSED = State.SUPPRESSED
    TAKEN = "taken"
    """Another worker has the row: the next run reads what it did."""
    DEFERRED = "deferred"
    THROTTLED = "throttled"
    SENDING_PAUSED = "sending paused"


@dataclass(frozen=True)
class Attempt:
    """One attempt; a deferred one says until when and why."""

    result: Result
    until: datetime | None = None
    reason: str = ""


_LOOKS = 5
"""How often the person's mails are read again when another campaign writes to them in this moment."""


def send_one(
    app: "App",
    letters: Writer,
    recipient: Recipient,
    control: Control,
    since: datetime | None = None,
    again: int = 0,
    variants: Variants = (),
) -> Attempt:
    """Claims the row, calls the provider once and marks what is proven; never a second call for one row."""
    message = letters.message
    transactional = message.kind == "transactional"
    step = Step(message.campaign, message.step, message.version, transactional, message.topic, variants)
    for _ in range(_LOOKS):
        person = known(app, step, recipient, control, since)
        decision = decide(person.facts)
        if decision.outcome is Outcome.DEFERRED:
            return Attempt(Result.DEFERRED, decision.until, decision.reason)
        if decision.outcome is Outcome.STOPPED:
            is_fault = decision.deciding and decision.deciding.name is Name.ADDRESS
            state = State.FAILED if is_fault else State.SUPPRESSED
            return _ended(app, step, recipient, person.facts, state, decision.reason, again)
        if step.transactional:
            return _sent(app, letters, recipient, step, person, again)
        address, now = sendable(recipient.email), person.facts.now
        if not quota.take(app, control, address, now):
            continue  # somebody took the last place of the day: the next look says so
        attempt = Attempt(Result.TAKEN)
        if mails.claim(app, person.aliases.root, person.mails, step.mail, now):
            attempt = _sent(app, letters, recipient, step, person, again)
        if attempt.result not in (Result.ACCEPTED, Result.INTENT):
            quota.give_back(app, control, address, now)
        if attempt.result is not Result.TAKEN:
            return attempt
    return Attempt(Result.TAKEN)  # so many others write to this person at this moment: look again


def _sent(app: "App", letters: Writer, recipient: Recipient, step: Step, person: Known, again: int) -> Attempt:
    facts, address = person.facts, sendable(recipient.email)
    notice = bool(recipient.found_by) and not person.told and not step.transactional
    if twin := _twin_at_work(app, step, recipient, person.aliases):
        facts = replace(facts, twin=twin)
        return _ended(app, step, recipient, facts, State.SUPPRESSED, decide(facts).reason, again)
    try:
        raw = letters.write(address, _values(app, letters, recipient, notice=notice), facts.now)
    except (TooLong, TemplateError) as fault:
        mails.give_back(app, person.aliases.root, step.mail)
        reason = f"the template cannot be filled ({type(fault).__name__})"
        return _ended(app, step, recipient, facts, State.FAILED, reason, again)
    row = _row(app, step, recipient, facts, State.INTENT, "")
    row["address"] = fingerprint(address, app.links.salt)
    if not (_claimed_again(app, row, again) if again else app.sends.put(row, unless_exists=True)):
        return Attempt(Result.TAKEN)
    result = _called(app, letters, recipient, address, raw, row)
    if notice and result is Result.ACCEPTED:
        notices.told(app, recipient)
    if again and result not in (Result.ACCEPTED, Result.INTENT):
        return Attempt(_doubted_as_before(app, row, again, result))
    if result not in (Result.ACCEPTED, Result.INTENT) and not step.transactional:
        mails.give_back(app, person.aliases.root, step.mail)
    return Attempt(result)


def _claimed_again(app: "App", row: Item, again: int) -> bool:
    """One more attempt at a mail in doubt: the wish on the row is used up with it."""
    cleared = dict.fromkeys(("again_wanted", "reason", "doubted_at", "listed"))
    values = {name: value for name, value in row.items() if name not in ("pk", "sk")}
    wanted = {"state": State.IN_DOUBT, "again_wanted": again}
    return app.sends.update(row["pk"], row["sk"], {**cleared, **values, "again": again}, only_if=wanted)


def _doubted_as_before(app: "App", row: Item, again: int, result: Result) -> Result:
    """The second copy did not go. The first may have gone, so the row cannot say that none did."""
    once_more = result in (Result.THROTTLED, Result.SENDING_PAUSED)
    doubted = {**row, "state": State.IN_DOUBT, "reason": "no answer and no event", "again": again}
    app.sends.put({**doubted, "again_wanted": again} if once_more else doubted)
    return result if once_more else Result.IN_DOUBT


def _twin_at_work(app: "App", step: Step, recipient: Recipient, alias: Aliases) -> str:
    """Two workers may be at two keys of one person in this moment: the first one to say so has the mail."""
    if step.transactional or not alias.others:
        return ""
    claim = {"pk": f"once#{step.campaign}#{step.place}", "sk": alias.root}
    if app.sends.put({**claim, "by": recipient.key}, unless_exists=True):
        return ""
    by = str((app.sends.get(claim["pk"], claim["sk"]) or {}).get("by", ""))
    return "" if by == recipient.key else by


def _called(app: "App", letters: Writer, recipient: Recipient, address: str, raw: bytes, row: Item) -> Result:
    message = letters.message
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


def _ended(
    app: "App", step: Step, recipient: Recipient, facts: Facts, state: State, reason: str, again: int = 0
) -> Attempt:
    """Accounts for somebody who gets no mail; a row of another worker stands, and so does a doubt."""
    if again:
        unwanted = {"again_wanted": None, "again_refused": reason}
        app.sends.update(*step.row_of(recipient.key), unwanted, only_if={"state": State.IN_DOUBT})
        return Attempt(Result.IN_DOUBT)
    written = app.sends.put(_row(app, step, recipient, facts, state, reason), unless_exists=True)
    return Attempt(Result(state), reason=reason) if written else Attempt(Result.TAKEN)


def _row(app: "App", step: Step, recipient: Recipient, facts: Facts, state: State, reason: str) -> Item:
    now = app.clock.now()
    pk, sk = step.row_of(recipient.key)
    row = {
        "pk": pk,
        "sk": sk,
        "state": state,
        "at": now.isoformat(),
        "candidate_id": recipient.id,
        # Two workers may write at the same moment: a repeated call of one must not pass for the other's.
        "attempt": ulid(now),
        # What the decision was made of, so that it can be made again.
        "facts": facts.kept(),
    }
    return {**row, "reason": reason} if reason else row


def _values(app: "App", letters: Writer, recipient: Recipient, *, notice: bool) -> dict[str, str]:
    message = letters.message
    values = {**dict.fromkeys(OF_CANDIDATE, ""), **recipient.slots}
    claims = {
        link.CAMPAIGN: message.campaign,
        link.STEP: message.step,
        link.VERSION: message.version,
        **_whose(recipient),
    }
    values[MAIL_TOKEN] = app.links.sign(Purpose.MAIL, claims)
    if message.reply_mark:
        values[REPLY_TOKEN] = reply_address.token(app.links, message.reply_mark, recipient.candidate)
    if PREFERENCES_TOKEN in letters.names or notice:
        values[PREFERENCES_TOKEN] = app.links.sign(Purpose.PREFERENCES, _whose(recipient))
    if recipient.jobs:
        values |= listing.slots_of(app, recipient, _whose(recipient))
    if notice:
        values |= notices.slots_of(app, message, recipient, values[PREFERENCES_TOKEN])
    return values


def _whose(recipient: Recipient) -> dict[str, str]:
    """Whom a link is written to, and the language of the pages behind it."""
    language = {link.LANGUAGE: recipient.language[:2]} if recipient.language else {}
    return {link.CANDIDATE: recipient.candidate, **language}
