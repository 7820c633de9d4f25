"""Every five minutes: fold what changed again and overwrite the totals in the org.

Idempotency key: (campaign, shard) and the stamp of its dirty mark. Totals are recounted from raw events, never
incremented, so a run that is repeated, or that dies half-way, gives the same numbers as one that was not.
"""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from integration import attribution, events, log, rejudging
from integration.campaigns import measuring
from integration.ports import Item
from integration.rollup import loads, returns
from integration.rollup.flushing import Flush
from integration.rollup.folding import fold_dirty, raw_events

if TYPE_CHECKING:
    from integration.app import App

__all__ = ["raw_events", "run"]

_RESERVE_MS = 120_000
"""Kept for telling what was folded: nothing further is begun when less is left."""
_BUDGET = 0.8
"""Of the day's API calls; what is left is for people, registrations and commands, and the totals wait."""


def _no_hurry() -> int:
    return _RESERVE_MS * 1_000


def run(app: "App", time_left: Callable[[], int] = _no_hurry) -> int:
    """Totals of events, then what is worked out of them; the number of shards folded. `time_left` as in tally()."""
    was_loading = loads.under_way(app)
    count = tally(app, time_left)
    if not was_loading and not loads.under_way(app) and not _is_spent(app):
        # What is shared out must have arrived.
        attribution.go_on(app, time_left)
        measuring.measure(app)
    return count


def tally(app: "App", time_left: Callable[[], int] = _no_hurry) -> int:
    """Folds dirty shards while there is time and writes what changed; the number of shards folded.

    `time_left` gives milliseconds; what is not reached keeps its mark for the next run.
    """
    rejudging.mark_a_part(app)
    busy = loads.busy(app)
    changed = returns.read(app)
    if _is_spent(app):
        return 0
    flush, count = Flush(app), 0
    with TemporaryDirectory() as folder:
        for campaign, marks in _dirty(app).items():
            if campaign in busy or time_left() < _RESERVE_MS:
                continue
            shards = [mark["sk"].split("#")[1] for mark in marks]
            folded = fold_dirty(app, campaign, shards, Path(folder), lambda: time_left() < _RESERVE_MS)
            flush.take(folded, marks)
            count += len(folded.shards.keys() & set(shards))
        flush.also(changed)
        flush.write()
    return count


def _dirty(app: "App") -> dict[str, list[Item]]:
    now = app.clock.now().isoformat()
    campaigns: dict[str, list[Item]] = {}
    for mark in app.claims.query(events.DIRTY):
        if mark.get("stamp") and mark.get("due", now) <= now:
            campaigns.setdefault(mark["sk"].split("#")[0], []).append(mark)
    return campaigns


def _is_spent(app: "App") -> bool:
    usage = app.salesforce.api_usage
    if usage is None or usage[0] < _BUDGET * usage[1]:
        return False
    log.event("totals.wait", calls=usage[0], allowed=usage[1])
    return True
