"""What a person asks for on the page of preferences: topics, how often, a pause, nothing any more, or mail again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import drips, log
from integration.alerts import saving
from integration.candidates import parsing
from integration.errors import Rejected, TryAgain
from integration.model import link
from integration.model import topic as topics
from integration.model.link import Purpose as LinkPurpose
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.model.topic import MAIL_TOPICS, Word
from integration.model.vocabulary import ConsentState, ContactStatus, MailFrequency, Purpose
from integration.ports import Item, Queue, Value
from integration.records import Candidate, ContactPoint, parent
from integration.registration.writing import Known, confirm_address, known, write_consents
from integration.sending import queue_transactional
from integration.sending.aliases import SUPPRESSION, person_pk
from integration.sending.suppression import Reason, note_frequency, note_topics, release, standing, suppress
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

PAUSE = timedelta(days=90)


@dataclass(frozen=True)
class Standing:
    """What holds for a person now, as the page of preferences shows it."""

    topics: frozenset[str]
    frequency: MailFrequency
    stopped: bool = False
    paused_until: str = ""
    """YYYY-MM-DD, of a pause that lasts."""


NOTHING_KNOWN = Standing(frozenset({Purpose.TALENT_COMMUNITY.value}), MailFrequency.AS_IT_COMES)


def standing_of(app: App, candidate: str) -> Standing:
    """Read where the senders look; Salesforce is not asked."""
    item: Item = app.people.get(person_pk(candidate), SUPPRESSION) or {}
    reason = standing(item, app.clock.now().isoformat()) if item.get("reason") else None
    words = {topic: str(item.get(topics.attribute(topic), "")) for topic in MAIL_TOPICS}
    wanted = {str(topic) for topic, word in words.items() if topics.refusal(topic, [word] if word else []) is None}
    paused = str(item.get("until", ""))[:10] if reason is Reason.PAUSED else ""
    frequency = MailFrequency(item.get("frequency") or MailFrequency.AS_IT_COMES)
    return Standing(frozenset(wanted), frequency, reason is Reason.UNSUBSCRIBED, paused)


def carry_out(app: App, sent: Registration) -> None:
    """Key: the wish's id. The stop is written first where the sender looks, then on the records."""
    action = sent.fields.get("action", "")
    if action not in _CARRIED_OUT:
        raise Rejected("A wish names no action.", field="action", value=action[:40])
    candidate = _CARRIED_OUT[action](app, sent)
    app.queues.send(Queue.CHANGES, {"candidates": [candidate.id]})
    log.event("preferences.changed", id=sent.id, candidate=candidate.id, action=action)


def _start_again(app: App, sent: Registration) -> Known:
    release(app, sent.candidate)
    candidate = known(app, candidate_key=sent.candidate)
    app.salesforce.update(Candidate.API_NAME, candidate.id, {Candidate.PAUSED_UNTIL: None})
    return candidate


def _stop_everything(app: App, sent: Registration) -> Known:
    suppress(app, candidate=sent.candidate, reason=Reason.UNSUBSCRIBED, at=sent.when)
    candidate = known(app, candidate_key=sent.candidate)
    drips.hear(app, [Signal(SignalKind.UNSUBSCRIBED, candidate.key, sent.at, cause=f"wish|{sent.id}")])
    _consent(app, candidate.id, sent, tuple(Purpose), ConsentState.WITHDRAWN)
    if candidate.email:
        confirm_address(app, candidate.id, candidate.email, ContactStatus.UNSUBSCRIBED)
    return candidate


def _stop_topics(app: App, sent: Registration) -> Known:
    """The link of a mail about one topic: that one stops, the others go on."""
    note_topics(app, sent.candidate, sent.purposes, Word.WITHDRAWN)
    candidate = known(app, candidate_key=sent.candidate)
    _consent(app, candidate.id, sent, sent.purposes, ConsentState.WITHDRAWN)
    return candidate


