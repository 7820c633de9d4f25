"""Faults in the order of a query's tokens, told in the recruiter's terms before the grammar would trip over them."""

from collections.abc import Sequence

from integration.prospecting.query.faults import BadQuery
from integration.prospecting.query.lexing import LONGEST, Piece

MOST_TERMS = 100
DEEPEST = 30
_BINARY = ("AND", "OR", "NEAR")
_UNREADY = (*_BINARY, "NOT", "LPAR", "FIELD")
"""After these a term must follow."""


def check(pieces: Sequence[Piece], typed: str) -> None:
    """Raises BadQuery for what is too much, unbalanced, or an operator that joins nothing."""
    if not pieces:
        raise BadQuery("The query is empty. Write at least one word to look for.", 0, typed)
    _check_size(pieces, typed)
    _check_parentheses(pieces, typed)
    for before, piece in zip((None, *pieces), (*pieces, None), strict=True):
        _check_neighbours(before, piece, typed)


def check_written_out(canonical: str, terms: int, typed: str) -> None:
    """Raises BadQuery for a query that is too much once every group is multiplied out and every parenthesis written."""
    depth = deepest = 0
    for character in canonical:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    if deepest > DEEPEST or terms > MOST_TERMS or len(canonical) > LONGEST:
        message = "The query is too large once every group in it is written out. Shorten it, or search in two parts."
        raise BadQuery(message, 0, typed)


def _check_size(pieces: Sequence[Piece], typed: str) -> None:
    terms = 0
    for piece in pieces:
        terms += len(piece.words.words) if piece.words else piece.kind == "NOT"
        if terms > MOST_TERMS:
            message = f"The query has more than {MOST_TERMS} words. Take away alternatives, or search in two parts."
            raise BadQuery(message, piece.at, typed)


def _check_parentheses(pieces: Sequence[Piece], typed: str) -> None:
    opened: list[int] = []
    for piece in pieces:
        if piece.kind == "LPAR":
            opened.append(piece.at)
            if len(opened) > DEEPEST:
                message = f"More than {DEEPEST} parentheses stand in one another here. Take away those not needed."
                raise BadQuery(message, piece.at, typed)
        elif piece.kind == "RPAR":
            if not opened:
                message = "This parenthesis closes nothing. Open one before it with (, or take it away."
                raise BadQuery(message, piece.at, typed)
            opened.pop()
    if opened:
        message = "This parenthesis is never closed. Add ) where the group ends, or take it away."
        raise BadQuery(message, opened[-1], typed)


def _check_neighbours(before: Piece | None, piece: Piece | None, typed: str) -> None:
    if piece is None or piece.kind == "RPAR":
        if before is None or before.kind not in _UNREADY:
            return
        if before.kind == "LPAR":
            raise BadQuery("There is nothing in these parentheses. Write a word, or take them away.", before.at, typed)
        raise _nothing_after(before, typed)
    if piece.kind in _BINARY and (before is None or before.kind in _UNREADY):
        if before is not None and before.kind in (*_BINARY, "NOT"):
            message = f"{before.text} and {piece.text} follow one another. Write a word between them, or keep one."
            raise BadQuery(message, piece.at, typed)
        if before is not None and before.kind == "FIELD":
            raise _nothing_after(before, typed)
        message = f"{piece.text} has nothing before it to join. Write a word there, {_or_quote(piece)}."
        raise BadQuery(message, piece.at, typed)
    if before is not None and before.kind == "FIELD" and piece.kind not in ("WORDS", "LPAR"):
        raise _nothing_after(before, typed)


def _nothing_after(piece: Piece, typed: str) -> BadQuery:
    if piece.kind == "FIELD":
        remedy = f"Write a word, a phrase or a group there, as in {piece.text}:engineer or {piece.text}:(a OR b)"
        return BadQuery(f"{piece.text}: has nothing after it. {remedy}.", piece.at, typed)
    return BadQuery(f"{piece.text} has nothing after it. Write a word there, {_or_quote(piece)}.", piece.at, typed)


def _or_quote(piece: Piece) -> str:
    if not piece.text.isalpha():
        return f"or take {piece.text} away"
    return f'or quote it to search for the word itself: "{piece.text}"'
