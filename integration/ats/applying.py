"""Writes one event of an ATS: application, candidate, touchpoint, result by source; ends the person's drips."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from integration import drips
from integration.candidates import announce, standing
from integration.candidates.parsing import email
from integration.candidates.writing import DUPLICATE, raise_passing
from integration.errors import Rejected, TryAgain, shortened
from integration.model.ats_event import AtsEvent
from integration.model.event import SITE, Event, Kind
from integration.model.lifecycle import Cause
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import Stage, Touch
from integration.ports import Queue, Record, Value
from integration.records import Application, Candidate, ContactPoint, JobRequisition, Touchpoint, parent
from integration.referrals import deciding
from integration.soql import either, equals, select

if TYPE_CHECKING:
    from integration.app import App

OUTCOMES = {
    Stage.APPLIED: Kind.APPLIED,
    Stage.QUALIFIED: Kind.QUALIFIED,
    Stage.INTERVIEW: Kind.INTERVIEWED,
    Stage.OFFER: Kind.OFFERED,
    Stage.HIRED: Kind.HIRED,
}
TOUCHES = {Stage.APPLIED: Touch.APPLIED, Stage.INTERVIEW: Touch.INTERVIEWED, Stage.HIRED: Touch.HIRED}
REACHED = {
    Stage.QUALIFIED: Application.QUALIFIED_AT,
    Stage.INTERVIEW: Application.INTERVIEW_AT,
    Stage.OFFER: Application.OFFER_AT,
    Stage.HIRED: Application.HIRED_AT,
}
"""Where a stage's time stands."""
SIGNALS = {Stage.APPLIED: SignalKind.APPLIED, Stage.HIRED: SignalKind.HIRED}
"""Every other stage is a change of stage."""
_SPEAKER = "the applicant tracking system"
_CANDIDATE = (
    Candidate.ID,
    Candidate.CANDIDATE_KEY,
    Candidate.FIRST_SOURCE,
    Candidate.COLLECTED_AT,
    *standing.FIELDS,
    Candidate.ATS_ID,
)
_APPLICATION = (
    Application.ID,
    Application.STAGE,
    Application.HIRED_AT,
    Application.ATS_ID,
    Application.FIRST_SOURCE,
    Application.CAMPAIGN,
)


def apply(app: App, event: AtsEvent) -> None:
    """Key: application and stage. Writes what the event says; raises Rejected when job or person is unknown."""
    requisition = _requisition(app, event.requisition)
    candidate = _candidate(app, event)
    application = _application(app, event, requisition, candidate)
    _move(app, event, application)
    _person(app, event, candidate)
    _touch(app, event, requisition, candidate, application)
    _count(app, event, requisition, candidate, application)
    drips.hear(app, [_signal(event, candidate, application)])
    deciding.review(app, str(candidate[Candidate.ID]))


def _signal(event: AtsEvent, candidate: Record, application: Record) -> Signal:
    """A stage that was reached; the person's drips end by it."""
    return Signal(
        SIGNALS.get(event.stage, SignalKind.STAGE_CHANGED),
        candidate=str(candidate[Candidate.CANDIDATE_KEY]),
        at=event.at.isoformat(),
        cause=f"ats|{application[Application.ID]}|{event.stage}|{event.at.isoformat()}",
        detail=event.stage.value,
    )


def _requisition(app: App, number: str) -> str:
    known = equals(JobRequisition.ATS_ID, number)
    if len(number) in (15, 18) and number.isascii() and number.isalnum():
        known = either(known, equals(JobRequisition.ID, number))
    rows = app.salesforce.query(select(JobRequisition.API_NAME, [JobRequisition.ID], where=known, limit=2))
    if not rows:
        raise Rejected(
            f"no requisition has the ATS id “{shortened(number)}”. Fill it in on the requisition, then use Sync now.",
            field="ATS_Id__c",
            value=shortened(number),
        )
    return str(rows[0][JobRequisition.ID])


def _candidate(app: App, event: AtsEvent) -> Record:
    if event.candidate:
        where = equals(Candidate.ATS_ID, event.candidate)
        if rows := app.salesforce.query(select(Candidate.API_NAME, _CANDIDATE, where=where, limit=1)):
            return rows[0]
    if event.email:
        paths = {name: parent(ContactPoint.CANDIDATE, name) for name in _CANDIDATE}
        where = equals(ContactPoint.KEY, email(event.email).key)
        if rows := app.salesforce.query(select(ContactPoint.API_NAME, list(paths.values()), where=where, limit=1)):
            return {name: rows[0][path] for name, path in paths.items()}
    raise Rejected(
        "no candidate has the person's e-mail address or ATS id. Add the candidate, then use Sync now.",
        field="Email__c",
    )


def _application(app: App, event: AtsEvent, requisition: str, candidate: Record) -> Record:
    """The application of this person for this job, made when there is none."""
    key = f"{candidate[Candidate.ID]}|{requisition}"
    query = select(Application.API_NAME, _APPLICATION, where=equals(Application.KEY, key))
    if not (rows := app.salesforce.query(query)):
        row: dict[str, Value] = {
            Application.CANDIDATE: candidate[Candidate.ID],
            Application.REQUISITION: requisition,
            Application.KEY: key,
            Application.STAGE: Stage.APPLIED.value,
            Application.APPLIED_AT: (event.applied_at or event.at).isoformat(timespec="seconds"),
            Application.FIRST_SOURCE: candidate[Candidate.FIRST_SOURCE],
            Application.LAST_SOURCE: candidate[Candidate.FIRST_SOURCE],
        }
        _create(app, Application.API_NAME, row)
        rows = app.salesforce.query(query)
    if not rows:
        raise TryAgain("the application is not to be seen yet")
    return rows[0]


