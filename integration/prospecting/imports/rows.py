"""Turns a row of a file into a person, or says which column is wrong and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from integration.candidates import Person
from integration.candidates.parsing import country, email, name, phone, profile
from integration.candidates.tagging import WORD_LENGTH, Word
from integration.errors import Rejected, shortened
from integration.model.identity import Address, Name
from integration.model.reject import Code
from integration.model.vocabulary import Lifecycle, TagKind
from integration.ports import Value
from integration.prospecting.imports.cells import (
    address_of,
    check,
    clean,
    clean_text,
    day,
    has_control_characters,
    many,
    yes_or_no,
)
from integration.prospecting.imports.columns import BY_KEY, IGNORED, NAMES
from integration.prospecting.imports.layout import Layout
from integration.prospecting.imports.nameless import name_beside
from integration.prospecting.imports.reading import Line
from integration.records import Candidate

NAME_LENGTH = 80
MOST_WORDS = 100
"""Skills and tags of one person."""
_NO_TAGS = frozenset({"mycontacts", "starred"})
"""Labels that Google gives to everybody."""
_T = TypeVar("_T")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Reject(NamedTuple):
    """Why a line of the file was not taken."""

    line: int
    column: str
    code: str
    reason: str
    remedy: str


def reject_of(line: int, rejected: Rejected) -> Reject:
    return Reject(line, rejected.field, rejected.code or Code.REFUSED, rejected.reason, rejected.remedy)


def unreadable(line: Line) -> Reject:
    """A line that could not even be taken apart."""
    what, _, remedy = line.fault.partition("; ")
    code = Code.UNCLOSED_QUOTE if "not closed" in what else Code.TOO_LONG if "longer than" in what else ""
    sentence = f"{what[:1].upper()}{what[1:]}.", f"{remedy[:1].upper()}{remedy[1:]}." if remedy else ""
    return Reject(line.number, "", code or Code.LINE_UNREADABLE, *sentence)


def words(cell: str) -> list[str]:
    """The skills or tags of a cell; what is longer than a word of a list is a sentence."""
    found = many(cell)[:MOST_WORDS]
    return [word for word in found if len(word) <= WORD_LENGTH and word.casefold() not in _NO_TAGS]


@dataclass
class Findings:
    """What was worth telling although the row was taken."""

    cleaned: int = 0
    shared: int = 0


@dataclass
class RowReader:
    """Reads rows of one layout. `cause` names the import, so that each line makes its own candidate."""

    layout: Layout
    cause: str
    at: datetime
    findings: Findings = field(default_factory=Findings)

    def __post_init__(self) -> None:
        self.positions: dict[str, list[tuple[int, str]]] = {}
        """Where the columns of a kind stand, with their headers."""
        for position, (header, key) in enumerate(self.layout.columns.items()):
            if key != IGNORED:
                self.positions.setdefault(key, []).append((position, header))
        texts = (at for key, at in self.positions.items() if BY_KEY[key].is_text)
        self.texts = {position for at in texts for position, _ in at}
        """Where line breaks belong to the value."""

    @property
    def _names(self) -> set[str]:
        """The columns that hold names; a list of nothing but addresses has none."""
        return self.positions.keys() & set(NAMES)

    def person(self, line: int, cells: Sequence[str]) -> Person:
        """The person of a line; raises Rejected with the column's header as field."""
        self._check_width(cells)
        if any(has_control_characters(cell) for position, cell in enumerate(cells) if position not in self.texts):
            self.findings.cleaned += 1
        facts = dict(self._facts(cells))
        addresses = tuple(dict.fromkeys(self._addresses(cells, str(facts.get(Candidate.COUNTRY, "")))))
        who = self._name(cells)
        if not addresses:
            raise Rejected(
                "The row has no e-mail address, phone or profile.",
                field=self._label("email"),
                code=Code.NO_ADDRESS,
                remedy="Fill one of them.",
            )
        if not who.first and not who.last:
            raise Rejected(
                "The row has no name.",
                field=self._label("last_name", "full_name", "first_name"),
                code=Code.NO_NAME,
                remedy="Fill it in.",
            )
        self.findings.shared += any(not address.identifies and "@" in address.value for address in addresses)
        return Person(f"{self.cause}|{line}", who, addresses, facts, tuple(self._words(cells)))

    def header_of(self, field: str) -> str:
        """The header that fills a field of Candidate__c, or empty."""
        own = {
            Candidate.FIRST_NAME: ("first_name", "full_name"),
            Candidate.LAST_NAME: ("last_name", "full_name"),
            Candidate.EMAIL: ("email",),
            Candidate.PHONE: ("phone",),
        }
        keys = own.get(field) or tuple(key for key, column in BY_KEY.items() if column.field == field and field)
        return next((self.positions[key][0][1] for key in keys if key in self.positions), "")

    def _check_width(self, cells: Sequence[str]) -> None:
        width = len(self.layout.columns)
        if any(cell.strip() for cell in cells[width:]):
            raise Rejected(
                f"The row has {len(cells)} values, the header has {width} columns.",
                field="",
                value=shortened(cells[width]),
                code=Code.TOO_MANY_VALUES,
                remedy=f"Put quotation marks around values that contain a {self.layout.delimiter_name}.",
            )

    def _values(self, cells: Sequence[str], key: str) -> Iterator[tuple[str, str]]:
        """(header, raw cell) of the filled cells of a column."""
        for position, header in self.positions.get(key, ()):
            if position < len(cells) and cells[position].strip():
                yield header, cells[position]

    def _one(self, cells: Sequence[str], key: str, length: int = 0) -> tuple[str, str]:
        """(header, value) of the first filled cell."""
        for header, cell in self._values(cells, key):
            if text := clean_text(cell) if BY_KEY[key].is_text else clean(cell):
                return header, check(text, header, length)
        return "", ""

    def _label(self, *keys: str) -> str:
        return next((self.positions[key][0][1] for key in keys if key in self.positions), BY_KEY[keys[0]].label)

    def _name(self, cells: Sequence[str]) -> Name:
        first, middle = self._one(cells, "first_name", NAME_LENGTH)[1], self._one(cells, "middle_name", NAME_LENGTH)[1]
        last = self._one(cells, "last_name", NAME_LENGTH)[1]
        if not first and not last:
            header, full = self._one(cells, "full_name")
            parsed = name(full) if full else Name()
            if not full and not self._names:
                return next((name_beside(cell) for _, cell in self._values(cells, "email")), Name())
            return Name(check(parsed.first, header, NAME_LENGTH), check(parsed.last, header, NAME_LENGTH))
        if not last:
            # One word is a person's whole name in many places: it stands where lists are sorted.
            return Name("", first)
        return Name(" ".join(part for part in (first, middle) if part)[:NAME_LENGTH], last)

    def _addresses(self, cells: Sequence[str], row_country: str) -> Iterator[Address]:
        region = row_country or self.layout.country
        readers: dict[str, Callable[[str], Address]] = {
            "email": lambda text: email(address_of(text)),
            "phone": lambda text: phone(text, region),
            "profile": profile,
        }
        for key, read in readers.items():
            for header, cell in self._values(cells, key):
                for text in many(cell):
                    yield self._read(read, check(text, header), header)

    def _words(self, cells: Sequence[str]) -> Iterator[Word]:
        """Skills and tags."""
        for key, kind in (("skills", TagKind.SKILL), ("tags", TagKind.TAG)):
            for _, cell in self._values(cells, key):
                yield from ((kind, word) for word in words(cell))

    def _facts(self, cells: Sequence[str]) -> Iterator[tuple[str, Value]]:
        for key, column in BY_KEY.items():
            if column.field and key in self.positions:
                header, text = self._one(cells, key, 0 if key == "country" else column.length)
                # An import may ask for silence, it can never lift it.
                if text and (value := self.fact(key, text, header)) is not None:
                    yield column.field, value

    def fact(self, key: str, text: str, header: str) -> Value:
        """The value of a field of Candidate__c that a cell gives; raises Rejected."""
        if key == "country":
            return self._read(country, text, header)
        if key == "collected_at":
            return day(text, header, self.layout.dates, self.at.date()).isoformat(timespec="seconds")
        if key == "left_on":
            return day(text, header, self.layout.dates, self.at.date()).date().isoformat()
        if BY_KEY[key].is_yes:
            return yes_or_no(text, header) or None
        if key == "lifecycle":
            return _lifecycle(text, header)
        if key == "language":
            return _language(text, header)
        return text

    @staticmethod
    def _read(read: Callable[[str], _T], text: str, header: str) -> _T:
        try:
            return read(text)
        except Rejected as wrong:
            raise Rejected(
                wrong.reason, field=header, value=wrong.value, code=wrong.code, remedy=wrong.remedy
            ) from wrong


def _lifecycle(text: str, header: str) -> str:
    for value in Lifecycle:
        if value.casefold() == text.casefold():
            return value.value
    near = get_close_matches(text.casefold(), [value.casefold() for value in Lifecycle], n=1)
    hint = next((f" Is it “{value}”?" for value in Lifecycle if near and value.casefold() == near[0]), "")
    raise Rejected(
        f"“{shortened(text)}” is not a value of {header}.{hint}",
        field=header,
        value=shortened(text),
        code=Code.PICKLIST_UNKNOWN,
        remedy=f"Use one of: {', '.join(Lifecycle)}.",
    )


def _language(text: str, header: str) -> str:
    head, dash, tail = text.replace("_", "-").partition("-")
    code = head.lower() + dash + tail
    if not _LANGUAGE.fullmatch(code):
        raise Rejected(
            f"“{shortened(text)}” is not a language code.",
            field=header,
            value=shortened(text),
            code=Code.LANGUAGE_INVALID,
            remedy="Write it like en, de or pt-BR.",
        )
    return code
