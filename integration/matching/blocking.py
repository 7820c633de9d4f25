"""Which pairs are worth comparing: people who share a key made of two things, or one address.

Every key is narrow enough that strangers seldom meet under it. One that is too common says nothing and is left out;
those that meet under it and nowhere else are told apart by what else they have.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from integration.matching.latin import sound
from integration.matching.names import known_forms
from integration.matching.traits import Traits

LARGEST_BLOCK = 40
MOST_PARTNERS = 60


def keys(person: Traits) -> Iterator[tuple[object, ...]]:
    """Under what somebody may be met."""
    for mailbox in person.emails:
        yield ("e", mailbox)
        local, _, _host = mailbox.partition("@")
        plain = local.partition("+")[0].replace(".", "")
        if len(plain) > 5:
            yield ("l", plain)
    for phone in person.phones:
        yield ("p", phone)
    for profile in person.profiles:
        yield ("u", profile)
    first, last = person.first.partition(" ")[0], person.last.replace(" ", "")
    given, family = _given_code(first), sound(last) if last else ""
    born = person.birth
    day = (born.year, born.month, born.day) if born and born.is_whole else None
    if given and family:
        # Sorted, so that swapped names meet.
        yield ("n", *sorted((sound(first), family)))
        if given != sound(first):
            yield ("n", given, family)
    if day:
        yield ("d", *day)
        for name in (first, last):
            if name:
                yield ("i", name[:2], day[0], min(day[1:]))
                yield ("j", name[:2], day[1], day[2])
    code = person.postcode
    numbers, lines = person.numbers, person.lines
    for name in {first[:3], last[:3]}:
        if name and code:
            yield ("c", name, code)
        if name and lines:
            for line in lines[:2]:
                yield ("s", name, line[:6])
        if name and person.city:
            yield ("t", name, person.city[:5], numbers[:1])
    if code:
        for line in lines[:2]:
            yield ("z", line[:6], code)
    if numbers and code:
        yield ("a", numbers[0], code)
    if numbers and lines:
        yield ("b", numbers[0], lines[0][:6])
    if person.employer and last:
        yield ("w", person.employer[:8], family)


def _given_code(first: str) -> str:
    forms = known_forms(first)
    return f"#{min(forms)}" if forms else sound(first) if first else ""


def _narrower(person: Traits) -> Iterator[tuple[object, ...]]:
    if person.birth:
        yield ("y", person.birth.year)
        yield ("m", person.birth.month, person.birth.day)
    for name, value in (("t", person.city), ("c", person.postcode), ("w", person.employer), ("b", person.birth_place)):
        if value:
            yield (name, value[:6])
    for mailbox in person.emails:
        yield ("e", mailbox[:5])
    for phone in person.phones:
        yield ("p", phone[-5:])
        yield ("q", phone[:4])
    for line in person.lines[:2]:
        yield ("s", line[:4])
    if person.middle:
        yield ("i", person.middle[0][0])


class Blocks:
    """People by key; with a border, those before it only meet those after it."""

    def __init__(self, people: Sequence[Traits], border: int | None) -> None:
        self.border = border
        index: dict[int, list[int]] = defaultdict(list)
        self.keys: list[tuple[int, ...]] = []
        for number, person in enumerate(people):
            found = tuple({hash(key) for key in keys(person)})
            self.keys.append(found)
            for key in found:
                index[key].append(number)
        self.index = {key: block for key, block in index.items() if 1 < len(block) <= LARGEST_BLOCK}
        self._split(people, [(key, block) for key, block in index.items() if len(block) > LARGEST_BLOCK])

    def _split(self, people: Sequence[Traits], crowded: Iterable[tuple[int, list[int]]]) -> None:
        """A key that too many share is narrowed by one more thing they may have in common."""
        for key, block in crowded:
            index: dict[int, list[int]] = defaultdict(list)
            for number in block:
                for more in _narrower(people[number]):
                    index[hash((key, more))].append(number)
            for narrow, fewer in index.items():
                if 1 < len(fewer) <= LARGEST_BLOCK:
                    self.index[narrow] = fewer
                    for number in fewer:
                        self.keys[number] += (narrow,)

    def met(self, number: int) -> list[int]:
        """All of whom this one may be a double."""
        met: set[int] = set()
        for key in self.keys[number]:
            block = self.index.get(key)
            if block:
                met.update(block)
        met.discard(number)
        border = self.border
        if border is None:
            return list(met)
        return [other for other in met if (other >= border) != (number >= border)]

    def partners(self, number: int) -> list[int]:
        """Those of `met` that come later: each pair once."""
        return sorted(other for other in self.met(number) if other > number)
