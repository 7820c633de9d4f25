"""How one file is laid out: encoding, delimiter, header line, which column means what."""

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from integration.errors import Rejected, shortened
from integration.model.countries import COUNTRIES
from integration.prospecting.files.table import About
from integration.prospecting.imports.columns import (
    BY_KEY,
    IDENTIFIERS,
    IGNORED,
    NAMES,
    best_headers,
    distinct_headers,
    nearest,
    recognised,
)
from integration.prospecting.imports.evidence import by_values, looks_like_data
from integration.prospecting.imports.reading import DELIMITERS, Line, Open, encoding_of, first_records, head

HEADER_WITHIN = 40
"""LinkedIn and others write a few lines of notes above the header."""
DATES = ("", "day first", "month first")
EXISTING = ("fill", "overwrite")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon"}
_FIELD = "Mapping"
_WORDS = ("encoding", "delimiter", "header_line", "columns", "dates", "country", "existing", "sheet")
_SIGNS = frozenset({*range(1, 9), *range(14, 27), *range(28, 32)})
"""Bytes of programs and pictures; some may slip into a text, never one in fifty. NUL is taken out of texts."""
_LOOKED_AT = 4_096
MAPPING_LENGTH = 32_000
"""What Mapping__c holds, and a little air."""
JUDGED = 200
"""Rows from which a column without a known header is recognised."""


@dataclass(frozen=True)
class Layout:
    """Mapping__c as a value. A recruiter may change any of it; what is left out is found in the file."""

    encoding: str
    delimiter: str
    header_line: int
    columns: Mapping[str, str] = field(default_factory=dict)
    """Header -> column key, in the file's order; `-` leaves a column out."""
    dates: str = ""
    """`day first` or `month first`: what 02/03/2024 means."""
    country: str = ""
    """ISO code of the country whose phone numbers are written without one."""
    existing: str = "fill"
    """`fill` keeps what stands on a candidate, `overwrite` replaces it."""
    sheet: str = ""
    """Of a workbook: the sheet that the recruiter wants; empty for the one that looks like people."""
    kind: str = ""
    """What was converted (`workbook`, `cards`, `resumes`, `json`); empty for a delimited text."""

    def as_json(self) -> str:
        """What a recruiter may change."""
        left_out = {"kind"} | ({"encoding", "delimiter"} if self.kind else set()) | (set() if self.sheet else {"sheet"})
        values = {name: value for name, value in asdict(self).items() if name not in left_out}
        text = json.dumps(values, ensure_ascii=False, indent=1)
        if len(text) > MAPPING_LENGTH:
            # What nobody would take for anything is left out just the same when it is not named.
            values["columns"] = {name: key for name, key in self.columns.items() if key != IGNORED or recognised(name)}
            text = json.dumps(values, ensure_ascii=False, indent=1)
        return text

    @property
    def delimiter_name(self) -> str:
        return _DELIMITER_NAMES.get(self.delimiter, self.delimiter)

    def meanings(self) -> list[str]:
        """Column keys by position."""
        return list(self.columns.values())


def detect(open_file: Open, wanted: Mapping[str, Any], about: About | None = None) -> Layout:
    """The file's layout, with what the recruiter has set in `wanted`; raises Rejected."""
    if about is None:
        _check_is_text(open_file)
    encoding = "utf-8" if about else str(wanted.get("encoding") or encoding_of(open_file))
    try:
        lines = head(open_file, encoding)
    except LookupError:
        raise Rejected(
            f"“{shortened(encoding)}” is not an encoding. Use utf-8 or cp1252, or leave it out.",
            field=_FIELD,
            value=shortened(encoding),
        ) from None
    # The header of a converted file was found when it was converted.
    delimiter, header = (",", first_records(lines, ",", 1)[0]) if about else _header(lines, wanted)
    below = [line for line in first_records(lines, delimiter, JUDGED) if line.number > header.number]
    own = dict(wanted.get("columns") or {})
    is_resumes = about is not None and about.kind == "resumes"
    layout = Layout(
        encoding=encoding,
        delimiter=delimiter,
        header_line=header.number,
        columns=_columns(header.cells, own, by_values(header.cells, below)),
        dates=_one_of("dates", wanted, DATES),
        country=_one_of("country", wanted, ("", *COUNTRIES.values())),
        # What a program reads out of a résumé never replaces what a person wrote.
        existing="fill" if is_resumes else _one_of("existing", wanted, EXISTING, "fill"),
        sheet=str(wanted.get("sheet") or ""),
        kind=about.kind if about else "",
    )
    _check_required(layout)
    return layout


