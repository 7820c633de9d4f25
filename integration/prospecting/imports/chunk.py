"""The `imports` queue: one chunk of a file becomes candidates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from integration import log, pools
from integration.candidates import Change, Found, Origin, Person, State, find_or_create
from integration.candidates.rights import FIELDS as RIGHTS
from integration.candidates.rights import apply
from integration.errors import Gone, Rejected
from integration.model.provenance import Trust
from integration.model.vocabulary import AddedBy, ImportStatus
from integration.ports import Record, Value
from integration.prospecting.imports import finishing
from integration.prospecting.imports.places import OPEN, Load, load_of, numbers, read_json, write_json
from integration.prospecting.imports.rows import RowReader
from integration.records import Candidate, CandidateImport
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

Reject = tuple[int, str, str, list[str]]
"""(line, column, reason, cells)."""


def work(app: App, import_id: str, load_id: str, number: int) -> None:
    """Key: import, load and chunk. Writes the people of a chunk; a repeated attempt makes and counts the same ones."""
    load = load_of(app, import_id)
    if load is None or load.id != load_id or load.state != OPEN:
        log.event("import.chunk_late", id=import_id, load=load_id, chunk=number)
        return
    if read_json(app, load.result(number)) is None:
        try:
            record = _record(app, import_id)
        except Gone:
            log.event("import.record_gone", id=import_id)
            return
        try:
            result = _load_chunk(app, load, number, record)
        except Rejected as rejected:
            _stop(app, load, number, rejected)
            raise
        write_json(app, load.result(number), result, unless_exists=True)
        log.event("import.chunk_loaded", id=import_id, chunk=number, rejected=len(result["rejected"]))
    finishing.advance(app, load, set(numbers(app, load.results)))


def _stop(app: App, load: Load, number: int, rejected: Rejected) -> None:
    """The org refused a whole part: the recruiter is told; Load goes on with what is missing."""
    told = f"Part {number + 1} of {load.chunks} could not be loaded: {rejected.message} Command Load again to go on."
    values: dict[str, Value] = {
        CandidateImport.STATUS: ImportStatus.FAILED.value,
        CandidateImport.MESSAGE: told,
    }
    app.salesforce.update(CandidateImport.API_NAME, load.import_id, values)


def _record(app: App, import_id: str) -> Record:
    fields = [CandidateImport.NAME, CandidateImport.POOL, CandidateImport.SOURCE]
    return app.salesforce.get(CandidateImport.API_NAME, import_id, fields)


def _load_chunk(app: App, load: Load, number: int, record: Record) -> dict[str, Any]:
    reader = RowReader(load.layout_value, f"{load.import_id}/{load.id}", load.at)
    lines, people, rejected = _people(app, load, number, reader)
    origin = Origin(
        at=load.at,
        collected_from=f"Import {record[CandidateImport.NAME]}: {load.file_name}"[:255],
        channel=str(record[CandidateImport.SOURCE] or ""),
        trust=Trust.RESUME if load.layout_value.kind == "resumes" else Trust.IMPORT,
    )
    found = find_or_create(
        app,
        people,
        origin,
        overwrite=reader.layout.existing == "overwrite",
        before_write=lambda changes: _keep(app, load.image(number), changes),
    )
    rejected += [
        (line, _header(reader, one.field), one.reason, cells)
        for (line, cells), one in zip(lines, found, strict=True)
        if one.state is State.REFUSED
    ]
    in_org = {one.id: None for one in found if one.state is not State.REFUSED}
    members: Sequence[str] = ()
    if record[CandidateImport.POOL] and in_org:
        members = pools.join(app, str(record[CandidateImport.POOL]), list(in_org), AddedBy.IMPORT).created
    _silence(app, people, found)
    is_repeat = number >= load.first_repeat
    states = [State.REPEATED if is_repeat and _is_known(one) else one.state for one in found]
    return {
        "created": states.count(State.CREATED),
        "updated": states.count(State.UPDATED) + states.count(State.UNCHANGED),
        "unchanged": states.count(State.UNCHANGED),
        "merged": states.count(State.REPEATED),
        "rejected": sorted(rejected),
        "made": [one.id for one in found if one.state is State.CREATED],
        "members": list(members),
        "tagged": [row for one in found for row in one.tagged],
        "cleaned": reader.findings.cleaned,
        "shared": reader.findings.shared,
        "conflicts": sum(1 for one in found if one.conflict),
    }


def _is_known(one: Found) -> bool:
    """In a chunk of repeats, whoever is not new stood earlier in the file."""
    return one.state in (State.UPDATED, State.UNCHANGED)


def _people(
    app: App, load: Load, number: int, reader: RowReader
) -> tuple[list[tuple[int, list[str]]], list[Person], list[Reject]]:
    lines, people, rejected = [], [], []
    for text in (app.data.read(load.chunk(number)) or b"").decode().split("\n"):
        if not text:
            continue
        line, cells, fault = json.loads(text)
        try:
            if fault:
                raise Rejected(fault[:1].upper() + fault[1:] + ".")
            people.append(reader.person(line, cells))
            lines.append((line, cells))
        except Rejected as reason:
            rejected.append((line, reason.field, reason.message, cells))
    return lines, people, rejected


def _header(reader: RowReader, field: str) -> str:
    """The column of the file that fills a field of the org."""
    return reader.header_of(field) or field.removesuffix("__c").replace("_", " ")


def _keep(app: App, key: str, changes: Sequence[Change]) -> None:
    """Keeps what stood before; of several attempts the first one saw it."""
    image = read_json(app, key) or {}
    for change in changes:
        if change.after or change.addresses:
            entry = {
                "id": change.id,
                "before": dict(change.before),
                "after": dict(change.after),
                "addresses": list(change.addresses),
            }
            image.setdefault(change.key or change.id, entry)
    write_json(app, key, image)


def _silence(app: App, people: Sequence[Person], found: Sequence[Found]) -> None:
    """Those whom the file says not to contact get no mail from this moment on."""
    ids = [
        one.id
        for person, one in zip(people, found, strict=True)
        if one.id and person.facts.get(Candidate.DO_NOT_CONTACT)
    ]
    for start in range(0, len(ids), 200):
        where = is_in(Candidate.ID, ids[start : start + 200])
        apply(app, app.salesforce.query(select(Candidate.API_NAME, RIGHTS, where=where)))
