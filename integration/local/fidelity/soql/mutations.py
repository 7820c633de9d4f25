"""Small damage to statements: one token or one character at a time."""

import random
import re
from collections.abc import Callable

_TOKEN = re.compile(r"'(?:\\.|[^'\\])*'|[\w.]+|\s+|[^\w\s]", re.DOTALL)
_WORDS = (
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "LIKE", "(", ")", ",", "=", "<", "'x'", "null", "5", "-1",
    "GROUP BY", "HAVING", "ORDER BY", "LIMIT", "OFFSET", "ASC", "NULLS LAST", "FOR VIEW", "ALL ROWS", "WITH", "USING",
    "TODAY", "LAST_N_DAYS:3", "COUNT()", "Id", "Name", "TYPEOF", "END", "FIELDS(ALL)", ":", "2026-11-26", "USD5",
)  # fmt: skip
_CHARACTERS = "'\"\\();,.:=<>!%_-+*/ \t\n\0azAZ09éö\u2028\U0001f600[]{}#$&|~^?@`"


def tokens_of(text: str) -> list[str]:
    """The pieces of a statement, white space among them; joined they are the statement again."""
    return _TOKEN.findall(text)


def _at(chosen: random.Random, pieces: list[str]) -> int:
    solid = [index for index, piece in enumerate(pieces) if not piece.isspace()]
    return chosen.choice(solid) if solid else 0


def _token_deleted(text: str, chosen: random.Random) -> str:
    pieces = tokens_of(text)
    if pieces:
        del pieces[_at(chosen, pieces)]
    return "".join(pieces)


def _token_doubled(text: str, chosen: random.Random) -> str:
    pieces = tokens_of(text)
    index = _at(chosen, pieces)
    return "".join([*pieces[:index], *pieces[index : index + 1], " ", *pieces[index:]])


def _tokens_swapped(text: str, chosen: random.Random) -> str:
    pieces = tokens_of(text)
    if pieces:
        first, second = _at(chosen, pieces), _at(chosen, pieces)
        pieces[first], pieces[second] = pieces[second], pieces[first]
    return "".join(pieces)


def _token_replaced(text: str, chosen: random.Random) -> str:
    pieces = tokens_of(text)
    if pieces:
        pieces[_at(chosen, pieces)] = chosen.choice(_WORDS)
    return "".join(pieces)


def _word_inserted(text: str, chosen: random.Random) -> str:
    pieces = tokens_of(text)
    index = _at(chosen, pieces)
    return "".join([*pieces[:index], chosen.choice(_WORDS), " ", *pieces[index:]])


def _cut_short(text: str, chosen: random.Random) -> str:
    return text[: chosen.randint(0, len(text))]


def _character_deleted(text: str, chosen: random.Random) -> str:
    index = chosen.randint(0, max(len(text) - 1, 0))
    return text[:index] + text[index + 1 :]


def _character_replaced(text: str, chosen: random.Random) -> str:
    index = chosen.randint(0, max(len(text) - 1, 0))
    return text[:index] + chosen.choice(_CHARACTERS) + text[index + 1 :]


def _character_inserted(text: str, chosen: random.Random) -> str:
    index = chosen.randint(0, len(text))
    return text[:index] + chosen.choice(_CHARACTERS) + text[index:]


MUTATIONS: dict[str, Callable[[str, random.Random], str]] = {
    "token deleted": _token_deleted,
    "token doubled": _token_doubled,
    "tokens swapped": _tokens_swapped,
    "token replaced": _token_replaced,
    "word inserted": _word_inserted,
    "cut short": _cut_short,
    "character deleted": _character_deleted,
    "character replaced": _character_replaced,
    "character inserted": _character_inserted,
}
"""By what they do."""
