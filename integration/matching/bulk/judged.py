"""All pairs of a long list, judged."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from integration.matching.bulk import learning, meeting
from integration.matching.bulk.agreeing import Agreement, Matrix
from integration.matching.bulk.beside import Start
from integration.matching.bulk.coding import Bits, Codes
from integration.matching.bulk.columns import Columns
from integration.matching.comparing import EMAIL, EXACT, PHONE, PROFILE, SHARED
from integration.matching.judging import REVIEW_FROM, Finding, decided
from integration.matching.training import sample_of
from integration.matching.traits import Traits
from integration.matching.weights import Weights

_AT_ONCE = 500_000
"""Pairs whose levels are held in memory together."""
_THERE = 0.55
"""Of the pairs, how many are compared in the other process."""


def judged(
    columns: Columns, border: int | None, largest: int, weights: Weights, start: Start[Any]
) -> tuple[int, Iterator[tuple[int, int, Finding]]]:
    """How many pairs are compared, and what those come to that may be one person."""
    found_pairs = meeting.pairs(columns, border, start)
    agreement, sample = Agreement(columns), _sample(columns)
    scales = learning.among_strangers(weights, agreement, sample)
    one, other = found_pairs()
    pieces = [(one[at : at + _AT_ONCE], other[at : at + _AT_ONCE]) for at in range(0, len(one), _AT_ONCE)]
    first = _compared(agreement, *pieces[0], start) if pieces else None
    learning.fit(scales, agreement, sample, (one, other), largest)

    def found() -> Iterator[tuple[int, int, Finding]]:
        levels = first
        for piece in pieces:
            levels = levels or _compared(agreement, *piece, start)
            matrix, levels = levels(), None
            bits = scales.weighed(*piece, matrix, scales.evidence(*piece, matrix))
            yield from _findings(columns.people, *piece, matrix, bits, weights)

    return len(one), found()


def _compared(agreement: Agreement, one: Codes, other: Codes, start: Start[Matrix]) -> Callable[[], Matrix]:
    """The levels of these pairs, of which the larger part can be compared elsewhere while this process learns."""
    there = int(len(one) * _THERE)
    elsewhere = start(lambda: agreement.levels(one[:there], other[:there]).astype(np.int8))

    def levels() -> Matrix:
        here = agreement.levels(one[there:], other[there:])
        return np.concatenate([elsewhere(), here], axis=1)

    return levels


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
