"""The grammar of WHERE and HAVING.

AND and OR never mix without parentheses, and NOT stands alone at the start of a (sub)expression: the platform's rules.
"""

import re
from collections.abc import Callable

from integration.local.org.soql.cursor import Cursor
from integration.local.org.soql.dates import is_literal
from integration.local.org.soql.expressions import parse_expression
from integration.local.org.soql.tokens import Token, unquote
from integration.local.org.soql.tree import (
    Comparison,
    Condition,
    Expression,
    Group,
    Kind,
    Membership,
    Not,
    Query,
    Semijoin,
    Value,
)

_WORDS: dict[str, Kind] = {"TRUE": "boolean", "FALSE": "boolean", "NULL": "null"}
_CURRENCY = re.compile(r"[A-Za-z]{3}\d*", re.ASCII)
_KINDS: dict[str, Kind] = {"date": "date", "datetime": "datetime", "time": "time", "number": "number"}

SubqueryParser = Callable[[Cursor], Query]


def parse_condition(cursor: Cursor, subquery: SubqueryParser) -> Condition:
    """One expression up to a token that cannot continue it."""
    if cursor.is_word("NOT"):
        at = cursor.take().at
        if cursor.is_word("NOT"):
            cursor.refuse()
        negated = Not(_unit(cursor, subquery), at)
        if cursor.is_word("AND", "OR"):
            cursor.refuse()
        return negated
    conditions = [_unit(cursor, subquery)]
    operator = ""
    while cursor.is_word("AND", "OR"):
        if operator and not cursor.is_word(operator):
            cursor.refuse()
        operator = cursor.take().text.upper()
        conditions.append(_unit(cursor, subquery))
    if not operator:
        return conditions[0]
    return Group("AND" if operator == "AND" else "OR", tuple(conditions))


def _unit(cursor: Cursor, subquery: SubqueryParser) -> Condition:
    if cursor.accept_mark("("):
        with cursor.deeper():
            condition = parse_condition(cursor, subquery)
        cursor.expect_mark(")")
        return condition
    if cursor.is_word("NOT"):
        cursor.refuse()
    left = parse_expression(cursor)
    token = cursor.look()
    if token.kind == "operator":
        cursor.take()
        operator = "!=" if token.text == "<>" else token.text
        return Comparison(left, operator, _value(cursor), token.at)  # type: ignore[arg-type]
    if cursor.accept("LIKE"):
        return Comparison(left, "LIKE", _value(cursor), token.at)
    if cursor.accept("INCLUDES"):
        return Membership(left, "INCLUDES", _values(cursor), token.at)
    if cursor.accept("EXCLUDES"):
        return Membership(left, "EXCLUDES", _values(cursor), token.at)
    return _in(cursor, left, token, subquery)


def _in(cursor: Cursor, left: Expression, token: Token, subquery: SubqueryParser) -> Condition:
    negated = bool(cursor.accept("NOT"))
    cursor.expect("IN")
    if cursor.is_mark("(") and cursor.is_word("SELECT", ahead=1):
        cursor.take()
        with cursor.deeper():
            query = subquery(cursor)
        cursor.expect_mark(")")
        return Semijoin(left, negated, query)
    return Membership(left, "NOT IN" if negated else "IN", _values(cursor), token.at)


def _values(cursor: Cursor) -> tuple[Value, ...]:
    cursor.expect_mark("(")
    values = [_value(cursor)]
    while cursor.accept_mark(","):
        values.append(_value(cursor))
    cursor.expect_mark(")")
    return tuple(values)


def _value(cursor: Cursor) -> Value:
    token = cursor.look()
    if token.kind == "string":
        cursor.take()
        text, pattern = unquote(cursor.text, token)
        return Value("string", text, token.at, pattern)
    if token.kind in _KINDS:
        cursor.take()
        return Value(_KINDS[token.kind], token.text, token.at)
    word = token.text.upper()
    if token.kind == "name" and word in _WORDS:
        cursor.take()
        return Value(_WORDS[word], word.lower(), token.at)
    return _currency(cursor, token) or _date_literal(cursor, token)


def _currency(cursor: Cursor, token: Token) -> Value | None:
    """USD5000, USD5000.50 or USD-5000: a name to the tokenizer, because foo1 is a field."""
    if token.kind != "name" or not _CURRENCY.fullmatch(token.text):
        return None
    text, following = token.text, cursor.look(1)
    is_close = following.kind == "number" and following.at == token.at + len(token.text)
    wanted = "+-" if len(text) == 3 else "."
    if is_close and following.text[0] in wanted:
        cursor.take()
        text += following.text
    elif len(text) == 3:
        return None
    cursor.take()
    return Value("currency", text, token.at)


def _date_literal(cursor: Cursor, token: Token) -> Value:
    word = token.text.upper()
    if token.kind == "name" and cursor.is_mark(":", ahead=1) and is_literal(word, counted=True):
        cursor.take()
        cursor.take()
        return Value("literal", f"{word}:{cursor.count()}", token.at)
    if token.kind != "name" or not is_literal(word, counted=False):
        cursor.refuse()
    cursor.take()
    return Value("literal", word, token.at)
