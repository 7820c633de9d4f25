"""The event's page: frozen as it stands on the record, so that it is shown whether or not Salesforce answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import brands, log
from integration.errors import Rejected
from integration.gatherings import letters, reminding, roster, showing
from integration.gatherings.letters import Letter
from integration.gatherings.reading import Gathering, problems, read
from integration.model.page import sentence
from integration.model.vocabulary import EventStatus
from integration.ports import Value
from integration.records import RecruitingEvent

if TYPE_CHECKING:
    from integration.app import App


def publish(app: App, event_id: str) -> str:
    """Key: the event and what stands on it. Shows it; when time or place changed, tells everybody who has a place."""
    event = read(app, event_id)
    if event.status in (EventStatus.CANCELLED, EventStatus.COMPLETED):
        raise Rejected(f"The event is {event.status.lower()}. Make a new one instead.", field="Command")
    brand, brand_problems = brands.read(app, event.brand)
    if found := [*problems(event), *brand_problems]:
        raise Rejected(sentence(found))
    before = showing.pointer(app, event.url.rpartition("/")[2] or event.slug)
    holder = showing.pointer(app, event.slug)
    if holder.get("event") not in (None, event_id):
        raise Rejected(f"Another event is shown at /events/{event.slug}. Choose another address part.", field="Slug")
    facts = showing.calendar_facts(event)
    is_changed = bool(before) and before.get("calendar") != facts
    number = event.number + is_changed
    address = showing.show(app, event, brand, facts)
    values: dict[str, Value] = {
        RecruitingEvent.STATUS: EventStatus.LIVE.value,
        RecruitingEvent.URL: address,
        RecruitingEvent.CALENDAR_NUMBER: number,
    }
    app.salesforce.update(RecruitingEvent.API_NAME, event_id, values)
    event = read(app, event_id)
    reminding.plan(app, event)
    told = _tell_change(app, event) if is_changed else 0
    roster.mark_changed(app, event_id)
    log.event("event.published", event=event_id, number=number)
    return f"Live at {address}." + (f" {told} people get a mail that time or place changed." if told else "")


def _tell_change(app: App, event: Gathering) -> int:
    people = [row for row in roster.rows(app, event) if row.one.takes_place]
    return letters.write(app, event, Letter.CHANGED, [(row, str(event.number)) for row in people])
