"""Who meets whom: the keys of `blocking`, made for everybody at once."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from integration.matching.blocking import (
    LARGEST_BLOCK,
    LARGEST_OF_NAME,
    LARGEST_OF_PAIR,
    given_code,
    plain_mailbox,
)
from integration.matching.bulk.beside import Start
from integration.matching.bulk.coding import Codes, Flags, Lexicon, Many
from integration.matching.bulk.columns import Columns
from integration.matching.latin import sound

Keys = npt.NDArray[np.uint64]
Entries = tuple[Codes, Keys]
"""People, and a key of each."""
_ODD, _OTHER_ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


def pairs(columns: Columns, border: int | None, start: Start[Codes]) -> Callable[[], tuple[Codes, Codes]]:
    """Each pair worth a comparison once, in order; with a border only across it."""
    count = columns.count
    keys = _Keys(columns)
    names = _grouped([*keys.names()], count)
    twice = start(lambda: _met_twice(keys, names, count))
    strong = [*_in_blocks(_grouped([*keys.addresses(), *keys.full()], count), count, LARGEST_BLOCK)]
    strong += _in_blocks(names, count, LARGEST_OF_NAME)

    def met() -> tuple[Codes, Codes]:
        return _across(np.sort(np.concatenate([*strong, twice()])), count, border)

    return met


def _met_twice(keys: "_Keys", names: "_Grouped", count: int) -> Codes:
    """Pairs that have two things in common, each of which says little alone."""
    weak = _grouped([*keys.others(), *keys.narrowed(*_too_common(names))], count)
    once = np.sort(np.concatenate([np.empty(0, np.int64), *_in_blocks(weak, count, LARGEST_OF_PAIR)]))
    twice: Codes = once[1:][once[1:] == once[:-1]]
    return twice


def _across(met: Codes, count: int, border: int | None) -> tuple[Codes, Codes]:
    met = met[_is_new(met)]
    one, other = met // count, met % count
    if border is None:
        return one, other
    across = (one < border) & (other >= border)
    return one[across], other[across]


class _Keys:
    """The keys of `blocking`, family by family."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.lexicon = Lexicon()
        code = self.lexicon.code
        first, last = columns.first, columns.last
        self.given = first.each(lambda name: code(name.partition(" ")[0]))
        self.sound = first.each(lambda name: code(f"~{sound(name.partition(' ')[0])}"))
        self.family = last.each(lambda name: code(f"~{sound(name.replace(' ', ''))}"))
        self.named = (first.ids > 0) & (last.ids > 0)
        self.year = columns.birth.each(lambda born: born.year)
        self.month = columns.birth.each(lambda born: born.month)
        self.day = columns.birth.each(lambda born: born.day)
        self.lines = columns.lines[:2]

    def _cut(self, first: int) -> tuple[Codes, Codes]:
        """The beginnings of first and last names."""
        code = self.lexicon.code
        given = self.columns.first.each(lambda name: code(name.partition(" ")[0][:first]))
        return given, self.columns.last.each(lambda name: code(name.replace(" ", "")[:first]))

    def _line(self, at: int, length: int) -> Codes:
        code = self.lexicon.code
        return np.array([code(value[:length]) for value in self.columns.line_values], np.int64)[self.columns.lines[at]]

    def _part(self, many: Many, start: int | None, end: int | None) -> Codes:
        return many.spread(map(self.lexicon.code, [value[start:end] for value in many.values[1:]]))

    def addresses(self) -> Iterator[Entries]:
        columns, code = self.columns, self.lexicon.code
        for kind, many in (("e", columns.mailbox), ("p", columns.phone), ("u", columns.profile)):
            yield many.rows, _key(kind, many.ids)
        plain = columns.mailbox.each(lambda mailbox: code(local) if len(local := plain_mailbox(mailbox)) > 5 else 0)
        yield columns.mailbox.rows[plain > 0], _key("l", plain[plain > 0])

    def full(self) -> Iterator[Entries]:
        columns = self.columns
        low, high = np.minimum(self.sound, self.family), np.maximum(self.sound, self.family)
        yield _entries("f", self.named & (columns.birth.ids > 0), low, high, columns.birth.ids)
        yield _entries("g", self.named & (columns.postcode.ids > 0), low, high, columns.postcode.ids)
        if self.lines:
            line, number = self._line(0, 6), columns.number.ids
            yield _entries("h", self.named & (number > 0) & (line > 0), low, high, number, line)

    def names(self) -> Iterator[Entries]:
        low, high = np.minimum(self.sound, self.family), np.maximum(self.sound, self.family)
        yield _entries("n", self.named, low, high)
        code = self.lexicon.code
        known = self.columns.first.each(lambda name: code(given_code(name.partition(" ")[0])))
        yield _entries("N", self.named & (known > 0), known, self.family)

    def others(self) -> Iterator[Entries]:
        columns, code = self.columns, self.lexicon.code
        postcode, number, year = columns.postcode.ids, columns.number.ids, self.year
        town = columns.city.each(lambda name: code(name[:5]))
        whole = columns.birth.each(lambda born: born.is_whole) > 0
        yield _entries("d", whole, columns.birth.ids)
        lines = [self._line(at, 6) for at in range(len(self.lines))]
        for name in self._cut(2):
            yield _entries("i", whole & (name > 0), name, year, np.minimum(self.month, self.day))
            yield _entries("j", whole & (name > 0), name, self.month, self.day)
        for name in self._cut(3):
            yield _entries("c", (name > 0) & (postcode > 0), name, postcode)
            yield _entries("t", (name > 0) & (town > 0), name, town, number)
            for line in lines:
                yield _entries("s", (name > 0) & (line > 0), name, line)
        for line in lines:
            yield _entries("z", (line > 0) & (postcode > 0), line, postcode)
            yield _entries("b", (line > 0) & (number > 0), number, line)
        yield _entries("a", (number > 0) & (postcode > 0), number, postcode)
        yield _entries("y", (postcode > 0) & (columns.birth.ids > 0), postcode, year)
        employer = columns.employer.each(lambda name: code(name[:8]))
        family = columns.last.each(lambda name: code(name.replace(" ", "")[:4]))
        yield _entries("w", (employer > 0) & (family > 0), employer, family)
        yield columns.mailbox.rows, _key("m", self._part(columns.mailbox, None, 6))
        yield columns.phone.rows, _key("q", self._part(columns.phone, -5, None))
        yield columns.phone.rows, _key("r", self._part(columns.phone, None, 5))

    def narrowed(self, rows: Codes, keys: Keys) -> Iterator[Entries]:
        """A name that too many share, with one more thing."""
        if not len(rows):
            return
        columns, code = self.columns, self.lexicon.code
        born = columns.birth.ids[rows] > 0
        yield rows[born], _key("ny", keys[born], self.year[rows][born])
        yield rows[born], _key("nm", keys[born], self.month[rows][born], self.day[rows][born])
        more = [
            (kind, column.each(lambda value: code(value[:6])))
            for kind, column in (
                ("nt", columns.city), ("nc", columns.postcode), ("nw", columns.employer), ("nb", columns.birth_place),
            )
        ]  # fmt: skip
        more += [("ns", self._line(at, 4)) for at in range(len(self.lines))]
        more.append(("ni", columns.middle.each(lambda middle: code(middle[0][0]))))
        for kind, codes in more:
            has = codes[rows] > 0
            yield rows[has], _key(kind, keys[has], codes[rows][has])
        at, which = _joined(rows, columns.phone.rows, columns.count)
        for kind, start, end in (("np", -5, None), ("nq", None, 4)):
            yield rows[at], _key(kind, keys[at], self._part(columns.phone, start, end)[which])


