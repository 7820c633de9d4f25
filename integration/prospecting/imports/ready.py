"""Rows that are ready to be loaded: the people of a chunk as CSV, every value normalised.

No value holds a line break: control characters became blanks when it was read, and the breaks of longer texts are
written otherwise. So a line of the text is a row.
"""

import csv
from collections.abc import Iterator, Sequence

from integration.candidates import Person
from integration.model.identity import Address, Name
from integration.model.vocabulary import ContactKind, TagKind
from integration.ports import Value
from integration.records import Candidate

LINE, FIRST, LAST = "Line", Candidate.FIRST_NAME, Candidate.LAST_NAME
KINDS = (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.PROFILE)
WORDS = (TagKind.SKILL, TagKind.TAG)
FIXED = (LINE, FIRST, LAST, *(kind.value for kind in (*KINDS, *WORDS)))
"""The columns of every chunk; behind them stand the fields that the file fills."""
YES = "true"
_TICKED = frozenset({Candidate.DO_NOT_CONTACT, Candidate.DO_NOT_REHIRE, Candidate.REGRETTABLE})
_BREAK, BETWEEN = "\x1e", "\x1f"
"""Stand for a line break in a longer text, and between the skills or tags of a person."""


def row_of(line: int, person: Person, fields: Sequence[str]) -> list[bytes]:
    """A person as the cells of a row."""
    by_kind = {kind: [one.value for one in person.addresses if one.kind is kind] for kind in KINDS}
    facts = [person.facts.get(field) for field in fields]
    values = [YES if fact is True else "" if fact is None else str(fact) for fact in facts]
    addresses = [" ".join(by_kind[kind]) for kind in KINDS]
    words = [BETWEEN.join(word for own, word in person.words if own is kind) for kind in WORDS]
    return [b"%d" % line, *map(cell, (person.name.first, person.name.last, *addresses, *words, *values))]


def header(fields: Sequence[str]) -> bytes:
    return ",".join([*FIXED, *fields]).encode() + b"\n"


def lines(columns: Sequence[Sequence[bytes]]) -> bytes:
    """Rows whose cells stand in columns."""
    return b"\n".join(map(b",".join, zip(*columns, strict=True))) + b"\n" if columns[0] else b""


def cell(value: str) -> bytes:
    """A value as it stands in the text; quoted where it must be."""
    value = value.replace("\n", _BREAK)
    quoted = '"' + value.replace('"', '""') + '"' if '"' in value or "," in value else value
    return quoted.encode("utf-8", "replace")


def is_nobody(person: Person) -> bool:
    """Whether the row was emptied because its person was erased."""
    return not (person.name.first or person.name.last or person.addresses or person.facts)


def people(text: str, cause: str) -> Iterator[tuple[int, Person]]:
    """(line of the file, person); `cause` and line make each person's cause."""
    rows = csv.reader(text.removesuffix("\n").split("\n"))
    fields = next(rows)[len(FIXED) :]
    for line, first, last, *rest in rows:
        addresses = tuple(
            Address(kind, value) for kind, values in zip(KINDS, rest, strict=False) for value in values.split()
        )
        facts: dict[str, Value] = {
            field: True if field in _TICKED else value.replace(_BREAK, "\n")
            for field, value in zip(fields, rest[len(KINDS) + len(WORDS) :], strict=True)
            if value
        }
        words = tuple(
            (kind, word)
            for kind, value in zip(WORDS, rest[len(KINDS) :], strict=False)
            if value
            for word in value.split(BETWEEN)
        )
        yield int(line), Person(f"{cause}|{line}", Name(first, last), addresses, facts, words)
