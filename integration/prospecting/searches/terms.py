"""What a query asks for, wish by wish: what a score is made of. What it excludes earns nothing."""

from __future__ import annotations

from collections.abc import Iterator

from integration.model.boolean_query import And, In, Near, Node, Not, Or, Query, Words
from integration.model.ranking import Term, Wish


def wishes_of(query: Query) -> tuple[Wish, ...]:
    """What the query joins with AND, each with its alternatives; the same wish counts once."""
    parts = query.root.parts if isinstance(query.root, And) else (query.root,)
    found = (
        tuple({(field, _text(node)): _term(field, node) for field, node in _wanted(part, "")}.items()) for part in parts
    )
    wishes = {tuple(key for key, _ in wish): tuple(term for _, term in wish) for wish in found if wish}
    return tuple(wishes.values())


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
