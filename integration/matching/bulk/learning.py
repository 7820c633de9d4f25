"""The rounds of `training` over columns."""

from collections.abc import Sequence

import numpy as np

from integration.matching.bulk.agreeing import Agreement, Matrix
from integration.matching.bulk.coding import Codes
from integration.matching.bulk.weighing import Scales, likelihood
from integration.matching.levels import Level
from integration.matching.training import HOPED, ROUNDS, Round, learn_strangers, shifts
from integration.matching.weights import USUAL, Weights


def among_strangers(weights: Weights, agreement: Agreement, sample: Sequence[int]) -> Scales:
    """The weights as far as strangers teach them, which needs no pairs."""
    scales = Scales(agreement.columns, weights)
    _meet_strangers(weights, agreement, np.array(sample, np.int64))
    weights.settle()
    scales.settle()
    return scales


def fit(scales: Scales, agreement: Agreement, sample: Sequence[int], pairs: tuple[Codes, Codes], largest: int) -> None:
    """The rounds of `training.fit`."""
    weights = scales.weights
    chosen = np.zeros(agreement.columns.count, bool)
    chosen[list(sample)] = True
    looked_at = chosen[pairs[0]] | chosen[pairs[1]]
    one, other = pairs[0][looked_at], pairs[1][looked_at]
    if not len(one):
        return
    levels = agreement.levels(one, other)
    weights.household = HOPED
    for number in range(ROUNDS):
        _improve(scales, one, other, levels).apply(weights, len(sample), largest, only_households=number < 2)
        scales.settle()


def _meet_strangers(weights: Weights, agreement: Agreement, sample: Codes) -> None:
    count = len(sample)
    met = [(sample, np.roll(sample, -(shift % count))) for shift in shifts(count)]
    if not met:
        return
    one, other = (np.concatenate(side) for side in zip(*met, strict=True))
    others = one != other
    levels = agreement.levels(one[others], other[others])
    learn_strangers(weights, _counted(levels, np.ones(levels.shape[1])))


def _improve(scales: Scales, one: Codes, other: Codes, levels: Matrix) -> Round:
    weights = scales.weights
    most = weights.household - weights.prior
    shared, own = scales.evidence(one, other, levels)
    p = likelihood(scales.weighed(one, other, levels, (shared, own)))
    household = shared > most - 2.0
    likely = p >= 0.01
    return Round(
        _counted(levels[:, likely], p[likely]),
        matches=float(p[likely].sum()),
        same=float(p[household].sum()),
        others=float((1.0 - p[household]).sum()),
    )


def _counted(levels: Matrix, worth: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> dict[int, dict[int, float]]:
    """The worth of the pairs that have each level of each trait."""
    counts = {trait: np.bincount(levels[trait], worth, minlength=len(Level)) for trait in USUAL}
    return {trait: {level: float(counts[trait][level]) for level in known} for trait, known in USUAL.items()}
