"""What imports keep of a person: the attached file, its copy, the parts of each load, the rows that were rejected."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from integration.errors import Gone, Rejected
from integration.model.reject import Code
from integration.model.traces import Traces
from integration.ports import Value
from integration.privacy import in_messages, in_records
from integration.privacy.in_records import Version
from integration.privacy.noting import Notes
from integration.prospecting.files.table import HEADER_START
from integration.prospecting.imports import forgetting
from integration.prospecting.imports.chunk import erased_row
from integration.prospecting.imports.places import (
    OPEN,
    Load,
    about_of,
    file_key,
    file_of,
    numbers,
    read_json,
    write_json,
)
from integration.prospecting.imports.reading import Open, text_lines
from integration.prospecting.imports.rejects import rejects_name
from integration.records import CandidateImport
from integration.soql import select

if TYPE_CHECKING:
    from integration.app import App

TABLES, PARTS, REJECTS = "imported files", "parts of imports", "lists of rejected rows"


def ids(app: App) -> list[str]:
    """Every import of which something may be left, in the bucket or on a record."""
    rows = app.salesforce.query(select(CandidateImport.API_NAME, [CandidateImport.ID]))
    kept = {key.split("/")[1] for key in app.data.keys("imports/")}
    return sorted({*kept, *(str(row[CandidateImport.ID]) for row in rows)})


def forget(app: App, import_id: str, person: Traces, notes: Notes) -> None:
    """Key: the import. The record's files first: the bucket's copy tells where the person stands in them."""
    one = _Import(app, import_id, person, notes)
    one.find()
    if one.held:
        one.replace_files()
        one.rewrite_words()
        one.rewrite_rows()
        one.renew_loads()
    one.tidy()


class _Import:
    """One import, while a person is taken out of it."""

    def __init__(self, app: App, import_id: str, person: Traces, notes: Notes) -> None:
        self._app, self._id, self._person, self._notes = app, import_id, person, notes
        keys = list(app.data.keys(f"imports/{import_id}/"))
        self._tables = [key for key in keys if re.fullmatch(r"imports/[^/]+/[^/]+\.csv", key)]
        found = [read_json(app, key) for key in keys if re.fullmatch(r"imports/[^/]+/[^/]+/load\.json", key)]
        self._loads = [Load(**values) for values in found]
        self._table = {
            load.id: file_key(import_id, load.version, load.layout_value.sheet if load.layout else "")
            for load in self._loads
        }
        """Load -> the table it read."""
        self._files = in_records.versions_on(app, import_id)
        self._passing: list[str] = []
        """Tables that were made only to be looked through."""
        self.held: dict[str, set[int]] = defaultdict(set)
        """Table -> the numbers of the person's rows in it."""

    def find(self) -> None:
        for version in (one for versions in self._files.values() for one in versions if not one.is_rejects):
            self._unfold(version)
        for key in self._tables:
            self._hold(key, forgetting.lines_holding(self._open(key), self._delimiter(key), self._person.in_text))
        for load in self._loads:
            self._hold(self._table[load.id], self._lines_in(load))

    def replace_files(self) -> None:
        for versions in self._files.values():
            latest = versions[-1]
            if latest.is_rejects:
                self._replace_rejects(latest)
            elif any(self._keys_of(version) & self.held.keys() for version in versions):
                self._replace_file(latest)

    def rewrite_words(self) -> None:
        for load in self._loads:
            if lines := self.held.get(self._table[load.id]):
                self._rewrite_rejected(load, lines)
                self._rewrite_message(load, lines)
        self._clean_record()

    def rewrite_rows(self) -> None:
        """Last, and in this order: by these an attempt that comes again finds the person's lines."""
        for key, lines in self.held.items():
            if key in self._tables:
                self._notes.note(TABLES, key)
                pieces = forgetting.table_without(self._open(key), self._delimiter(key), lines)
                self._app.data.write_stream(key, pieces, content_type="text/csv")
        for load in self._loads:
            if of_load := self.held.get(self._table[load.id]):
                self._rewrite_chunks(load, of_load)
                self._rewrite_who(load)

    def renew_loads(self) -> None:
        """Loads that are over know the files that were attached instead; one under way has its copy."""
        standing = [versions[-1] for versions in in_records.versions_on(self._app, self._id).values()]
        latest = read_json(self._app, f"imports/{self._id}/load.json") or {}
        for load in (one for one in self._loads if one.state != OPEN):
            names = {load.file_name, _as_table(load.file_name)}
            changed = {
                "version": _instead(load.version, standing, names),
                "rejects": _instead(load.rejects, standing, {rejects_name(load)}),
            }
            if changed != {name: getattr(load, name) for name in changed}:
                key = f"imports/{self._id}/{load.id}/load.json"
                kept = {**read_json(self._app, key), **changed}
                write_json(self._app, key, kept)
                if latest.get("id") == load.id:
                    write_json(self._app, f"imports/{self._id}/load.json", kept)

    def tidy(self) -> None:
        self._app.data.delete(self._passing)

    def _clean_record(self) -> None:
        """The preview shows samples of columns apart from each other, so it goes whole; Preview makes it again."""
        fields = [CandidateImport.PREVIEW, CandidateImport.MESSAGE]
        lines = set().union(*self.held.values())
        try:
            row = self._app.salesforce.get(CandidateImport.API_NAME, self._id, fields)
        except Gone:
            return
        message = str(row[CandidateImport.MESSAGE] or "")
        values: dict[str, Value] = {
            CandidateImport.PREVIEW: None,
            CandidateImport.MESSAGE: in_messages.cleaned(message, self._person, lines) or None,
        }
        self._app.salesforce.update(CandidateImport.API_NAME, self._id, values)
        in_messages.forget_commands(self._app, self._id, self._person, lines, self._notes)

    def _hold(self, table: str, lines: set[int]) -> None:
        if lines:
            self.held[table] |= lines

    def _unfold(self, version: Version) -> None:
        """The version's table: there already, or made for this look."""
        if self._keys_of(version):
            return
        before = set(self._app.data.keys(f"imports/{self._id}/"))
        try:
            file_of(self._app, self._id, version.id, name=version.name)
        except Rejected:  # nothing that could be read, so nothing was loaded from it
            return
        made = set(self._app.data.keys(f"imports/{self._id}/")) - before
        self._passing += sorted(made)
        self._tables += sorted(key for key in made if key.endswith(".csv"))

    def _keys_of(self, version: Version) -> set[str]:
        prefix = file_key(self._id, version.id).removesuffix(".csv")
        return {key for key in self._tables if key.startswith(prefix)}

    def _open(self, key: str) -> Open:
        return lambda: self._app.data.stream(key)

    def _delimiter(self, key: str) -> str:
        known = [load.layout_value.delimiter for load in self._loads if load.layout and self._table[load.id] == key]
        return known[-1] if known else forgetting.delimiter_of(self._open(key))

    def _lines_in(self, load: Load) -> set[int]:
        """By what was noted when the rows were written, and by what the ready rows say."""
        lines = set()
        for number in self._numbers(load, load.who(0)):
            pairs = (line.split() for line in (self._app.data.read(load.who(number)) or b"").decode().splitlines())
            lines |= {int(line) for line, key in pairs if key in self._person.keys}
        for number in self._numbers(load, load.chunk(0)):
            data = self._app.data.read(load.chunk(number)) or b""
            lines |= forgetting.lines_of_chunk(data, self._person.in_text)
        return lines

    def _numbers(self, load: Load, place: str) -> list[int]:
        return list(numbers(self._app, place.rpartition("/")[0] + "/"))

    def _replace_rejects(self, version: Version) -> None:
        before = b"".join(self._app.salesforce.read_file(version.id))
        lines = {line for load in self._loads if load.rejects == version.id for line in self.held[self._table[load.id]]}
        after = in_records.rejects_without(before, self._person, lines)
        if after != before:
            in_records.replace(self._app, self._id, version, version.name, after, self._notes)

    def _replace_file(self, latest: Version) -> None:
        """A text stays a text; of anything else the table is attached that was read out of it."""
        keys = sorted(self._keys_of(latest))
        name, data = latest.name, b""
        if keys:
            pieces = forgetting.table_without(self._open(keys[0]), self._delimiter(keys[0]), self.held.get(keys[0], ()))
            data = b"".join(pieces)
        if about_of(self._app, self._id, latest.id) is not None or _is_converted(data):
            name, data = _as_table(latest.name), _plain(data)
        in_records.replace(self._app, self._id, latest, name if data else "", data, self._notes)

    def _rewrite_chunks(self, load: Load, lines: Collection[int]) -> None:
        for number in self._numbers(load, load.chunk(0)):
            before = self._app.data.read(load.chunk(number)) or b""
            after = forgetting.chunk_without(before, lines)
            if after != before:
                self._notes.note(PARTS, load.chunk(number))
                self._app.data.write(load.chunk(number), after, content_type="text/csv")

    def _rewrite_rejected(self, load: Load, lines: Collection[int]) -> None:
        before = self._app.data.read(load.rejected_rows) or b""
        rows = [json.loads(row) for row in before.splitlines()]
        if (after := _unsaid(rows, lines)) != rows:
            self._notes.note(REJECTS, load.rejected_rows)
            data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in after).encode("utf-8", "replace")
            self._app.data.write(load.rejected_rows, data, content_type="application/json")
        for number in self._numbers(load, load.result(0)):
            result: dict[str, Any] = read_json(self._app, load.result(number))
            rejected = _unsaid(result["rejected"], lines)
            if rejected != result["rejected"]:
                self._notes.note(REJECTS, load.result(number))
                write_json(self._app, load.result(number), {**result, "rejected": rejected})

    def _rewrite_message(self, load: Load, lines: Collection[int]) -> None:
        """What the record said at the end stands in the load too, in both places where that is kept."""
        for key in (f"imports/{self._id}/{load.id}/load.json", f"imports/{self._id}/load.json"):
            kept = read_json(self._app, key) or {}
            if kept.get("id") == load.id and kept.get("final"):
                message = str(kept["final"].get(CandidateImport.MESSAGE) or "")
                said = in_messages.cleaned(message, self._person, lines)
                if said != message:
                    kept["final"][CandidateImport.MESSAGE] = said
                    write_json(self._app, key, kept)

    def _rewrite_who(self, load: Load) -> None:
        for number in self._numbers(load, load.who(0)):
            pairs = (self._app.data.read(load.who(number)) or b"").decode().splitlines(keepends=True)
            kept = [pair for pair in pairs if pair.split()[1] not in self._person.keys]
            if len(kept) < len(pairs):
                self._app.data.write(load.who(number), "".join(kept).encode(), content_type="text/plain")


def _unsaid(rows: Iterable[list[Any]], lines: Collection[int]) -> list[list[Any]]:
    return [list(erased_row(row[0])) if row[0] in lines and row[2] != Code.ERASED else list(row) for row in rows]


def _as_table(name: str) -> str:
    return f"{name.rpartition('.')[0] or name}.csv"


def _instead(version: str, standing: Sequence[Version], names: Collection[str]) -> str:
    """The version itself while it is there, else the newest file that has its name."""
    if not version or any(one.id == version for one in standing):
        return version
    return next((one.id for one in reversed(standing) if one.name in names), version)


def _is_converted(data: bytes) -> bool:
    return bool(HEADER_START.match(data[:20].decode("utf-8", "replace")))


def _plain(data: bytes) -> bytes:
    """The table as a file of its own: without the cells that say where a row stood, and the rows that went."""
    out = io.StringIO()
    rows = csv.reader(text_lines([data], "utf-8"))
    csv.writer(out).writerows(cells for _, *cells in rows if any(cells))
    return out.getvalue().encode("utf-8-sig", "replace")
