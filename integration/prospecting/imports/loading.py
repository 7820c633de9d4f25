"""Load: fixes what is loaded, reads the file into chunks that are ready, puts them on the `imports` queue."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected, shortened
from integration.model.ulid import ulid
from integration.model.vocabulary import ImportStatus
from integration.ports import Value
from integration.prospecting.imports import finishing
from integration.prospecting.imports.places import DONE, JSON, OPEN, UNDONE, Load, enqueue, file_of, load_of, save
from integration.prospecting.imports.preview import open_attached
from integration.prospecting.imports.progress import Progress
from integration.prospecting.imports.reading import Open
from integration.prospecting.imports.rows import RowReader
from integration.prospecting.imports.splitting import Split, split
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App


def load(app: App, import_id: str) -> str:
    """Key: import and load. Starts loading the attached file; what was interrupted goes on where it stopped."""
    try:
        standing = load_of(app, import_id)
        one = standing if standing is not None and standing.state == OPEN else _start(app, import_id, standing)
        if one.chunks < 0:
            one = _split(app, one, Progress(app, one))
        if not one.rows:
            raise Rejected("The file has a header and no rows below it. Attach a file with people in it.", field="File")
    except Rejected:
        _close_failed(app, import_id)
        raise
    values: dict[str, Value] = {
        CandidateImport.STATUS: ImportStatus.LOADING.value,
        CandidateImport.MESSAGE: f"Loading {one.rows:,} rows of “{shortened(one.file_name)}”.",
        CandidateImport.ROWS: one.rows,
    }
    app.salesforce.update(CandidateImport.API_NAME, import_id, values)
    log.event("import.started", id=import_id, load=one.id, rows=one.rows, chunks=one.chunks)
    if one.chunks:
        enqueue(app, one, range(one.first_repeat) if one.first_repeat else range(one.chunks))
    else:
        finishing.advance(app, one, set())  # not one row could be taken
    # The chunks write the record's message from here on.
    return ""


def _start(app: App, import_id: str, before: Load | None) -> Load:
    opened = open_attached(app, import_id)
    version, name, layout = opened.version, opened.name, opened.layout
    now = app.clock.now()
    values: dict[str, Value] = {
        CandidateImport.STATUS: ImportStatus.LOADING.value,
        CandidateImport.PROGRESS: 0,
        CandidateImport.MAPPING: layout.as_json(),
        CandidateImport.FILE_NAME: name[:255],
        CandidateImport.FINISHED_AT: None,
    }
    values |= dict.fromkeys(COUNTS)
    app.salesforce.update(CandidateImport.API_NAME, import_id, values)
    started = now.isoformat(timespec="milliseconds")
    previous = before.id if before is not None and before.state == DONE else ""
    return save(app, Load(ulid(now), import_id, started, version, name, previous=previous, layout=asdict(layout)))


COUNTS = (
    CandidateImport.ROWS,
    CandidateImport.CREATED,
    CandidateImport.UPDATED,
    CandidateImport.MERGED,
    CandidateImport.REJECTED,
)


def _split(app: App, load: Load, progress: Progress) -> Load:
    """Reads the file once and writes the chunks; once more when only the whole file tells how its dates are meant."""
    layout = load.layout_value
    open_file = file_of(app, load.import_id, load.version, name=load.file_name, sheet=layout.sheet)
    found = _read(app, load, open_file, progress)
    if found.ambiguous and len(found.orders) == 1 and not layout.dates:
        layout = replace(layout, dates=found.orders.pop())
        load = save(app, load, layout=asdict(layout))
        app.salesforce.update(CandidateImport.API_NAME, load.import_id, {CandidateImport.MAPPING: layout.as_json()})
        found = _read(app, load, open_file, progress)
    return save(
        app,
        load,
        rows=found.rows,
        people=found.people,
        rejected=found.rejected,
        cleaned=found.cleaned,
        blank=found.blank,
        chunks=found.chunks,
        first_repeat=found.first_repeat,
        split_at=app.clock.now().isoformat(),
    )


def _read(app: App, load: Load, open_file: Open, progress: Progress) -> Split:
    reader = RowReader(load.layout_value, f"{load.import_id}/{load.id}", load.at)

    def put(number: int, rows: bytes) -> None:
        app.data.write(load.chunk(number), rows, content_type="text/csv")

    with tempfile.TemporaryFile() as rejects:
        found = split(open_file, reader, put, progress.reading, rejects)
        rejects.seek(0)
        app.data.write_stream(load.rejected_rows, iter(lambda: rejects.read(1 << 20), b""), content_type=JSON)
    return found


def _close_failed(app: App, import_id: str) -> None:
    one = load_of(app, import_id)
    if one is not None and one.state == OPEN:
        save(app, one, state=UNDONE if one.chunks <= 0 else DONE)
    app.salesforce.update(CandidateImport.API_NAME, import_id, {CandidateImport.STATUS: ImportStatus.FAILED.value})
