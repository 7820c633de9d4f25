"""Who stands on an event's list: rows of the org as the rules know them, and written back by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from integration import leases
from integration.candidates.writing import raise_passing
from integration.errors import TryAgain
from integration.gatherings.reading import Gathering
from integration.model import attendance
from integration.model.attendance import Answer, Attendance, Tick
from integration.model.vocabulary import AttendanceState, EventStatus
from integration.ports import Record, Value
from integration.records import Candidate, EventAttendance, parent
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

CHANGED = "events changed"
"""Partition in `due`; sort key the event."""
LEASE = timedelta(seconds=70)
"""Longer than the function may run."""
LOOKS = 40
PAUSE = 0.25
"""Seconds between two looks at a list that another worker has."""
_PERSON = {
    name: parent(EventAttendance.CANDIDATE, name)
    for name in (
        Candidate.FIRST_NAME,
        Candidate.LAST_NAME,
        Candidate.EMAIL,
        Candidate.CANDIDATE_KEY,
        Candidate.LANGUAGE,
    )
}
FIELDS = (
    EventAttendance.ID,
    EventAttendance.CANDIDATE,
    EventAttendance.STATE,
    EventAttendance.ANSWERS,
    EventAttendance.ANSWERED_AT,
    EventAttendance.CHECKED_IN_AT,
    EventAttendance.PLACE,
    EventAttendance.WALK_IN,
    EventAttendance.TOLD,
    *_PERSON.values(),
)


@dataclass(frozen=True)
class Row:
    """One person on the list."""

    id: str
    """Of the attendance."""
    one: Attendance
    state: str
    """As it stands in the org."""
    told: str
    first_name: str
    last_name: str
    email: str
    key: str
    """Candidate key."""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def mark_changed(app: App, event_id: str) -> None:
    """Key: the event. Within a minute its numbers and the door's list are made anew."""
    app.due.put({"pk": CHANGED, "sk": event_id})


@contextmanager
def held(app: App, key: str) -> Iterator[None]:
    """One worker at a time; the others wait for a moment, then their message comes back."""
    for look in range(LOOKS):
        try:
            leases.take(app, key, lease=LEASE, kept=2 * LEASE)
            break
        except TryAgain:
            if look == LOOKS - 1:
                raise TryAgain(f"another worker has {key}", seconds=5) from None
            app.clock.sleep(PAUSE)
    try:
        yield
    finally:
        leases.release(app, key)


def rows(app: App, event: Gathering, *, candidate: str = "", attendance_id: str = "") -> list[Row]:
    """Everybody, or one person, by the order in which the rows were made."""
    where = [equals(EventAttendance.EVENT, event.id)]
    where += [equals(EventAttendance.CANDIDATE, candidate)] if candidate else []
    where += [equals(EventAttendance.ID, attendance_id)] if attendance_id else []
    order = [EventAttendance.CREATED_AT, EventAttendance.ID]
    soql = select(EventAttendance.API_NAME, FIELDS, where=both(*where), order_by=order)
    return [_row(record, over=event.status is EventStatus.COMPLETED) for record in app.salesforce.query(soql)]


def write(app: App, event: Gathering, people: Iterable[Attendance], *, answers: bool = True) -> None:
    """Key: event and candidate. Without `answers` only state and place are written, so that nobody's word is lost."""
    values = [_values(event, one, answers=answers) for one in people]
    if not values:
        return
    outcomes = app.salesforce.upsert_many(EventAttendance.API_NAME, EventAttendance.KEY, values)
    raise_passing(outcomes)
    for outcome in outcomes:
        if not outcome.success:
            raise RuntimeError(f"an attendance was refused: {outcome.code} {', '.join(outcome.fields)}")


def note_told(app: App, told: Sequence[Row]) -> None:
    """Key: the attendance. What their last mail said."""
    values: list[dict[str, Value]] = [
        {EventAttendance.ID: row.id, EventAttendance.TOLD: row.one.state.value} for row in told
    ]
    if values:
        raise_passing(app.salesforce.update_many(EventAttendance.API_NAME, values))


def milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _values(event: Gathering, one: Attendance, *, answers: bool) -> dict[str, Value]:
    values: dict[str, Value] = {
        EventAttendance.KEY: f"{event.id}|{one.id}",
        EventAttendance.EVENT: event.id,
        EventAttendance.CANDIDATE: one.id,
        EventAttendance.STATE: one.state.value,
        EventAttendance.PLACE: one.has_place,
    }
    if not answers:
        return values
    last = one.since or (one.answers[-1].at if one.answers else 0)
    return values | {
        EventAttendance.ANSWERS: attendance.written(one.answers, one.tick),
        EventAttendance.ANSWERED_AT: _spelled(last) if last else None,
        EventAttendance.CHECKED_IN_AT: _spelled(one.tick.at) if one.tick else None,
        EventAttendance.WALK_IN: one.walk_in,
    }


def _row(record: Record, *, over: bool) -> Row:
    state = str(record[EventAttendance.STATE] or "")
    person = {name: str(record.get(path) or "") for name, path in _PERSON.items()}
    return Row(
        id=str(record[EventAttendance.ID]),
        one=replace(_by_hand(_as_written(record), state, record), over=over),
        state=state,
        told=str(record[EventAttendance.TOLD] or ""),
        first_name=person[Candidate.FIRST_NAME],
        last_name=person[Candidate.LAST_NAME],
        email=person[Candidate.EMAIL],
        key=person[Candidate.CANDIDATE_KEY],
    )


def _as_written(record: Record) -> Attendance:
    answers, tick = attendance.read(str(record[EventAttendance.ANSWERS] or ""))
    return Attendance(
        id=str(record[EventAttendance.CANDIDATE]),
        answers=answers,
        has_place=bool(record[EventAttendance.PLACE]),
        tick=tick,
        walk_in=bool(record[EventAttendance.WALK_IN]),
    )


def _by_hand(one: Attendance, state: str, record: Record) -> Attendance:
    """A row that a recruiter made or changed counts as if the person had said so."""
    if not one.answers and state in (AttendanceState.REGISTERED, AttendanceState.WAITING, AttendanceState.NO_SHOW):
        at = _read(record, EventAttendance.ANSWERED_AT)
        return replace(one, answers=(Answer(at, True),), has_place=state != AttendanceState.WAITING)
    if one.tick is None and state == AttendanceState.ATTENDED:
        return replace(one, tick=Tick(_read(record, EventAttendance.CHECKED_IN_AT), True))
    if one.coming and state == AttendanceState.CANCELLED:
        return attendance.answered(one, Answer(one.answers[-1].at + 1, False))
    return one


def _read(record: Record, name: str) -> int:
    text = str(record[name] or "")
    return milliseconds(datetime.fromisoformat(text)) if text else 1


def _spelled(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")
