"""What a query asks for, wish by wish: what a score is made of. What it excludes earns nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from integration.model.boolean_query import And, In, Near, Node, Not, Or, Query, Words
from integration.model.ranking import Term, Wish

MOST_WAYS = 32
"""A query that can be met in more ways is scored as one list of what it joins with AND."""

Part = tuple[str, Node]
"""What is asked for, and in which field."""


def ways_of(query: Query) -> tuple[tuple[Wish, ...], ...]:
    """Each way to meet the query, as what must be there together: `(a AND b) OR (c AND d)` has two."""
    ways = _ways(query.root, "")
    if len(ways) > MOST_WAYS:
        parts = query.root.parts if isinstance(query.root, And) else (query.root,)
        ways = [[("", part) for part in parts]]
    return tuple(_wishes(way) for way in ways)


def _wishes(parts: Sequence[Part]) -> tuple[Wish, ...]:
    """Each part with its alternatives; the same wish counts once."""
    found = (
        tuple({(name, _text(node)): _term(name, node) for name, node in _wanted(part, field)}.items())
        for field, part in parts
    )
    wishes = {tuple(key for key, _ in wish): tuple(term for _, term in wish) for wish in found if wish}
    return tuple(wishes.values())


def _ways(node: Node, field: str) -> list[list[Part]]:
    match node:
        case In():
            return _ways(node.part, node.field)
        case And():
            ways: list[list[Part]] = [[]]
            for part in node.parts:
                further = _ways(part, field)
                if len(ways) * len(further) > MOST_WAYS:
                    further = [[(field, part)]]
                ways = [[*way, *more] for way in ways for more in further]
            return ways
        case Or() if any(_holds_and(part) for part in node.parts):
            return [way for part in node.parts for way in _ways(part, field)]
    return [[(field, node)]]


def _holds_and(node: Node) -> bool:
    match node:
        case And():
            return True
        case In():
            return _holds_and(node.part)
        case Or():
            return any(_holds_and(part) for part in node.parts)
    return False


def _wanted(node: Node, field: str) -> Iterator[tuple[str, Words | Near]]:
    match node:
        case Words() | Near():
            yield field, node
        case In():
            yield from _wanted(node.part, node.field)
        case And() | Or():
            for part in node.parts:
                yield from _wanted(part, field)
        case Not():
            return


def _term(field: str, node: Words | Near) -> Term:
    return Term(_text(node), field, Query(In(field, node) if field else node).matches)


def _text(node: Words | Near) -> str:
    return node.text if isinstance(node, Words) else f"{node.left.text} near {node.right.text}"
