"""What the reading process does with one document: its people by column."""

from collections.abc import Callable
from pathlib import Path

from integration.prospecting.files import cards, json_people, resume_text
from integration.prospecting.files.kinds import Kind
from integration.prospecting.files.resume_facts import facts_of
from integration.prospecting.files.table import Table

MOST_PEOPLE = 5_000
"""In one document of an archive."""
SEPARATOR = " ::: "

Found = list[tuple[dict[str, str], str]]


def people_of(kind: Kind, path: Path, name: str) -> Found:
    """Raises Rejected for what cannot be read."""
    tables: dict[Kind, Callable[[Path], Table]] = {Kind.CARDS: cards.read, Kind.JSON: json_people.read}
    if kind in tables:
        table = tables[kind](path)
        rows = [
            ({column: cell for column, cell in zip(table.header.cells, row.cells, strict=False) if cell}, row.fault)
            for row, _ in zip(table.rows, range(MOST_PEOPLE), strict=False)
        ]
        return [(values, fault) for values, fault in rows if values or fault]
    return [(_resume(kind, path, name), "")]


def _resume(kind: Kind, path: Path, name: str) -> dict[str, str]:
    text = resume_text.read(path, kind)
    facts = facts_of(text, name)
    values = {
        "Full name": facts.name,
        "E-mail": facts.email,
        "Phone": SEPARATOR.join(facts.phones),
        "Profile": SEPARATOR.join(facts.profiles),
        "Title": facts.title,
        "City": facts.city,
        "Country": facts.country,
        "Skills": SEPARATOR.join(facts.skills),
        "Resume text": text.whole,
    }
    return {column: value for column, value in values.items() if value}
