"""Which mailboxes and phones several people use, as the files themselves show it."""

from collections import defaultdict
from collections.abc import Sequence

from integration.matching.comparing import DIFFERENT, FIRST, RIVAL, compare_names
from integration.matching.levels import Trait
from integration.matching.traits import Traits

CROWD = 3
LOOKED_AT = 30


def mark_shared(people: Sequence[Traits]) -> None:
    """Two different first names at one address make it a household's, three a crowd's, like info@."""
    users: dict[str, list[Traits]] = defaultdict(list)
    for person in people:
        for address in (*person.emails, *person.phones):
            users[address].append(person)
    for address, known in users.items():
        if len(known) > 1 and (count := crowd(known)) > 1:
            for person in known:
                _mark(person, address, count)


def crowd(records: Sequence[Traits]) -> int:
    """How many people these records show, at least: as many as have clearly different first names."""
    different: list[Traits] = []
    for record in records[:LOOKED_AT]:
        if record.first and all(_are_different(record, other) for other in different):
            different.append(record)
            if len(different) == CROWD:
                break
    return len(different)


def _are_different(one: Traits, other: Traits) -> bool:
    levels = [0] * len(Trait)
    compare_names(one, other, levels)
    return levels[FIRST] in (DIFFERENT, RIVAL)


def _mark(person: Traits, address: str, count: int) -> None:
    only = frozenset((address,))
    if count < CROWD:
        person.shared |= only
    elif address in person.emails:
        person.roles |= only
        person.emails -= only
    else:
        person.crowded |= only
