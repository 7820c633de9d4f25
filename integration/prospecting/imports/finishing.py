"""Progress of a load, and its end: the counts, the message, the file of rejected rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import leases, log, pools
from integration.errors import Gone, Rejected
from integration.model.vocabulary import ImportStatus
from integration.ports import Value
from integration.prospecting.imports.places import DONE, Load, enqueue, read_json, save
from integration.prospecting.imports.progress import Progress
from integration.prospecting.imports.rejects import rejects_file, rejects_name
from integration.prospecting.imports.rows import Reject
from integration.prospecting.imports.splitting import CHUNK_ROWS
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=330)
KEPT = timedelta(days=30)
SHOWN = 3
LINES_SHOWN = 20


def advance(app: App, load: Load, done: set[int]) -> None:
    """After each chunk: shows the progress, starts the repeats when all others are in, and ends the load."""
    if len(done) < load.chunks:
        Progress(app, load).tell(len(done) * CHUNK_ROWS, app.clock.now())
        repeats = range(load.first_repeat, load.chunks)
        if repeats and len(done & set(range(load.first_repeat))) == load.first_repeat and not done & set(repeats):
            enqueue(app, load, repeats)
        return
    key = f"import#{load.import_id}#{load.id}"
    if leases.take(app, key, lease=LEASE, kept=KEPT) is None:
        try:
            _finish(app, load)
        except BaseException:
            leases.release(app, key)
            raise
        leases.finish(app, key, {"state": DONE})


def _finish(app: App, load: Load) -> None:
    results = [read_json(app, load.result(number)) for number in range(load.chunks)]
    total = {
        name: sum(result[name] for result in results)
        for name in ("created", "updated", "unchanged", "merged", "shared", "conflicts")
    }
    total["cleaned"] = load.cleaned
    disposable = sorted(line for result in results for line in result["disposable"])
    unplaced = sorted(line for result in results for line in result.get("unplaced", ()))
    rejected = sorted([*_unread(app, load), *(Reject(*one) for result in results for one in result["rejected"])])
    if rejected and not load.rejects:
        load = save(app, load, rejects=_attach(app, load, rejected))
    values: dict[str, Value] = {
        CandidateImport.STATUS: ImportStatus.DONE.value,
        CandidateImport.PROGRESS: 100,
        CandidateImport.ROWS: load.rows,
        CandidateImport.CREATED: total["created"],
        CandidateImport.UPDATED: total["updated"],
        CandidateImport.MERGED: total["merged"],
        CandidateImport.REJECTED: len(rejected),
        CandidateImport.FINISHED_AT: app.clock.now().isoformat(timespec="seconds"),
        CandidateImport.MESSAGE: _told(load, total, rejected, disposable, unplaced),
    }
    _count_pool(app, load)
    load = save(app, load, final=values)
    app.salesforce.update(CandidateImport.API_NAME, load.import_id, values)
    save(app, load, state=DONE)
    log.event("import.finished", id=load.import_id, load=load.id, rows=load.rows, rejected=len(rejected))


def _unread(app: App, load: Load) -> Iterator[Reject]:
    """What was rejected when the file was read."""
    for line in (app.data.read(load.rejected_rows) or b"").splitlines():
        yield Reject(*json.loads(line))


def _attach(app: App, load: Load, rejected: Sequence[Reject]) -> str:
    name, found = rejects_name(load), app.salesforce.attached_file(load.import_id)
    if found and found[1] == name:
        return found[0]  # an attempt that died behind this call has attached it already
    return app.salesforce.attach_file(load.import_id, name, b"".join(rejects_file(app, load, rejected)))


def _told(
    load: Load,
    total: dict[str, int],
    rejected: Sequence[Reject],
    disposable: Sequence[int],
    unplaced: Sequence[int],
) -> str:
    text = [
        f"{load.rows:,} rows: {total['created']:,} created, {total['updated']:,} updated "
        f"({total['unchanged']:,} without a change), {total['merged']:,} merged, {len(rejected):,} rejected."
    ]
    if rejected:
        text.append(f"The rejected rows are attached as “{rejects_name(load)}”: correct them there and load that file.")
        text += [
            f"Line {one.line}, {one.column or 'whole row'}: {one.reason} {one.remedy}".rstrip()
            for one in rejected[:SHOWN]
        ]
    for name, what in (
        ("cleaned", "rows had control characters, which were replaced by blanks"),
        ("shared", "rows have an address that several people may read (such as info@): matched only with the name"),
        ("conflicts", "people have an address that belongs to another candidate; it stayed there"),
    ):
        if total[name]:
            text.append(f"{total[name]:,} {what}.")
    for lines, what in (
        (disposable, "have a throw-away e-mail address, which may reach nobody"),
        (unplaced, "have a location that could not be told apart; all of it stands as the city"),
    ):
        if lines:
            shown = ", ".join(map(str, lines[:LINES_SHOWN])) + (", …" if len(lines) > LINES_SHOWN else "")
            text.append(f"{len(lines):,} rows {what}: lines {shown}.")
    if load.blank:
        text.append(f"{load.blank:,} blank lines were skipped.")
    return "\n".join(text)[:4000]


def _count_pool(app: App, load: Load) -> None:
    try:
        pool = app.salesforce.get(CandidateImport.API_NAME, load.import_id, [CandidateImport.POOL])[
            CandidateImport.POOL
        ]
        if pool:
            pools.count(app, str(pool))
    except (Gone, Rejected) as reason:
        log.event("import.pool_not_counted", id=load.import_id, reason=reason.message)
