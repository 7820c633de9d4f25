"""The list that the check-in page loads: names and no more, kept only while its link works."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from integration.gatherings.reading import Gathering
from integration.gatherings.roster import Row
from integration.gatherings.times import in_words
from integration.model.vocabulary import AttendanceState

if TYPE_CHECKING:
    from integration.app import App

LISTED = frozenset(
    {AttendanceState.REGISTERED, AttendanceState.WAITING, AttendanceState.ATTENDED, AttendanceState.NO_SHOW}
)


def place(event_id: str) -> str:
    return f"gatherings/{event_id}/door.json"


def read(app: App, event_id: str) -> dict[str, Any] | None:
    """None when no check-in is open."""
    data = app.data.read(place(event_id))
    found: dict[str, Any] | None = json.loads(data) if data else None
    return found


def rewrite(app: App, event: Gathering, people: Sequence[Row], *, opened: dict[str, Any] | None = None) -> None:
    """Key: the event. Made anew while a check-in is open; `opened` opens one: number, end and consent."""
    standing = opened or read(app, event.id)
    if standing is None:
        return
    if opened is None and str(standing["until"]) <= app.clock.now().isoformat():
        close(app, event.id)
        return
    door = {
        "number": standing["number"],
        "until": standing["until"],
        "name": event.name,
        "when": in_words(event.starts, event.ends, event.zone, event.language),
        "language": event.language,
        "consent": standing["consent"],
        "people": [
            {"id": row.id, "candidate": row.one.id, "name": row.name, "state": row.one.state.value}
            for row in sorted(people, key=lambda row: (row.last_name.casefold(), row.first_name.casefold(), row.id))
            if row.one.state in LISTED
        ],
    }
    app.data.write(place(event.id), json.dumps(door, ensure_ascii=False).encode(), content_type="application/json")


def close(app: App, event_id: str) -> None:
    app.data.delete([place(event_id)])


def forget(app: App, candidate_id: str) -> int:
    """Key: the candidate. Takes an erased person off every list; devices drop them at their next look."""
    changed = 0
    for key in list(app.data.keys("gatherings/")):
        door = json.loads(app.data.read(key) or b"{}")
        kept = [one for one in door.get("people", ()) if one["candidate"] != candidate_id]
        if len(kept) < len(door.get("people", ())):
            data = json.dumps({**door, "people": kept}, ensure_ascii=False).encode()
            app.data.write(key, data, content_type="application/json")
            changed += 1
    return changed
