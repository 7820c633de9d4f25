"""Rows by the hundred thousand: Bulk jobs that one run begins and a later one looks at, so that no function waits.

Idempotency key: the flush, noted before its jobs begin. While the org is at them, the campaigns of the flush wait, so
that no later row is overtaken by an earlier one. What was not written is folded and written again.
"""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import events, log
from integration.candidates import announce
from integration.model.ulid import ulid
from integration.ports import Loaded, Outcome, Write
from integration.rollup.folding import store, stored
from integration.rollup.people import UNWRITTEN, Person

if TYPE_CHECKING:
    from integration.app import App

NOTES = "rollup/loads/"
"""What the org is loading: the jobs, and whose rows they hold."""
_LONGEST = timedelta(hours=6)
"""A job that the org is at for longer is given up, and its rows are written anew."""
GONE = frozenset({"ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY", "NOT_FOUND"})
"""The candidate was deleted or merged away: there is nobody to tell of."""


def begin(app: "App", writes: Sequence[Write], people: Sequence[Person]) -> None:
    """One job for each object, begun when they are noted: a run that is cut off before never overtakes a later one."""
    jobs = [
        {"id": job, "key": write.key, "object": write.object_name}
        for write in writes
        for job in app.salesforce.upload(write)
    ]
    now = app.clock.now()
    name = f"{NOTES}{ulid(now)}"
    lines = "\n".join(json.dumps([one.campaign, one.shard, one.key, one.id]) for one in people)
    app.data.write(f"{name}.people.gz", gzip.compress(lines.encode(), 1), content_type="application/gzip")
    campaigns = sorted({one.campaign for one in people})
    note = {"at": now.isoformat(), "jobs": jobs, "campaigns": campaigns}
    app.data.write(f"{name}.json", json.dumps(note).encode(), content_type="application/json")
    for job in jobs:
        app.salesforce.begin(job["id"])
    log.event("results.loading", jobs=len(jobs), people=len(people))


def busy(app: "App") -> set[str]:
    """The campaigns whose rows the org is still loading; what has ended is settled."""
    waiting: set[str] = set()
    for name in sorted({key.partition(".")[0] for key in app.data.keys(NOTES)}):
        note = json.loads(app.data.read(f"{name}.json") or b"{}")
        if not note:  # the run that began to write it was cut off before any job began
            app.data.delete([f"{name}.people.gz"])
        elif not _settled(app, name, note):
            waiting |= set(note["campaigns"])
    return waiting


def under_way(app: "App") -> bool:
    """Whether rows are on their way to the org, by the last look."""
    return any(True for _ in app.data.keys(NOTES))


def refused(object_name: str, outcomes: Iterable[Outcome]) -> None:
    """Told once a reason with the number of rows; the others stand."""
    reasons = Counter((one.code, one.message) for one in outcomes if not one.success and one.code not in GONE)
    for (code, reason), rows in reasons.items():
        log.event("total.refused", object=object_name, code=code, reason=reason, rows=rows)


def unwritten(app: "App", campaign: str, shard: str, keys: Iterable[str]) -> None:
    """The next fold of the shard writes these people whatever it finds."""
    found = stored(app, campaign, shard)
    people = found.get("people", {})
    people.update(dict.fromkeys(people.keys() & set(keys), UNWRITTEN))  # whoever was erased has another key by now
    store(app, campaign, shard, found)


def _settled(app: "App", name: str, note: dict[str, Any]) -> bool:
    ends: list[tuple[dict[str, str], Loaded]] = []
    for job in note["jobs"]:
        end = app.salesforce.loaded(job["id"], job["key"])
        if end is None:
            if app.clock.now() - datetime.fromisoformat(note["at"]) > _LONGEST:
                for each in note["jobs"]:
                    app.salesforce.abort(each["id"])
            return False
        ends.append((job, end))
    people = [json.loads(line) for line in gzip.decompress(app.data.read(f"{name}.people.gz") or b"").splitlines()]
    _write_again(app, people, ends)
    for job, end in ends:
        refused(job["object"], [outcome for _, outcome in end.refused])
    announce(app, [record_id for *_, record_id in people])
    app.data.delete([f"{name}.json", f"{name}.people.gz"])
    log.event("results.loaded", jobs=len(ends), people=len(people))
    return True


def _write_again(app: "App", people: Sequence[Sequence[str]], ends: Sequence[tuple[dict[str, str], Loaded]]) -> None:
    """Marks those whose rows are missing; the shard is folded again at once where that may help."""
    everybody = any(not end.complete for _, end in ends)
    missing = {_id_in(key) for _, end in ends for key, outcome in end.refused if outcome.code not in GONE}
    passing = {_id_in(key) for _, end in ends for key, outcome in end.refused if outcome.may_pass}
    lost: dict[tuple[str, str], list[str]] = {}
    again: set[tuple[str, str]] = set()
    for campaign, shard, key, record_id in people:
        if everybody or record_id in missing:
            lost.setdefault((campaign, shard), []).append(key)
        if everybody or record_id in passing:
            again.add((campaign, shard))
    for (campaign, shard), keys in lost.items():
        unwritten(app, campaign, shard, keys)
    for campaign, shard in sorted(again):
        events.mark(app, campaign, shard, f"not loaded {app.clock.now().isoformat()}")


def _id_in(key: str) -> str:
    """Of a row's key, which ends with the candidate's record id, or is it."""
    return key.rpartition("|")[2]
