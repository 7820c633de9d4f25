"""Which of two records remains, which value of each field, and which of two rows that would collide.

Pure: takes rows as they stand and says what to write; the same input gives the same answer, so that a merge that was
interrupted goes on where it stopped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from integration.model import provenance
from integration.model.provenance import Facts

Value = str | int | float | bool | None
Row = Mapping[str, Value]


class Rule(Enum):
    """How one field is decided when both records have a value."""

    TRUSTED = "trusted"
    """Higher trust, then the later day, then the record that remains."""
    EITHER = "either"
    """Ticked when one of them is: a “no” to contact is never lost."""
    LATEST = "latest"
    EARLIEST = "earliest"
    OWN = "own"
    """The remaining record's; the other's only fills a gap."""


@dataclass(frozen=True)
class Ranked:
    """A field whose words have an order; the last one wins."""

    words: Sequence[str]


@dataclass(frozen=True)
class Side:
    """One of the two records."""

    id: str
    values: Row
    facts: Facts = field(default_factory=dict)
    uses: int = 0
    """Rows that hang on it: memberships, applications, consents …"""
    created: str = ""


@dataclass(frozen=True)
class Choice:
    """The value of one field after the merge, and why in words."""

    value: Value
    is_other: bool
    why: str


def remaining(first: Side, second: Side, keep: str = "") -> tuple[Side, Side]:
    """(the one that remains, the one that goes): as asked, else the more used one, else the older one."""
    if keep:
        return (first, second) if keep == "First" else (second, first)
    if first.uses != second.uses:
        return (first, second) if first.uses > second.uses else (second, first)
    return (first, second) if (first.created, first.id) <= (second.created, second.id) else (second, first)


def choose(own: Side, other: Side, rules: Mapping[str, Rule | Ranked]) -> dict[str, Choice]:
    """The value of every field for which there is a rule."""
    return {name: _choice(own, other, name, rule) for name, rule in rules.items()}


def changes(own: Side, choices: Mapping[str, Choice]) -> dict[str, Value]:
    """What is to be written on the remaining record."""
    return {name: one.value for name, one in choices.items() if one.value != own.values.get(name)}


def combined(own: Side, other: Side, choices: Mapping[str, Choice]) -> dict[str, provenance.Fact]:
    """The sources of the values that were chosen; a value that was changed by hand carries none, as before."""
    facts = {}
    for name, one in choices.items():
        given = (other if one.is_other else own).facts.get(name)
        if given is not None and not _is_empty(one.value):
            facts[name] = given
    return facts


def stronger(own: Row, other: Row, rules: Mapping[str, Rule | Ranked]) -> dict[str, Value]:
    """What is to be written on the own one of two rows that would collide, such as memberships of one pool."""
    sides = Side("", own), Side("", other)
    return changes(sides[0], choose(*sides, rules))


def _choice(own: Side, other: Side, name: str, rule: Rule | Ranked) -> Choice:
    mine, theirs = own.values.get(name), other.values.get(name)
    if mine == theirs:
        return Choice(mine, False, "the same")
    if rule is Rule.EITHER:
        return Choice(bool(mine or theirs), not mine, "the stricter")
    if _is_empty(theirs):
        return Choice(mine, False, "only the remaining record has one")
    if _is_empty(mine):
        return Choice(theirs, True, "only the other record has one")
    if isinstance(rule, Ranked):
        is_other = _rank(rule, theirs) > _rank(rule, mine)
        return Choice(theirs if is_other else mine, is_other, "the further one")
    if rule in (Rule.LATEST, Rule.EARLIEST):
        is_other = (str(theirs) > str(mine)) is (rule is Rule.LATEST)
        return Choice(theirs if is_other else mine, is_other, f"the {rule.value}")
    if rule is Rule.OWN:
        return Choice(mine, False, "the remaining record's")
    return _more_trusted(own, other, name)


def _more_trusted(own: Side, other: Side, name: str) -> Choice:
    mine = provenance.source_of(own.facts, name, own.values[name])
    theirs = provenance.source_of(other.facts, name, other.values[name])
    is_other = (theirs.trust, theirs.on) > (mine.trust, mine.on)
    source = theirs if is_other else mine
    if theirs.trust != mine.trust:
        why = f"{source.trust.word} is trusted more"
    elif theirs.on != mine.on:
        why = f"the later one, {source.on}" if source.on else "entered by hand"
    else:
        why = "the remaining record's, both are as good"
    return Choice((other if is_other else own).values[name], is_other, why)


def _rank(rule: Ranked, value: Value) -> int:
    return rule.words.index(str(value)) if value in rule.words else -1


def _is_empty(value: Value) -> bool:
    return value in (None, "")
