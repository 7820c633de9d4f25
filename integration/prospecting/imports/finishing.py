"""Progress of a load, and its end: the counts, the message, the file of rejected rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import leases, log, pools
from integration.errors import Gone, Rejected
from integration.model.cells import neutral
from integration.model.vocabulary import ImportStatus
from integration.ports import Value
from integration.prospecting.imports.loading import enqueue
from integration.prospecting.imports.places import DONE, Load, numbers, read_json, save
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=330)
KEPT = timedelta(days=30)
SHOWN = 3


def advance(app: App, load: Load, done: set[int]) -> None:
    """After each chunk: shows the progress, starts the repeats when all others are in, and ends the load."""
    if len(done) < load.chunks:
        progress: dict[str, Value] = {CandidateImport.PROGRESS: len(done) * 100 // load.chunks}
        app.salesforce.update(CandidateImport.API_NAME, load.import_id, progress)
        if len(set(numbers(app, load.results))) >= load.chunks:
            # Another chunk ended the load in between; its 100 must not be followed by less.
            app.salesforce.update(CandidateImport.API_NAME, load.import_id, {CandidateImport.PROGRESS: 100})
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
        for name in ("created", "updated", "unchanged", "merged", "cleaned", "shared", "conflicts")
    }
    rejected = [reject for result in results for reject in result["rejected"]]
    if rejected and not load.rejects:
        name = rejects_name(load)
        found = app.salesforce.attached_file(load.import_id)
        # An attempt that died behind this call has attached it already.
        version = (
            found[0]
            if found and found[1] == name
            else app.salesforce.attach_file(load.import_id, name, b"".join(rejects_file(load, rejected)))
        )
        load = save(app, load, rejects=version)
    values: dict[str, Value] = {
        CandidateImport.STATUS: ImportStatus.DONE.value,
        CandidateImport.PROGRESS: 100,
        CandidateImport.ROWS: load.rows,
        CandidateImport.CREATED: total["created"],
        CandidateImport.UPDATED: total["updated"],
        CandidateImport.MERGED: total["merged"],
        CandidateImport.REJECTED: len(rejected),
        CandidateImport.FINISHED_AT: app.clock.now().isoformat(timespec="seconds"),
        CandidateImport.MESSAGE: _told(load, total, rejected),
    }
    _count_pool(app, load)
    app.salesforce.update(CandidateImport.API_NAME, load.import_id, values)
    save(app, load, state=DONE)
    log.event("import.finished", id=load.import_id, load=load.id, rows=load.rows, rejected=len(rejected))


def rejects_name(load: Load) -> str:
    return f"{load.file_name.rpartition('.')[0] or load.file_name} - rejected rows {load.id[-6:]}.csv"


def rejects_file(load: Load, rejected: Sequence[Any]) -> Iterator[bytes]:
    """The rejected rows as they were, with line, column and reason; opens in Excel and runs nothing there."""
    yield "\ufeff".encode()
    headers = list(load.layout_value.columns)
    yield _csv_line([*headers, "Line", "Column", "Reason"])
    for line, column, reason, cells in sorted(rejected):
        padded = [*cells, *[""] * (len(headers) - len(cells))]
        kept = [*padded[: len(headers) - 1], " ".join(padded[len(headers) - 1 :])] if headers else []
        yield _csv_line([*kept, str(line), column, reason])


def _csv_line(cells: Sequence[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([neutral(cell) for cell in cells])
    return line.getvalue().encode(errors="replace")


def _told(load: Load, total: dict[str, int], rejected: Sequence[Any]) -> str:
    text = [
        f"{load.rows:,} rows: {total['created']:,} created, {total['updated']:,} updated "
        f"({total['unchanged']:,} without a change), {total['merged']:,} merged, {len(rejected):,} rejected."
    ]
    if rejected:
        text.append(f"The rejected rows are attached as “{rejects_name(load)}”: correct them there and load that file.")
        text += [f"Line {line}, {column or 'whole row'}: {reason}" for line, column, reason, _ in rejected[:SHOWN]]
    for name, what in (
        ("cleaned", "rows had control characters, which were replaced by blanks"),
        ("shared", "rows have an address that several people may read (such as info@): matched only with the name"),
        ("conflicts", "people have an address that belongs to another candidate; it stayed there"),
    ):
        if total[name]:
            text.append(f"{total[name]:,} {what}.")
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
