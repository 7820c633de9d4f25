"""Reads whole columns at a time what `RowReader` reads cell by cell, with the same result.

A plan is made once per layout. Values that come up often are read once; usual addresses and numbers need no library.
Any row with a cell that is not plain goes to the `RowReader`, which also says what is wrong with it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from integration.candidates.parsing import email, name, phone, profile, usual_name, usual_profile
from integration.errors import Rejected
from integration.model.identity import Address
from integration.prospecting.imports import ready
from integration.prospecting.imports.addresses import HARD, MOST_REMEMBERED, Emails, Phones
from integration.prospecting.imports.blocks import Block, text_of
from integration.prospecting.imports.cells import (
    EMPTY,
    address_of,
    check,
    clean,
    clean_text,
    has_control_characters,
    many,
    order_of,
    yes_or_no,
)
from integration.prospecting.imports.columns import BY_KEY
from integration.prospecting.imports.rows import NAME_LENGTH, Reject, RowReader, reject_of, unreadable, words

LONGEST_REMEMBERED = 200
_WORDS = re.compile(rb"[A-Za-z]+(?: [A-Za-z]+)*").fullmatch
_EMPTY = frozenset(map(str.encode, EMPTY))
_READ_INTO = frozenset({"country", "collected_at", "left_on", "lifecycle", "language"})
"""Columns whose cells become something else."""
_NOT_ASCII = bytes(range(128, 256))
_CONTROLS = bytes({*range(32), 127})
Column = list[bytes]
Cells = Sequence[Sequence[bytes]]


class _Memory(dict[bytes, bytes]):
    """What a cell was read as, for cells that come up again."""

    def __init__(self, read: Callable[[str], str], *, is_text: bool = False, longest: int = 0) -> None:
        """Words of up to `longest` letters are read as they stand."""
        super().__init__({b"": b""})
        self._read, self._is_text, self._longest = read, is_text, longest
        self._same = {b""}
        """Cells that are read as they stand."""
        self.has_hard = False
        """Whether one was hard since this was last set; hard cells are not remembered, so each of them says so."""

    def __missing__(self, cell: bytes) -> bytes:
        if len(cell) <= self._longest and _WORDS(cell) and cell.lower() not in _EMPTY:
            self._remember(cell, cell)
            return cell
        text = text_of(cell)
        try:
            is_plain = self._is_text or not has_control_characters(text)
            value = ready.cell(self._read(text)) if is_plain else HARD
        except Rejected:
            value = HARD
        if value == HARD:
            self.has_hard = True
        elif len(cell) <= LONGEST_REMEMBERED:
            self._remember(cell, value)
        return value

    def column(self, cells: list[bytes]) -> Column:
        return cells if self._same.issuperset(cells) else list(map(self.__getitem__, cells))

    def _remember(self, cell: bytes, value: bytes) -> None:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
            self._same.clear()
        self[cell] = value
        if value == cell:
            self._same.add(cell)


@dataclass
class Rows:
    """What became of a block: people in the columns of `ready`, and what was refused."""

    columns: list[Column]
    rejects: list[Reject] = field(default_factory=list)
    blank: int = 0

    @property
    def people(self) -> int:
        return len(self.columns[0])


class Plan:
    """How the columns of one layout are read."""

    def __init__(self, reader: RowReader) -> None:
        self.reader = reader
        self.orders: set[str] = set()
        """`day first`, `month first`: what the dates seen so far can only mean."""
        places = reader.positions
        self._at = {key: [place for place, _ in places[key]] for key in places}
        facts = [key for key, column in BY_KEY.items() if column.field and key in places]
        self._facts = facts
        self.fields = [BY_KEY[key].field for key in facts]
        self._memories = {key: self._memory_of(key) for key in self._facts}
        self._names = {
            key: _Memory(self._text(key), longest=NAME_LENGTH) for key in ("first_name", "middle_name", "last_name")
        }
        self._first, self._last = _Memory(lambda cell: self._full(cell)[0]), _Memory(lambda cell: self._full(cell)[1])
        self._emails, self._odd_emails = Emails(), _Memory(self._many(_email))
        self._phones, self._odd_phones = Phones(), dict[bytes, _Memory]()
        self._profiles = _Memory(self._profile)
        self._words = _Memory(lambda cell: ready.BETWEEN.join(words(cell)))
        self._others = [self._first, self._last, *self._names.values(), self._profiles, self._words]
        self._unread = set(range(len(reader.layout.columns))) - reader.texts
        """Places of the columns whose cells nobody looks at."""
        names = self._name_keys()
        for key in (*self._facts, *names, "email", "phone", "profile", "skills", "tags"):
            self._unread.difference_update(self._at.get(key, ()))

    def read(self, block: Block) -> Rows:
        """The people of a block, in the order of the file."""
        if not block.numbers:
            return Rows([[] for _ in [*ready.FIXED, *self.fields]], list(map(unreadable, block.faults)))
        columns, hard = self._columns(block)
        hard |= block.odd.keys()
        found = Rows(columns, list(map(unreadable, block.faults)))
        if hard:
            self._replace(block, sorted(hard), found)
        return found

    def _replace(self, block: Block, hard: Sequence[int], found: Rows) -> None:
        """Reads the rows at these places by themselves."""
        rows = [(place, self._one(block, place, found)) for place in hard]
        found.columns = [list(column) for column in found.columns]
        for place, row in reversed(rows):
            for column, cell in zip(found.columns, row, strict=False):
                column[place] = cell
            if not row:
                for column in found.columns:
                    del column[place]

    def _one(self, block: Block, place: int, found: Rows) -> Sequence[bytes]:
        """The ready row at a place; empty when it is blank or refused."""
        number, cells = block.numbers[place], block.cells(place)
        if not any(cell.strip() for cell in cells):
            found.blank += 1
            return ()
        for date in self._at.get("collected_at", ()):
            self.orders |= {order_of(cells[date])} - {""} if date < len(cells) else set()
        try:
            return ready.row_of(number, self.reader.person(number, cells), self.fields)
        except Rejected as reason:
            found.rejects.append(reject_of(number, reason))
            return ()

    def _columns(self, block: Block) -> tuple[list[Column], set[int]]:
        """The columns of `ready`, and the places of the rows that are not plain."""
        for memory in (*self._memories.values(), *self._others, self._odd_emails, *self._odd_phones.values()):
            memory.has_hard = False
        cells, count, country = block.columns, len(block.numbers), self.reader.layout.country.encode()
        facts = {key: self._single(cells, key, self._memories[key]) for key in self._facts}
        first, last = self._name(cells, count)
        regions = facts.get("country") or [country] * count
        if country:
            regions = [region or country for region in regions]
        emails = _together([self._email_column(cells[place]) for place in self._at.get("email", ())], count)
        phones = _together([self._phone_column(cells[place], regions) for place in self._at.get("phone", ())], count)
        profiles = _together([self._profiles.column(cells[place]) for place in self._at.get("profile", ())], count)
        words = [self._words_column(cells, key, count) for key in ("skills", "tags")]
        numbers = list(map(b"%d".__mod__, block.numbers))
        columns = [numbers, first, last, emails, phones, profiles, *words, *facts.values()]
        hard = {place for place, value in enumerate(last) if not value} if not all(last) else set()
        if not all(emails):
            addresses = zip(emails, phones, profiles, strict=True)
            hard |= {place for place, (one, two, three) in enumerate(addresses) if not (one or two or three)}
        looked_at = [column for key, column in facts.items() if self._memories[key].has_hard]
        looked_at += [emails] * self._odd_emails.has_hard
        looked_at += [phones] * any(memory.has_hard for memory in self._odd_phones.values())
        if "middle_name" in self._at or any(memory.has_hard for memory in self._others):
            looked_at += [first, last, profiles, *words]
        for column in looked_at:
            if HARD in column:
                hard |= {place for place, value in enumerate(column) if value == HARD}
        return columns, hard | self._with_controls(cells)

    def _with_controls(self, cells: Cells) -> set[int]:
        """The places of rows with control characters in a column that is not read."""
        return {
            place
            for column in self._unread
            if _may_have_controls(b"".join(cells[column]))
            for place, cell in enumerate(cells[column])
            if has_control_characters(text_of(cell))
        }

    def _single(self, cells: Sequence[list[bytes]], key: str, memory: _Memory) -> Column:
        """The first filled one of the columns of a kind."""
        columns = [memory.column(cells[place]) for place in self._at[key]]
        if len(columns) == 1:
            return columns[0]
        return [HARD if HARD in values else next(filter(None, values), b"") for values in zip(*columns, strict=True)]

    def _name_keys(self) -> Sequence[str]:
        """The columns that names are read from; none when the row needs a closer look."""
        if "last_name" in self._at:
            return [key for key in self._names if key in self._at]
        return ["full_name"] if "full_name" in self._at and "first_name" not in self._at else []

    def _name(self, cells: Sequence[list[bytes]], count: int) -> tuple[Column, Column]:
        """First and last names; a last name is empty where the row needs a closer look."""
        keys = self._name_keys()
        if "last_name" in keys:
            parts = {key: self._single(cells, key, self._names[key]) for key in keys}
            first = parts.get("first_name") or [b""] * count
            if "middle_name" in parts:
                first = list(map(_joined, first, parts["middle_name"]))
            return first, parts["last_name"]
        if keys:
            return self._single(cells, "full_name", self._first), self._single(cells, "full_name", self._last)
        return [b""] * count, [b""] * count

    def _full(self, cell: str) -> tuple[str, str]:
        """First and last name of a full name."""
        text = check(clean(cell), "")
        known = usual_name(text) if len(text) <= NAME_LENGTH else None
        known = known or name(text)
        return check(known.first, "", NAME_LENGTH), check(known.last, "", NAME_LENGTH)

    def _words_column(self, cells: Sequence[list[bytes]], key: str, count: int) -> Column:
        columns = [self._words.column(cells[place]) for place in self._at.get(key, ())]
        if len(columns) == 1:
            return columns[0]
        between = ready.BETWEEN.encode()
        rows = [HARD if HARD in values else between.join(filter(None, values)) for values in zip(*columns, strict=True)]
        return rows or [b""] * count

    def _email_column(self, cells: Sequence[bytes]) -> Column:
        found, hard = self._emails.column(cells)
        for place in hard:
            found[place] = self._odd_emails[cells[place]]
        return found

    def _phone_column(self, cells: Sequence[bytes], regions: Sequence[bytes]) -> Column:
        found, hard = self._phones.column(cells, regions)
        for place in hard:
            cell, region = cells[place], regions[place]
            found[place] = self._odd_phone(cell, region) if cell else b""
        return found

    def _odd_phone(self, cell: bytes, region: bytes) -> bytes:
        if region not in self._odd_phones:
            country = region.decode()
            self._odd_phones[region] = _Memory(self._many(lambda text: phone(text, country)))
        return self._odd_phones[region][cell]

    def _profile(self, cell: str) -> str:
        return usual_profile(cell) or self._many(profile)(cell)

    @staticmethod
    def _many(read: Callable[[str], Address]) -> Callable[[str], str]:
        def values(cell: str) -> str:
            return " ".join(dict.fromkeys(read(check(text, "")).value for text in many(cell)))

        return values

    @staticmethod
    def _text(key: str) -> Callable[[str], str]:
        return lambda cell: check(clean(cell), BY_KEY[key].label, NAME_LENGTH)

    def _memory_of(self, key: str) -> _Memory:
        column = BY_KEY[key]
        longest = 0 if key in _READ_INTO or column.is_yes else column.length or LONGEST_REMEMBERED
        return _Memory(self._reading(key), is_text=column.is_text, longest=longest)

    def _reading(self, key: str) -> Callable[[str], str]:
        """How a cell of a field is read."""
        length = 0 if key == "country" else BY_KEY[key].length

        def value(cell: str) -> str:
            if key in ("collected_at", "left_on"):
                self.orders |= {order_of(cell)} - {""}
            text = clean_text(cell) if BY_KEY[key].is_text else clean(cell)
            if not text:
                return ""
            check(text, key, length)
            if BY_KEY[key].is_yes:
                return ready.YES if yes_or_no(text, key) else ""
            return str(self.reader.fact(key, text, key))

        return value


def _together(columns: Sequence[Column], count: int) -> Column:
    """Several columns of addresses as one."""
    if len(columns) == 1:
        return columns[0]
    if not columns:
        return [b""] * count
    return [
        HARD if HARD in values else b" ".join(dict.fromkeys(b" ".join(filter(None, values)).split()))
        for values in zip(*columns, strict=True)
    ]


def _joined(first: bytes, middle: bytes) -> bytes:
    """First names; as long as it takes in the org, which is counted in characters."""
    if HARD in (first, middle) or b'"' in first + middle:
        return HARD
    return text_of(b" ".join(filter(None, (first, middle))))[:NAME_LENGTH].encode()


def _may_have_controls(cells: bytes) -> bool:
    """Whether there are control characters, or letters of which some are."""
    return not cells.isascii() or len(cells.translate(None, _CONTROLS)) != len(cells)


def _email(text: str) -> Address:
    return email(address_of(text))
