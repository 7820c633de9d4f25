"""Decides for each person of a batch which candidate it is: one in the org, one earlier in the batch, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from integration.candidates import standing
from integration.candidates.leaving import HIDDEN, OF_LEAVERS, leaver_facts
from integration.candidates.people import Change, Origin, Person
from integration.model import lifecycle, provenance
from integration.model.identity import Address, Name, compatible, lookup_keys, name_key
from integration.model.provenance import Fact, Source, fact, may_replace, source_of
from integration.model.vocabulary import ContactKind
from integration.ports import Record, Value
from integration.records import Candidate, ContactPoint, parent
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

KEYS_PER_QUERY = 200
"""Keeps a query far below the length of an address that Salesforce accepts."""
ALWAYS_READ = (
    Candidate.CANDIDATE_KEY,
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.FIRST_SOURCE,
    Candidate.FIELD_SOURCES,
    Candidate.NAME_KEY,
)


class Reason(Enum):
    """Why two candidates may be one person, with the score that it gives (0 to 1)."""

    ADDRESS = (0.8, "An e-mail address or profile that came with one of them belongs to the other.")
    PHONE = (0.5, "Both have the same phone number; the names differ.")

    @property
    def score(self) -> float:
        return float(self.value[0])

    @property
    def words(self) -> str:
        return str(self.value[1])


@dataclass(eq=False)
class Target:
    """One candidate and what the batch says about it."""

    key: str
    id: str = ""
    current: dict[str, Value] = field(default_factory=dict)
    """Fields as they stand in the org; empty for a new candidate."""
    names: list[Name] = field(default_factory=list)
    people: list[int] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    addresses: dict[str, Address] = field(default_factory=dict)
    """Contact points to add, by key."""
    standing: set[str] = field(default_factory=set)
    """Keys of the contact points that it has in the org, among those looked up."""
    facts: dict[str, Fact] = field(default_factory=dict)
    """Where the values come from, those that stand and those that are taken."""
    conflict: bool = False
    suspects: list[tuple[Target, Reason]] = field(default_factory=list)
    """Other candidates who hold an address that came with this one."""
    cause: lifecycle.Cause = lifecycle.Cause.SAID
    """Of a move of the lifecycle."""
    refusal: str = ""
    """Why nothing of it can be written, in words."""

    def knows(self, name: Name) -> bool:
        return any(compatible(name, known) for known in self.names)

    def take(self, name: str, value: Value, source: Source, *, overwrite: bool) -> None:
        """A given value fills a gap; with `overwrite` it replaces the word of nobody who is trusted more."""
        standing = self._standing(name)
        if standing is None or (overwrite and may_replace(source, standing)):
            self.values[name] = value
        elif value != self.values.get(name, self.current.get(name)) or source.trust <= standing.trust:
            return  # else the same value from somebody who is trusted more: that is worth noting
        if name not in HIDDEN:
            self.facts[name] = fact(source, value)

    def take_lifecycle(self, value: Value, source: Source, *, overwrite: bool) -> None:
        """A later stage counts whoever said the earlier one, but only by a move that there is."""
        now = self.values.get(Candidate.LIFECYCLE, self.current.get(Candidate.LIFECYCLE))
        if now and (value == now or not overwrite):
            return
        try:
            lifecycle.check(now, value)
        except lifecycle.IllegalMove as wrong:
            self.refusal = str(wrong)
        else:
            self.values[Candidate.LIFECYCLE] = value
            self.facts[Candidate.LIFECYCLE] = fact(source, value)

    def leave(self, person: Person, source: Source) -> None:
        """What a leaver list says of them, unless it tells of an earlier time than the record."""
        known = self.values.get(Candidate.LEFT_ON) or self.current.get(Candidate.LEFT_ON) or ""
        left = person.facts[Candidate.LEFT_ON]
        if str(known) > str(left):
            return
        now = self.values.get(Candidate.LIFECYCLE, self.current.get(Candidate.LIFECYCLE))
        if str(known) < str(left) and (after := lifecycle.led(now, lifecycle.Cause.LEFT)):
            self.values[Candidate.LIFECYCLE], self.cause = after.value, lifecycle.Cause.LEFT
        self.values |= leaver_facts(person.facts, is_new=not self.id)
        self.facts[Candidate.LEFT_ON] = fact(source, left)

    def note_lifecycle(self, origin: Origin) -> None:
        """The line of its history, where the lifecycle moves."""
        after = self.values.get(Candidate.LIFECYCLE)
        if after and after != self.current.get(Candidate.LIFECYCLE):
            by = origin.collected_from or origin.trust.word
            noted = standing.written(self.current, after, self.cause, at=origin.at, by=by)
            self.values |= {name: value for name, value in noted.items() if value}

    def has(self, name: str) -> bool:
        """An unticked box is no answer."""
        return any(value not in (None, "", False) for value in (self.values.get(name), self.current.get(name)))

    def note_name(self) -> None:
        """Keeps the key under which likely duplicates are looked for in step with the name."""
        first, last = (
            str(self.values.get(name, self.current.get(name)) or "")
            for name in (Candidate.FIRST_NAME, Candidate.LAST_NAME)
        )
        key = name_key(Name(first, last))
        if key != (self.current.get(Candidate.NAME_KEY) or "") and (not self.id or self._changes_name()):
            self.values[Candidate.NAME_KEY] = key

    def _changes_name(self) -> bool:
        return any(name in self.values for name in (Candidate.FIRST_NAME, Candidate.LAST_NAME))

    def note_sources(self) -> None:
        """What the record says of its fields, once everything is taken."""
        text = provenance.write(self.facts)
        if text != (self.current.get(Candidate.FIELD_SOURCES) or ""):
            self.values[Candidate.FIELD_SOURCES] = text

    def _standing(self, name: str) -> Source | None:
        """The source of the value that is there; None when there is none."""
        if not self.has(name):
            return None
        return source_of(self.facts, name, self.values.get(name, self.current.get(name)))

    def changes(self) -> dict[str, Value]:
        """The values that differ from what stands in the org."""
        return {name: value for name, value in self.values.items() if self.current.get(name) != value}

    def change(self) -> Change:
        after = self.changes()
        before = {name: self.current.get(name) for name in after}
        return Change(self.key, self.id, before if self.id else {}, after, tuple(self.addresses))


def known_targets(app: App, people: Iterable[Person]) -> dict[str, Target]:
    """Contact point key -> the candidate in the org that has it; a candidate with two keys is one Target."""
    people = list(people)
    keys = sorted({key for person in people for key in lookup_keys(person.addresses, person.name)})
    given = {name for person in people for name in person.facts}
    history = standing.FIELDS if given & {Candidate.LIFECYCLE, Candidate.LEFT_ON} else ()
    wanted = sorted({*ALWAYS_READ, *given, *history})
    targets: dict[str, Target] = {}
    by_id: dict[str, Target] = {}
    for row in _contact_points(app, keys, wanted):
        candidate_id = str(row[ContactPoint.CANDIDATE])
        target = by_id.get(candidate_id)
        if target is None:
            current = {name: row.get(parent(ContactPoint.CANDIDATE, name)) for name in wanted}
            name = Name(str(current[Candidate.FIRST_NAME] or ""), str(current[Candidate.LAST_NAME] or ""))
            target = Target(str(current[Candidate.CANDIDATE_KEY] or ""), candidate_id, current, [name])
            target.facts = provenance.read(str(current[Candidate.FIELD_SOURCES] or ""))
            by_id[candidate_id] = target
        target.standing.add(str(row[ContactPoint.KEY]))
        targets[str(row[ContactPoint.KEY])] = target
    return targets


def _contact_points(app: App, keys: Sequence[str], wanted: Sequence[str]) -> Iterable[Record]:
    fields = [ContactPoint.KEY, ContactPoint.CANDIDATE]
    fields += [parent(ContactPoint.CANDIDATE, name) for name in wanted]
    queries = [
        select(ContactPoint.API_NAME, fields, where=is_in(ContactPoint.KEY, keys[start : start + KEYS_PER_QUERY]))
        for start in range(0, len(keys), KEYS_PER_QUERY)
    ]
    for rows in app.salesforce.together(queries):
        yield from rows


def assign(
    people: Mapping[int, Person], known: Mapping[str, Target], origin: Origin, *, overwrite: bool
) -> list[Target]:
    """One Target per candidate, in the order of the people; `overwrite` lets given values replace standing ones."""
    owners = dict(known)
    targets: dict[str, Target] = {}
    source = origin.source
    for number, person in people.items():
        target = owner(person, owners) or Target(origin.key_of(person))
        targets.setdefault(target.id or target.key, target)
        target.people.append(number)
        target.names.append(person.name)
        _take_addresses(target, person, owners)
        _take_values(target, person, source, overwrite=overwrite)
    for target in targets.values():
        target.note_sources()
        target.note_name()
        if not target.id:
            _take_origin(target, origin)
        target.note_lifecycle(origin)
    return list(targets.values())


def owner(person: Person, owners: Mapping[str, Target]) -> Target | None:
    """Exact rules only: an identifying address alone, any other address together with a compatible name."""
    for address in person.addresses:
        if address.identifies and address.key in owners:
            return owners[address.key]
    for address in person.addresses:
        if not address.identifies:
            for key in (address.key_with(person.name), address.key):
                if key in owners and owners[key].knows(person.name):
                    return owners[key]
    return None


def _take_addresses(target: Target, person: Person, owners: dict[str, Target]) -> None:
    for address in person.addresses:
        key = address.key
        if not address.identifies and (holder := owners.get(key, target)) is not target:
            if address.kind is ContactKind.PHONE:  # a role mailbox says nothing about who is who
                target.suspects.append((holder, Reason.PHONE))
            key = address.key_with(person.name)
        if (holder := owners.setdefault(key, target)) is not target:
            target.conflict = True
            if address.identifies:
                target.suspects.append((holder, Reason.ADDRESS))
        elif key not in target.standing:
            target.addresses.setdefault(key, address)


def _take_values(target: Target, person: Person, source: Source, *, overwrite: bool) -> None:
    if person.facts.get(Candidate.LEFT_ON):
        target.leave(person, source)
    given = {Candidate.FIRST_NAME: person.name.first, Candidate.LAST_NAME: person.name.last, **person.facts}
    if person.facts.get(Candidate.LEFT_ON):
        given = {name: value for name, value in given.items() if name not in OF_LEAVERS}
    for name, value in given.items():
        if name == Candidate.LIFECYCLE and value:
            target.take_lifecycle(value, source, overwrite=overwrite)
        elif value not in (None, ""):
            target.take(name, value, source, overwrite=overwrite)
    for kind, name in ((ContactKind.EMAIL, Candidate.EMAIL), (ContactKind.PHONE, Candidate.PHONE)):
        mine = [address.value for key, address in target.addresses.items() if address.kind is kind]
        if mine:
            target.take(name, mine[0], source, overwrite=False)


def _take_origin(target: Target, origin: Origin) -> None:
    first = {
        **origin.duties(),
        Candidate.FIRST_SOURCE: origin.channel,
        Candidate.LAST_SOURCE: origin.channel,
        Candidate.LIFECYCLE: origin.lifecycle,
    }
    target.values = {**{name: value for name, value in first.items() if value}, **target.values}
