"""The end of an event: who came, who did not, and what follows; or that it does not take place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from integration import drips, log
from integration.errors import Rejected
from integration.gatherings import letters, roster, showing
from integration.gatherings.letters import Letter
from integration.gatherings.reading import Gathering, read
from integration.gatherings.roster import Row
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import AttendanceState, EventStatus, Touch
from integration.ports import Value
from integration.records import RecruitingEvent, Touchpoint
from integration.registration.writing import create_once

if TYPE_CHECKING:
    from integration.app import App

_SIGNALS = {AttendanceState.ATTENDED: SignalKind.ATTENDED, AttendanceState.NO_SHOW: SignalKind.NO_SHOW}


def complete(app: App, event_id: str) -> str:
    """Key: the event. Who had a place and was not ticked is a no-show; drips and touchpoints learn of both."""
    event = read(app, event_id)
    if event.status not in (EventStatus.LIVE, EventStatus.COMPLETED):
        raise Rejected("Only an event that is live can be completed. Publish it first.", field="Command")
    if app.clock.now() < event.starts:
        raise Rejected("The event has not begun. Complete it when it is over, or cancel it.", field="Command")
    app.salesforce.update(RecruitingEvent.API_NAME, event_id, {RecruitingEvent.STATUS: EventStatus.COMPLETED.value})
    event = replace(event, status=EventStatus.COMPLETED)
    with roster.held(app, f"event places {event_id}"):
        people = roster.rows(app, event)
        roster.write(app, event, (row.one for row in people if row.one.state != row.state), answers=False)
    follow_up(app, event, people)
    roster.mark_changed(app, event_id)
    came = sum(row.one.state is AttendanceState.ATTENDED for row in people)
    missed = sum(row.one.state is AttendanceState.NO_SHOW for row in people)
    log.event("event.completed", event=event_id, came=came, missed=missed)
    return f"Completed: {came} came, {missed} had a place and did not come. Follow-up series have been told."


def follow_up(app: App, event: Gathering, people: Sequence[Row]) -> None:
    """Key: the attendance and its state. Touchpoints of who came; signals for the drips of both."""
    touches: list[dict[str, Value]] = [
        {
            Touchpoint.CANDIDATE: row.one.id,
            Touchpoint.KEY: f"{row.id}|{Touch.ATTENDED.value}",
            Touchpoint.KIND: Touch.ATTENDED.value,
            Touchpoint.AT: event.starts.isoformat(timespec="seconds"),
            Touchpoint.CHANNEL: event.channel or None,
        }
        for row in people
        if row.one.state is AttendanceState.ATTENDED
    ]
    create_once(app, Touchpoint.API_NAME, touches)
    at = app.clock.now().isoformat()
    signals = [
        Signal(_SIGNALS[row.one.state], row.key, at, cause=f"{row.one.state.value}|{row.id}", detail=event.id)
        for row in people
        if row.one.state in _SIGNALS and row.key
    ]
    drips.hear(app, signals)


def cancel(app: App, event_id: str) -> str:
    """Key: the event. Its page says so, and everybody who registered or waits gets a mail that empties calendars."""
    event = read(app, event_id)
    if event.status is EventStatus.COMPLETED:
        raise Rejected("The event is completed, so it cannot be called off any more.", field="Command")
    was_live = event.is_live
    number = event.number + was_live
    values: dict[str, Value] = {
        RecruitingEvent.STATUS: EventStatus.CANCELLED.value,
        RecruitingEvent.CALENDAR_NUMBER: number,
    }
    if was_live:
        showing.show_cancelled(app, event)
    app.salesforce.update(RecruitingEvent.API_NAME, event_id, values)
    event = replace(event, status=EventStatus.CANCELLED, number=number)
    people = [(row, "off") for row in roster.rows(app, event) if row.one.coming and row.told]
    told = letters.write(app, event, Letter.CANCELLED, people)
    log.event("event.cancelled", event=event_id, told=told)
    return f"Called off. {told} people get a mail that takes it out of their calendars."
