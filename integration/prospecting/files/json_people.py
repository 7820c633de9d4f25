"""JSON Resume (one, a list, or one per line), and plain lists of objects as applicant systems export them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from integration.errors import Rejected, shortened
from integration.prospecting.files.table import LONGEST_CELL, About, Row, Table

HEADER = (
    *("Full name", "E-mail", "Phone", "Profile", "Title", "Employer", "City", "Region", "Country", "Skills"),
    "Resume text",
)
SEPARATOR = " ::: "
MOST_COLUMNS = 300
_LISTS = (
    "resumes",
    "candidates",
    "people",
    "contacts",
    "prospects",
    "applicants",
    "results",
    "records",
    "items",
    "data",
)

Entry = tuple[int, Any, str]
"""(its place, the value, what is wrong with it)."""


def read(path: Path) -> Table:
    """The people of a JSON file; raises Rejected."""
    text = _text(path)
    entries, unit = _entries(text)
    if not entries:
        raise Rejected("The JSON file is empty. Attach one with people in it.", field="File")
    if any(_is_resume(value) for _, value, _ in entries):
        rows = [_resume_row(entry) for entry in entries]
        return Table(About("json", "JSON Resume", unit), Row(0, HEADER), rows)
    return _plain(entries, unit)


def _text(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _entries(text: str) -> tuple[list[Entry], str]:
    try:
        value = json.loads(text)
    except RecursionError:
        raise Rejected("The JSON is nested too deeply to be a list of people.", field="File") from None
    except json.JSONDecodeError as wrong:
        lines = list(_by_line(text))
        if not any(isinstance(value, dict) for _, value, _ in lines):
            raise Rejected(
                f"The file is not valid JSON (line {wrong.lineno}, column {wrong.colno}). Export it again.",
                field="File",
            ) from wrong
        return lines, "line"
    return [(number, one, "") for number, one in enumerate(_listed(value), start=1)], "entry"


def _by_line(text: str) -> Iterator[Entry]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield number, json.loads(line), ""
            except (json.JSONDecodeError, RecursionError) as wrong:
                yield number, None, f"the line is not valid JSON ({shortened(str(wrong))})"


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not _is_resume(value):
        for name in (*_LISTS, *value):
            if isinstance(inner := value.get(name), list) and any(isinstance(one, dict) for one in inner):
                return inner
    return [value]


def _is_resume(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("basics"), dict)


def _resume_row(entry: Entry) -> Row:
    number, value, fault = entry
    if fault or not _is_resume(value):
        shown = shortened(json.dumps(value, ensure_ascii=False, default=str)) if value is not None else ""
        return Row(
            number, [shown, *[""] * (len(HEADER) - 1)], fault or "the entry has no “basics” with name and e-mail"
        )
    return Row(number, cells_of(value))


def cells_of(resume: Mapping[str, Any]) -> list[str]:
    """One JSON Resume in the order of HEADER; parts of a wrong type count as missing."""
    basics, place = _object(resume["basics"]), _object(_object(resume["basics"]).get("location"))
    work = _objects(resume.get("work"))
    current = next((job for job in work if not job.get("endDate")), work[0] if work else {})
    profiles = [_string(basics, "url", "website"), *(_string(one, "url") for one in _objects(basics.get("profiles")))]
    return [
        _string(basics, "name"),
        _string(basics, "email"),
        _string(basics, "phone"),
        SEPARATOR.join(dict.fromkeys(url for url in profiles if url)),
        _string(basics, "label") or _string(current, "position"),
        _string(current, "name", "company"),
        _string(place, "city"),
        _string(place, "region"),
        _string(place, "countryCode"),
        SEPARATOR.join(_skills(resume)),
        "\n".join(_words(resume))[:LONGEST_CELL],
    ]


def _skills(resume: Mapping[str, Any]) -> dict[str, None]:
    found: dict[str, None] = {}
    for skill in _objects(resume.get("skills")):
        words = [word for word in skill.get("keywords") or () if isinstance(word, str)]
        # “Web development: HTML, CSS”: the words are the skills, their heading only when it stands alone.
        found |= dict.fromkeys(words or [_string(skill, "name")])
    return {word.strip(): None for word in found if word.strip()}


def _words(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text of the résumé, for search."""
    if isinstance(value, str):
        yield value
    elif depth < 8 and isinstance(value, (dict, list)):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if name not in {"$schema", "meta", "image"}:
                yield from _words(inner, depth + 1)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _string(values: Mapping[str, Any], *names: str) -> str:
    return next((str(values[name]).strip() for name in names if isinstance(values.get(name), (str, int))), "")


def _plain(entries: Sequence[Entry], unit: str) -> Table:
    """Objects with names of their own: each name is a column; what is inside an object follows behind a blank."""
    flat = [(number, _flat(value) if isinstance(value, dict) else {}, fault) for number, value, fault in entries]
    names = list(dict.fromkeys(name for _, values, _ in flat for name in values))[:MOST_COLUMNS]
    if not names:
        raise Rejected(
            "The JSON holds no people: a JSON Resume, or a list of objects with names and e-mails, is wanted.",
            field="File",
        )
    rows = [
        Row(
            number,
            [values.get(name, "") for name in names],
            fault or ("" if values else "the entry is not an object with a name and an address"),
        )
        for number, values, fault in flat
    ]
    return Table(About("json", "JSON, a list of objects", unit), Row(0, names), rows)


def _flat(value: Mapping[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, inner in value.items():
        label = f"{prefix} {name}".strip()
        if isinstance(inner, dict) and depth < 2:
            found |= _flat(inner, label, depth + 1)
        elif isinstance(inner, list):
            found[label] = SEPARATOR.join(text for one in inner if (text := _one(one)))
        elif (text := _one(inner)) or label not in found:
            found[label] = text
    return found


def _one(value: Any) -> str:
    """A value in a cell; of an object in a list what it holds: {"type": "work", "value": "ann@a.example"}."""
    if isinstance(value, dict):
        return next(
            (str(value[name]) for name in ("value", "email", "number", "url", "name", "text") if value.get(name)), ""
        )
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None or isinstance(value, list) else str(value)
