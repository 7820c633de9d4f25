"""Load: fixes what is loaded, splits the file into chunks, puts them on the `imports` queue."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from hashlib import blake2b
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected, shortened
from integration.model.ulid import ulid
from integration.model.vocabulary import ImportStatus
from integration.ports import Queue, Value
from integration.prospecting.imports.cells import clean, many
from integration.prospecting.imports.columns import IDENTIFIERS, NAMES
from integration.prospecting.imports.layout import Layout
from integration.prospecting.imports.places import DONE, JSON, OPEN, UNDONE, Load, file_of, load_of, numbers, save
from integration.prospecting.imports.preview import open_attached, rows_of, with_dates
from integration.prospecting.imports.reading import Line
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App

CHUNK_ROWS = 1_000
"""Candidates, contact points and memberships of a chunk stay within what collections take in one go."""
MOST_REPEATS_HELD = 50_000


def load(app: App, import_id: str) -> str:
    """Key: import and load. Starts loading the attached file; what was interrupted goes on where it stopped."""
    try:
        standing = load_of(app, import_id)
        one = standing if standing is not None and standing.state == OPEN else _start(app, import_id, standing)
        if one.chunks < 0:
            one = _split(app, one)
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
    enqueue(app, one, range(one.first_repeat) if one.first_repeat else range(one.chunks))
    log.event("import.started", id=import_id, load=one.id, rows=one.rows, chunks=one.chunks)
    # The chunks write the record's message from here on.
    return ""


def enqueue(app: App, load: Load, chunks: Sequence[int]) -> None:
    """Puts the chunks that have no result yet on the queue."""
    done = set(numbers(app, load.results))
    waiting = [number for number in chunks if number not in done]
    if not waiting and chunks:
        waiting = [chunks[-1]]  # everything is done but the end: a finished chunk looks whether all are
    messages = [{"import_id": load.import_id, "load": load.id, "chunk": number} for number in waiting]
    app.queues.send_many(Queue.IMPORTS, messages)


def _start(app: App, import_id: str, before: Load | None) -> Load:
    opened = open_attached(app, import_id)
    version, name, layout = opened.version, opened.name, opened.layout
    if "collected_at" in layout.meanings():
        layout = with_dates(layout, rows_of(opened.open_file, layout))
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


def _split(app: App, load: Load) -> Load:
    """Writes the chunks. Rows of a person who stood earlier in the file come last, in chunks of their own.

    So no two workers make the same person at once, and `merged` counts the same however the chunks are scheduled.
    """
    layout = load.layout_value
    seen: set[int] = set()
    chunk: list[str] = []
    repeats: list[str] = []
    rows = blank = number = 0

    def put(lines: list[str]) -> None:
        nonlocal number
        app.data.write(load.chunk(number), "\n".join(lines).encode(), content_type=JSON)
        number += 1
        lines.clear()

    open_file = file_of(app, load.import_id, load.version, name=load.file_name, sheet=layout.sheet)
    for line in rows_of(open_file, layout):
        if line.is_blank:
            blank += 1
            continue
        rows += 1
        is_repeat = _is_repeat(line, layout, seen) and len(repeats) < MOST_REPEATS_HELD
        (repeats if is_repeat else chunk).append(json.dumps([line.number, line.cells, line.fault], ensure_ascii=False))
        if len(chunk) == CHUNK_ROWS:
            put(chunk)
    if chunk:
        put(chunk)
    first_repeat = number
    for start in range(0, len(repeats), CHUNK_ROWS):
        put(repeats[start : start + CHUNK_ROWS])
    return save(app, load, rows=rows, blank=blank, chunks=number, first_repeat=first_repeat)


def _is_repeat(line: Line, layout: Layout, seen: set[int]) -> bool:
    marks = list(_marks(line, layout))
    repeated = any(mark in seen for mark in marks)
    seen.update(marks)
    return repeated


def _marks(line: Line, layout: Layout) -> Iterator[int]:
    """Short hashes of what may name the person; a false alarm only moves a row to a later chunk."""
    who = "".join(
        clean(cell).casefold() for key, cell in zip(layout.meanings(), line.cells, strict=False) if key in NAMES
    )
    for key, cell in zip(layout.meanings(), line.cells, strict=False):
        for text in many(cell.casefold()) if key in IDENTIFIERS else ():
            named = f"{text}|{who}" if key == "phone" else text
            yield int.from_bytes(blake2b(named.encode(errors="replace"), digest_size=8).digest(), "big")


def _close_failed(app: App, import_id: str) -> None:
    one = load_of(app, import_id)
    if one is not None and one.state == OPEN:
        save(app, one, state=UNDONE if one.chunks <= 0 else DONE)
    app.salesforce.update(CandidateImport.API_NAME, import_id, {CandidateImport.STATUS: ImportStatus.FAILED.value})
