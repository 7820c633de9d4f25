"""Hits of several sources become people: the same person is one, with what each source said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from integration.candidates.parsing import email, name, phone, profile
from integration.errors import Rejected
from integration.model.identity import Address, Name, compatible
from integration.model.vocabulary import ContactKind
from integration.ports import Hit
from integration.prospecting.query import document


@dataclass(frozen=True)
class Prospect:
    """One person, found once or several times; what is said first stands first, in the order of the sources."""

    hits: tuple[Hit, ...]

    @cached_property
    def name(self) -> Name:
        """The fullest name that a source gave in parts, else the longest one read from a full name."""
        given = [Name(hit.first.strip(), hit.last.strip()) for hit in self.hits if hit.last.strip()]
        read = [name(hit.full_name) for hit in self.hits if hit.full_name.strip()]
        return max(given or read or [Name()], key=lambda one: len(f"{one.first} {one.last}"))

    @cached_property
    def addresses(self) -> tuple[Address, ...]:
        return tuple(dict.fromkeys(address for hit in self.hits for address in addresses_of(hit)))

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """What surely is this person and nobody else."""
        return tuple(sorted({key for hit in self.hits for key in keys_of(hit)}))

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(hit.source for hit in self.hits))

    def first(self, field: str) -> str:
        """The first thing that a source said about a field."""
        return next((value for hit in self.hits if (value := str(getattr(hit, field)).strip())), "")

    def of(self, kind: ContactKind) -> str:
        return next((address.value for address in self.addresses if address.kind is kind), "")

    @cached_property
    def skills(self) -> tuple[str, ...]:
        said = {skill.casefold(): skill for hit in reversed(self.hits) for skill in reversed(hit.skills)}
        return tuple(reversed(said.values()))

    @property
    def about(self) -> str:
        return "\n\n".join(dict.fromkeys(hit.text.strip() for hit in self.hits if hit.text.strip()))

    @cached_property
    def document(self) -> Mapping[str, str]:
        """All that was said, for looking where the words of the query stand."""
        parts: dict[str, list[str]] = {}
        for hit in self.hits:
            for field, text in document(hit).items():
                if text.strip():
                    parts.setdefault(field, []).append(text)
        return {field: "\n".join(dict.fromkeys(texts)) for field, texts in parts.items()}


def merged(hits: Sequence[Hit], same: Iterable[tuple[int, int]] = ()) -> list[Prospect]:
    """Who is who by exact keys, and by `same`: pairs of numbers of hits that are surely one person."""
    owner = list(range(len(hits)))

    def root(number: int) -> int:
        while owner[number] != number:
            owner[number] = number = owner[owner[number]]
        return number

    def unite(one: int, other: int) -> None:
        first, last = sorted((root(one), root(other)))
        owner[last] = first

    for one, other in (*_equal(hits), *same):
        unite(one, other)
    groups: dict[int, list[Hit]] = {}
    for number, hit in enumerate(hits):
        groups.setdefault(root(number), []).append(hit)
    return [Prospect(tuple(group)) for group in groups.values()]


def _equal(hits: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Hits with a key in common, and those with a phone in common whose names are compatible."""
    holders: dict[str, int] = {}
    phones: dict[str, list[int]] = {}
    for number, hit in enumerate(hits):
        for key in keys_of(hit):
            yield holders.setdefault(key, number), number
        for address in addresses_of(hit):
            if not address.identifies:
                phones.setdefault(address.key, []).append(number)
    for numbers in phones.values():
        names = {number: Prospect((hits[number],)).name for number in numbers}
        for place, one in enumerate(numbers):
            for other in numbers[place + 1 :]:
                if compatible(names[one], names[other]):
                    yield one, other


def keys_of(hit: Hit) -> Iterator[str]:
    """What names this person alone: the source's own id, an address of one person."""
    yield f"{hit.source}:{hit.source_id}"
    for address in addresses_of(hit):
        if address.identifies:
            yield address.key


def addresses_of(hit: Hit) -> Iterator[Address]:
    """The addresses that are some; what a source says wrongly is left out."""
    for read, texts in ((email, hit.emails), (profile, hit.profiles)):
        for text in texts:
            try:
                yield read(text)
            except Rejected:
                continue
    for text in hit.phones:
        try:
            yield phone(text, hit.country)
        except Rejected:
            continue
