"""All pairs of a long list, judged."""

from collections.abc import Iterator, Mapping

import numpy as np

from integration.matching.bulk import learning, meeting
from integration.matching.bulk.agreeing import Agreement, Matrix
from integration.matching.bulk.coding import Bits, Codes
from integration.matching.bulk.columns import Columns
from integration.matching.comparing import EMAIL, EXACT, PHONE, PROFILE, SHARED
from integration.matching.judging import REVIEW_FROM, Finding, decided
from integration.matching.training import sample_of
from integration.matching.traits import Traits
from integration.matching.weights import Weights

_AT_ONCE = 500_000
"""Pairs whose levels are held in memory together."""


def judged(
    columns: Columns, border: int | None, largest: int, weights: Weights
) -> tuple[int, Iterator[tuple[int, int, Finding]]]:
    """How many pairs are compared, and what those come to that may be one person."""
    agreement = Agreement(columns)
    one, other = meeting.pairs(columns, border)
    scales = learning.fit(weights, agreement, _sample(columns), (one, other), largest)

    def found() -> Iterator[tuple[int, int, Finding]]:
        for start in range(0, len(one), _AT_ONCE):
            first, second = one[start : start + _AT_ONCE], other[start : start + _AT_ONCE]
            levels = agreement.levels(first, second)
            bits = scales.weighed(first, second, levels, scales.evidence(first, second, levels))
            yield from _findings(columns.people, first, second, levels, bits, weights)

    return len(one), found()


def _sample(columns: Columns) -> list[int]:
    """The same people as in `training`."""
    first, last = columns.first, columns.last
    born = [f"|{birth}" for birth in columns.birth.values]
    names = zip(columns.id, first.ids.tolist(), last.ids.tolist(), columns.birth.ids.tolist(), strict=True)
    return sample_of(f"{id}|{first.values[a]}|{last.values[b]}{born[c]}" for id, a, b, c in names)


def _findings(
    people: Mapping[int, Traits], one: Codes, other: Codes, levels: Matrix, bits: Bits, weights: Weights
) -> Iterator[tuple[int, int, Finding]]:
    """Asks the rules about every pair that they could find something in."""
    address = (levels[PROFILE] == EXACT) | (levels[EMAIL] == EXACT) | (levels[EMAIL] == SHARED)
    address |= (levels[PHONE] == EXACT) | (levels[PHONE] == SHARED)
    worth = np.flatnonzero((bits >= REVIEW_FROM) | address)
    rows = zip(
        one[worth].tolist(), other[worth].tolist(), levels[:, worth].T.tolist(), bits[worth].tolist(), strict=True
    )
    for number, partner, found, sum_of_bits in rows:
        yield number, partner, decided(people[number], people[partner], found, sum_of_bits, weights)
