"""Fits the weights to the files at hand: a few rounds of expectation and maximisation over a sample of pairs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from zlib import crc32

from integration.matching.blocking import Blocks
from integration.matching.comparing import Levels, compare
from integration.matching.judging import evidence, likelihood, weighed
from integration.matching.traits import Traits
from integration.matching.weights import USUAL, Weights

SAMPLE = 2_000
STRANGERS = 12_000
ROUNDS = 8
M_TRUST, U_TRUST = 40.0, 2_000.0
"""The usual chances count like so many pairs seen."""
_HOUSEHOLD_TRUST = 1.5
_LEAST, _MOST = -3.0, 9.0
HOPED = 3.0
"""Bits of one household to begin with: from below, careless files would look like families."""
Compared = list[tuple[Traits, Traits, Levels]]


def fit(weights: Weights, people: Sequence[Traits], blocks: Blocks, largest: int) -> None:
    """Learns what is common, how careless the writers were, and how many doubles there are."""
    weights.count(people)
    sample = sample_of(f"{person.id}|{person.first}|{person.last}|{person.birth}" for person in people)
    _meet_strangers(weights, [people[number] for number in sample])
    weights.settle()
    compared = _compared(people, blocks, sample)
    if not compared:
        return
    weights.household = HOPED
    for number in range(ROUNDS):
        _improve(weights, compared).apply(weights, len(sample), largest, only_households=number < 2)


def sample_of(marks: Iterable[str]) -> list[int]:
    """The same people whatever the order of the file."""
    sums = [*map(crc32, map(str.encode, marks))]
    return sorted(range(len(sums)), key=sums.__getitem__)[:SAMPLE]


def _compared(people: Sequence[Traits], blocks: Blocks, sample: Sequence[int]) -> Compared:
    chosen = set(sample)
    found = []
    for number in sample:
        for other in blocks.met(number):
            if other not in chosen or other > number:
                found.append((people[number], people[other], compare(people[number], people[other])))
    return found


def shifts(count: int) -> Iterable[int]:
    """How far apart in the sample strangers stand who are compared; nobody, when there are too few."""
    if count < 50:
        return ()
    return (shift * 37 + 11 for shift in range(1, 1 + max(1, min(count - 1, STRANGERS // count))))


Counts = Mapping[int, Mapping[int, float]]
"""Of each trait: how many pairs, or how much of them, have each level."""


def _empty() -> dict[int, dict[int, float]]:
    return {trait: dict.fromkeys(levels, 0.0) for trait, levels in USUAL.items()}


def _meet_strangers(weights: Weights, sample: Sequence[Traits]) -> None:
    """What agrees by chance."""
    count = len(sample)
    seen = _empty()
    met = 0
    for shift in shifts(count):
        for number in range(count):
            one, other = sample[number], sample[(number + shift) % count]
            if one is other:
                continue
            met += 1
            for trait, level in enumerate(compare(one, other)):
                if level and level in seen[trait]:
                    seen[trait][level] += 1
    if met:
        learn_strangers(weights, seen)


def learn_strangers(weights: Weights, seen: Counts) -> None:
    """The chances of agreeing by chance, from so many strangers."""
    for trait, counted in seen.items():
        total = sum(counted.values()) + U_TRUST
        for level, number in counted.items():
            weights.u[trait][level] = (number + U_TRUST * USUAL[trait][level][1]) / total


@dataclass
class Round:
    """What the likely pairs agree on, and how many there are: in all, in one household, and of others in one."""

    counts: Counts
    matches: float = 0.0
    same: float = 0.0
    others: float = 0.0

    def apply(self, weights: Weights, sampled: int, largest: int, only_households: bool) -> None:
        """Makes the weights fit."""
        odds = log2((self.same + _HOUSEHOLD_TRUST) / (self.others + _HOUSEHOLD_TRUST))
        weights.household = max(_LEAST, min(_MOST, odds))
        if only_households:
            return
        for trait, counted in self.counts.items():
            total = sum(counted.values()) + M_TRUST
            for level, found in counted.items():
                weights.m[trait][level] = (found + M_TRUST * USUAL[trait][level][0]) / total
        weights.prior = log2(max(0.1, min(3.0, self.matches / sampled)) / (largest + 500))
        weights.settle()


def _improve(weights: Weights, compared: Compared) -> Round:
    """One round: how likely is each pair, and what do the likely ones agree on?"""
    sums = _empty()
    most = weights.household - weights.prior
    matches = same = others = 0.0
    for one, other, levels in compared:
        shared, own = evidence(one, other, levels, weights)
        p = likelihood(weighed(one, other, levels, (shared, own), weights))
        if shared > most - 2.0:
            same, others = same + p, others + (1.0 - p)
        if p < 0.01:
            continue
        matches += p
        for trait, level in enumerate(levels):
            if level and level in sums[trait]:
                sums[trait][level] += p
    return Round(sums, matches, same, others)
