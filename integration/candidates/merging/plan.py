"""What a merge writes, worked out from its image alone: the same image gives the same writes, however often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from integration.candidates.leaving import HIDDEN
from integration.candidates.merging.children import CHILDREN, FIRST_TOUCH, MOVED, PERSON, WHERE, Child
from integration.candidates.merging.images import Image
from integration.model import lifecycle, provenance
from integration.model.merge import Choice, Rule, Side, changes, choose, combined, stronger
from integration.model.vocabulary import ContactKind
from integration.ports import Record, Value
from integration.records import Candidate, ContactPoint

Writes = dict[str, list[dict[str, Value]]]
_PRIMARY = {ContactKind.EMAIL.value: Candidate.EMAIL, ContactKind.PHONE.value: Candidate.PHONE}


@dataclass
class Plan:
    """Rows to write (with their Id), rows to remove, and the values of the record that remains."""

    person: dict[str, Value] = field(default_factory=dict)
    updates: Writes = field(default_factory=dict)
    removals: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    again: dict[str, list[str]] = field(default_factory=dict)
    """The ids that rows without an Id had before they were removed, in their order."""

    def update(self, object_name: str, row: dict[str, Value]) -> None:
        self.updates.setdefault(object_name, []).append(row)


def side_of(image: Image, candidate_id: str) -> Side:
    person = image.people[candidate_id]
    facts = provenance.read(str(person.get(Candidate.FIELD_SOURCES) or ""))
    uses = sum(len(image.side(kind, candidate_id)) for kind in MOVED)
    return Side(candidate_id, person, facts, uses, str(person.get(Candidate.CREATED_AT) or ""))


def of(image: Image) -> Plan:
    own, other = side_of(image, image.own), side_of(image, image.other)
    choices = choose(own, other, {**PERSON, **dict.fromkeys(image.extras, Rule.OWN)})
    choices |= _first_touch(own, other) | _point(own, other, choices[Candidate.CITY])
    plan = Plan(changes(own, choices), choices=choices)
    sources = provenance.write(combined(own, other, choices))
    if sources != (own.values.get(Candidate.FIELD_SOURCES) or ""):
        plan.person[Candidate.FIELD_SOURCES] = sources
    histories = [str(side.values.get(Candidate.LIFECYCLE_HISTORY) or "") for side in (own, other)]
    if (history := lifecycle.joined(*histories)) != histories[0]:
        plan.person[Candidate.LIFECYCLE_HISTORY] = history
    for child in MOVED:
        _move(plan, image, child)
    _settle_primaries(plan, image, choices)
    return plan


def told(plan: Plan, moved: Mapping[str, int]) -> str:
    """The rule that decided each field, in words without values."""
    lines = [
        f"{_label(name)}: {'the other record' if one.is_other else 'the remaining record'} ({one.why})"
        for name, one in plan.choices.items()
        if one.why != "the same" and name not in (*WHERE, Candidate.NAME_KEY, *HIDDEN)
    ]
    counts = [f"{_label(name)}: {count} moved" for name, count in sorted(moved.items()) if count]
    return "\n".join([*lines, *counts])


def _first_touch(own: Side, other: Side) -> dict[str, Choice]:
    """Where we had the person from first: all of it from one record."""
    mine, theirs = own.values.get(Candidate.COLLECTED_AT), other.values.get(Candidate.COLLECTED_AT)
    is_other = bool(theirs) and (not mine or str(theirs) < str(mine))
    why = "the earlier" if mine and theirs else "only one record says"
    values = (other if is_other else own).values
    return {name: Choice(values.get(name), is_other, why) for name in FIRST_TOUCH}


def _point(own: Side, other: Side, city: Choice) -> dict[str, Choice]:
    """The place on the map of the city that was taken."""
    missing = all(own.values.get(name) is None for name in WHERE)
    is_other = city.is_other or (missing and city.value == other.values.get(Candidate.CITY))
    return {name: Choice((other if is_other else own).values.get(name), is_other, "as the city") for name in WHERE}


def _move(plan: Plan, image: Image, child: Child) -> None:
    """The other's rows come to the remaining record; where it has one for the same thing, the two become one."""
    standing = {row[child.twin]: row for row in image.side(child, image.own).values()} if child.twin else {}
    for row_id, row in image.side(child, image.other).items():
        mine = standing.get(row[child.twin]) if child.twin else None
        if mine is None:
            plan.update(child.object, {"Id": row_id, child.lookup: image.own})
            continue
        if better := stronger(mine, row, child.rules):
            plan.update(child.object, {"Id": mine["Id"], **better})
        plan.removals.setdefault(child.object, []).append(row_id)


