"""Merges that agree with one another: whoever is merged with one person cannot be two."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_LOOKED_AT = 24
"""Members of a cluster that a newcomer is held against."""
_CLEARLY_BETTER = 6.0
"""Bits by which one of two rival merges must lead to stand."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two people, by number, to be merged. `order` is the same however the file was sorted."""

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
    for number in sorted(range(len(merges)), key=lambda number: (-merges[number].bits, merges[number].order)):
        merge = merges[number]
        one, other = _root(root, merge.one), _root(root, merge.other)
        if one == other:
            joined[merge.one].append(number)
            joined[merge.other].append(number)
            continue
        ours, theirs = members.get(one, [one]), members.get(other, [other])
        rivals = _rivals(ours, theirs, differ)
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
