"""The people in a directory's file: columns and keys are known by the same words as those of an import."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from integration.errors import Rejected, shortened
from integration.prospecting.imports.columns import plain, recognised
from integration.prospecting.imports.layout import detect
from integration.prospecting.imports.reading import Open, records, text_lines

Person = dict[str, list[str]]
"""What a row says, by column key."""
MOST_JSON = 32 * 1024 * 1024
_ALSO = {
    "id": "id",
    "skills": "skills",
    "skill": "skills",
    "expertise": "skills",
    "keywords": "skills",
    "languages spoken": "text",
    "bio": "text",
    "summary": "text",
    "about": "text",
    "description": "text",
    "department": "text",
    "notes": "text",
    "location": "location",
    "address": "location",
}
"""What a search looks at and an import does not."""
_LIST_NAMES = ("people", "persons", "members", "candidates", "contacts", "results", "items", "data", "records", "value")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATED = re.compile(r"\s*[;|]\s*|\s*,\s+")
_NAMELESS = {"name", "value", "label", "title"}


def people_in(open_file: Open, url: str) -> Iterator[Person]:
    """Each person of a CSV or JSON file; raises Rejected for anything else."""
    start = next(iter(open_file()), b"").lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return (person for person in map(_of_object, _objects(open_file, url)) if person)
    if start[:1] == b"<":
        raise Rejected(
            f"At {shortened(url)} is a web page, not a file of people. Give the address of the CSV or JSON file.",
            field="url",
            value=shortened(url),
        )
    return _of_table(open_file)


def _of_table(open_file: Open) -> Iterator[Person]:
    layout = detect(open_file, {})
    lines = records(text_lines(open_file(), layout.encoding), layout.delimiter)
    for line in lines:
        if line.number < layout.header_line or line.fault or line.is_blank:
            continue
        if line.number == layout.header_line:
            meanings = [_meaning(cell) for cell in line.cells]
            continue
        person: Person = {}
        for meaning, cell in zip(meanings, line.cells, strict=False):
            if meaning and cell.strip():
                person.setdefault(meaning, []).extend(_values(meaning, cell))
        if person:
            yield person


def _objects(open_file: Open, url: str) -> list[Mapping[str, Any]]:
    """The list of objects in a JSON text, or one object a line."""
    text = b""
    for piece in open_file():
        text += piece
        if len(text) > MOST_JSON:
            raise Rejected(f"The JSON file is larger than {MOST_JSON // 1024 // 1024} MB. Give it as CSV.", field="url")
    try:
        body = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        body = _lines(text)
    if isinstance(body, dict):
        lists = [body[name] for name in (*_LIST_NAMES, *body) if isinstance(body.get(name), list)]
        body = next((each for each in lists if any(isinstance(one, dict) for one in each)), [body])
    if not isinstance(body, list) or not any(isinstance(each, dict) for each in body):
        raise Rejected(
            f"The file at {shortened(url)} is no list of people in JSON. Give a list of objects with names.",
            field="url",
        )
    return [each for each in body if isinstance(each, dict)]


def _lines(text: bytes) -> Any:
    try:
        return [json.loads(line) for line in text.decode("utf-8-sig").splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _of_object(found: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Person:
    """Nested objects by their path: `location.city`, `address.country`."""
    person: Person = {}
    for key, value in found.items():
        meaning = _meaning(_CAMEL.sub(" ", f"{prefix} {key}".strip())) or _meaning(_CAMEL.sub(" ", key))
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict) and depth < 3:
                _join(person, _inner(meaning, key, each, depth))
            elif meaning and isinstance(each, str | int) and not isinstance(each, bool):
                person.setdefault(meaning, []).extend(_values(meaning, str(each)))
    return person


def _inner(meaning: str, key: str, found: Mapping[str, Any], depth: int) -> Person:
    """Of `{"skills": [{"name": "Rust"}]}` the name is a skill, not the person's."""
    named = [found[name] for name in found if plain(name) in _NAMELESS and isinstance(found[name], str)]
    if meaning and meaning not in ("location", "text") and named:
        return {meaning: named[:1]}
    return _of_object(found, key, depth + 1)


def _meaning(header: str) -> str:
    return recognised(header) or _ALSO.get(plain(header), "")


def _values(meaning: str, cell: str) -> list[str]:
    return _SEPARATED.split(cell) if meaning in ("skills", "email") else [cell]


def _join(person: Person, other: Person) -> None:
    for key, values in other.items():
        person.setdefault(key, []).extend(values)