def _joined(rows: Codes, others: Codes, count: int) -> tuple[Codes, Codes]:
    """Positions in `rows` and in `others`, which is sorted, that speak of one person."""
    sizes = np.bincount(others, minlength=count)
    starts = np.cumsum(sizes) - sizes
    repeats = sizes[rows]
    at = np.repeat(np.arange(len(rows)), repeats)
    within = np.arange(len(at)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    return at, starts[rows][at] + within


def _entries(kind: str, who: Flags, *codes: Codes) -> Entries:
    rows = np.flatnonzero(who)
    return rows, _key(kind, *(each[rows] for each in codes))


def _key(kind: str, *codes: Codes | Keys) -> Keys:
    """The codes mixed to one number."""
    key = np.full(len(codes[0]), int.from_bytes(kind.encode(), "big"), np.uint64)
    for code in codes:
        # The kind, or what came before, is spread first: side by side with a code it would look like another code.
        key = (key * _ODD) ^ (key >> np.uint64(31))
        key = (key ^ code.astype(np.uint64)) * _OTHER_ODD
        key ^= key >> np.uint64(29)
    key = key * _ODD
    return key ^ (key >> np.uint64(32))


class _Grouped:
    """People sorted by key: where each block starts and how large it is."""

    def __init__(self, rows: Codes, keys: Keys) -> None:
        self.rows, self.keys = rows, keys
        self.starts = np.flatnonzero(_is_new(keys))
        self.sizes = np.diff(np.append(self.starts, len(keys)))


def _grouped(entries: Sequence[Entries], count: int) -> _Grouped:
    """Sorts by key and person in one word: what of the key has room beside the person's number is enough."""
    room = np.uint64(max(1, count.bit_length()))
    packed = np.concatenate([(keys << room) | rows.astype(np.uint64) for rows, keys in entries])
    packed.sort()
    packed = packed[_is_new(packed)]
    return _Grouped((packed & ((np.uint64(1) << room) - np.uint64(1))).astype(np.int64), packed >> room)


def _is_new(values: npt.NDArray[Any]) -> Flags:
    """Of sorted values: where another one begins."""
    return np.concatenate([np.ones(min(1, len(values)), bool), values[1:] != values[:-1]])


def _too_common(grouped: _Grouped) -> Entries:
    large = np.repeat(grouped.sizes > LARGEST_OF_NAME, grouped.sizes)
    rows, keys = grouped.rows[large], grouped.keys[large]
    order = np.argsort(rows, kind="stable")
    return rows[order], keys[order]


def _in_blocks(grouped: _Grouped, count: int, largest: int) -> Iterator[Codes]:
    """Every pair of each block that is not too large, as one number."""
    for size in range(2, largest + 1):
        starts = grouped.starts[grouped.sizes == size]
        if len(starts):
            members = grouped.rows[starts[:, None] + np.arange(size)]
            first, second = np.triu_indices(size, 1)
            yield (members[:, first] * count + members[:, second]).ravel()
