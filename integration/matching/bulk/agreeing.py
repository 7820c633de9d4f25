"""How far each trait of many pairs agrees: what is equal or missing at once, everything else once per pair of values.

The rules are those of `comparing`; here they are only spared.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from integration.matching import comparing, dates, names, places
from integration.matching.bulk.coding import Codes, Column, Flags, Lexicon
from integration.matching.bulk.columns import Columns
from integration.matching.comparing import (
    BIRTH,
    BIRTH_PLACE,
    CITY,
    CLOSE,
    COUNTRY,
    CROSSED,
    DIFFERENT,
    EMAIL,
    EMPLOYER,
    EXACT,
    EXTRA,
    FIRST,
    LAST,
    LOOSE,
    MIDDLE,
    MISSING,
    NUMBER,
    PHONE,
    POSTCODE,
    PROFILE,
    REGION,
    SEX,
    SHARED,
    STREET,
    TITLE,
    YEAR,
)
from integration.matching.levels import Trait
from integration.matching.traits import Traits

Matrix = npt.NDArray[np.int64]
"""A row for each trait, a column for each pair."""
_UNLIKE = 0.5
"""Jaro's likeness below which no two names are a slip or a spelling apart."""


class Agreement:
    """What is needed to compare any pairs of these people."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.people = columns.people
        lexicon = Lexicon()
        emails, code = columns.emails, lexicon.code
        self._one_mailbox = (emails.each(lambda boxes: len(boxes) == 1) > 0) & (columns.roles.ids == 0)
        parted = [next(iter(boxes)).partition("@") for boxes in emails.values[1:]]
        plain = [local.partition("+")[0].replace(".", "") for local, _, _ in parted]
        self._local = emails.spread(map(code, plain))
        self._host = emails.spread(code(host) for _, _, host in parted)
        lines = {line: number for number, line in enumerate(columns.line_values)}
        self._city = columns.city.each(lambda city: lines.get(city, -1))
        self._initial = emails.spread(ord(local[:1] or " ") for local in plain)
        self._one_phone = columns.phones.each(lambda phones: len(phones) == 1) > 0
        birth = columns.birth
        self._digits = ["" if born is None else dates.digits(born) for born in birth.values]
        self._whole = birth.each(lambda born: born.is_whole) > 0
        self._year, self._month, self._day = (birth.each(itemgetter(part)) for part in range(3))
        self._former = columns.lasts.each(lambda lasts: len(lasts) > 1) > 0
        self._words = columns.words.each(lambda words: len(words) > 2) > 0

    def levels(self, one: Codes, other: Codes) -> Matrix:
        """The levels of `comparing.compare` for each pair."""
        columns = self.columns
        found = np.zeros((len(Trait), len(one)), np.int64)
        self._names(one, other, found)
        found[MIDDLE] = _of(columns.middle, one, other, comparing.middle_levels)
        self._birth(one, other, found)
        found[BIRTH][(found[BIRTH] == EXACT) & ~self._whole[one]] = YEAR
        for trait, column in ((SEX, columns.sex), (REGION, columns.region), (COUNTRY, columns.country)):
            found[trait] = _same(column, one, other)
        self._mail(one, other, found)
        self._phones(one, other, found)
        if len(columns.profiles.values) > 1:
            found[PROFILE] = _of(columns.profiles, one, other, comparing.profile_levels)
        self._lines(one, other, found)
        found[NUMBER] = _of(columns.numbers, one, other, places.number_nearness)
        found[POSTCODE] = _of(columns.postcode, one, other, places.code_nearness)
        for trait, column in (
            (CITY, columns.city), (EMPLOYER, columns.employer), (TITLE, columns.title),
            (BIRTH_PLACE, columns.birth_place),
        ):  # fmt: skip
            found[trait] = _of(column, one, other, places.town_nearness)
        other_city = found[CITY] == DIFFERENT
        for line in columns.lines:
            astray = (self._city[one] == line[other]) | (self._city[other] == line[one])
            found[CITY][other_city & astray] = CROSSED
        return found

    def _both(self, one: Codes, other: Codes, at: int) -> tuple[Traits, Traits]:
        return self.people[one[at]], self.people[other[at]]

    def _names(self, one: Codes, other: Codes, found: Matrix) -> None:
        columns = self.columns
        first = _of(columns.first, one, other, names.given_nearness)
        last = _of(columns.last, one, other, names.family_nearness)
        for at in np.flatnonzero(self._may_be_astray(one, other, first, last)).tolist():
            both = self._both(one, other, at)
            first[at], last[at] = comparing.with_names_astray(*both, int(first[at]), int(last[at]))
        found[FIRST], found[LAST] = first, last

    def _may_be_astray(self, one: Codes, other: Codes, first: Codes, last: Codes) -> Flags:
        """Where a look at both names together could change what each says alone."""
        columns = self.columns
        near = _is_near(first) & _is_near(last)
        former = (last > 0) & ~_is_near(last) & (self._former[one] | self._former[other])
        words = columns.words.ids
        same_words = (words[one] == words[other]) & self._words[one]
        rest = ~(near | former | same_words)
        crossed = np.zeros(len(one), bool)
        given, family = columns.first, columns.last
        full = rest & (first > 0) & (last > 0)
        crossed[full] = _perhaps_near(given, family, one[full], other[full])
        crossed[crossed] = _perhaps_near(given, family, other[crossed], one[crossed])
        astray: Flags = ~near & (former | same_words | crossed | (rest & (first == MISSING) & (last == MISSING)))
        return astray

    def _birth(self, one: Codes, other: Codes, found: Matrix) -> None:
        """Most dates of two people are neither a slip, nor two parts, nor a year apart."""
        birth, ids = self.columns.birth, self.columns.birth.ids
        far = (self._whole[one] & self._whole[other]) & (abs(self._year[one] - self._year[other]) > 1)
        far &= (self._month[one] != self._month[other]) | (self._day[one] != self._day[other])
        at = np.flatnonzero(far)
        ones, others = ([self._digits[code] for code in ids[which[at]].tolist()] for which in (one, other))
        slips = process.cpdist(ones, others, scorer=OSA.distance, score_cutoff=1, dtype=np.int64) <= 1
        far[at[slips]] = False
        found[BIRTH][far] = DIFFERENT
        near = ~far
        found[BIRTH][near] = _of(birth, one[near], other[near], dates.nearness)

    def _mail(self, one: Codes, other: Codes, found: Matrix) -> None:
        columns = self.columns
        emails, roles = columns.emails.ids, columns.roles.ids
        has = ((emails[one] > 0) & (emails[other] > 0)) | ((roles[one] > 0) & (roles[other] > 0))
        simple = self._one_mailbox[one] & self._one_mailbox[other]
        local, host = self._local, self._host
        unlike = (local[one] != local[other]) & (
            (host[one] != host[other]) | (self._initial[one] != self._initial[other])
        )
        found[EMAIL][has] = DIFFERENT
        same = has & simple & (emails[one] == emails[other])
        found[EMAIL][same] = np.where(columns.shared_mail.ids[one[same]] > 0, SHARED, EXACT)
        alike = has & simple & ~unlike & ~same
        values = [next(iter(boxes), "") for boxes in columns.emails.values]
        found[EMAIL][alike] = _levels(values, emails[one[alike]], emails[other[alike]], comparing.mailbox_levels)
        for at in np.flatnonzero(has & ~simple).tolist():
            found[EMAIL, at] = comparing.email_levels(*self._both(one, other, at))

    def _phones(self, one: Codes, other: Codes, found: Matrix) -> None:
        columns = self.columns
        phones, ids = columns.phones, columns.phones.ids
        has = (ids[one] > 0) & (ids[other] > 0)
        single = has & self._one_phone[one] & self._one_phone[other]
        same, simple = single & (ids[one] == ids[other]), single & (ids[one] != ids[other])
        users = np.where(columns.crowded.ids > 0, LOOSE, np.where(columns.shared_phones.ids > 0, SHARED, EXACT))
        found[PHONE][same] = users[one[same]]
        values = [next(iter(value), "") for value in phones.values]
        ones, others = ([values[at] for at in ids[which[simple]].tolist()] for which in (one, other))
        slips = process.cpdist(ones, others, scorer=OSA.distance, score_cutoff=1, dtype=np.int64) <= 1
        lengths = np.array([len(value) for value in values])[ids]
        slips &= lengths[one[simple]] == lengths[other[simple]]
        found[PHONE][simple] = np.where(slips, CLOSE, DIFFERENT)
        for at in np.flatnonzero(has & ~single).tolist():
            found[PHONE, at] = comparing.phone_levels(*self._both(one, other, at))

    def _lines(self, one: Codes, other: Codes, found: Matrix) -> None:
        lines = self.columns.lines
        if not lines:
            return
        has = (lines[0][one] > 0) & (lines[0][other] > 0)
        single = has if len(lines) == 1 else has & (lines[1][one] == 0) & (lines[1][other] == 0)
        values = self.columns.line_values
        found[STREET][single] = _levels(values, lines[0][one[single]], lines[0][other[single]], places.line_nearness)
        levels = [0] * len(Trait)
        for at in np.flatnonzero(has & ~single).tolist():
            levels[EXTRA] = 0
            first, second = self._both(one, other, at)
            comparing.compare_lines(first.lines, second.lines, levels)
            found[STREET, at], found[EXTRA, at] = levels[STREET], levels[EXTRA]


def _is_near(levels: Codes) -> Flags:
    return (levels >= EXACT) & (levels <= CLOSE)


def _same(column: Column, one: Codes, other: Codes) -> Codes:
    a, b = column.ids[one], column.ids[other]
    return np.where((a > 0) & (b > 0), np.where(a == b, EXACT, DIFFERENT), MISSING)


def _of(column: Column, one: Codes, other: Codes, nearness: Callable[[Any, Any], int]) -> Codes:
    """The levels of a trait that has one value, from a symmetric rule."""
    return _levels(column.values, column.ids[one], column.ids[other], nearness)


def _levels(values: Sequence[Any], a: Codes, b: Codes, nearness: Callable[[Any, Any], int]) -> Codes:
    found = np.where((a > 0) & (b > 0), EXACT, MISSING)
    rest = np.flatnonzero((found == EXACT) & (a != b))
    if len(rest):
        low, high = np.minimum(a[rest], b[rest]), np.maximum(a[rest], b[rest])
        distinct, which = np.unique(low * len(values) + high, return_inverse=True)
        pairs = zip((distinct // len(values)).tolist(), (distinct % len(values)).tolist(), strict=True)
        found[rest] = np.array([int(nearness(values[x], values[y])) for x, y in pairs], np.int64)[which]
    return found


def _perhaps_near(given: Column, family: Column, one: Codes, other: Codes) -> Flags:
    """Whether the first name of one could be the other's last name."""
    firsts = [given.values[at] for at in given.ids[one].tolist()]
    lasts = [family.values[at] for at in family.ids[other].tolist()]
    return process.cpdist(firsts, lasts, scorer=JaroWinkler.similarity, dtype=np.float64) >= _UNLIKE