def start_of(open_file: Open, about: About | None) -> list[str]:
    """The first lines of the file; none when its encoding cannot be told."""
    return head(open_file, "utf-8" if about else encoding_of(open_file))


def read_mapping(text: str) -> dict[str, Any]:
    """Mapping__c as a recruiter left it; raises Rejected."""
    if not text.strip():
        return {}
    try:
        mapping = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise Rejected(
            f"Mapping is not valid JSON (line {wrong.lineno}, column {wrong.colno}). "
            "Correct it, or empty it and use Preview again.",
            field=_FIELD,
        ) from wrong
    if not isinstance(mapping, dict) or not isinstance(mapping.get("columns", {}), dict):
        raise Rejected('Mapping must look like {"columns": {"E-mail": "email"}}.', field=_FIELD)
    if unknown := next((word for word in mapping if word not in _WORDS), None):
        raise Rejected(
            f"“{shortened(unknown)}” means nothing in Mapping: use {', '.join(_WORDS)}. "
            'Columns stand like this: {"columns": {"E-mail": "email"}}.',
            field=_FIELD,
            value=shortened(unknown),
        )
    return mapping


def _is_utf8(start: bytes) -> bool:
    """Whether it can be the start of such a text; its last character may be cut."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True


def _check_is_text(open_file: Open) -> None:
    start = next(iter(open_file()), b"")
    signs = sum(1 for byte in start[:_LOOKED_AT] if byte in _SIGNS)
    # Text may hold stray control characters; data is full of them and no UTF-8 either.
    if (
        signs > len(start[:_LOOKED_AT]) // 50
        and not _is_utf8(start)
        and not encoding_of(open_file).startswith(("utf-16", "utf-32"))
    ):
        raise Rejected(
            "The attached file holds data that is no text. Save the list as “CSV UTF-8” and attach that.", field="File"
        )


def _one_of(name: str, wanted: Mapping[str, Any], allowed: Sequence[str], default: str = "") -> str:
    value = str(wanted.get(name) or default)
    if value not in allowed:
        some = ", ".join(f"“{choice}”" for choice in allowed[:4] if choice)
        raise Rejected(f"“{shortened(value)}” cannot be used for “{name}”: use {some}.", field=_FIELD, value=value)
    return value


def _header(lines: Sequence[str], wanted: Mapping[str, Any]) -> tuple[str, Line]:
    """The delimiter and header under which most columns are recognised."""
    best: tuple[tuple[int, int], str, Line] | None = None
    own = {" ".join(str(name).split()) for name in wanted.get("columns") or ()}
    for delimiter in _delimiters(lines, wanted):
        for line in first_records(lines, delimiter, HEADER_WITHIN):
            if (wanted.get("header_line") and line.number != wanted["header_line"]) or _declared(line.cells):
                continue
            known = sum(1 for cell in line.cells if recognised(cell) or " ".join(cell.split()) in own)
            score = (known, len(line.cells) if known else 0)
            if best is None or score > best[0]:
                best = (score, delimiter, line)
    if best is None:
        raise Rejected("The file is empty. Attach a file with a header line and one row per person.", field="File")
    (known, _), delimiter, line = best
    if wanted.get("header_line") == 0 or not known:
        return _without_header(lines, _delimiters(lines, wanted)) or (delimiter, line)
    return delimiter, line


def _delimiters(lines: Sequence[str], wanted: Mapping[str, Any]) -> Sequence[str]:
    """The recruiter's, Excel's `sep=;`, else every usual one."""
    if delimiter := str(wanted.get("delimiter") or ""):
        if len(delimiter) != 1 or delimiter.isalnum() or delimiter in "\"'\r\n @.-+" or not delimiter.isascii():
            raise Rejected(
                "The delimiter must be one sign such as , or ; or | or ^ or a tab.",
                field=_FIELD,
                value=shortened(delimiter),
            )
        return delimiter
    return _declared(lines[:1]) or DELIMITERS


def _declared(cells: Sequence[str]) -> str:
    """The delimiter of a line `sep=;`, which Excel writes and hides."""
    text = ";".join(cells).strip().strip('"') if cells else ""
    if not text.casefold().startswith("sep=") or len(text) > 5:
        return ""
    return text[4:] or ","


def _without_header(lines: Sequence[str], delimiters: Sequence[str]) -> tuple[str, Line] | None:
    """Delimiter and numbered columns of a file whose first line is somebody already."""
    best: tuple[int, str] | None = None
    for delimiter in delimiters:
        for line in first_records(lines, delimiter, 1):
            if looks_like_data(line.cells) and (best is None or len(line.cells) > best[0]):
                best = len(line.cells), delimiter
    return None if best is None else (best[1], Line(0, ("",) * best[0]))


def _columns(headers: Sequence[str], own: Mapping[str, str], by_value: Mapping[int, str]) -> dict[str, str]:
    """Header -> column key; a second column for something that is one value is left out."""
    unknown = sorted({str(key) for key in own.values()} - BY_KEY.keys() - {IGNORED, ""})
    if unknown:
        raise Rejected(
            f"“{shortened(unknown[0])}” is not a column that can be imported. Use one of: {', '.join(BY_KEY)}.",
            field=_FIELD,
            value=shortened(unknown[0]),
        )
    names = distinct_headers(headers)
    given = {key for name, key in own.items() if name in names}
    by_header = best_headers(headers)
    given_or_named = given | set(by_header.values())
    columns = {}
    for position, name in enumerate(names):
        key = own.get(name) or by_header.get(position, IGNORED)
        if name not in own and key in given and not BY_KEY[key].many:
            key = IGNORED
        found = by_value.get(position, IGNORED)
        if key == IGNORED and name not in own and not recognised(headers[position]) and found != IGNORED:
            key = found if BY_KEY[found].many or found not in given_or_named else IGNORED
            given_or_named.add(key)
        columns[name] = key
    return columns


def _check_required(layout: Layout) -> None:
    keys, headers = set(layout.meanings()), list(layout.columns)
    free = [name for name in headers if layout.columns[name] == IGNORED]
    if "email" in keys and not free:
        return  # nothing but addresses: their names are made from what stands before the @
    for wanted, what in (
        (NAMES, "a name: “First name” and “Last name”, or “Full name”"),
        (IDENTIFIERS, "an address: “E-mail”, “Phone” or “Profile”"),
    ):
        if not keys & set(wanted):
            raise Rejected(
                f"No column holds {what}. {_what_stands(layout, headers)}{_hint(layout, wanted, free)}",
                field="File",
                value=shortened(headers[0] if headers else ""),
            )


def _what_stands(layout: Layout, headers: Sequence[str]) -> str:
    if layout.header_line == 0 and not layout.kind:
        return (
            f"The file has no header line; it has {len(headers)} columns. Add a header line, or say in Mapping what "
            'they are: {"header_line": 0, "columns": {"Column 1": "full_name"}}.'
        )
    found = ", ".join(f"“{shortened(name, 30)}”" for name in headers[:8])
    return f"Line {layout.header_line} has: {found}."


def _hint(layout: Layout, wanted: Sequence[str], free: Sequence[str]) -> str:
    if near := nearest(wanted, free):
        return f" Is it “{shortened(near)}”? Then rename that column, or set it in Mapping."
    return " Add such a column, or say in Mapping which one it is." if layout.header_line else ""
