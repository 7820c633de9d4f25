"""Merges that agree with one another: whoever is merged with one person cannot be two."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

_LOOKED_AT = 24
"""Members of a cluster that a newcomer is held against."""
_CLEARLY_BETTER = 6.0
"""Bits by which one of two rival merges must lead to stand."""


class Merge(NamedTuple):
    """Two people, by number, to be merged: nothing told them apart. `order` is the same however the file was sorted."""

    bits: float
    one: int
    other: int
    order: tuple[str, str]


def consistent(merges: Sequence[Merge], differ: Callable[[int, int], bool]) -> list[bool]:
    """For each merge whether it stands; strongest first, and never two who differ in one cluster."""
    stands = [True] * len(merges)
    root: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    joined: dict[int, list[int]] = defaultdict(list)
    entangled = _entangled(merges)
    alike = {frozenset(merges[number][1:3]) for number in entangled}

    def told_apart(a: int, b: int) -> bool:
        return {a, b} not in alike and differ(a, b)

    for number in sorted(entangled, key=lambda number: (-merges[number].bits, merges[number].order)):
        merge = merges[number]
        one, other = _root(root, merge.one), _root(root, merge.other)
        if one == other:
            joined[merge.one].append(number)
            joined[merge.other].append(number)
            continue
        ours, theirs = members.get(one, [one]), members.get(other, [other])
        rivals = _rivals(ours, theirs, told_apart)
        if rivals:
            stands[number] = False
            _doubt(merge, rivals, joined, merges, stands)
            continue
        root[other] = one
        members[one] = ours + theirs
        members.pop(other, None)
        joined[merge.one].append(number)
        joined[merge.other].append(number)
    return stands


def _entangled(merges: Sequence[Merge]) -> list[int]:
    """Merges of which an end has another one; two people who have only each other need no second look."""
    ends = Counter(chain(map(itemgetter(1), merges), map(itemgetter(2), merges)))
    return [number for number, (_, one, other, _) in enumerate(merges) if ends[one] > 1 or ends[other] > 1]


def _root(root: dict[int, int], number: int) -> int:
    while (parent := root.get(number, number)) != number:
        root[number] = root.get(parent, parent)
        number = parent
    return number


def _rivals(ours: Sequence[int], theirs: Sequence[int], differ: Callable[[int, int], bool]) -> set[int]:
    """Those of two clusters who are clearly different people."""
    if len(ours) == 1 and len(theirs) == 1:
        return set()
    found = ((a, b) for a in ours[:_LOOKED_AT] for b in theirs[:_LOOKED_AT] if differ(a, b))
    return {number for pair in found for number in pair}


def _doubt(
    merge: Merge, rivals: set[int], joined: dict[int, list[int]], merges: Sequence[Merge], stands: list[bool]
) -> None:
    """A record that two rivals claim about equally belongs to neither before somebody has looked."""
    for end in (merge.one, merge.other):
        for number in joined[end]:
            claim = merges[number]
            if {claim.one, claim.other} & rivals and claim.bits - merge.bits < _CLEARLY_BETTER:
                stands[number] = False
