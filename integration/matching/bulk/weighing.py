"""The evidence of `judging` for many pairs at once: the same sums, over columns."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from integration.matching.bulk.agreeing import Matrix
from integration.matching.bulk.coding import Bits, Codes, Column, Flags
from integration.matching.bulk.columns import Columns
from integration.matching.comparing import (
    ALIKE,
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
    NUMBER,
    PHONE,
    POSTCODE,
    PROFILE,
    REGION,
    RIVAL,
    SEX,
    SHARED,
    STREET,
    TITLE,
)
from integration.matching.judging import CROSSED_COST, ROLE_BITS, TOWN_REST, TWINS
from integration.matching.weights import MOST_BITS, NAME_TRUST, Weights, usual_chance

_LN2 = 0.6931471805599453


class Scales:
    """Weights laid out for columns; `settle` after the weights have changed."""

    def __init__(self, columns: Columns, weights: Weights) -> None:
        self.columns, self.weights = columns, weights
        for trait, column in ((FIRST, columns.first), (LAST, columns.last)):
            counts = zip(column.values[1:], column.counts[1:].tolist(), strict=True)
            weights.know(trait, Counter(dict(counts)))
        self._is_name = columns.first.each(weights.is_name) > 0
        self._rarity = {trait: _Rarity(trait, column.values, column.counts) for trait, column in self._valued().items()}
        whole = np.array([not value or value.is_whole for value in columns.birth.values])
        self._rarity[BIRTH] = _Rarity(BIRTH, columns.birth.values, columns.birth.counts * whole)
        lines = columns.line_values
        each = [np.bincount(line, minlength=len(lines)) for line in columns.lines]
        self._rarity[STREET] = _Rarity(STREET, lines, sum(each, np.zeros(len(lines), np.int64)))
        self.settle()

    def _valued(self) -> dict[int, Column]:
        columns = self.columns
        return {
            FIRST: columns.first, LAST: columns.last, NUMBER: columns.number, CITY: columns.city,
            POSTCODE: columns.postcode, REGION: columns.region, EMPLOYER: columns.employer, TITLE: columns.title,
            BIRTH_PLACE: columns.birth_place,
        }  # fmt: skip

    def settle(self) -> None:
        """Bits of every level and of every value, by the weights of now."""
        weights = self.weights
        self.table = np.array(weights.table)
        self.exact = {trait: rarity.bits(weights.m[trait][EXACT]) for trait, rarity in self._rarity.items()}

    def evidence(self, one: Codes, other: Codes, levels: Matrix) -> tuple[Bits, Bits]:
        """Bits of the household, bits of the person."""
        table, first, last = self.table, levels[FIRST], levels[LAST]
        columns, exact = self.columns, self.exact
        names = exact[FIRST][columns.first.ids], exact[LAST][columns.last.ids]
        crossed = first == CROSSED
        both = np.minimum(names[0][one] + names[1][one], names[0][other] + names[1][other])
        own = np.where(first == EXACT, names[0][one], table[FIRST][first])
        own = np.where(crossed, np.maximum(0.0, both - 2 * CROSSED_COST), own)
        shared = np.where(last == EXACT, names[1][one], table[LAST][last])
        for at in np.flatnonzero((last == CROSSED) & ~crossed):
            person = columns.people[one[at]]
            shared[at] = max(0.0, self.weights.exact(LAST, person.last or person.first) - CROSSED_COST)
        shared = np.where(crossed, 0.0, shared)
        own += np.where(levels[BIRTH] == EXACT, exact[BIRTH][columns.birth.ids[one]], table[BIRTH][levels[BIRTH]])
        for trait in (MIDDLE, SEX, PROFILE):
            own += table[trait][levels[trait]]
        for trait in (EMPLOYER, TITLE, BIRTH_PLACE):
            own += self._bits(trait, one, levels)
        email = levels[EMAIL]
        bits = np.where(email == LOOSE, ROLE_BITS, table[EMAIL][email])
        of_household = (email == LOOSE) | (email == SHARED) | (_is_other(first) & (email != DIFFERENT))
        shared += np.where(of_household, bits, 0.0) + table[PHONE][levels[PHONE]]
        own += np.where(of_household, 0.0, bits)
        return shared + self._place(one, other, levels), own

    def _bits(self, trait: int, one: Codes, levels: Matrix) -> Bits:
        value = self.exact[trait][self._valued()[trait].ids[one]]
        return np.where(levels[trait] == EXACT, value, self.table[trait][levels[trait]])

    def _place(self, one: Codes, other: Codes, levels: Matrix) -> Bits:
        table, street, number = self.table, levels[STREET], levels[NUMBER]
        bits = np.where((street == CLOSE) & (number == DIFFERENT), 0.0, table[STREET][street])
        same = np.flatnonzero(street == EXACT)
        bits[same] = self._lines(one[same], other[same])
        bits += table[EXTRA][levels[EXTRA]] + self._bits(NUMBER, one, levels)
        found = np.array(
            [*(self._bits(trait, one, levels) for trait in (CITY, POSTCODE, REGION)), table[COUNTRY][levels[COUNTRY]]]
        )
        towards = np.maximum(found, 0.0)
        best: Bits = towards.max(axis=0)
        rest: Bits = towards.sum(axis=0) - best + np.minimum(found, 0.0).sum(axis=0)
        found_bits: Bits = bits + best + TOWN_REST * rest
        return found_bits

    def _lines(self, one: Codes, other: Codes) -> Bits:
        """The rarest line that both have."""
        best = np.zeros(len(one))
        for ours in self.columns.lines:
            for theirs in self.columns.lines:
                code = ours[one]
                same = (code > 0) & (code == theirs[other])
                best = np.maximum(best, np.where(same, self.exact[STREET][code], 0.0))
        return best

    def weighed(self, one: Codes, other: Codes, levels: Matrix, found: tuple[Bits, Bits]) -> Bits:
        """Bits in all, prior included, from those of the household and of the person."""
        weights = self.weights
        household, own = found
        twins = _is_other(levels[FIRST]) & self._is_name[one] & self._is_name[other]
        twins &= (levels[BIRTH] == EXACT) | (levels[BIRTH] == ALIKE)
        twins &= (levels[LAST] >= EXACT) & (levels[LAST] <= CLOSE)
        own = own - np.where(twins, max(0.0, weights.born_together - TWINS), 0.0)
        return np.minimum(weights.prior + household, weights.household) + own


class _Rarity:
    """How common each value of a trait is."""

    def __init__(self, trait: int, values: Sequence[object], counts: Codes) -> None:
        counts = counts.copy()
        counts[0] = 0
        usual = np.array([1.0, *(usual_chance(trait, value) for value in values[1:])])
        total = counts.sum()
        # The two who agree are no evidence that others do.
        self.chance = (np.maximum(0, counts - 2) + NAME_TRUST * usual) / (total + NAME_TRUST) if total else usual

    def bits(self, m: float) -> Bits:
        return np.clip(np.log2(m / self.chance), 0.0, MOST_BITS)


def _is_other(first: Codes) -> Flags:
    other: Flags = (first == DIFFERENT) | (first == RIVAL)
    return other


def likelihood(bits: Bits) -> Bits:
    return 1.0 / (1.0 + np.exp(-_LN2 * np.clip(bits, -60.0, 60.0)))
