"""The grammar of the Boolean language. NOT binds closest, then NEAR, then AND (also between bare words), then OR."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer

from integration.model.boolean_query import In, Near, Node, Not, Or, Query, Words, both, either, leaves, without
from integration.model.boolean_query.matching import country_code, country_name
from integration.prospecting.query.checking import check, check_written_out
from integration.prospecting.query.faults import BadQuery
from integration.prospecting.query.lexing import Piece, lexed

GRAMMAR = """
?start: any
any: all (OR all)*
all: nearby (AND? nearby)*
nearby: unit (NEAR unit)*
?unit: atom | NOT unit -> negated
?atom: WORDS -> term
     | FIELD WORDS -> term_in
     | FIELD group -> group_in
     | group
group: LPAR any RPAR
%declare OR AND NEAR NOT WORDS FIELD LPAR RPAR
"""
MOST_PAIRS = 50
"""How many pairs a NEAR between groups may come to."""


def parse(text: str) -> Query:
    """Reads a query as a recruiter typed it. Raises BadQuery and nothing else."""
    pieces, notes = lexed(text)
    check(pieces, text)
    try:
        root: Node = _PARSER.parse(pieces)  # type: ignore[assignment]
    except _Misplaced as fault:
        raise BadQuery(fault.message, fault.at, text) from fault
    except UnexpectedInput as fault:
        piece = getattr(getattr(fault, "token", None), "value", None)
        message = "This cannot stand here. Put parentheses around what belongs together."
        raise BadQuery(message, piece.at if isinstance(piece, Piece) else len(text), text) from fault
    query = Query(root, text, (*notes, *_chained(pieces)))
    check_written_out(query.canonical, sum(_size(leaf) for _, leaf in leaves(root)), text)
    return query


def _size(leaf: Words | Near) -> int:
    return len(leaf.words) if isinstance(leaf, Words) else len(leaf.left.words) + len(leaf.right.words)


def _chained(pieces: Sequence[Piece]) -> Iterator[str]:
    nears = [place for place, piece in enumerate(pieces) if piece.kind == "NEAR"]
    if any(other - one == 2 for one, other in pairwise(nears)):
        yield "read a NEAR b NEAR c as (a NEAR b) AND (b NEAR c)"


class _Misplaced(Exception):
    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class _Cut(Lexer):
    """The text is in pieces already."""

    def __init__(self, settings: object) -> None: ...

    def lex(self, pieces: Sequence[Piece]) -> Iterator[Token]:  # type: ignore[override]
        for piece in pieces:
            yield Token(piece.kind, piece, piece.at)


class _Build(Transformer[Token, Node]):
    """Makes the tree while the grammar is being followed."""

    def any(self, parts: list[Any]) -> Node:
        return either(_nodes(parts))

    def all(self, parts: list[Any]) -> Node:
        return both(_nodes(parts))

    def negated(self, parts: list[Any]) -> Node:
        return without(parts[1])

    def term(self, parts: list[Any]) -> Node:
        return _words(parts[0].value)

    def term_in(self, parts: list[Any]) -> Node:
        field: Piece = parts[0].value
        return In(
            field.text, _as_country(_words(parts[1].value)) if field.text == "country" else _words(parts[1].value)
        )

    def group(self, parts: list[Any]) -> Node:
        node: Node = parts[1]
        return node

    def group_in(self, parts: list[Any]) -> Node:
        field: Piece = parts[0].value
        _check_no_field(parts[1], field)
        return In(field.text, _as_country(parts[1]) if field.text == "country" else parts[1])

    def nearby(self, parts: list[Any]) -> Node:
        operands, operators = parts[::2], [token.value for token in parts[1::2]]
        if not operators:
            node: Node = operands[0]
            return node
        return both(
            _near(left, right, operator) for (left, right), operator in zip(pairwise(operands), operators, strict=True)
        )


def _nodes(parts: list[Any]) -> list[Node]:
    return [part for part in parts if not isinstance(part, Token)]


def _words(piece: Piece) -> Words:
    assert piece.words is not None  # noqa: S101  the lexer gives every WORDS its words
    return piece.words


def _near(left: Node, right: Node, operator: Piece) -> Node:
    """Groups of alternatives are multiplied out, since every source that knows nearness knows it between terms."""
    pairs = list(product(_choices(left, operator), _choices(right, operator)))
    if len(pairs) > MOST_PAIRS:
        message = (
            f"{operator.text} joins {len(pairs)} pairs here; at most {MOST_PAIRS} are possible. Shorten the groups."
        )
        raise _Misplaced(message, operator.at)
    in_order = operator.text == "ONEAR"
    return either(Near(one, other, operator.distance, in_order) for one, other in pairs)


def _choices(node: Node, operator: Piece) -> list[Words]:
    parts = node.parts if isinstance(node, Or) else (node,)
    words = [part for part in parts if isinstance(part, Words)]
    if len(words) < len(parts):
        raise _Misplaced(_remedy(node, operator.text), operator.at)
    return words


def _remedy(node: Node, operator: str) -> str:
    reason = f"{operator} stands between two words or phrases, or groups of them joined by OR"
    if isinstance(node, Not):
        return f"{reason}, not beside NOT. To exclude the pair write NOT (a {operator} b)."
    if isinstance(node, In):
        return f"{reason}, not beside a field. Write the field in front of both: {node.field}:(a {operator} b)."
    return f"{reason}, not beside other groups. Write each pair by itself: (a {operator} b) AND (a {operator} c)."


def _check_no_field(node: Node, field: Piece) -> None:
    if isinstance(node, In):
        message = (
            f"{node.field}: stands within {field.text}:. Close the group first: {field.text}:(…) {node.field}:(…)."
        )
        raise _Misplaced(message, field.at)
    for part in getattr(node, "parts", ()) or [each for each in [getattr(node, "part", None)] if each]:
        _check_no_field(part, field)


def _as_country(node: Node) -> Node:
    """Codes by their names, which is what most sources write."""
    match node:
        case Words():
            code = country_code(node.text)
            return Words.of(country_name(code)) if code and code == node.text.strip().upper() else node
        case Not():
            return without(_as_country(node.part))
        case Or():
            return either(_as_country(part) for part in node.parts)
        case _:
            return both(_as_country(part) for part in node.parts) if hasattr(node, "parts") else node


_PARSER = Lark(GRAMMAR, parser="lalr", lexer=_Cut, transformer=_Build())
