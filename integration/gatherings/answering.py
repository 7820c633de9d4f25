"""What people answer by the event's page and by the link in their mail: a place, a turn on the waiting list, a no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import drips, log, pools
from integration.candidates import Origin
from integration.gatherings import roster
from integration.gatherings.reading import Gathering, read
from integration.gatherings.settling import settle
from integration.model import attendance
from integration.model.attendance import Answer, Attendance
from integration.model.event import Kind
from integration.model.provenance import Trust
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import AddedBy, ConsentState, Touch
from integration.ports import Queue
from integration.registration.writing import (
    candidate_of,
    channel_of,
    known,
    person_of,
    touch,
    write_consents,
    write_event,
)

if TYPE_CHECKING:
    from integration.app import App


def register(app: App, sent: Registration) -> None:
    """Key: the form. The person stands on the list once, however often they register."""
    event = read(app, sent.event)
    if not event.is_open(app.clock.now()):
        log.event("place.too_late", id=sent.id, event=event.id, status=event.status)
        return
    channel = channel_of(app, sent.source) or event.channel
    candidate = known(app, candidate_id=candidate_of(app, person_of(sent, whole=True), origin(event, sent, channel)).id)
    # Ticked on an unproven address: it counts as asked for, and the person confirms it on a page of ours.
    write_consents(app, candidate.id, sent, ConsentState.PENDING)
    is_new = answer(app, event, candidate.id, sent, coming=True)
    touch(app, candidate.id, Touch.REGISTERED, sent, channel, sent.source.requisition)
    if is_new:
        write_event(app, Kind.REGISTERED, candidate, sent, cause=sent.id, requisition=sent.source.requisition)
        drips.hear(app, [Signal(SignalKind.REGISTERED, candidate.key, sent.at, cause=f"registered|{sent.id}")])
    if event.pool:
        pools.join(app, event.pool, [candidate.id], AddedBy.EVENT, again=True)
    app.queues.send(Queue.CHANGES, {"candidates": [candidate.id]})
    log.event("place.asked", id=sent.id, event=event.id, candidate=candidate.id)


def give_up(app: App, sent: Registration) -> None:
    """Key: the form. The place goes to who is next on the waiting list."""
    event = read(app, sent.event)
    candidate = known(app, candidate_key=sent.candidate)
    if roster.rows(app, event, candidate=candidate.id):
        answer(app, event, candidate.id, sent, coming=False)
    log.event("place.given_up", id=sent.id, event=event.id, candidate=candidate.id)


def answer(app: App, event: Gathering, candidate_id: str, sent: Registration, *, coming: bool) -> bool:
    """Writes the answer down, then settles the places. Whether the person did not come before, and now does."""
    with roster.held(app, f"attendance {event.id}|{candidate_id}"):
        standing = roster.rows(app, event, candidate=candidate_id)
        before = standing[0].one if standing else Attendance(candidate_id)
        after = attendance.answered(before, Answer(roster.milliseconds(sent.when), coming))
        roster.write(app, event, [after])
    roster.mark_changed(app, event.id)  # first: should this worker die, the next minute makes it good
    settle(app, event, candidate_id)
    return after.coming and not before.coming


def origin(event: Gathering, sent: Registration, channel: str) -> Origin:
    return Origin(
        at=sent.when,
        collected_from=f"Event {event.name}"[:255],
        channel=channel,
        lawful_basis="Contract",
        trust=Trust.CANDIDATE,
    )
