"""Takes what a page sends: durable in a queue before the visitor is thanked. Salesforce is not asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.errors import TryAgain
from integration.model import resume_file
from integration.model.event import SITE, Event, Kind
from integration.model.registration import Kind as Sent
from integration.model.registration import Registration, Source
from integration.model.ulid import ulid
from integration.ports import Queue
from integration.tracking import Visitor, write_down

if TYPE_CHECKING:
    from integration.app import App

_SLOT_LIFE = timedelta(hours=3)


class TooMany(Exception):
    """One network sent more forms in an hour than people do."""


def accept(app: App, registration: Registration, network: str, *, resume: bytes = b"") -> None:
    """Queues a registration, application, confirmation or wish. Raises TooMany, or TryAgain when nothing was taken."""
    if registration.kind in (Sent.REGISTRATION, Sent.APPLICATION, Sent.PREFERENCES_LINK, Sent.PLACE):
        _take_slot(app, registration.id, network)
    if resume and (kind := resume_file.kind(resume)):
        app.data.write(resume_file.key(registration.id), resume, content_type=resume_file.TYPES[kind])
        registration = replace(registration, resume=kind)
    app.queues.send(Queue.REGISTRATIONS, registration.as_message())
    log.event(f"{registration.kind.value.replace(' ', '_')}.accepted", id=registration.id, page=registration.page)


def _take_slot(app: App, registration_id: str, network: str) -> None:
    """Each network has so many places an hour, in the order of arrival."""
    now = app.clock.now()
    place = {"pk": f"network#{network}#{now:%Y-%m-%dT%H}", "sk": f"{now.isoformat()}#{registration_id}"}
    most = app.config.registrations_per_network
    try:
        if sum(1 for _ in app.claims.query(place["pk"], limit=most)) >= most:
            raise TooMany
        app.claims.put({**place, "ttl": int((now + _SLOT_LIFE).timestamp())})
        # Counted again, because others may have come in between: only the first so many by arrival have a place.
        if place["sk"] not in [item["sk"] for item in app.claims.query(place["pk"], limit=most)]:
            raise TooMany
    except TryAgain as again:
        # A person's registration weighs more than the count; the worker still mails an address once a day at most.
        log.event("network.uncounted", reason=str(again))


def visited(
    app: App,
    visitor: Visitor,
    source: Source,
    *,
    page: str = "",
    arm: str = "",
    posting: str = "",
    requisition: str = "",
) -> None:
    """Writes a page view down. A visitor never waits for it nor sees it fail."""
    now = app.clock.now()
    event = Event(
        id=ulid(now),
        kind=Kind.VISIT,
        at=now.isoformat(timespec="milliseconds"),
        campaign=source.campaign or SITE,
        candidate=source.candidate,
        channel=source.channel,
        posting=posting or source.posting,
        requisition=requisition or source.requisition,
        page=page,
        version=arm,
        source_month=(source.at or now.isoformat())[:7],
        method=visitor.method,
        user_agent=visitor.user_agent[:300],
        network=visitor.network,
        referrer=source.referrer,
    )
    try:
        write_down(app, event)
    except Exception as fault:
        log.fault("visit.unwritten", fault)
