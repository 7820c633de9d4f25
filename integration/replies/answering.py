"""An answer to a campaign mail: what follows depends on who or what answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from integration import drips, log, sending
from integration.errors import Gone
from integration.messages import message_of_mark, writer
from integration.model.answers import judge
from integration.model.delivered import Delivered
from integration.model.event import Event
from integration.model.event import Kind as EventKind
from integration.model.identity import candidate_key
from integration.model.incoming import Incoming, Kind, Verdict
from integration.model.ledger import ledger_pk
from integration.model.registration import Kind as Sent
from integration.model.registration import Registration, Source
from integration.model.reply_address import Answered
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import MembershipStage, Touch
from integration.ports import Queue
from integration.records import PoolMembership
from integration.registration.writing import touch
from integration.replies import forwarding, tasks
from integration.replies.people import Person, person_of
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App


@dataclass(frozen=True)
class _Answer:
    """One answer with all that its effects need."""

    cause: str
    at: str
    mail: Incoming
    verdict: Verdict
    campaign: str
    step: str
    version: str
    candidate: str
    """Candidate key as the ledger has it."""
    is_spam: bool

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def day(self) -> str:
        return self.at[:10]


def take(app: App, told: Delivered, mail: Incoming, answered: Answered, cause: str) -> str:
    """Key: the mail's cause. Raises Gone when message or person are gone."""
    message = message_of_mark(app, answered.mark)
    if message is None:
        raise Gone("The message that is answered is gone.")
    campaign, step, version = message
    verdict = judge(mail)
    answer = _Answer(cause, told.at, mail, verdict, campaign, step, version, answered.candidate, told.is_spam)
    if verdict.kind in (Kind.BOUNCE, Kind.COMPLAINT):
        _tell_the_ledger(app, answer)
    elif verdict.kind is Kind.OUT_OF_OFFICE:
        _note_absence(app, answer)
    elif verdict.kind is Kind.REMOVE_ME:
        _opt_out(app, answer)
    elif verdict.kind is Kind.PERSON:
        _pass_on(app, answer)
    log.event("answer.judged", kind=verdict.kind, rule=verdict.reason, candidate=answered.candidate)
    return str(verdict.kind)


def _tell_the_ledger(app: App, answer: _Answer) -> None:
    """As if the provider had said it: the same path settles the mail, stops the address and counts."""
    verdict = answer.verdict
    kind = EventKind.BOUNCE if verdict.kind is Kind.BOUNCE else EventKind.COMPLAINT
    detail = f"{verdict.bounce}/Reply {verdict.status}" if kind is EventKind.BOUNCE else "abuse"
    row = app.sends.get(ledger_pk(answer.campaign, answer.step, answer.version, answer.candidate), answer.candidate)
    if row is None:
        raise Gone("No such mail was sent.")
    event = Event(
        id=hashlib.sha256(f"{kind}|{answer.cause}".encode()).hexdigest()[:32],
        kind=kind,
        at=answer.at,
        campaign=answer.campaign,
        step=answer.step,
        version=answer.version,
        candidate=answer.candidate,
        message_id=str(row.get("message_id", "")),
        detail=detail.strip(),
    )
    app.queues.send(Queue.EVENTS, event.as_message())


def _note_absence(app: App, answer: _Answer) -> None:
    """In the timeline, done already: there is nothing to do, and the series goes on."""
    person = person_of(app, answer.candidate, answer.campaign)
    until = answer.verdict.back_on
    subject = f"Out of office until {until}" if until else "Out of office"
    _task(app, answer, person, subject, done=True)


def _opt_out(app: App, answer: _Answer) -> None:
    """No further mail from this second on, then the records; the owner reads the words."""
    sending.suppress(app, candidate=answer.candidate, reason=sending.Reason.UNSUBSCRIBED, at=answer.when)
    drips.hear(app, [_signal(answer, SignalKind.UNSUBSCRIBED)])
    person = person_of(app, answer.candidate, answer.campaign)
    wish = Registration(
        id=candidate_key(f"mail/{answer.cause}", answer.when),
        kind=Sent.PREFERENCES,
        at=answer.at,
        candidate=answer.candidate,
        fields={"action": "all"},
        evidence="asked for it by mail",
        source=Source(campaign=person.campaign),
    )
    app.queues.send(Queue.REGISTRATIONS, wish.as_message())
    _touch(app, answer, person)
    _task(app, answer, person, f"{person.name} asked to get no more mail: was unsubscribed", done=True)


def _pass_on(app: App, answer: _Answer) -> None:
    """The series stops first; then the owner sees it: touchpoint, pool stage, task and the mail itself."""
    drips.hear(app, [_signal(answer, SignalKind.REPLIED)])
    person = person_of(app, answer.candidate, answer.campaign)
    _touch(app, answer, person)
    _move_stage(app, person)
    subject = f"{person.name} answered: {answer.mail.subject or '(no subject)'}"
    _task(app, answer, person, subject)
    if not answer.is_spam:
        message = writer(app, answer.campaign, answer.step, answer.version).message
        sender, owner = message.sender, person.owner.email if person.owner else ""
        to = message.answers_to or owner or sender
        forwarding.forward(app, answer.mail, answer.cause, sender=sender, to=to, candidate_id=person.id)
    app.queues.send(Queue.CHANGES, {"candidates": [person.id]})


def _signal(answer: _Answer, kind: SignalKind) -> Signal:
    """It ends all series of the person, whichever mail was answered."""
    return Signal(kind=kind, candidate=answer.candidate, at=answer.at, cause=f"mail/{answer.cause}")


def _touch(app: App, answer: _Answer, person: Person) -> None:
    sent = Registration(id=answer.cause, kind=Sent.PREFERENCES, at=answer.at, source=Source(campaign=person.campaign))
    touch(app, person.id, Touch.REPLIED, sent, "", "")


def _move_stage(app: App, person: Person) -> None:
    """Where the person was only contacted so far; what a recruiter has set since stays."""
    where = both(
        equals(PoolMembership.CANDIDATE, person.id), equals(PoolMembership.STAGE, MembershipStage.CONTACTED.value)
    )
    rows = app.salesforce.query(select(PoolMembership.API_NAME, [PoolMembership.ID], where=where))
    if rows:
        stage = MembershipStage.REPLIED.value
        app.salesforce.update_many(
            PoolMembership.API_NAME,
            [{PoolMembership.ID: row[PoolMembership.ID], PoolMembership.STAGE: stage} for row in rows],
        )


def _task(app: App, answer: _Answer, person: Person, subject: str, *, done: bool = False) -> None:
    notes = [f"From: {answer.mail.sender}" if answer.mail.sender else ""]
    if answer.is_spam:
        notes.append("The mail provider takes this for spam: it was not forwarded.")
    if answer.verdict.asks_to_stop:
        notes.append("The person may want no more mail. Read it, and set Do not contact if so.")
    if answer.mail.attachments:
        notes.append("Files: " + ", ".join(each.name for each in answer.mail.attachments))
    notes += [f"Left out: {each}" for each in answer.mail.left_out]
    text = answer.mail.own_text or answer.mail.text
    whole = "\n".join([*(note for note in notes if note), "", text])
    tasks.write(
        app, person.id, subject, whole, cause=f"mail/{answer.cause}", owner=person.owner, on=answer.day, done=done
    )
