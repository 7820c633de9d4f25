"""The person is looked for in every place that keeps files, messages and events, one place after the other.

How far that has come lies with the erasure's notes, so a run that was cut off, or that ran as long as it may, goes on
with the next place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from integration.errors import TryAgain
from integration.model.traces import Traces
from integration.ports import Item, Value
from integration.privacy import in_copies, in_events, in_imports, in_messages, in_records
from integration.privacy.noting import Notes
from integration.records import PrivacyRequest

if TYPE_CHECKING:
    from integration.app import App

LONGEST_RUN = timedelta(seconds=200)
"""Then the command is tried again and goes on; the function may run for five minutes."""
SHOWN_EVERY = timedelta(seconds=2)
MOST_PROGRESS = 90
"""Per cent when every place was looked through; what follows takes seconds."""
AFTER = "after"
_END = "~"
"""Sorts behind every place."""

Place = tuple[str, Callable[[], None]]


def forget(app: App, request_id: str, work: Item, person: Traces, notes: Notes) -> None:
    """Key: the request and the place. Raises TryAgain when the time of this run is over."""
    after = str(work.get(AFTER, ""))
    if after == _END:
        return
    began = shown = app.clock.now()
    places = _places(app, work, person, notes)
    left = [place for place in places if place[0] > after]
    for number, (name, act) in enumerate(left):
        if number and app.clock.now() - began > LONGEST_RUN:
            raise TryAgain(f"{len(places) - len(left) + number:,} of {len(places):,} places are done", seconds=1)
        act()
        app.people.update(work["pk"], work["sk"], {AFTER: name})
        if app.clock.now() - shown > SHOWN_EVERY:
            shown = app.clock.now()
            _show(app, request_id, len(places) - len(left) + number + 1, len(places))
    app.people.update(work["pk"], work["sk"], {AFTER: _END})


def _places(app: App, work: Item, person: Traces, notes: Notes) -> Sequence[Place]:
    lists = in_records.lists(app)
    found: list[Place] = [
        *((f"a {one}", partial(in_imports.forget, app, one, person, notes)) for one in in_imports.ids(app)),
        *((f"b {one.id}", partial(in_records.forget_in_list, app, one, person, notes)) for one in lists),
        ("c", partial(in_messages.forget, app, person, notes)),
        *((f"d {key}", partial(in_copies.forget, app, key, person, notes)) for key in in_copies.places(app)),
    ]
    names = dict(zip(work["keys"], work["anonymous"], strict=True))
    for campaign, shard in in_events.shards(app, names):
        found.append((f"e {campaign} {shard}", partial(in_events.forget, app, campaign, shard, names, notes)))
    return sorted(found, key=lambda place: place[0])


def _show(app: App, request_id: str, done: int, total: int) -> None:
    told: dict[str, Value] = {
        PrivacyRequest.PROGRESS: done * MOST_PROGRESS // total,
        PrivacyRequest.MESSAGE: f"Looking for the person: {done:,} of {total:,} places are done.",
    }
    app.salesforce.update(PrivacyRequest.API_NAME, request_id, told)
