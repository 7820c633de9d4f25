"""The preview as a recruiter reads it on the record: each column, what it becomes, how that was found, samples."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from integration.errors import shortened
from integration.prospecting.imports.columns import BY_KEY, IGNORED, best_headers
from integration.prospecting.imports.evidence import by_values
from integration.prospecting.imports.layout import JUDGED, Layout
from integration.prospecting.imports.reading import Line

SAMPLES = 3
COLUMNS = 80
PROBLEMS = 10
SHORT = 40
LONGEST = 32_000

Problem = tuple[str, str, str]
"""(where, column, reason)."""


def how_found(layout: Layout, lines: Sequence[Line], given: Mapping[str, str], giver: str) -> dict[str, str]:
    """Header -> how its meaning was recognised, in words."""
    names = list(layout.columns)
    by_header = best_headers(names)
    found = by_values(names, lines[:JUDGED])
    told = {}
    for position, (name, key) in enumerate(layout.columns.items()):
        if layout.kind == "resumes" and name == "File":
            told[name] = "names the file"
        elif by_header.get(position) == key:
            told[name] = "by its header"
        elif found.get(position) == key:
            told[name] = "found by its values"
        elif name in given:
            told[name] = giver
        else:
            told[name] = "not recognised" if position not in by_header else "another column says it"
    return told


def page(form: str, layout: Layout, lines: Sequence[Line], how: Mapping[str, str], problems: Sequence[Problem]) -> str:
    """Preview__c: HTML as Salesforce keeps it, every value of the file escaped."""
    parts = [f"<p><b>{escape(form)}</b></p>", *_table(layout, lines, how), *_problems(layout, problems)]
    text = ""
    for part in parts:
        if len(text) + len(part) > LONGEST:
            return f"{text}<p>…</p>"
        text += part
    return text


def _table(layout: Layout, lines: Sequence[Line], how: Mapping[str, str]) -> Iterator[str]:
    names = list(layout.columns.items())
    row = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
    body = [
        row.format(
            escape(shortened(name, SHORT)),
            f"<b>{escape(BY_KEY[key].label)}</b>" if key != IGNORED else "left out",
            escape(how[name]),
            "<br>".join(escape(sample) for sample in _samples(position, lines)),
        )
        for position, (name, key) in enumerate(names[:COLUMNS])
    ]
    head = "<tr><th>Column</th><th>Becomes</th><th>Recognised</th><th>Samples</th></tr>"
    yield f"<table>{head}{''.join(body)}</table>"
    if len(names) > COLUMNS:
        yield f"<p>{len(names) - COLUMNS} more columns are not shown.</p>"
    yield "<p>To change it, correct Mapping: the name of each column, and what it becomes (- leaves it out).</p>"


def _samples(position: int, lines: Sequence[Line]) -> list[str]:
    """The first different values of a column."""
    values = (line.cells[position].strip() for line in lines if position < len(line.cells))
    found: dict[str, None] = {}
    for value in values:
        if value:
            found[shortened(value, SHORT)] = None
        if len(found) == SAMPLES:
            break
    return list(found)


def _problems(layout: Layout, problems: Sequence[Problem]) -> Iterator[str]:
    if problems:
        items = "".join(
            f"<li>{escape(where)}, {escape(column or 'whole row')}: {escape(reason)}</li>"
            for where, column, reason in problems[:PROBLEMS]
        )
        yield f"<p><b>Would be rejected:</b></p><ul>{items}</ul>"
