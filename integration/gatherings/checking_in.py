"""Ticks and walk-ins of the check-in page, carried out once however often a device sends them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log, pools
from integration.errors import Gone
from integration.gatherings import ending, roster
from integration.gatherings.answering import origin
from integration.gatherings.reading import Gathering, read
from integration.model import attendance
from integration.model.attendance import Attendance, Tick
from integration.model.door import Act
from integration.model.registration import Registration
from integration.model.vocabulary import AddedBy, ConsentState, EventStatus
from integration.ports import Queue
from integration.registration.writing import candidate_of, person_of, write_consents

if TYPE_CHECKING:
    from integration.app import App

AHEAD = timedelta(minutes=5)
"""A device whose clock runs further ahead is not believed: its ticks would beat all others."""


def check_in(app: App, sent: Registration) -> None:
    """Key: the ULID that the device made. The last word said at the door stands, whichever device sent it first."""
    event = read(app, sent.event)
    act = Act(sent.fields["act"])
    candidate = _walk_in(app, event, sent) if act is Act.WALK_IN else _listed(app, event, sent)
    at = min(datetime.fromisoformat(sent.fields["ticked_at"]), sent.when + AHEAD)
    tick = Tick(roster.milliseconds(at), act is not Act.UNDO)
    with roster.held(app, f"attendance {event.id}|{candidate}"):
        standing = roster.rows(app, event, candidate=candidate)
        over = event.status is EventStatus.COMPLETED
        before = standing[0].one if standing else Attendance(candidate, over=over)
        roster.write(app, event, [attendance.ticked(before, tick, walk_in=act is Act.WALK_IN)])
    roster.mark_changed(app, event.id)
    if over:  # a device that was offline until after the end
        ending.follow_up(app, event, roster.rows(app, event, candidate=candidate))
    log.event("attendance.checked_in", id=sent.id, event=event.id, act=act)


def _listed(app: App, event: Gathering, sent: Registration) -> str:
    found = roster.rows(app, event, attendance_id=sent.fields["attendance"])
    if not found:
        raise Gone("The person is not on the list any more.")
    return found[0].one.id


def _walk_in(app: App, event: Gathering, sent: Registration) -> str:
    """Somebody who gave name, address and perhaps consent at the door. Whoever is known already stays who they are."""
    found = candidate_of(
        app, person_of(sent, whole=False), replace(origin(event, sent, event.channel), collected_from=_door(event))
    )
    write_consents(app, found.id, sent, ConsentState.PENDING)
    if event.pool:
        pools.join(app, event.pool, [found.id], AddedBy.EVENT, again=True)
    app.queues.send(Queue.CHANGES, {"candidates": [found.id]})
    return found.id


def _door(event: Gathering) -> str:
    return f"Door of {event.name}"[:255]
