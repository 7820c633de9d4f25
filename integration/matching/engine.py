"""Finds the doubles in one list of people, or between two."""

from collections.abc import Iterable, Iterator
from functools import cache

from integration.matching.blocking import Blocks
from integration.matching.comparing import compare
from integration.matching.judging import judge_levels
from integration.matching.profile import Decision, Pair, Profile, Verdict
from integration.matching.reasons import reasons
from integration.matching.traits import Traits, read
from integration.matching.weights import Weights


def judge(one: Profile, other: Profile) -> Verdict:
    """How likely two profiles are one person, by what is usual; needs no file."""
    first, second = Traits(one), Traits(other)
    levels = compare(first, second)
    found = judge_levels(first, second, levels, _usual())
    return Verdict(round(found.score, 6), found.decision, reasons(one, other, levels))


@cache
def _usual() -> Weights:
    return Weights()


def pairs(left: Iterable[Profile], right: Iterable[Profile] | None = None) -> Iterator[Pair]:
    """Every pair to merge or to review; within `left`, or between `left` and `right`."""
    ones = list(left)
    others = None if right is None else list(right)
    profiles = ones + (others or [])
    people = read(profiles)
    weights = Weights(len(people), max(len(ones), len(others or ())))
    weights.count(people)
    blocks = Blocks(people[: len(ones)], people[len(ones) :] if others is not None else None)
    for number, one in enumerate(people):
        for partner in blocks.partners(number):
            other = people[partner]
            levels = compare(one, other)
            found = judge_levels(one, other, levels, weights)
            if found.decision is not Decision.DIFFERENT:
                told = reasons(profiles[number], profiles[partner], levels)
                yield Pair(one.id, other.id, round(found.score, 6), found.decision, told)
