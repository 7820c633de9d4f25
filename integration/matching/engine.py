"""Finds the doubles in one list of people, or between two."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec

from integration.matching.blocking import Blocks
from integration.matching.clusters import Merge, consistent
from integration.matching.comparing import compare
from integration.matching.judging import Finding, is_conflict, judge_levels
from integration.matching.profile import Decision, Pair, Profile, Verdict
from integration.matching.reasons import reasons
from integration.matching.sharing import mark_shared
from integration.matching.training import fit
from integration.matching.traits import Traits
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
    matching = Matching(keep_profiles=True)
    matching.add(left)
    if right is not None:
        matching.add(right)
    return matching.pairs()


Judged = tuple[int, int, Finding]
"""Two people by number, and what they came to."""
BULK_FROM = 3_000
"""People from which on it pays to make columns of them."""


def _has_numpy() -> bool:
    return find_spec("numpy") is not None


class Matching:
    """One list of people, or two. Reviews come as they are found, merges when all are known to agree."""

    def __init__(self, keep_profiles: bool = False, bulk_from: int = BULK_FROM) -> None:
        self.bulk_from = bulk_from
        self.people: list[Traits] = []
        self.borders: list[int] = []
        self.profiles: list[Profile] | None = [] if keep_profiles else None
        self.compared = 0

    def add(self, profiles: Iterable[Profile]) -> None:
        """One more list; there may be two."""
        for profile in profiles:
            self.people.append(Traits(profile))
            if self.profiles is not None:
                self.profiles.append(profile)
        self.borders.append(len(self.people))

    def pairs(self) -> Iterator[Pair]:
        mark_shared(self.people)
        border = self.borders[0] if len(self.borders) > 1 else None
        largest = max(self.borders[0], len(self.people) - self.borders[0])
        self.weights = Weights(largest)
        judged = self._judged_at_once if len(self.people) >= self.bulk_from and _has_numpy() else self._judged
        found = self._decided(judged(border, largest))
        repeated = self._repeated_ids()
        yield from _once(found, repeated) if repeated else found

    def _judged(self, border: int | None, largest: int) -> Iterator[Judged]:
        """Each pair worth a comparison, and what it came to."""
        people, weights = self.people, self.weights
        blocks = Blocks(people, border)
        fit(weights, people, blocks, largest)
        for number, one in enumerate(people):
            for partner in blocks.partners(number):
                other = people[partner]
                self.compared += 1
                yield number, partner, judge_levels(one, other, compare(one, other), weights)

    def _judged_at_once(self, border: int | None, largest: int) -> Iterator[Judged]:
        """The same in columns: some ten times as fast."""
        from integration.matching import bulk

        self.compared, found = bulk.judged(self.people, border, largest, self.weights)
        return found

    def _decided(self, judged: Iterable[Judged]) -> Iterator[Pair]:
        merges: list[Merge] = []
        for number, partner, found in judged:
            if found.decision is Decision.MERGE:
                first, second = sorted((self.people[number].id, self.people[partner].id))
                merges.append(Merge(found.bits, number, partner, (first, second)))
            elif found.decision is Decision.REVIEW:
                yield self._pair(number, partner, found, Decision.REVIEW)
        for merge, stands in zip(merges, consistent(merges, self._differ), strict=True):
            decision = Decision.MERGE if stands else Decision.REVIEW
            yield self._pair(merge.one, merge.other, Finding(merge.bits, decision), decision)

    def _differ(self, one: int, other: int) -> bool:
        first, second = self.people[one], self.people[other]
        return is_conflict(first, second, compare(first, second))

    def _pair(self, one: int, other: int, found: Finding, decision: Decision) -> Pair:
        told: tuple[str, ...] = ()
        if self.profiles is not None:
            told = reasons(self.profiles[one], self.profiles[other], compare(self.people[one], self.people[other]))
        return Pair(self.people[one].id, self.people[other].id, round(found.score, 6), decision, told)

    def _repeated_ids(self) -> frozenset[str]:
        start, repeated = 0, set()
        for border in self.borders:
            counts = Counter(person.id for person in self.people[start:border])
            repeated |= {id for id, count in counts.items() if count > 1 and id}
            start = border
        return frozenset(repeated)


def _once(found: Iterable[Pair], repeated: frozenset[str]) -> Iterator[Pair]:
    """Rows with one id are one record: it is not its own double, and meets another one once."""
    seen: set[tuple[str, str]] = set()
    for pair in found:
        if pair.id_a in repeated or pair.id_b in repeated:
            key = (min(pair.id_a, pair.id_b), max(pair.id_a, pair.id_b))
            if pair.id_a == pair.id_b or key in seen:
                continue
            seen.add(key)
        yield pair
