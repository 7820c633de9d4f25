"""Erasure in AWS: images of merges, frozen audiences, places in drips and what the service noted of the person.

The send ledger stays: it proves what was sent, by candidate key and keyed mark of the address, and names nobody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.candidates.merging import images
from integration.drips.plan import STATE, enrollment_pk
from integration.gatherings import door_list
from integration.model.identity import Name
from integration.records import Candidate
from integration.sending.aliases import SUPPRESSION, person_pk
from integration.sending.recovery import running

if TYPE_CHECKING:
    from integration.app import App


def erase(app: App, candidate_id: str, keys: Sequence[str], pairs: Sequence[str]) -> dict[str, int]:
    """Key: the candidate and its keys. What went, by place."""
    return {
        "merge images": _erase_images(app, pairs),
        "before-images of loads": _erase_from_loads(app, [*keys, candidate_id]),
        "frozen audiences": _erase_from_audiences(app, keys),
        "drip places": _erase_drips(app, keys),
        "notes": _erase_notes(app, keys),
        "lists at doors": door_list.forget(app, candidate_id),
    }


def names_in_images(app: App, pairs: Sequence[str]) -> set[Name]:
    """The names under which records stood that were merged into the one to be erased."""
    found = [image for pair in pairs if (image := images.load(app, pair)) is not None]
    return {
        Name(str(row[Candidate.FIRST_NAME] or ""), str(row[Candidate.LAST_NAME] or ""))
        for image in found
        if image.state == images.MERGED
        for row in image.people.values()
    }


def _erase_images(app: App, pairs: Sequence[str]) -> int:
    places = [place for pair in pairs if app.data.read(place := images.place(pair)) is not None]
    app.data.delete(places)
    return len(places)


def _erase_from_loads(app: App, names: Sequence[str]) -> int:
    """By key or id: what stood on the person before a load wrote. An undo leaves out who is erased."""
    changed = 0
    for prefix in ("provenance/import=", "provenance/search="):
        for place in list(app.data.keys(prefix)):
            data = app.data.read(place) or b""
            if not any(name.encode() in data for name in names):
                continue
            image = json.loads(data)
            if isinstance(image, dict):
                kept = {key: entry for key, entry in image.items() if key not in names}
                app.data.write(place, json.dumps(kept).encode(), content_type="application/json")
                changed += len(image) - len(kept)
    return changed


def _erase_from_audiences(app: App, keys: Sequence[str]) -> int:
    """The lines stay, so that the audience adds up; address and words go, and no mail can be made of them."""
    wanted = [key.encode() for key in keys]
    changed = 0
    for place in list(app.data.keys("audiences/")):
        data = app.data.read(place) or b""
        if not any(key in data for key in wanted):
            continue
        lines = [_without_person(line, keys) for line in data.splitlines()]
        app.data.write(place, b"\n".join(lines) + b"\n", content_type="application/x-ndjson")
        changed += 1
    return changed


def _without_person(line: bytes, keys: Sequence[str]) -> bytes:
    stored = json.loads(line)
    if str(stored.get("key", "")).partition(".")[0] not in keys:
        return line
    return json.dumps({**stored, "email": "", "slots": {}, "zone": ""}).encode()


def _erase_drips(app: App, keys: Sequence[str]) -> int:
    count = 0
    for campaign in running(app):
        for key in keys:
            if app.due.get(enrollment_pk(campaign, key), STATE) is not None:
                for item in list(app.due.query(enrollment_pk(campaign, key))):  # the place, and what was heard
                    app.due.delete(item["pk"], item["sk"])
                app.due.delete(f"enrolled#{campaign}", key)
                count += 1
    return count


def _erase_notes(app: App, keys: Sequence[str]) -> int:
    """Caps and last known values; what forbids to write to the person stays."""
    count = 0
    for key in keys:
        for item in list(app.people.query(person_pk(key))):
            if item["sk"] != SUPPRESSION:
                app.people.delete(item["pk"], item["sk"])
                count += 1
    return count
