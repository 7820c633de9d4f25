"""Where this org is meant to differ from both parsers; a difference is put down to a rule if it goes with the cause.

Each rule rewrites a statement without the construct that it is about; when the parser here then takes the statement,
the construct was why it did not.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from integration.local.fidelity.soql.mutations import tokens_of
from integration.local.org.soql import SoqlError, parse

_COMPARISONS = ("=", ">", "<", "LIKE")
_LISTS = ("IN", "INCLUDES", "EXCLUDES")


@dataclass(frozen=True)
class Rule:
    """`name` is part of a check's id; its reason stands in the baseline."""

    name: str
    without: Callable[[str], Iterable[str]]
    """The statement without the construct, in each way that the construct may be read."""


def is_accepted(text: str) -> bool:
    """Whether the org's own parser takes the query."""
    try:
        parse(text)
    except SoqlError:
        return False
    return True


def rule_for(text: str) -> Rule | None:
    """Why the org refuses what both parsers accept."""
    for rule in RULES:
        if any(rewritten != text and is_accepted(rewritten) for rewritten in rule.without(text)):
            return rule
    return None


def _group_as_alias(text: str) -> Iterable[str]:
    return (re.sub(r"\bGROUP\b(?!\s+BY\b)", "Grp", text, flags=re.IGNORECASE),)


def _separators(text: str) -> Iterable[str]:
    """U+2028 is a letter to one parser, white space to the other."""
    return text.replace("\u2028", " "), text.replace("\u2028", "")


def _list_after_comparison(text: str) -> Iterable[str]:
    """`Name = ('x', 'y')` as `Name = 'x'`."""
    pieces = tokens_of(text)
    solid = [index for index, piece in enumerate(pieces) if not piece.isspace()]
    for before, opening in pairwise(solid):
        if pieces[before].upper() in _COMPARISONS and pieces[opening] == "(":
            closing = _closing(pieces, opening)
            pieces[opening : closing + 1] = ["'x'", *[""] * (closing - opening)]
    return ("".join(pieces),)


def _single_after_list_operator(text: str) -> Iterable[str]:
    """`Name IN 'x'` as `Name IN ('x')`, and a subquery after INCLUDES as a list."""
    pieces = tokens_of(text)
    solid = [index for index, piece in enumerate(pieces) if not piece.isspace()]
    for place, before in enumerate(solid[:-1]):
        following = solid[place + 1]
        if pieces[before].upper() not in _LISTS:
            continue
        if pieces[following] != "(":
            end = _end_of_value(pieces, following)
            pieces[following : end + 1] = ["('x')", *[""] * (end - following)]
        elif pieces[before].upper() != "IN" and pieces[following + 1].upper() == "SELECT":
            closing = _closing(pieces, following)
            pieces[following : closing + 1] = ["('x')", *[""] * (closing - following)]
    return ("".join(pieces),)


def _end_of_value(pieces: list[str], start: int) -> int:
    """A value may be several pieces: -1, 2026-11-26T10:00:00Z."""
    end = start
    while end + 1 < len(pieces) and not pieces[end + 1].isspace() and pieces[end + 1] not in "(),":
        end += 1
    return end


def _closing(pieces: list[str], opening: int) -> int:
    depth = 0
    for index in range(opening, len(pieces)):
        depth += {"(": 1, ")": -1}.get(pieces[index], 0)
        if depth == 0:
            return index
    return len(pieces) - 1


RULES = (
    Rule("GROUP as an alias", _group_as_alias),
    Rule("a list or subquery after a comparison", _list_after_comparison),
    Rule("a single value after IN, INCLUDES or EXCLUDES", _single_after_list_operator),
    Rule("U+2028 outside quotes", _separators),
)
