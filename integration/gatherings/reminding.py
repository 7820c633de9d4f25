"""Reminders of an event: the same time on the day before, and two hours before; and its end, should nobody end it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Gone
from integration.gatherings import letters, roster
from integration.gatherings.ending import complete
from integration.gatherings.letters import Letter
from integration.gatherings.reading import Gathering, read
from integration.model.vocabulary import AttendanceState

if TYPE_CHECKING:
    from integration.app import App

PLANNED = "event reminders"
"""Partition in `due`; sort key `<time>#<event>#<what>`."""
END = "end"
ENDS_AFTER = timedelta(hours=24)
"""An event that nobody completes is completed by itself."""


def times(event: Gathering) -> dict[str, datetime]:
    """When what is due, in UTC. The day before goes by the clock of the place, also where it was moved that night."""
    local = event.starts.astimezone(event.zone)
    day_before = (local.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=event.zone)
    return {
        Letter.TOMORROW: day_before.astimezone(UTC),
        Letter.SOON: event.starts - timedelta(hours=2),
        END: event.ends + ENDS_AFTER,
    }


def plan(app: App, event: Gathering) -> None:
    """Key: the event, the time and what is due; what has passed is not planned."""
    now = app.clock.now()
    for what, at in times(event).items():
        if at > now:
            spelled = at.isoformat(timespec="seconds")
            item = {"pk": PLANNED, "sk": f"{spelled}#{event.id}#{what}", "event": event.id, "what": what, "at": spelled}
            app.due.put(item)


def run_due(app: App) -> int:
    """Key: the event, the time and the person. Does what is due by now; what was planned for another time is over."""
    count = 0
    for item in list(app.due.query(PLANNED, last=f"{app.clock.now().isoformat(timespec='seconds')}#~")):
        count += _run(app, str(item["event"]), str(item["what"]), str(item["at"]))
        app.due.delete(PLANNED, item["sk"])
    return count


def _run(app: App, event_id: str, what: str, at: str) -> int:
    try:
        event = read(app, event_id)
    except Gone:
        return 0
    if not event.is_live or times(event)[what].isoformat(timespec="seconds") != at:
        return 0
    if what == END:
        complete(app, event_id)
        return 0
    if app.clock.now() >= event.starts:
        return 0  # nothing ran for so long that the reminder would come too late
    people = [row for row in roster.rows(app, event) if row.one.state is AttendanceState.REGISTERED]
    count = letters.write(app, event, Letter(what), [(row, str(int(event.starts.timestamp()))) for row in people])
    log.event("event.reminded", event=event_id, what=what, count=count)
    return count
