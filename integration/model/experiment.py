"""Which of several mails for one step somebody gets, and which of them won.

Nothing is looked at on the way: a decision is made once, at a moment that follows from how many mails went and never
from what came of them, on the people and the events up to it. So a winner that is none comes up at most once in twenty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import ceil, exp, lgamma, sqrt
from statistics import NormalDist

FALSE_WINNERS = 0.05
"""Most decisions for a winner, of all that are made, in which it is no better than another."""
POWER = 0.8
USUAL = 0.05
"""The share of people who click, where nothing is known yet."""


class Outcome(StrEnum):
    WINNER = "Winner"
    NO_DIFFERENCE = "No difference"
    TOO_FEW = "Not enough people"


@dataclass(frozen=True)
class Count:
    """What came of one variant: people who got it, and those of them who did what decides."""

    variant: str
    people: int
    hits: int

    @property
    def rate(self) -> float:
        return self.hits / self.people if self.people else 0.0


@dataclass(frozen=True)
class Verdict:
    """The decision; `use` is the place of the variant that everybody else gets."""

    outcome: Outcome
    use: int
    p: float
    """Chance of a lead as large as this one against the nearest other, if there were no difference."""


def assigned(key: str, step: str, shares: Sequence[float]) -> int:
    """The place of the variant that a person gets: the same whenever it is asked, each variant by its share."""
    at = _fraction(f"variant|{step}|{key}") * sum(shares)
    for place, share in enumerate(shares):
        at -= share
        if at < 0:
            return place
    return max(place for place, share in enumerate(shares) if share > 0)


def is_tested(key: str, step: str, percent: float) -> bool:
    """Whether somebody of an audience is among those whom the decision is made on."""
    return _fraction(f"tested|{step}|{key}") * 100 < percent


def decided(counts: Sequence[Count], least: int) -> Verdict:
    """Winner: better than each other variant by an exact test.

    Any variant might have led, so each test is at the level divided by the number of variants; one that has to beat
    all others needs no further correction.
    """
    lead = max(range(len(counts)), key=lambda place: (counts[place].rate, -place))
    if min(count.people for count in counts) < max(1, least):
        return Verdict(Outcome.TOO_FEW, 0, 1.0)
    p = max(chance(counts[lead], other) for place, other in enumerate(counts) if place != lead)
    won = p <= FALSE_WINNERS / len(counts)
    return Verdict(Outcome.WINNER if won else Outcome.NO_DIFFERENCE, lead, p)


def chance(lead: Count, other: Count) -> float:
    """Fisher's exact test, one-sided: the chance of this lead or a larger one, were both alike."""
    hits, people = lead.hits + other.hits, lead.people + other.people
    whole = _ways(people, hits)
    most = min(lead.people, hits)
    terms = (
        exp(_ways(lead.people, number) + _ways(other.people, hits - number) - whole)
        for number in range(lead.hits, most + 1)
        if 0 <= hits - number <= other.people
    )
    return min(1.0, sum(terms))


def visible_rate(people: int, variants: int, usual: float = USUAL) -> float:
    """The rate that a better variant needs so that it is found in four of five cases, the others having `usual`."""
    z = NormalDist().inv_cdf(1 - FALSE_WINNERS / variants) + NormalDist().inv_cdf(POWER)
    rate = usual
    for _ in range(50):
        spread = sqrt((usual * (1 - usual) + rate * (1 - rate)) / people)
        rate = min(1.0, usual + z * spread)
    return rate


def audience_needed(least: int, shares: Sequence[float], test_percent: float) -> int:
    """How many people an audience has to have so that each variant all but surely reaches its sample.

    People are assigned by chance, so the smallest variant may get two standard deviations less than its share.
    """
    smallest = min(shares) / sum(shares)
    return ceil((1 + sqrt(1 + least)) ** 2 / (smallest * test_percent / 100))


def _fraction(text: str) -> float:
    return int(sha256(text.encode()).hexdigest()[:13], 16) / 16**13


def _ways(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
