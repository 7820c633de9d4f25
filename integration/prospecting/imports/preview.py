"""Preview: what is in the file and what each column would become, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from integration.errors import Rejected, shortened
from integration.model.vocabulary import ImportStatus
from integration.ports import Value
from integration.prospecting.files.table import About
from integration.prospecting.imports import profiles
from integration.prospecting.imports.cells import order_of
from integration.prospecting.imports.columns import BY_KEY, IGNORED
from integration.prospecting.imports.layout import Layout, detect, read_mapping, start_of
from integration.prospecting.imports.places import about_of, file_of, load_of
from integration.prospecting.imports.profiles import Profile
from integration.prospecting.imports.reading import Line, Open, records, text_lines
from integration.prospecting.imports.rows import RowReader
from integration.prospecting.imports.showing import Problem, how_found, page
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App

SHOWN = 3
FOUND = ", which was saved for a file with these columns"
JUDGED = 2_000
"""Rows that Preview tries; Load judges all."""


@dataclass(frozen=True)
class Opened:
    """The attached file, ready to be read."""

    version: str
    name: str
    open_file: Open
    layout: Layout
    about: About | None
    given: Mapping[str, str]
    """What the recruiter or a profile says of columns."""
    profile: str = ""
    """The profile that said it."""
    is_found: bool = False
    """Whether the profile was found by the file's columns."""


def preview(app: App, import_id: str) -> str:
    """Key: the import. Reads the attached file, proposes a mapping and shows the first rows."""
    try:
        opened = open_attached(app, import_id)
        lines = [line for line in islice(rows_of(opened.open_file, opened.layout), JUDGED) if not line.is_blank]
        layout = with_dates(opened.layout, lines)
        values: dict[str, Value] = {
            CandidateImport.MAPPING: layout.as_json(),
            CandidateImport.FILE_NAME: opened.name[:255],
            CandidateImport.STATUS: ImportStatus.PREVIEWED.value,
        }
        problems = list(_problems(app, layout, lines))
        form = f"“{shortened(opened.name)}”: {_form(opened.about, layout)}."
        giver = f"by the profile “{shortened(opened.profile)}”" if opened.profile else "as Mapping says"
        how = how_found(layout, lines, opened.given, giver)
        values[CandidateImport.PREVIEW] = page(form, layout, lines, how, problems)
        message = _told(form, opened, layout, how, lines, problems)
    except Rejected:
        app.salesforce.update(CandidateImport.API_NAME, import_id, {CandidateImport.STATUS: ImportStatus.FAILED.value})
        raise
    app.salesforce.update(CandidateImport.API_NAME, import_id, values)
    return message


def open_attached(app: App, import_id: str) -> Opened:
    """The attached file and its layout by Mapping__c, else by a profile, else as found; raises Rejected."""
    version, name = attached(app, import_id)
    fields = [CandidateImport.MAPPING, CandidateImport.PROFILE]
    record = app.salesforce.get(CandidateImport.API_NAME, import_id, fields)
    wanted = read_mapping(str(record[CandidateImport.MAPPING] or ""))
    profile: Profile | None = None
    if not wanted.keys() - {"sheet"} and record[CandidateImport.PROFILE]:
        profile = profiles.chosen(app, str(record[CandidateImport.PROFILE]))
    sheet = str(wanted.get("sheet") or "")
    open_file = file_of(app, import_id, version, name=name, sheet=sheet)
    about = about_of(app, import_id, version, sheet=sheet)
    is_found = profile is None and not wanted.keys() - {"sheet"}
    if is_found:
        profile = profiles.matching(app, start_of(open_file, about), about)
    if profile is not None:
        wanted = {**profile.mapping, **wanted}
    layout = detect(open_file, wanted, about)
    given = {str(header): str(key) for header, key in (wanted.get("columns") or {}).items()}
    found = is_found and profile is not None
    return Opened(version, name, open_file, layout, about, given, profile.name if profile else "", found)


def attached(app: App, import_id: str) -> tuple[str, str]:
    """(version, name) of the file to import; our own file of rejected rows does not count. Raises Rejected."""
    found = app.salesforce.attached_file(import_id)
    earlier = load_of(app, import_id)
    if found and earlier and found[0] == earlier.rejects:
        return earlier.version, earlier.file_name
    if found is None:
        raise Rejected(
            "No file is attached. Attach a list (CSV, Excel, vCards, JSON) or résumés, then command it again.",
            field="File",
        )
    return found


def rows_of(open_file: Open, layout: Layout) -> Iterator[Line]:
    """The records below the header."""
    lines = records(text_lines(open_file(), layout.encoding), layout.delimiter)
    return (line for line in lines if line.number > layout.header_line)


def with_dates(layout: Layout, lines: Iterable[Line]) -> Layout:
    """02/03/2024 means what the other dates of its column can only mean."""
    if layout.dates:
        return layout
    positions = [position for position, key in enumerate(layout.meanings()) if key == "collected_at"]
    orders = {
        order_of(line.cells[position]) for line in lines for position in positions if position < len(line.cells)
    } - {""}
    return replace(layout, dates=orders.pop()) if len(orders) == 1 else layout


def _problems(app: App, layout: Layout, lines: list[Line]) -> Iterator[Problem]:
    """What Load would reject of these rows."""
    reader = RowReader(layout, "preview", app.clock.now())
    for line in lines:
        if fault := fault_of(reader, line):
            is_file = layout.kind == "resumes" and line.cells
            yield f"“{line.cells[0]}”" if is_file else f"line {line.number}", *fault


def _told(
    form: str, opened: Opened, layout: Layout, how: Mapping[str, str], lines: list[Line], problems: list[Problem]
) -> str:
    judged = f"the first {len(lines):,} rows" if len(lines) >= JUDGED else f"{len(lines):,} rows"
    wrong = [f"{where}, {column or 'whole row'}: {reason}" for where, column, reason in problems[:SHOWN]]
    by_value = [f"{header} → {BY_KEY[layout.columns[header]].label}" for header in how if "values" in how[header]]
    used = [f"{header} → {BY_KEY[key].label}" for header, key in layout.columns.items() if key != IGNORED]
    unused = [name for name, key in layout.columns.items() if key == IGNORED and how[name] != "names the file"]
    text = [
        form,
        f"Of {judged}, {len(problems):,} would be rejected{': ' if wrong else '.'}{' / '.join(wrong)}",
        f"Columns: {'; '.join(used)}.",
    ]
    if opened.profile:
        text.append(f"The mapping is that of the profile “{opened.profile}”{FOUND if opened.is_found else ''}.")
    if by_value:
        text.append(f"Found by their values: {'; '.join(by_value)}. Look whether that is right.")
    text += opened.about.notes if opened.about else ()
    if unused:
        text.append(f"Left out: {', '.join(shortened(header, 30) for header in unused[:20])}.")
    return "\n".join(text)


def _form(about: About | None, layout: Layout) -> str:
    header = f"header in {about.unit if about else 'line'} {layout.header_line}" if layout.header_line else "no header"
    if about is None:
        return f"{layout.encoding.removesuffix('-sig').upper()}, separated by {layout.delimiter_name}, {header}"
    return f"{about.what}, {header}" if layout.header_line else about.what


def fault_of(reader: RowReader, line: Line) -> tuple[str, str] | None:
    """(column, reason) when a line cannot be taken."""
    if line.fault:
        return "", line.fault
    try:
        reader.person(line.number, line.cells)
    except Rejected as rejected:
        return rejected.field, rejected.message
    return None
