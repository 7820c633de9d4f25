"""Gives free places to who waits, and tells each person once where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from integration import log
from integration.gatherings import letters, roster
from integration.gatherings.letters import Letter
from integration.gatherings.reading import Gathering
from integration.gatherings.roster import Row
from integration.model.attendance import seated
from integration.model.vocabulary import AttendanceState

if TYPE_CHECKING:
    from integration.app import App

_TOLD_AT = frozenset({AttendanceState.REGISTERED, AttendanceState.WAITING, AttendanceState.CANCELLED})


def settle(app: App, event: Gathering, candidate: str = "") -> list[Row]:
    """Key: the event. One worker at a time, so that no place is given twice; gives the rows as they are then.

    An event without a limit needs only the person's own row.
    """
    with roster.held(app, f"event places {event.id}"):
        people = roster.rows(app, event, candidate=candidate if event.capacity is None else "")
        moved = {one.id: one for one in seated((row.one for row in people), event.capacity)} if event.is_live else {}
        people = [replace(row, one=moved.get(row.one.id, row.one)) for row in people]
        roster.write(
            app, event, (row.one for row in people if row.one.state != row.state or row.one.id in moved), answers=False
        )
        if event.is_open(app.clock.now()):
            _tell(app, event, people)
    if moved:
        log.event("event.places_given", event=event.id, count=len(moved))
    return people


def _tell(app: App, event: Gathering, people: Sequence[Row]) -> None:
    due: dict[Letter, list[tuple[Row, str]]] = {}
    for row in people:
        if letter := _letter(row):
            due.setdefault(letter, []).append((row, str(row.one.since or row.one.answers[-1].at)))
    for letter, whom in due.items():
        letters.write(app, event, letter, whom)
    roster.note_told(app, [row for whom in due.values() for row, _ in whom])


def _letter(row: Row) -> Letter | None:
    state = row.one.state
    if state not in _TOLD_AT or state == row.told or not row.one.answers:
        return None
    if state is AttendanceState.CANCELLED:
        return Letter.LEFT if row.told else None
    if state is AttendanceState.WAITING:
        return Letter.WAITING
    return Letter.MOVED_UP if row.told == AttendanceState.WAITING else Letter.REGISTERED