def _move(app: App, event: AtsEvent, application: Record) -> None:
    """The newest event decides, whatever order they come in and however many workers are at it."""
    application_id = str(application[Application.ID])
    stage = _newest_stage(app, event, application_id)
    values: dict[str, Value] = {Application.STAGE: stage}
    if field := REACHED.get(event.stage):
        values[field] = event.at.isoformat(timespec="seconds")
    if event.stage is not Stage.HIRED and stage == event.stage.value and application[Application.HIRED_AT]:
        values[Application.HIRED_AT] = None  # the hire was taken back
    if event.application and (stage == event.stage.value or not application[Application.ATS_ID]):
        values[Application.ATS_ID] = event.application  # of two for one job, the newer one's
    app.salesforce.update(Application.API_NAME, application_id, values)
    # Another worker may have placed a newer event before this write: who writes last writes the newest.
    while (newest := _newest_stage(app, event, application_id)) != stage:
        stage = newest
        app.salesforce.update(Application.API_NAME, application_id, {Application.STAGE: stage})


def _newest_stage(app: App, event: AtsEvent, application_id: str) -> str:
    """The stage of the newest event seen, this one among them; of the same moment the further stage."""
    key = f"application#{application_id}", "stage"
    mine = {"at": event.at.isoformat(), "rank": list(Stage).index(event.stage), "stage": event.stage.value}
    while True:
        seen = app.claims.get(*key)
        if seen is not None and (seen["at"], int(seen["rank"])) >= (mine["at"], mine["rank"]):
            return str(seen["stage"])
        known = {name: seen[name] for name in ("at", "rank")} if seen is not None else {"at": None}
        if app.claims.update(*key, mine, only_if=known):
            return event.stage.value


def _person(app: App, event: AtsEvent, candidate: Record) -> None:
    candidate_id = str(candidate[Candidate.ID])
    values: dict[str, Value] = {}
    hire = app.claims.get(f"candidate#{candidate_id}", "hired")
    if event.stage is Stage.HIRED:
        app.claims.put({"pk": f"candidate#{candidate_id}", "sk": "hired", "at": event.at.isoformat()})
        values |= standing.moved(candidate, Cause.HIRED, at=event.at, by=_SPEAKER)
    else:
        person = app.salesforce.get(Candidate.API_NAME, candidate_id, _CANDIDATE)
        values |= standing.moved(person, Cause.APPLIED, at=event.at, by=_SPEAKER)
    if event.candidate and not candidate[Candidate.ATS_ID]:
        values[Candidate.ATS_ID] = event.candidate
    if not values:
        return
    app.salesforce.update(Candidate.API_NAME, candidate_id, values)
    if event.stage is not Stage.HIRED and app.claims.get(f"candidate#{candidate_id}", "hired") != hire:
        # Hired while this worker wrote that the person applied.
        person = app.salesforce.get(Candidate.API_NAME, candidate_id, _CANDIDATE)
        if hired := standing.moved(person, Cause.HIRED, at=event.at, by=_SPEAKER):
            app.salesforce.update(Candidate.API_NAME, candidate_id, hired)
    announce(app, [candidate_id])


def _touch(app: App, event: AtsEvent, requisition: str, candidate: Record, application: Record) -> None:
    if kind := TOUCHES.get(event.stage):
        row: dict[str, Value] = {
            Touchpoint.CANDIDATE: candidate[Candidate.ID],
            Touchpoint.KEY: f"{application[Application.ID]}|{kind.value}",
            Touchpoint.KIND: kind.value,
            Touchpoint.AT: event.at.isoformat(timespec="seconds"),
            Touchpoint.CHANNEL: candidate[Candidate.FIRST_SOURCE],
            Touchpoint.CAMPAIGN: application[Application.CAMPAIGN],
            Touchpoint.REQUISITION: requisition,
        }
        _create(app, Touchpoint.API_NAME, row)


def _count(app: App, event: AtsEvent, requisition: str, candidate: Record, application: Record) -> None:
    """Each outcome counts once for an application, credited to the first touch: its channel, in its month."""
    kind = OUTCOMES.get(event.stage)
    if kind is None:
        return
    collected = str(candidate[Candidate.COLLECTED_AT] or "")[:7]
    outcome = Event(
        id=hashlib.sha256(f"{kind.value}|{application[Application.ID]}".encode()).hexdigest()[:32],
        kind=kind,
        at=event.at.isoformat(timespec="milliseconds"),
        campaign=str(application[Application.CAMPAIGN] or SITE),
        candidate=str(candidate[Candidate.CANDIDATE_KEY]),
        channel=str(candidate[Candidate.FIRST_SOURCE] or application[Application.FIRST_SOURCE] or ""),
        requisition=requisition,
        source_month=collected or _month(event.at),
    )
    app.queues.send(Queue.EVENTS, outcome.as_message())


def _month(at: datetime) -> str:
    return f"{at:%Y-%m}"


def _create(app: App, object_name: str, row: dict[str, Value]) -> None:
    """One row under the key of its cause; an earlier attempt may have written it."""
    [outcome] = app.salesforce.create_many(object_name, [row])
    raise_passing([outcome])
    if not outcome.success and outcome.code != DUPLICATE:
        raise Rejected(outcome.message, field=outcome.fields[0] if outcome.fields else "")
