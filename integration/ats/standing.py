"""Writes how applications stand in the ATS where the org says something else; nothing where it says the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from integration.ats.applying import apply
from integration.ats.connecting import Connection
from integration.ats.persons import anonymise, changed_hands, merge
from integration.candidates.parsing import email
from integration.errors import Rejected
from integration.model.ats import AtsAnonymised, AtsApplication, AtsChange, AtsMerge, AtsPerson, ats_id
from integration.model.ats_event import AtsEvent, plain_stage
from integration.model.vocabulary import Stage
from integration.ports import AtsChanges, Record
from integration.records import Application, Candidate, ContactPoint, JobRequisition, parent
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

CHUNK = 200
MOST_REASONS = 3
OPEN_STAGES = (Stage.APPLIED, Stage.QUALIFIED, Stage.INTERVIEW, Stage.OFFER)
_CANDIDATE_ATS_ID = parent(Application.CANDIDATE, Candidate.ATS_ID)
_APPLICATION = (Application.ATS_ID, Application.STAGE, Application.HIRED_AT, _CANDIDATE_ATS_ID)


@dataclass(frozen=True)
class Tally:
    """What came of some changes."""

    seen: int = 0
    changed: int = 0
    passed_over: int = 0
    """Applications of people or for jobs that are not here."""
    reasons: tuple[str, ...] = field(default=())
    """Why some could not be written."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.seen + other.seen,
            self.changed + other.changed,
            self.passed_over + other.passed_over,
            (self.reasons + other.reasons)[:MOST_REASONS],
        )


def write(app: App, connection: Connection, system: AtsChanges, changes: Sequence[AtsChange]) -> Tally:
    """Key: each application and its state. Merges first, so that what changed hands finds its person."""
    tally = Tally(len(changes))
    stages = connection.field_map.stages
    applications = [_named(one, stages) for one in changes if isinstance(one, AtsApplication) and one.job]
    known = _known(app, connection, applications)
    merges = [one for one in changes if isinstance(one, AtsMerge)]
    merges += changed_hands(system, _holders(known, connection, applications), app.clock.now())
    for one in merges:
        tally += Tally(changed=merge(app, connection, one))
    drifted = [one for one in applications if one.id in known and _differs(known[one.id], one)]
    events = [_event(connection, one) for one in drifted]
    strangers = [one for one in applications if one.id not in known]
    placed, passed_over = _placed(app, connection, system, strangers)
    tally += _apply(app, [*events, *placed]) + Tally(passed_over=passed_over)
    for nobody in changes:
        if isinstance(nobody, AtsAnonymised):
            tally += Tally(changed=anonymise(app, connection, nobody))
    return tally


def _named(one: AtsApplication, stages: Mapping[str, Stage]) -> AtsApplication:
    """An open application by the customer's own table of stages, where that names its stage."""
    own = stages.get(plain_stage(one.stage_word)) if one.stage_word else None
    return replace(one, stage=own) if own is not None and one.stage in OPEN_STAGES else one


def _apply(app: App, events: Iterable[AtsEvent]) -> Tally:
    tally = Tally()
    for event in sorted(events, key=lambda one: one.at):
        try:
            apply(app, event)
            tally += Tally(changed=1)
        except Rejected as rejected:
            tally += Tally(reasons=(rejected.message,))
    return tally


def _known(app: App, connection: Connection, applications: Sequence[AtsApplication]) -> dict[str, Record]:
    """The applications that the org knows, by the ATS's id."""
    ids = {ats_id(connection.key, one.id): one.id for one in applications}
    rows = _rows(app, Application.API_NAME, _APPLICATION, Application.ATS_ID, list(ids))
    by_name = {name.casefold(): number for name, number in ids.items()}
    return {by_name[str(row[Application.ATS_ID]).casefold()]: row for row in rows}


def _differs(row: Record, one: AtsApplication) -> bool:
    is_dated = (row[Application.HIRED_AT] is not None) == (one.hired_at is not None)
    return row[Application.STAGE] != one.stage.value or not is_dated


def _holders(
    known: Mapping[str, Record], connection: Connection, applications: Sequence[AtsApplication]
) -> dict[str, str]:
    """The ATS's id of the person who had an application here -> who has it there, where that is another."""
    found = {}
    for one in applications:
        had = str(known[one.id][_CANDIDATE_ATS_ID] or "") if one.id in known else ""
        prefix = ats_id(connection.key, "")
        if had.startswith(prefix) and had != ats_id(connection.key, one.candidate):
            found[had.removeprefix(prefix)] = one.candidate
    return found


def _placed(
    app: App, connection: Connection, system: AtsChanges, strangers: Sequence[AtsApplication]
) -> tuple[list[AtsEvent], int]:
    """Events for applications that are new here, and how many belong to jobs or people who are not."""
    ids = [ats_id(connection.key, one.job) for one in strangers]
    jobs = _ids(app, JobRequisition.API_NAME, JobRequisition.ATS_ID, ids)
    here = [one for one in strangers if ats_id(connection.key, one.job).casefold() in jobs]
    ids = [ats_id(connection.key, one.candidate) for one in here]
    candidates = _ids(app, Candidate.API_NAME, Candidate.ATS_ID, ids)
    new = [one for one in here if ats_id(connection.key, one.candidate).casefold() not in candidates]
    addresses = _addresses(app, system, new)
    events = [_event(connection, one) for one in here if one not in new]
    events += [_event(connection, one, addresses[one.candidate]) for one in new if one.candidate in addresses]
    return events, len(strangers) - len(events)


def _addresses(app: App, system: AtsChanges, new: Sequence[AtsApplication]) -> dict[str, str]:
    """The ATS's id of a person -> the address by which the org knows them."""
    people = {one.candidate: one.person for one in new if one.person is not None}
    missing = [one.candidate for one in new if one.candidate not in people]
    people |= system.people(list(dict.fromkeys(missing))) if missing else {}
    keys: dict[str, tuple[str, str]] = {}
    for number, person in people.items():
        for address in _readable(person):
            keys.setdefault(email(address).key, (number, address))
    rows = _rows(app, ContactPoint.API_NAME, [ContactPoint.KEY], ContactPoint.KEY, list(keys))
    return dict(keys[key] for row in rows if (key := str(row[ContactPoint.KEY])) in keys)


def _readable(person: AtsPerson) -> list[str]:
    found = []
    for address in person.emails:
        try:
            email(address)
        except Rejected:
            continue
        found.append(address)
    return found


def _event(connection: Connection, one: AtsApplication, address: str = "") -> AtsEvent:
    return AtsEvent(
        type="application.stands",
        stage=one.stage,
        at=one.at,
        requisition=ats_id(connection.key, one.job),
        email=address,
        candidate=ats_id(connection.key, one.candidate),
        application=ats_id(connection.key, one.id),
        applied_at=one.applied_at,
    )


def _ids(app: App, object_name: str, name: str, ids: Sequence[str]) -> set[str]:
    return {str(row[name]).casefold() for row in _rows(app, object_name, [name], name, ids)}


def _rows(app: App, object_name: str, fields: Sequence[str], name: str, values: Sequence[str]) -> list[Record]:
    unique = list(dict.fromkeys(values))
    chunks = [unique[start : start + CHUNK] for start in range(0, len(unique), CHUNK)]
    return [
        row for each in chunks for row in app.salesforce.query(select(object_name, fields, where=is_in(name, each)))
    ]
