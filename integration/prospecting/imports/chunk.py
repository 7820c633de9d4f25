"""The `imports` queue: one chunk of a file becomes candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from integration import log, pools
from integration.candidates import Found, Origin, Person, State, announce, find_or_create
from integration.candidates.rights import FIELDS as RIGHTS
from integration.candidates.rights import apply
from integration.candidates.throwaway import is_disposable
from integration.errors import Gone, Rejected
from integration.model.provenance import Trust
from integration.model.reject import Code
from integration.model.vocabulary import AddedBy, ImportStatus
from integration.ports import Record, Value
from integration.prospecting.imports import finishing, ready
from integration.prospecting.imports.image import Image
from integration.prospecting.imports.locating import placed
from integration.prospecting.imports.places import OPEN, Load, load_of, numbers, read_json, write_json
from integration.prospecting.imports.progress import Progress
from integration.prospecting.imports.rows import Reject, RowReader
from integration.prospecting.imports.splitting import CHUNK_ROWS
from integration.records import Candidate, CandidateImport
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

SLICE_ROWS = 200
"""People whose candidates, addresses and memberships are written together: about five calls."""


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
        who = "".join(f"{line} {key}\n" for line, key in result.pop("who"))
        app.data.write(load.who(number), who.encode(), content_type="text/plain")
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


@dataclass
class _Chunk:
    """What became of a chunk so far."""

    states: Counter[State] = field(default_factory=Counter)
    rejected: list[Reject] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    tagged: list[str] = field(default_factory=list)
    candidates: set[str] = field(default_factory=set)
    who: list[tuple[int, str]] = field(default_factory=list)
    """(line, candidate key)"""
    shared: int = 0
    conflicts: int = 0
    disposable: list[int] = field(default_factory=list)
    """Lines of people with a throw-away address."""
    unplaced: list[int] = field(default_factory=list)
    """Lines of people whose location was kept whole as their city."""

    def as_json(self) -> dict[str, Any]:
        count = self.states
        return {
            "created": count[State.CREATED],
            "updated": count[State.UPDATED] + count[State.UNCHANGED],
            "unchanged": count[State.UNCHANGED],
            "merged": count[State.REPEATED],
            "rejected": sorted(self.rejected),
            "made": self.made,
            "members": self.members,
            "tagged": self.tagged,
            "shared": self.shared,
            "conflicts": self.conflicts,
            "disposable": self.disposable,
            "unplaced": self.unplaced,
            "who": self.who,
        }


def _load_chunk(app: App, load: Load, number: int, record: Record) -> dict[str, Any]:
    text = (app.data.read(load.chunk(number)) or b"").decode()
    image, chunk, progress = Image(app, load, number), _Chunk(), Progress(app, load)
    rows = []
    for line, read in ready.people(text, f"{load.import_id}/{load.id}"):
        if ready.is_nobody(read):
            chunk.rejected.append(erased_row(line))
            continue
        person, is_whole = placed(read)
        rows.append((line, person))
        chunk.unplaced += [line] if is_whole else []
    others = CHUNK_ROWS * len(list(numbers(app, load.results)))
    for start in range(0, len(rows), SLICE_ROWS):
        _load_slice(
            app, load, rows[start : start + SLICE_ROWS], record, image, chunk, is_repeat=number >= load.first_repeat
        )
        progress.loading(others + start + SLICE_ROWS)
    return chunk.as_json()


def _load_slice(
    app: App,
    load: Load,
    rows: Sequence[tuple[int, Person]],
    record: Record,
    image: Image,
    chunk: _Chunk,
    *,
    is_repeat: bool,
) -> None:
    layout, people = load.layout_value, [person for _, person in rows]
    origin = Origin(
        at=load.at,
        collected_from=f"Import {record[CandidateImport.NAME]}: {load.file_name}"[:255],
        channel=str(record[CandidateImport.SOURCE] or ""),
        trust=Trust.RESUME if load.layout_value.kind == "resumes" else Trust.IMPORT,
    )
    keep = partial(image.keep, with_tags=any(person.words for person in people))
    found = find_or_create(app, people, origin, overwrite=layout.existing == "overwrite", before_write=keep)
    found = list(map(image.as_first_seen, found))
    # An attempt that died after it wrote may not have told the pools.
    announce(app, [one.id for one in found if one.state is State.UPDATED])
    reader = RowReader(layout, "", load.at)
    chunk.rejected += [
        reject_of(line, one, _header(reader, one.field))
        for (line, _), one in zip(rows, found, strict=True)
        if one.state is State.REFUSED
    ]
    in_org = {one.id: None for one in found if one.state is not State.REFUSED}
    if record[CandidateImport.POOL] and in_org:
        pool = str(record[CandidateImport.POOL])
        known = [one.id for one in found if one.state not in (State.CREATED, State.REFUSED)]
        before = image.members_before(pool, known)
        joined = pools.join(app, pool, list(in_org), AddedBy.IMPORT).memberships
        chunk.members += [member for candidate, member in joined.items() if candidate not in before]
    _silence(app, people, found)
    for (line, person), one in zip(rows, found, strict=True):
        is_known = one.state in (State.UPDATED, State.UNCHANGED) and (is_repeat or one.id in chunk.candidates)
        chunk.states[State.REPEATED if is_known else one.state] += 1
        chunk.who += [(line, one.key)] if one.key else []
        chunk.tagged += image.new_tags(one)
        chunk.made += [one.id] if one.state is State.CREATED else []
        chunk.shared += any(not address.identifies and "@" in address.value for address in person.addresses)
        chunk.conflicts += one.conflict
        chunk.disposable += [line] if any(map(is_disposable, person.addresses)) else []
    chunk.candidates |= in_org.keys()


def reject_of(line: int, refused: Found, column: str) -> Reject:
    """A row that could be read and was not taken; of an erased person nothing is told."""
    if refused.code.upper() == Code.ERASED:
        return erased_row(line)
    return Reject(line, column, refused.code or Code.REFUSED, refused.reason, _REMEDIES.get(refused.code, _CORRECT))


def erased_row(line: int) -> Reject:
    """What is told of the row of an erased person."""
    return Reject(line, "", Code.ERASED, "This person asked to be forgotten and was erased.", _REMEDIES[Code.ERASED])


_CORRECT = "Correct the row and load it again."
_REMEDIES = {
    "DUPLICATE_VALUE": "Another candidate has this value. Correct it, or leave it empty.",
    Code.ERASED: "Leave the row out: the person may not be collected again.",
}


def _header(reader: RowReader, field: str) -> str:
    """The column of the file that fills a field of the org."""
    return reader.header_of(field) or field.removesuffix("__c").replace("_", " ")


def _silence(app: App, people: Sequence[Person], found: Sequence[Found]) -> None:
    """Those whom the file says not to contact get no mail from this moment on."""
    ids = [
        one.id
        for person, one in zip(people, found, strict=True)
        if one.id and (person.facts.get(Candidate.DO_NOT_CONTACT) or person.facts.get(Candidate.DO_NOT_REHIRE))
    ]
    for start in range(0, len(ids), 200):
        where = is_in(Candidate.ID, ids[start : start + 200])
        apply(app, app.salesforce.query(select(Candidate.API_NAME, RIGHTS, where=where)))
