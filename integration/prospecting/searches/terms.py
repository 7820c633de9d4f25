"""What a query asks for, term by term: what a score is made of. What it excludes earns nothing."""

from __future__ import annotations

from collections.abc import Iterator

from integration.model.boolean_query import And, In, Near, Node, Not, Or, Query, Words
from integration.model.ranking import Term


def terms_of(query: Query) -> tuple[Term, ...]:
    """Each word, phrase and NEAR that the query wants, once."""
    found = {(field, _text(node)): _term(field, node) for field, node in _wanted(query.root, "")}
    return tuple(found.values())


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
