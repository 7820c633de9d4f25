"""Every minute: reminders that are due; counts and the door's list of events on whose list something changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Gone, Rejected
from integration.gatherings import reminding, roster
from integration.gatherings.door_list import rewrite
from integration.gatherings.reading import Gathering, read
from integration.gatherings.roster import Row
from integration.gatherings.settling import settle
from integration.model import snapshot
from integration.model.vocabulary import AttendanceState
from integration.records import RecruitingEvent

if TYPE_CHECKING:
    from integration.app import App

_COUNTED = {
    RecruitingEvent.REGISTERED: AttendanceState.REGISTERED,
    RecruitingEvent.WAITING: AttendanceState.WAITING,
    RecruitingEvent.ATTENDED: AttendanceState.ATTENDED,
    RecruitingEvent.NO_SHOW: AttendanceState.NO_SHOW,
}


def tend(app: App) -> int:
    """Key: the event and the minute. Gives how many reminders were queued."""
    count = reminding.run_due(app)
    for item in list(app.due.query(roster.CHANGED)):
        app.due.delete(roster.CHANGED, item["sk"])  # first, so that what changes meanwhile is seen the next time
        try:
            refresh(app, str(item["sk"]))
        except Gone:
            log.event("event.gone", event=item["sk"])
        except Rejected as rejected:
            log.event("event.untended", event=item["sk"], reason=rejected.message)
        except Exception:
            roster.mark_changed(app, str(item["sk"]))
            raise
    return count


def refresh(app: App, event_id: str) -> None:
    """Key: the event; made anew from the org each time. Mails that an earlier worker did not come to go out too."""
    event = read(app, event_id)
    settle(app, event)
    people = roster.rows(app, event)
    write_counts(app, event, people)
    rewrite(app, event, people)


def write_counts(app: App, event: Gathering, people: Sequence[Row]) -> None:
    """The numbers on the record, and whether the page says that all places are taken."""
    found = Counter(row.one.state for row in people)
    app.salesforce.update(
        RecruitingEvent.API_NAME, event.id, {field: found[state] for field, state in _COUNTED.items()}
    )
    taken = sum(row.one.takes_place for row in people)
    is_full = event.capacity is not None and taken >= event.capacity
    if event.slug:
        app.site.write(
            snapshot.seats(event.slug), json.dumps({"full": is_full}).encode(), content_type="application/json"
        )