def _pause(app: App, sent: Registration) -> Known:
    until = sent.when + PAUSE
    suppress(app, candidate=sent.candidate, reason=Reason.PAUSED, at=sent.when, until=until)
    candidate = known(app, candidate_key=sent.candidate)
    app.salesforce.update(Candidate.API_NAME, candidate.id, {Candidate.PAUSED_UNTIL: until.date().isoformat()})
    return candidate


def _save(app: App, sent: Registration) -> Known:
    """Topics, frequency and language as they were sent. Only what the person changed becomes a row of the ledger."""
    wanted = {topic for topic in MAIL_TOPICS if topic in sent.purposes}
    shown = {topic for topic in MAIL_TOPICS if topic in sent.fields.get("shown", "").split("|")}
    unwanted = set(MAIL_TOPICS) - wanted
    note_topics(app, sent.candidate, unwanted, Word.WITHDRAWN)
    note_topics(app, sent.candidate, wanted, Word.GIVEN)
    frequency = MailFrequency(sent.fields.get("frequency") or MailFrequency.AS_IT_COMES)
    note_frequency(app, sent.candidate, frequency)
    candidate = known(app, candidate_key=sent.candidate)
    if Purpose.TALENT_COMMUNITY in unwanted:  # what drips write about
        drips.hear(app, [Signal(SignalKind.UNSUBSCRIBED, candidate.key, sent.at, cause=f"wish|{sent.id}")])
    _consent(app, candidate.id, sent, tuple(sorted(shown - wanted)), ConsentState.WITHDRAWN)
    _consent(app, candidate.id, sent, tuple(sorted(wanted - shown)), ConsentState.GIVEN)
    if Purpose.JOB_ALERTS in wanted - shown:
        saving.make(app, candidate, sent)
    values: dict[str, Value] = {Candidate.MAIL_FREQUENCY: frequency.value}
    if language := sent.fields.get("language"):
        values[Candidate.LANGUAGE] = language
    app.salesforce.update(Candidate.API_NAME, candidate.id, values)
    return candidate


_CARRIED_OUT: Mapping[str, Callable[[App, Registration], Known]] = {
    "save": _save,
    "pause": _pause,
    "all": _stop_everything,
    "again": _start_again,
    "topics": _stop_topics,
}
ACTIONS = frozenset(_CARRIED_OUT) - {"topics"}
"""The buttons of the page."""


def send_link(app: App, sent: Registration) -> None:
    """Key: the form's id, and the address once a day. Only a known address gets a mail; nobody is told which."""
    address = parsing.email(sent.fields.get("email", ""))
    where = equals(ContactPoint.KEY, address.key)
    path = parent(ContactPoint.CANDIDATE, Candidate.CANDIDATE_KEY)
    language = parent(ContactPoint.CANDIDATE, Candidate.LANGUAGE)
    fields = [ContactPoint.CANDIDATE, ContactPoint.VALUE, path, language]
    rows = app.salesforce.query(select(ContactPoint.API_NAME, fields, where=where, limit=1))
    if not rows or not rows[0][path]:
        log.event("preferences.unknown_address", id=sent.id)
        return
    [row] = rows
    key = str(row[path])
    claims = {link.CANDIDATE: key, link.LANGUAGE: str(row[language] or "")[:2]}
    token = app.links.sign(LinkPurpose.PREFERENCES, claims)
    recipient = {"key": key, "id": str(row[ContactPoint.CANDIDATE]), "email": str(row[ContactPoint.VALUE])}
    slots = {"confirm_url": f"{app.config.public_base_url}/preferences/{token}"}
    try:
        queue_transactional(app, "preferences", recipient, slots, sent.id)
    except Rejected as rejected:
        raise TryAgain(f"the mail with the link cannot be made: {rejected.message}", seconds=300) from rejected


def _consent(app: App, candidate_id: str, sent: Registration, purposes: Sequence[str], state: ConsentState) -> None:
    if purposes:
        write_consents(app, candidate_id, replace(sent, purposes=tuple(str(one) for one in purposes)), state)
