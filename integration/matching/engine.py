"""Finds the doubles in one list of people, or between two."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec

from integration.matching.blocking import Blocks
from integration.matching.clusters import Merge, consistent
from integration.matching.comparing import compare, compare_persons
from integration.matching.judging import Finding, is_conflict, judge_levels, likelihood
from integration.matching.profile import Decision, Pair, Profile, Verdict
from integration.matching.reasons import reasons
from integration.matching.sharing import mark_shared
from integration.matching.sheet import Sheet, joined, sheet
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
    matching = Matching(with_reasons=True)
    matching.add(sheet(left))
    if right is not None:
        matching.add(sheet(right))
    return matching.pairs()


Judged = tuple[int, int, Finding]
"""Two people by number, and what they came to."""
BULK_FROM = 3_000
"""People from which on it pays to make columns of them."""
BESIDE_FROM = 20_000
"""People from which on starting a second process costs less than it saves."""


def _has_numpy() -> bool:
    return find_spec("numpy") is not None


class Matching:
    """One list of people, or two. Reviews come as they are found, merges when all are known to agree."""

    def __init__(self, with_reasons: bool = False, bulk_from: int = BULK_FROM, beside_from: int = BESIDE_FROM) -> None:
        self.bulk_from, self.beside_from = bulk_from, beside_from
        self.with_reasons = with_reasons
        self.lists: list[Sheet] = []
        self.people: Sequence[Traits] | Mapping[int, Traits] = ()
        self.compared = 0

    def add(self, people: Sheet) -> None:
        """One more list; there may be two."""
        self.lists.append(people)

    def pairs(self) -> Iterator[Pair]:
        border = self.lists[0].count if len(self.lists) > 1 else None
        repeated = self._repeated_ids()
        self.largest = max(people.count for people in self.lists)
        self.sheet = joined(self.lists)
        self.weights = Weights(self.largest)
        judged = self._judged_at_once if self.sheet.count >= self.bulk_from and _has_numpy() else self._judged
        found = self._decided(judged(border))
        yield from _once(found, repeated) if repeated else found

    def _judged(self, border: int | None) -> Iterator[Judged]:
        """Each pair worth a comparison, and what it came to."""
        weights = self.weights
        self.people = people = [*map(Traits, self.sheet.profiles())]
        mark_shared(people)
        blocks = Blocks(people, border)
        fit(weights, people, blocks, self.largest)
        for number, one in enumerate(people):
            for partner in blocks.partners(number):
                other = people[partner]
                self.compared += 1
                yield number, partner, judge_levels(one, other, compare(one, other), weights)

    def _judged_at_once(self, border: int | None) -> Iterator[Judged]:
        """The same in columns: some twenty times as fast."""
        from integration.matching import bulk

        start = bulk.starter(self.sheet.count, self.beside_from)
        columns = bulk.Columns(self.sheet, start)
        self.people = columns.people
        self.compared, found = bulk.judged(columns, border, self.largest, self.weights, start)
        return found

    def _decided(self, judged: Iterable[Judged]) -> Iterator[Pair]:
        merges: list[Merge] = []
        ids = self.sheet.column("id")
        for number, partner, found in judged:
            if found.decision is Decision.MERGE:
                a, b = ids[number], ids[partner]
                merges.append(Merge(found.bits, number, partner, (a, b) if a <= b else (b, a)))
            elif found.decision is Decision.REVIEW:
                yield self._pair(number, partner, found.bits, Decision.REVIEW)
        for (bits, one, other, _), stands in zip(merges, consistent(merges, self._differ), strict=True):
            yield self._pair(one, other, bits, Decision.MERGE if stands else Decision.REVIEW)

    def _differ(self, one: int, other: int) -> bool:
        first, second = self.people[one], self.people[other]
        return is_conflict(first, second, compare_persons(first, second))

    def _pair(self, one: int, other: int, bits: float, decision: Decision) -> Pair:
        ids = self.sheet.column("id")
        told = self._told(one, other) if self.with_reasons else ()
        return Pair(ids[one], ids[other], round(likelihood(bits), 6), decision, told)

    def _told(self, one: int, other: int) -> tuple[str, ...]:
        levels = compare(self.people[one], self.people[other])
        return reasons(self.sheet.profile(one), self.sheet.profile(other), levels)

    def _repeated_ids(self) -> frozenset[str]:
        repeated: set[str] = set()
        for people in self.lists:
            counts = Counter(people.column("id"))
            repeated |= {id for id, count in counts.items() if count > 1 and id}
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
