"""Reads whole columns at a time what `RowReader` reads cell by cell, with the same result.

A plan is made once per layout. Values that come up often are read once; usual addresses and numbers need no library.
Any row with a cell that is not plain goes to the `RowReader`, which also says what is wrong with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

from integration.candidates import dialling
from integration.candidates.parsing import email, name, phone, profile, usual_email, usual_name, usual_profile
from integration.errors import Rejected
from integration.model.identity import Address
from integration.prospecting.imports import ready
from integration.prospecting.imports.blocks import Block
from integration.prospecting.imports.cells import (
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
from integration.records import Candidate

HARD = "\x00hard"
"""Stands where a cell needs the `RowReader`."""
MOST_REMEMBERED, LONGEST_REMEMBERED = 50_000, 200
Column = list[str]


class _Memory(dict[str, str]):
    """What a cell was read as, for cells that come up again."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__({"": ""})
        self._read = read

    def __missing__(self, cell: str) -> str:
        try:
            value = ready.cell(self._read(cell))
        except Rejected:
            value = HARD
        if len(cell) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[cell] = value
        return value

    def column(self, cells: Sequence[str]) -> Column:
        return list(map(self.__getitem__, cells))


@dataclass
class Rows:
    """What became of a block: people in the columns of `ready`, and what was refused."""

    columns: Sequence[Column]
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
        self._facts = facts + [key for key in ("do_not_contact",) if key in places]
        self.fields = [BY_KEY[key].field or Candidate.DO_NOT_CONTACT for key in self._facts]
        self._memories = {key: _Memory(self._reading(key)) for key in self._facts}
        self._names = {key: _Memory(self._text(key)) for key in ("first_name", "middle_name", "last_name")}
        self._first, self._last = _Memory(lambda cell: self._full(cell)[0]), _Memory(lambda cell: self._full(cell)[1])
        self._emails, self._profiles = _Memory(self._many(_email)), _Memory(self._many(profile))
        self._phones: dict[str, _Memory] = {}
        self._words = _Memory(lambda cell: ready.BETWEEN.join(words(cell)))

    def read(self, block: Block) -> Rows:
        """The people of a block, in the order of the file."""
        columns, hard = self._columns(block)
        hard |= block.odd.keys()
        found = Rows(columns, [unreadable(line) for line in block.faults])
        if not hard:
            return found
        keep = [True] * len(block.numbers)
        for place in hard:
            keep[place] = False
        found.columns = [list(compress(column, keep)) for column in columns]
        late = list(self._one_by_one(block, sorted(hard), found))
        if late:
            rows = sorted([*zip(*found.columns, strict=True), *late], key=_line)
            found.columns = list(map(list, zip(*rows, strict=True)))
        return found

    def _one_by_one(self, block: Block, places: Sequence[int], found: Rows) -> Iterator[Sequence[str]]:
        for place in places:
            number = block.numbers[place]
            cells = block.odd.get(place) or [column[place] for column in block.columns]
            if not any(cell.strip() for cell in cells):
                found.blank += 1
                continue
            for date in self._at.get("collected_at", ()):
                self.orders |= {order_of(cells[date])} - {""} if date < len(cells) else set()
            try:
                yield ready.row_of(number, self.reader.person(number, cells), self.fields)
            except Rejected as reason:
                found.rejects.append(reject_of(number, reason))

    def _columns(self, block: Block) -> tuple[list[Column], set[int]]:
        """The columns of `ready`, and the places of the rows that are not plain."""
        cells, count, country = block.columns, len(block.numbers), self.reader.layout.country
        facts = {key: self._single(cells, key, self._memories[key]) for key in self._facts}
        first, last = self._name(cells, count)
        regions = facts.get("country") or [country] * count
        if country:
            regions = [region or country for region in regions]
        emails = self._together([self._email_column(cells[place]) for place in self._at.get("email", ())], count)
        phones = self._together(
            [self._phone_column(cells[place], regions) for place in self._at.get("phone", ())], count
        )
        profiles = self._together([self._profile_column(cells[place]) for place in self._at.get("profile", ())], count)
        words = [self._words_column(cells, key, count) for key in ("skills", "tags")]
        columns = [list(map(str, block.numbers)), first, last, emails, phones, profiles, *words, *facts.values()]
        hard = {place for place, value in enumerate(last) if not value} if not all(last) else set()
        if not all(emails):
            addresses = zip(emails, phones, profiles, strict=True)
            hard |= {place for place, (one, two, three) in enumerate(addresses) if not (one or two or three)}
        for column in columns[1:]:
            if HARD in column:
                hard |= {place for place, value in enumerate(column) if value == HARD}
        if block.has_controls:
            rows = zip(*(column for at, column in enumerate(cells) if at not in self.reader.texts), strict=True)
            hard |= {place for place, row in enumerate(rows) if any(map(has_control_characters, row))}
        return columns, hard

    def _single(self, cells: Sequence[Sequence[str]], key: str, memory: _Memory) -> Column:
        """The first filled one of the columns of a kind."""
        columns = [memory.column(cells[place]) for place in self._at[key]]
        if len(columns) == 1:
            return columns[0]
        return [next(filter(None, values), "") for values in zip(*columns, strict=True)]

    def _name(self, cells: Sequence[Sequence[str]], count: int) -> tuple[Column, Column]:
        """First and last names; a last name is empty where the row needs a closer look."""
        if "last_name" in self._at:
            parts = {key: self._single(cells, key, memory) for key, memory in self._names.items() if key in self._at}
            first = parts.get("first_name") or [""] * count
            if "middle_name" in parts:
                pairs = zip(first, parts["middle_name"], strict=True)
                first = [
                    HARD if HARD in (one, two) else " ".join(filter(None, (one, two)))[:NAME_LENGTH]
                    for one, two in pairs
                ]
            return first, parts["last_name"]
        if "full_name" in self._at and "first_name" not in self._at:
            return self._single(cells, "full_name", self._first), self._single(cells, "full_name", self._last)
        return [""] * count, [""] * count

    def _full(self, cell: str) -> tuple[str, str]:
        """First and last name of a full name."""
        text = check(clean(cell), "")
        known = usual_name(text) if len(text) <= NAME_LENGTH else None
        known = known or name(text)
        return check(known.first, "", NAME_LENGTH), check(known.last, "", NAME_LENGTH)

    def _words_column(self, cells: Sequence[Sequence[str]], key: str, count: int) -> Column:
        columns = [self._words.column(cells[place]) for place in self._at.get(key, ())]
        if len(columns) == 1:
            return columns[0]
        return [ready.BETWEEN.join(filter(None, values)) for values in zip(*columns, strict=True)] or [""] * count

    def _email_column(self, cells: Sequence[str]) -> Column:
        slow = self._emails
        return [usual_email(cell) or slow[cell] for cell in cells]

    def _profile_column(self, cells: Sequence[str]) -> Column:
        slow = self._profiles
        return [usual_profile(cell) or slow[cell] for cell in cells]

    def _phone_column(self, cells: Sequence[str], regions: Sequence[str]) -> Column:
        usual = dialling.usual
        return [
            (usual(cell, region) or self._slow_phone(cell, region)) if cell else ""
            for cell, region in zip(cells, regions, strict=True)
        ]

    def _slow_phone(self, cell: str, region: str) -> str:
        if region not in self._phones:
            self._phones[region] = _Memory(self._many(lambda text: phone(text, region)))
        return self._phones[region][cell]

    @staticmethod
    def _together(columns: Sequence[Column], count: int) -> Column:
        """Several columns of addresses as one."""
        if len(columns) == 1:
            return columns[0]
        if not columns:
            return [""] * count
        return [
            HARD if HARD in values else " ".join(dict.fromkeys(" ".join(filter(None, values)).split()))
            for values in zip(*columns, strict=True)
        ]

    @staticmethod
    def _many(read: Callable[[str], Address]) -> Callable[[str], str]:
        def values(cell: str) -> str:
            return " ".join(dict.fromkeys(read(check(text, "")).value for text in many(cell)))

        return values

    @staticmethod
    def _text(key: str) -> Callable[[str], str]:
        return lambda cell: check(clean(cell), BY_KEY[key].label, NAME_LENGTH)

    def _reading(self, key: str) -> Callable[[str], str]:
        """How a cell of a field is read."""
        length = 0 if key in ("country", "do_not_contact") else BY_KEY[key].length

        def value(cell: str) -> str:
            if key == "collected_at":
                self.orders |= {order_of(cell)} - {""}
            text = clean_text(cell) if BY_KEY[key].is_text else clean(cell)
            if not text:
                return ""
            check(text, key, length)
            if key == "do_not_contact":
                return ready.YES if yes_or_no(text, key) else ""
            return str(self.reader.fact(key, text, key))

        return value


def _email(text: str) -> Address:
    return email(address_of(text))


def _line(row: Sequence[str]) -> int:
    return int(row[0])
