"""Places in drips follow the person: nobody starts a drip again because two records became one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from integration.candidates.merging.images import Image, save
from integration.drips.hearing import HEARD
from integration.drips.leaving import leave
from integration.drips.picking import PICK
from integration.drips.plan import MINUTES, STATE, enrollment_pk, entry_of, find
from integration.model.vocabulary import EnrollmentState
from integration.ports import Item
from integration.sending.recovery import running

if TYPE_CHECKING:
    from integration.app import App

MERGED_REASON = "Merged with another record"
PARTED_REASON = "The merge was taken back"


def take_in(app: App, image: Image) -> None:
    """Notes both places in every running campaign, before anything moves."""
    campaigns = running(app)
    places = [
        (enrollment_pk(campaign, key), STATE) for campaign in campaigns for key in (image.own_key, image.other_key)
    ]
    found = app.due.get_many(places)
    for campaign in campaigns:
        other = found.get((enrollment_pk(campaign, image.other_key), STATE))
        if other is not None and campaign not in image.drips:
            own = found.get((enrollment_pk(campaign, image.own_key), STATE))
            image.drips[campaign] = {"own": own, "other": other}
    if image.drips:
        save(app, image)


def move(app: App, image: Image) -> None:
    """The remaining record takes the other's place where it has none."""
    for campaign, places in image.drips.items():
        other = places["other"]
        if other is None:
            continue
        if places["own"] is None:
            for known in [one for part in (HEARD, PICK) for one in app.due.query(other["pk"], prefix=part)]:
                app.due.put({**known, "pk": enrollment_pk(campaign, image.own_key)}, unless_exists=True)
            _enter(app, campaign, other, image.own_key, image.own)
        leave(app, other, MERGED_REASON)


def move_back(app: App, image: Image, again: str) -> None:
    """The other record gets its place back; one that the remaining record only inherited ends."""
    for campaign, places in image.drips.items():
        other = places["other"]
        if other is None:
            continue
        if places["own"] is None:
            leave(app, {"pk": enrollment_pk(campaign, image.own_key)}, PARTED_REASON)
        app.due.put({**other, "candidate_id": again})
        _list(app, campaign, other)


def _enter(app: App, campaign: str, other: Item, key: str, candidate_id: str) -> None:
    item = {**other, "pk": enrollment_pk(campaign, key), "candidate": key, "candidate_id": candidate_id}
    app.due.put({"pk": f"enrolled#{campaign}", "sk": key})
    app.due.put(item, unless_exists=True)
    _list(app, campaign, item)


def _list(app: App, campaign: str, item: Item) -> None:
    """Lists what is due next; a place that is over is due for nothing."""
    drip = find(app, campaign)
    if drip is None or item["state"] != EnrollmentState.ACTIVE:
        return
    entry = entry_of(drip, item["candidate"], int(item["step"]), datetime.fromisoformat(item["due_at"]))
    app.due.put({"pk": MINUTES, "sk": entry["pk"]})
    app.due.put(entry)
