"""From a query to what a source can be asked: always as much or more, never less, and every difference told.

A source says per word, phrase or NEAR what it can be asked so that everybody whom the leaf means is found. AND and OR
keep that property, and NOT is carried down to the leaves first, so the whole finds everybody whom the query means.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from integration.errors import Rejected
from integration.model.boolean_query import And, In, Near, Node, Not, Or, Words, either
from integration.model.boolean_query.wording import as_text

Leaf = Words | Near


@dataclass(frozen=True)
class Asked:
    """One condition in the source's own form: a piece of text, or of JSON."""

    value: str | Mapping[str, Any]


@dataclass(frozen=True)
class AllOf:
    parts: tuple["Formula", ...]


@dataclass(frozen=True)
class AnyOf:
    parts: tuple["Formula", ...]


Formula = Asked | AllOf | AnyOf
EVERYBODY = AllOf(())
"""No condition at all."""


def all_of(parts: Iterable[Formula]) -> Formula:
    flat: list[Formula] = []
    for part in parts:
        flat += [each for each in (part.parts if isinstance(part, AllOf) else (part,)) if each not in flat]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def any_of(parts: Iterable[Formula]) -> Formula:
    """One alternative without a condition makes the others needless."""
    flat: list[Formula] = []
    for part in parts:
        flat += [each for each in (part.parts if isinstance(part, AnyOf) else (part,)) if each not in flat]
    if EVERYBODY in flat:
        return EVERYBODY
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


@dataclass
class Losses:
    """What was widened, each thing told once."""

    told: list[str] = field(default_factory=list)

    def tell(self, loss: str) -> None:
        if loss not in self.told:
            self.told.append(loss)


class Reach(Protocol):
    """What one source can be asked."""

    def finds(self, name: str, leaf: Leaf) -> Formula:
        """A condition that holds for everybody in whom the leaf is found; `name` is the field, "" for anywhere."""

    def spares(self, name: str, leaf: Leaf) -> Formula:
        """A condition that holds for everybody in whom the leaf is not found."""


class Unaskable(Rejected):
    """A source that can be asked nothing of a query; the message says what it could be asked."""


def widened(node: Node, reach: Reach, losses: Losses, *, name: str = "", negated: bool = False) -> Formula:
    """What the source is asked for a query."""
    match node:
        case Words() | Near():
            return reach.spares(name, node) if negated else reach.finds(name, node)
        case In():
            return widened(node.part, reach, losses, name=node.field, negated=negated)
        case Not():
            return widened(node.part, reach, losses, name=name, negated=not negated)
        case And() | Or():
            parts = [widened(part, reach, losses, name=name, negated=negated) for part in node.parts]
            if isinstance(node, And) != negated:
                return all_of(parts)
            together = any_of(parts)
            if together == EVERYBODY and any(part != EVERYBODY for part in parts):
                whole = Not(node) if negated else node
                losses.tell(f"{told(name, whole)} is not asked, since one of its alternatives cannot be.")
            return together


def told(name: str, node: Node) -> str:
    """A part of the query as it is quoted in messages."""
    return as_text(In(name, node) if name else node)


def near_as_both(leaf: Near) -> tuple[Words, Words]:
    return leaf.left, leaf.right


def asked_alone(node: Node) -> list[tuple[str, Words | Near | Or]]:
    """The parts that every person must satisfy: leaves, and groups of alternatives of leaves of one field."""
    match node:
        case Words() | Near():
            return [("", node)]
        case In():
            inner = [(node.field, part) for name, part in asked_alone(node.part)]
            return inner
        case And():
            return [found for part in node.parts for found in asked_alone(part)]
        case Or():
            return _alternatives(node)
        case Not():
            return []


def _alternatives(node: Or) -> list[tuple[str, Words | Near | Or]]:
    names, leaves = set(), []
    for part in node.parts:
        found = asked_alone(part)
        if len(found) != 1 or isinstance(part, And) or isinstance(found[0][1], Or):
            return []
        names.add(found[0][0])
        leaves.append(found[0][1])
    whole = either(leaves)
    return [(names.pop(), whole)] if len(names) == 1 and isinstance(whole, Or) else []
