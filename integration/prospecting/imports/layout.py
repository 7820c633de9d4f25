"""How one file is laid out: encoding, delimiter, header line, which column means what."""

import codecs
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from integration.errors import Rejected, shortened
from integration.model.countries import COUNTRIES
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
from integration.prospecting.imports.reading import DELIMITERS, Line, Open, encoding_of, first_records

HEADER_WITHIN = 40
"""LinkedIn and others write a few lines of notes above the header."""
DATES = ("", "day first", "month first")
EXISTING = ("fill", "overwrite")
_DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_FIELD = "Mapping"
_WORDS = ("encoding", "delimiter", "header_line", "columns", "dates", "country", "existing")
_SIGNS = frozenset({*range(1, 9), *range(14, 27), *range(28, 32)})
"""Bytes of programs and pictures; some may slip into a text, never one in fifty. NUL is taken out of texts."""
_LOOKED_AT = 4_096
_NOT_TEXT = {
    b"PK\x03\x04": "an Excel workbook or a ZIP archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a compressed file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


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

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @property
    def delimiter_name(self) -> str:
        return _DELIMITER_NAMES[self.delimiter]

    def meanings(self) -> list[str]:
        """Column keys by position."""
        return list(self.columns.values())


def detect(open_file: Open, wanted: Mapping[str, Any]) -> Layout:
    """The file's layout, with what the recruiter has set in `wanted`; raises Rejected."""
    _check_is_text(open_file)
    encoding = str(wanted.get("encoding") or encoding_of(open_file))
    try:
        delimiter, header = _header(open_file, encoding, wanted)
    except LookupError:
        raise Rejected(
            f"“{shortened(encoding)}” is not an encoding. Use utf-8 or cp1252, or leave it out.",
            field=_FIELD,
            value=shortened(encoding),
        ) from None
    columns = _columns(header.cells, dict(wanted.get("columns") or {}))
    layout = Layout(
        encoding=encoding,
        delimiter=delimiter,
        header_line=header.number,
        columns=columns,
        dates=_one_of("dates", wanted, DATES),
        country=_one_of("country", wanted, ("", *COUNTRIES.values())),
        existing=_one_of("existing", wanted, EXISTING, "fill"),
    )
    _check_required(layout)
    return layout


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
    for mark, what in _NOT_TEXT.items():
        if start.startswith(mark):
            raise Rejected(
                f"The attached file is {what}, not a text file. Save it as “CSV UTF-8” and attach that.", field="File"
            )
    signs = sum(1 for byte in start[:_LOOKED_AT] if byte in _SIGNS)
    # Text may hold stray control characters; data is full of them and no UTF-8 either.
    if (
        signs > len(start[:_LOOKED_AT]) // 50
        and not _is_utf8(start)
        and not encoding_of(open_file).startswith("utf-16")
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


def _header(open_file: Open, encoding: str, wanted: Mapping[str, Any]) -> tuple[str, Line]:
    """The delimiter and header under which most columns are recognised."""
    best: tuple[tuple[int, int], str, Line] | None = None
    own = {" ".join(str(name).split()) for name in wanted.get("columns") or ()}
    for delimiter in [str(wanted["delimiter"])] if wanted.get("delimiter") else DELIMITERS:
        if delimiter not in DELIMITERS or not delimiter:
            raise Rejected("The delimiter must be , or ; or | or a tab.", field=_FIELD, value=shortened(delimiter))
        for line in first_records(open_file, encoding, delimiter, HEADER_WITHIN):
            if wanted.get("header_line") and line.number != wanted["header_line"]:
                continue
            known = sum(1 for cell in line.cells if recognised(cell) or " ".join(cell.split()) in own)
            score = (known, len(line.cells) if known else 0)
            if best is None or score > best[0]:
                best = (score, delimiter, line)
    if best is None:
        raise Rejected("The file is empty. Attach a file with a header line and one row per person.", field="File")
    return best[1], best[2]


def _columns(headers: Sequence[str], own: Mapping[str, str]) -> dict[str, str]:
    """Header -> column key; a second column for something that is one value is left out."""
    unknown = sorted(set(own.values()) - BY_KEY.keys() - {IGNORED, ""})
    if unknown:
        raise Rejected(
            f"“{shortened(str(unknown[0]))}” is not a column that can be imported. Use one of: {', '.join(BY_KEY)}.",
            field=_FIELD,
            value=shortened(str(unknown[0])),
        )
    names = distinct_headers(headers)
    given = {key for name, key in own.items() if name in names}
    found = best_headers(headers)
    columns = {}
    for position, name in enumerate(names):
        key = own.get(name) or found.get(position, IGNORED)
        repeated = name not in own and key in given and not BY_KEY[key].many
        columns[name] = IGNORED if repeated else key
    return columns


def _check_required(layout: Layout) -> None:
    keys, headers = set(layout.meanings()), list(layout.columns)
    for wanted, what in (
        (NAMES, "a name: “First name” and “Last name”, or “Full name”"),
        (IDENTIFIERS, "an address: “E-mail”, “Phone” or “Profile”"),
    ):
        if not keys & set(wanted):
            free = [name for name in headers if layout.columns[name] == IGNORED]
            near = nearest(wanted, free)
            hint = f" Is it “{shortened(near)}”? Then rename that column, or set it in Mapping." if near else ""
            found = ", ".join(f"“{shortened(name, 30)}”" for name in headers[:8])
            raise Rejected(
                f"No column holds {what}. Line {layout.header_line} has: {found}.{hint}",
                field="File",
                value=shortened(headers[0] if headers else ""),
            )
