"""The link of the check-in page: made by a command, signed, for a time, and taken back by another command."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.gatherings import door_list, roster, showing
from integration.gatherings.reading import read
from integration.model import link
from integration.model.link import Purpose
from integration.model.ulid import ulid
from integration.model.vocabulary import EventStatus
from integration.ports import Value
from integration.records import RecruitingEvent

if TYPE_CHECKING:
    from integration.app import App

OPEN_AFTER = timedelta(days=2)
"""Devices that were offline may still send for so long after the end."""


def open_check_in(app: App, event_id: str) -> str:
    """Key: the command. A new link each time; the one before is useless then."""
    event = read(app, event_id)
    now, until = app.clock.now(), event.ends + OPEN_AFTER
    if event.status not in (EventStatus.LIVE, EventStatus.COMPLETED):
        raise Rejected("Only an event that is live has a check-in. Publish it first.", field="Command")
    if until <= now:
        raise Rejected("The event is over for more than two days. Correct Ends at first.", field="Ends at")
    number = ulid(now)
    door_list.rewrite(
        app,
        event,
        roster.rows(app, event),
        opened={
            "number": number,
            "until": until.isoformat(timespec="seconds"),
            "consent": showing.consent_of(app, event),
        },
    )
    token = app.links.sign(Purpose.CHECK_IN, {link.ITEM: event_id, link.NUMBER: number}, expires=until)
    address = f"{app.config.public_base_url}/check-in/{token}"
    values: dict[str, Value] = {
        RecruitingEvent.CHECK_IN_URL: address,
        RecruitingEvent.CHECK_IN_UNTIL: until.isoformat(timespec="seconds"),
    }
    app.salesforce.update(RecruitingEvent.API_NAME, event_id, values)
    log.event("check_in.opened", event=event_id)
    return "The check-in address is made. Open it on every device before you go to the door: then it works offline."


def close_check_in(app: App, event_id: str) -> str:
    """Key: the event. The link shows nothing any more, and devices forget the names when they next ask."""
    door_list.close(app, event_id)
    values: dict[str, Value] = {RecruitingEvent.CHECK_IN_URL: None, RecruitingEvent.CHECK_IN_UNTIL: None}
    app.salesforce.update(RecruitingEvent.API_NAME, event_id, values)
    log.event("check_in.closed", event=event_id)
    return "The check-in address is useless now. What a device has not sent yet is lost: open a new one if some has."
