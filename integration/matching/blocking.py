"""Which pairs are worth comparing: people who share a key made of two things, or one address.

Every key is narrow enough that strangers seldom meet under it. One that is too common says nothing and is left out;
those that meet under it and nowhere else are told apart by what else they have.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from integration.matching.latin import sound
from integration.matching.names import known_forms
from integration.matching.traits import Traits

LARGEST_BLOCK, LARGEST_OF_PAIR = 40, 8
LARGEST_OF_NAME = 5


def addresses(person: Traits) -> Iterator[tuple[object, ...]]:
    """One of these in common is enough to be compared."""
    for mailbox in person.emails:
        yield ("e", mailbox)
        plain = plain_mailbox(mailbox)
        if len(plain) > 5:
            yield ("l", plain)
    for phone in person.phones:
        yield ("p", phone)
    for profile in person.profiles:
        yield ("u", profile)


def plain_mailbox(mailbox: str) -> str:
    """Its name without tag and dots."""
    return mailbox.partition("@")[0].partition("+")[0].replace(".", "")


def name_keys(person: Traits) -> Iterator[tuple[object, ...]]:
    """Names as they sound, in either order, and by what they are short for."""
    first, last = person.first.partition(" ")[0], person.last.replace(" ", "")
    if first and last:
        family = sound(last)
        # Sorted, so that swapped names meet.
        yield ("n", *sorted((sound(first), family)))
        given = given_code(first)
        if given:
            yield ("n", given, family)


def full_keys(person: Traits) -> Iterator[tuple[object, ...]]:
    """Name and birth, postcode or door together: records of one person meet here however many there are."""
    first, last = person.first.partition(" ")[0], person.last.replace(" ", "")
    if first and last:
        both = tuple(sorted((sound(first), sound(last))))
        if person.birth:
            yield ("f", both, person.birth)
        if person.postcode:
            yield ("g", both, person.postcode)
        if person.numbers and person.lines:
            yield ("h", both, person.numbers[0], person.lines[0][:6])


def keys(person: Traits) -> Iterator[tuple[object, ...]]:
    """Two of these in common are worth a comparison."""
    first, last = person.first.partition(" ")[0], person.last.replace(" ", "")
    born = person.birth
    if born and born.is_whole:
        yield ("d", born)
        for name in {first[:2], last[:2]}:
            if name:
                yield ("i", name, born.year, min(born.month, born.day))
                yield ("j", name, born.month, born.day)
    code, city = person.postcode, person.city[:5]
    numbers, lines = person.numbers, person.lines[:2]
    for name in {first[:3], last[:3]}:
        if name:
            if code:
                yield ("c", name, code)
            if city:
                yield ("t", name, city, numbers[:1])
            for line in lines:
                yield ("s", name, line[:6])
    for line in lines:
        if code:
            yield ("z", line[:6], code)
        if numbers:
            yield ("b", numbers[0], line[:6])
    if code and numbers:
        yield ("a", numbers[0], code)
    if code and born:
        yield ("y", code, born.year)
    if last and person.employer:
        yield ("w", person.employer[:8], last[:4])
    for mailbox in person.emails:
        yield ("m", mailbox[:6])
    for phone in person.phones:
        yield ("q", phone[-5:])
        yield ("r", phone[:5])


def given_code(first: str) -> str:
    """One for all forms of a given name; empty for a name that is not known."""
    forms = known_forms(first)
    return f"#{min(forms)}" if forms else ""


def _narrower(person: Traits) -> Iterator[tuple[object, ...]]:
    """Nothing of the mailbox, which is most often made from the name."""
    if person.birth:
        yield ("y", person.birth.year)
        yield ("m", person.birth.month, person.birth.day)
    for name, value in (("t", person.city), ("c", person.postcode), ("w", person.employer), ("b", person.birth_place)):
        if value:
            yield (name, value[:6])
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
        strong: dict[int, list[int]] = defaultdict(list)
        weak: dict[int, list[int]] = defaultdict(list)
        named: dict[int, list[int]] = defaultdict(list)
        for number, person in enumerate(people):
            for key in {hash(key) for key in chain(addresses(person), full_keys(person))}:
                strong[key].append(number)
            for key in {hash(key) for key in name_keys(person)}:
                named[key].append(number)
            for key in {hash(key) for key in keys(person)}:
                weak[key].append(number)
        for key, block in named.items():
            if len(block) <= LARGEST_OF_NAME:
                strong[key] = block
            else:
                self._narrow(people, key, block, weak)
        self.strong = _by_person(strong, len(people), LARGEST_BLOCK)
        self.weak = _by_person(weak, len(people), LARGEST_OF_PAIR)

    def _narrow(self, people: Sequence[Traits], key: int, block: list[int], index: dict[int, list[int]]) -> None:
        """A name that too many share counts only with two more things they have in common."""
        for number in block:
            for more in _narrower(people[number]):
                index[hash((key, more))].append(number)

    def met(self, number: int) -> list[int]:
        """All of whom this one may be a double: by an address or a name, or by any two other things."""
        met: set[int] = set()
        met.update(*self.strong[number])
        once: set[int] = set()
        for block in self.weak[number]:
            met.update(once.intersection(block))
            once.update(block)
        met.discard(number)
        border = self.border
        if border is None:
            return list(met)
        return [other for other in met if (other >= border) != (number >= border)]

    def partners(self, number: int) -> list[int]:
        """Those of `met` that come later: each pair once."""
        return sorted(other for other in self.met(number) if other > number)


def _by_person(index: dict[int, list[int]], people: int, largest: int) -> list[list[list[int]]]:
    """The blocks of each person, without those of one and those of too many."""
    found: list[list[list[int]]] = [[] for _ in range(people)]
    for block in index.values():
        if 1 < len(block) <= largest:
            for number in block:
                found[number].append(block)
    index.clear()
    return found
