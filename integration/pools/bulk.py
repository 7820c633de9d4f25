"""Bulk actions: one act over many candidates, as one command. Progress, counts, what failed and why, and the way back.

What was chosen is frozen at the first run and worked off in parts; each part's former state is kept before anything
is changed, so a run that was cut off goes on where it stopped, and Undo knows what to restore.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Rejected, TryAgain
from integration.model.vocabulary import BulkActionKind, BulkStatus
from integration.pools import bulk_acts, exporting
from integration.pools.bulk_acts import Act, Part
from integration.pools.bulk_choice import chosen_by
from integration.ports import Record, Value
from integration.records import BulkAction

if TYPE_CHECKING:
    from integration.app import App

PER_PART = 200
FIELDS = (
    BulkAction.ID,
    BulkAction.ACTION,
    BulkAction.RECORD_IDS,
    BulkAction.FILTER,
    BulkAction.TARGET,
    BulkAction.POOL,
    BulkAction.STATUS,
    BulkAction.OWNER,
)
MOST_FAILURES = 100
LONGEST_RUN = timedelta(seconds=200)
"""Then the command is tried again and goes on; the function may run for five minutes."""


def run(app: App, action_id: str) -> str:
    """Key: the action, and the number of each part. A second run changes nothing."""
    record = app.salesforce.get(BulkAction.API_NAME, action_id, FIELDS)
    if record[BulkAction.STATUS] in (BulkStatus.DONE, BulkStatus.UNDONE):
        raise Rejected(f"This action is {str(record[BulkAction.STATUS]).lower()}. Make a new one to act again.")
    try:
        act = bulk_acts.prepared(app, record)
        ids, strangers = _chosen(app, record)
        if act.kind is BulkActionKind.EXPORT:
            parts = [exporting.attach(app, action_id, ids)]
        else:
            app.salesforce.update(BulkAction.API_NAME, action_id, {BulkAction.STATUS: BulkStatus.RUNNING})
            parts = list(_work(app, act, action_id, ids))
    except Rejected:
        app.salesforce.update(BulkAction.API_NAME, action_id, {BulkAction.STATUS: BulkStatus.FAILED})
        raise
    return _finish(app, action_id, len(ids) + len(strangers), [*parts, Part(failures=strangers)])


def undo(app: App, action_id: str) -> str:
    """Key: the action. Restores what Run changed and nobody changed since."""
    record = app.salesforce.get(BulkAction.API_NAME, action_id, FIELDS)
    if record[BulkAction.STATUS] == BulkStatus.UNDONE:
        raise Rejected("This action was taken back already: there is nothing to undo. Make a new one to act again.")
    if record[BulkAction.STATUS] not in (BulkStatus.DONE, BulkStatus.RUNNING, BulkStatus.FAILED):
        raise Rejected("Nothing was done by this action, so there is nothing to undo.")
    if record[BulkAction.ACTION] == BulkActionKind.EXPORT:
        raise Rejected("An export changes nothing. Delete its file if it should not be there.")
    act = bulk_acts.prepared(app, record)
    restored = kept = 0
    for key in app.data.keys(_place(action_id, "before")):
        before: list[dict[str, Any]] = json.loads(app.data.read(key) or b"[]")
        back, changed = act.restore(before)
        restored, kept = restored + back, kept + changed - back
    app.salesforce.update(BulkAction.API_NAME, action_id, {BulkAction.STATUS: BulkStatus.UNDONE})
    log.event("bulk.undone", action=action_id, restored=restored, kept=kept)
    more = f" {kept:,} were changed by somebody since and stay as they are." if kept else ""
    return f"{restored:,} restored.{more}"


def _chosen(app: App, record: Record) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Candidate ids and what was no candidate, as they were at the first run."""
    place = _place(str(record[BulkAction.ID]), "chosen.json")
    if (stored := app.data.read(place)) is None:
        ids, strangers = chosen_by(app, record)
        data = json.dumps({"ids": ids, "strangers": strangers}).encode()
        app.data.write(place, data, content_type="application/json", unless_exists=True)
        stored = app.data.read(place) or b"{}"
    kept = json.loads(stored)
    return kept["ids"], tuple((one, why) for one, why in kept["strangers"])


def _work(app: App, act: Act, action_id: str, ids: Sequence[str]) -> Iterator[Part]:
    began = app.clock.now()
    for number, start in enumerate(range(0, len(ids), PER_PART)):
        done = _place(action_id, f"done/{number:06}.json")
        if stored := app.data.read(done):
            kept = json.loads(stored)
            yield Part(kept["done"], kept["unchanged"], tuple((one, why) for one, why in kept["failures"]))
            continue
        if app.clock.now() - began > LONGEST_RUN:
            raise TryAgain(f"{start:,} of {len(ids):,} are done", seconds=1)
        part = ids[start : start + PER_PART]
        before = _place(action_id, f"before/{number:06}.json")
        data = json.dumps(act.before(part)).encode()
        app.data.write(before, data, content_type="application/json", unless_exists=True)
        result = act.apply(part, json.loads(app.data.read(before) or b"[]"))
        data = json.dumps({"done": result.done, "unchanged": result.unchanged, "failures": result.failures}).encode()
        app.data.write(done, data, content_type="application/json")
        _show(app, action_id, (start + len(part)) / len(ids) * 100)
        yield result


def _show(app: App, action_id: str, progress: float) -> None:
    app.salesforce.update(BulkAction.API_NAME, action_id, {BulkAction.PROGRESS: int(progress)})


def _finish(app: App, action_id: str, total: int, parts: Sequence[Part]) -> str:
    done, unchanged = sum(part.done for part in parts), sum(part.unchanged for part in parts)
    failures = [failure for part in parts for failure in part.failures]
    lines = [f"{one}: {why}" for one, why in failures[:MOST_FAILURES]]
    if len(failures) > MOST_FAILURES:
        lines.append(f"and {len(failures) - MOST_FAILURES:,} more")
    values: dict[str, Value] = {
        BulkAction.STATUS: BulkStatus.DONE,
        BulkAction.PROGRESS: 100,
        BulkAction.TOTAL: total,
        BulkAction.DONE: done,
        BulkAction.UNCHANGED: unchanged,
        BulkAction.FAILED: len(failures),
        BulkAction.FAILURES: "\n".join(lines)[:32_000] or None,
    }
    app.salesforce.update(BulkAction.API_NAME, action_id, values)
    log.event("bulk.done", action=action_id, done=done, unchanged=unchanged, failed=len(failures))
    told = f"{done:,} of {total:,} done."
    told += f" {unchanged:,} were so already." if unchanged else ""
    return f"{told} {len(failures):,} failed: see Failures." if failures else told


def _place(action_id: str, name: str) -> str:
    return f"bulk/{action_id}/{name}"
