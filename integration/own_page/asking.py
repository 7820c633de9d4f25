"""What a person asks for on their own page, one function for each button."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import drips, log
from integration.alerts import saving
from integration.errors import Rejected
from integration.model import provenance
from integration.model.identity import Name, name_key
from integration.model.provenance import Source, Trust
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.model.stage import in_words
from integration.model.vocabulary import Command, PrivacyKind, Stage
from integration.own_page import addressing
from integration.own_page.gathering import gather
from integration.ports import Queue, Value
from integration.records import Application, Candidate, PrivacyRequest
from integration.referrals import inviting
from integration.registration.files import attach_resume
from integration.registration.writing import Known, create_once, known
from integration.sending.suppression import Reason, suppress
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

ANSWER_WITHIN = timedelta(days=30)
"""Article 12: a request is answered within a month."""
CORRECTED: Mapping[str, str] = {
    "first_name": Candidate.FIRST_NAME,
    "last_name": Candidate.LAST_NAME,
    "title": Candidate.TITLE,
    "employer": Candidate.EMPLOYER,
    "city": Candidate.CITY,
    "desired_role": Candidate.DESIRED_ROLE,
}


def carry_out(app: App, sent: Registration) -> None:
    """Key: the wish's id. Afterwards the page shows what holds now."""
    action = sent.fields.get("action", "")
    if action not in _ASKED:
        raise Rejected("A wish names no action.", field="action", value=action[:40])
    candidate = known(app, candidate_key=sent.candidate)
    _ASKED[action](app, sent, candidate)
    if action != "erase":  # what is being erased is not collected once more
        gather(app, candidate.id, candidate.key)
    log.event("own_page.asked", id=sent.id, candidate=candidate.id, action=action)


def _show(app: App, sent: Registration, candidate: Known) -> None:
    """What is gathered afterwards is all there is to it."""


def _correct(app: App, sent: Registration, candidate: Known) -> None:
    """The person's own word replaces everybody's, and the record says that it is theirs."""
    values: dict[str, Value] = {field: sent.fields[name] for name, field in CORRECTED.items() if sent.fields.get(name)}
    if values:
        _write_corrected(app, sent, candidate, values)
    attach_resume(app, candidate.id, sent)
    app.queues.send(Queue.CHANGES, {"candidates": [candidate.id]})


def _write_corrected(app: App, sent: Registration, candidate: Known, values: dict[str, Value]) -> None:
    fields = [Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.FIELD_SOURCES]
    [row] = app.salesforce.query(select(Candidate.API_NAME, fields, where=equals(Candidate.ID, candidate.id)))
    source = Source.of(Trust.CANDIDATE, sent.when, "own page")
    facts = provenance.read(str(row[Candidate.FIELD_SOURCES] or ""))
    facts |= {name: provenance.fact(source, value) for name, value in values.items()}
    first, last = (str(values.get(name) or row[name] or "") for name in fields[:2])
    noted = {Candidate.FIELD_SOURCES: provenance.write(facts), Candidate.NAME_KEY: name_key(Name(first, last))}
    app.salesforce.update(Candidate.API_NAME, candidate.id, {**values, **noted})


def _withdraw(app: App, sent: Registration, candidate: Known) -> None:
    """Only the person's own application, and only while it is open."""
    where = both(
        equals(Application.ID, sent.fields.get("application", "")), equals(Application.CANDIDATE, candidate.id)
    )
    rows = app.salesforce.query(select(Application.API_NAME, [Application.ID, Application.STAGE], where=where))
    if not rows or not in_words(str(rows[0][Application.STAGE] or "")).is_open:
        return
    app.salesforce.update(
        Application.API_NAME, str(rows[0][Application.ID]), {Application.STAGE: Stage.WITHDRAWN.value}
    )
    cause = f"withdrawn|{rows[0][Application.ID]}"
    detail = Stage.WITHDRAWN.value
    drips.hear(app, [Signal(SignalKind.STAGE_CHANGED, candidate.key, sent.at, cause=cause, detail=detail)])


def _save_alert(app: App, sent: Registration, candidate: Known) -> None:
    saving.save(app, candidate, sent)


def _end_alert(app: App, sent: Registration, candidate: Known) -> None:
    saving.end(app, candidate, sent)


def _erase(app: App, sent: Registration, candidate: Known) -> None:
    """A request with its date, commanded at once: the person need not wait for anybody to press a button."""
    row: dict[str, Value] = {
        PrivacyRequest.CANDIDATE: candidate.id,
        PrivacyRequest.KIND: PrivacyKind.ERASURE.value,
        PrivacyRequest.DUE_ON: (sent.when + ANSWER_WITHIN).date().isoformat(),
        PrivacyRequest.KEY: sent.id,
        PrivacyRequest.COMMAND: Command.ERASE.value,
    }
    create_once(app, PrivacyRequest.API_NAME, [row])
    suppress(app, candidate=candidate.key, reason=Reason.UNSUBSCRIBED, at=sent.when)


_ASKED: Mapping[str, Callable[[App, Registration, Known], None]] = {
    "show": _show,
    "correct": _correct,
    "email": addressing.ask,
    "email confirmed": addressing.confirm,
    "withdraw": _withdraw,
    "alert": _save_alert,
    "end alert": _end_alert,
    "erase": _erase,
    "invite": inviting.invite,
}
ACTIONS = frozenset(_ASKED) - {"email confirmed", "invite"}
"""The buttons of the page."""
