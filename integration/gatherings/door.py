"""Takes what a device at the door sends: durable in a queue before the device forgets it. Salesforce is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration import log
from integration.model.door import Entry
from integration.model.identity import candidate_key
from integration.model.registration import Kind, Registration
from integration.ports import Queue

if TYPE_CHECKING:
    from integration.app import App


def accept(app: App, event_id: str, entries: Sequence[Entry], *, consent_version: str, locale: str) -> None:
    """Key: event and the entry's own id. Raises TryAgain when not all was taken; sent again, nothing is twice."""
    now = app.clock.now()
    app.queues.send_many(
        Queue.REGISTRATIONS,
        (
            Registration(
                id=candidate_key(f"check-in|{event_id}|{entry.id}", entry.at),
                kind=Kind.CHECK_IN,
                at=now.isoformat(),
                event=event_id,
                fields={
                    **entry.person,
                    "act": entry.act.value,
                    "attendance": entry.attendance,
                    "ticked_at": entry.at.isoformat(),
                },
                purposes=entry.purposes,
                consent_version=consent_version if entry.purposes else "",
                locale=locale,
                evidence=f"Check-in page at {now.isoformat(timespec='seconds')}",
            ).as_message()
            for entry in entries
        ),
    )
    log.event("check_ins.accepted", event=event_id, count=len(entries))
