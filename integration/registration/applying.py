"""Applications from a job page: candidate, application, touchpoint, and what the person agreed to beside."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from integration import ats, drips, log
from integration.candidates import Origin, standing
from integration.candidates.writing import DUPLICATE, raise_passing
from integration.model.event import Kind
from integration.model.lifecycle import Cause
from integration.model.provenance import Trust
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import ConsentState, Stage, Touch
from integration.ports import Queue, Value
from integration.records import Application, Candidate
from integration.referrals import recording
from integration.registration.courtesy import thank
from integration.registration.files import attach_resume
from integration.registration.writing import (
    Known,
    candidate_of,
    channel_of,
    known,
    person_of,
    touch,
    write_consents,
    write_event,
)
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App


def apply(app: App, sent: Registration) -> None:
    """Key: candidate and requisition. A second application for the same job changes nothing but the touchpoints."""
    channel = channel_of(app, sent.source)
    origin = Origin(
        at=sent.when,
        collected_from="Application form",
        channel=channel,
        lawful_basis="Contract",
        trust=Trust.CANDIDATE,
    )
    if sent.candidate:  # applied in one step, by a link of their own
        candidate = known(app, candidate_key=sent.candidate)
    else:
        candidate = known(app, candidate_id=candidate_of(app, person_of(sent, whole=True), origin).id)
    application_id, is_new = _application(app, candidate, sent, channel)
    changes: dict[str, Value] = {Candidate.LAST_SOURCE: channel} if channel else {}
    row = {Candidate.LIFECYCLE: candidate.lifecycle, Candidate.LIFECYCLE_HISTORY: candidate.history}
    changes |= standing.moved(row, Cause.APPLIED, at=sent.when, by="the person on the career site")
    if changes:
        app.salesforce.update(Candidate.API_NAME, candidate.id, changes)
    # Ticked on an unproven address: it counts as asked for, and the person confirms it by registering.
    write_consents(app, candidate.id, sent, ConsentState.PENDING)
    attach_resume(app, candidate.id, sent)
    touch(app, candidate.id, Touch.APPLIED, sent, channel, sent.requisition)
    recording.record(app, candidate, sent, channel, sent.requisition)
    ats.offer_application(app, application_id, sent.requisition)
    if is_new:
        write_event(app, Kind.APPLIED, candidate, sent, cause=application_id, requisition=sent.requisition)
        thank(app, "applied", candidate, sent, requisition=sent.requisition)
    drips.hear(app, [Signal(SignalKind.APPLIED, candidate.key, sent.at, cause=f"applied|{application_id}")])
    app.queues.send(Queue.CHANGES, {"candidates": [candidate.id]})
    log.event("candidate.applied", id=sent.id, candidate=candidate.id, application=application_id)


def _application(app: App, candidate: Known, sent: Registration, channel: str) -> tuple[str, bool]:
    """The one application of this candidate for this job, and whether this form made it; it is never set back."""
    key = f"{candidate.id}|{sent.requisition}"
    row: dict[str, Value] = {
        Application.CANDIDATE: candidate.id,
        Application.REQUISITION: sent.requisition,
        Application.KEY: key,
        Application.STAGE: Stage.APPLIED.value,
        Application.APPLIED_AT: sent.when.isoformat(timespec="seconds"),
        Application.FIRST_SOURCE: candidate.first_source or channel or None,
        Application.LAST_SOURCE: channel or candidate.first_source or None,
        Application.CAMPAIGN: sent.source.campaign or None,
    }
    [outcome] = app.salesforce.create_many(Application.API_NAME, [row])
    raise_passing([outcome])
    if outcome.created:
        return outcome.id, True
    if not outcome.success and outcome.code != DUPLICATE:
        raise RuntimeError(f"the application was refused: {outcome.code} {outcome.message}")
    fields = [Application.ID, Application.APPLIED_AT]
    [standing] = app.salesforce.query(select(Application.API_NAME, fields, where=equals(Application.KEY, key)))
    applied_at = datetime.fromisoformat(str(standing[Application.APPLIED_AT] or sent.at))
    return str(standing[Application.ID]), applied_at == sent.when.replace(microsecond=0)