def _settle_primaries(plan: Plan, image: Image, choices: Mapping[str, Choice]) -> None:
    """One primary address of a kind: that of the record whose value was taken."""
    child = CHILDREN[0]
    own, other = image.side(child, image.own), image.side(child, image.other)
    has_own = {row[ContactPoint.KIND] for row in own.values() if row[ContactPoint.PRIMARY]}
    rows = {str(row["Id"]): row for row in plan.updates.get(child.object, ())}
    for row_id, row in {**own, **other}.items():
        kind = str(row[ContactPoint.KIND])
        if not row[ContactPoint.PRIMARY]:
            continue
        field_name = _PRIMARY.get(kind)
        other_wins = choices[field_name].is_other if field_name else kind not in has_own
        if (row_id in other) is other_wins:
            continue
        if row_id in rows:
            rows[row_id][ContactPoint.PRIMARY] = False
        else:
            plan.update(child.object, {"Id": row_id, ContactPoint.PRIMARY: False})


def _label(name: str) -> str:
    return name.removesuffix("__c").replace("_", " ")


def back(image: Image, plan: Plan, rows: Mapping[str, Mapping[str, Record]], again: str) -> Plan:
    """What takes the merge back: only what still is as the merge left it; what was done since stays.

    `rows` are what stands now; `again` is the id that the other record has from now on. Rows to be made
    again are in `updates` without an Id.
    """
    undo = Plan()
    for child in MOVED:
        standing = rows.get(child.object, {})
        removed = set(plan.removals.get(child.object, ()))
        for row_id, before in image.side(child, image.other).items():
            if row_id in removed:
                values = {name: value for name, value in before.items() if name not in ("Id", child.lookup)}
                undo.update(child.object, {child.lookup: again, **values})
                undo.again.setdefault(child.object, []).append(row_id)
            elif standing.get(row_id, {}).get(child.lookup) == image.own:
                undo.update(child.object, {"Id": row_id, child.lookup: again})
        _values_back(undo, image, plan, child, standing)
    return undo


def _values_back(undo: Plan, image: Image, plan: Plan, child: Child, standing: Mapping[str, Record]) -> None:
    """Fields of rows that the merge changed, besides where they hang."""
    rows = {str(row["Id"]): row for row in undo.updates.get(child.object, ()) if "Id" in row}
    for written in plan.updates.get(child.object, ()):
        row_id = str(written["Id"])
        before = image.rows[child.object][row_id]
        values = {
            name: before[name]
            for name, value in written.items()
            if name not in ("Id", child.lookup) and row_id in standing and same(standing[row_id].get(name), value)
        }
        if values and row_id in rows:
            rows[row_id].update(values)
        elif values:
            undo.update(child.object, {"Id": row_id, **values})


def person_back(image: Image, plan: Plan, person: Record) -> dict[str, Value]:
    """The values of the remaining record that still are what the merge wrote, as they were before it."""
    before = image.people[image.own]
    values = {
        name: before.get(name)
        for name, value in plan.person.items()
        if name != Candidate.FIELD_SOURCES and same(person.get(name), value)
    }
    facts = provenance.read(str(person.get(Candidate.FIELD_SOURCES) or ""))
    earlier = provenance.read(str(before.get(Candidate.FIELD_SOURCES) or ""))
    untouched = same(person.get(Candidate.FIELD_SOURCES) or "", plan.person.get(Candidate.FIELD_SOURCES, ""))
    if untouched:
        facts = dict(earlier)
    for name in values:
        facts.pop(name, None)
        if name in earlier:
            facts[name] = earlier[name]
    values[Candidate.FIELD_SOURCES] = provenance.write(facts) or None
    return values


def same(have: Value, wrote: Value) -> bool:
    """Times come back from Salesforce in another spelling than they went in; an empty text comes back as none."""
    if isinstance(have, str) and isinstance(wrote, str) and have[10:11] == "T":
        return have[:19] == wrote[:19]
    return (have or None) == (wrote or None) if not isinstance(wrote, bool) else have == wrote
