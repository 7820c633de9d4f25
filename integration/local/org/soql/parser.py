"""The grammar of a query: text to tree."""

from typing import Any

from integration.local.org.soql.conditions import parse_condition
from integration.local.org.soql.cursor import Cursor
from integration.local.org.soql.errors import SoqlError, not_implemented
from integration.local.org.soql.tree import Call, Column, Expression, Fields, Item, Order, Path, Query, Subquery

_CLAUSES = ("FROM", "WHERE", "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "FOR", "WITH", "USING", "UPDATE", "ALL")
_LONGEST = 100_000


def parse(text: str) -> Query:
    """The query as a tree; names are not looked up yet."""
    if len(text) > _LONGEST:
        raise SoqlError("MALFORMED_QUERY", f"SOQL statements cannot be longer than {_LONGEST} characters.")
    cursor = Cursor(text)
    query = _query(cursor)
    if cursor.look().kind != "end":
        cursor.refuse()
    return query


def _query(cursor: Cursor) -> Query:
    at = cursor.look().at
    cursor.expect("SELECT")
    items = [_item(cursor)]
    while cursor.accept_mark(","):
        items.append(_item(cursor))
    cursor.expect("FROM")
    source = cursor.name()
    parts: dict[str, Any] = {"alias": _alias(cursor)}
    if cursor.is_mark(","):
        raise not_implemented(cursor.text, cursor.look().at, "a second object after FROM")
    if cursor.is_word("USING"):
        raise not_implemented(cursor.text, cursor.look().at, "USING SCOPE")
    if cursor.accept("WHERE"):
        parts["where"] = parse_condition(cursor, _query)
    clauses = set(_with(cursor))
    _grouping(cursor, parts)
    _ordering(cursor, parts)
    if cursor.accept("ALL"):
        cursor.expect("ROWS")
        parts["all_rows"] = True
    clauses.update(_for(cursor))
    return Query(tuple(items), source.text, source.at, at, clauses=frozenset(clauses), **parts)


def _grouping(cursor: Cursor, parts: dict[str, Any]) -> None:
    if cursor.accept("GROUP"):
        cursor.expect("BY")
        if cursor.is_word("ROLLUP", "CUBE") and cursor.is_mark("(", ahead=1):
            raise not_implemented(cursor.text, cursor.look().at, f"GROUP BY {cursor.look().text.upper()}")
        expressions = [cursor.expression()]
        while cursor.accept_mark(","):
            expressions.append(cursor.expression())
        parts["group_by"] = tuple(expressions)
    if cursor.is_word("HAVING"):
        parts["having_at"] = cursor.take().at
        parts["having"] = parse_condition(cursor, _query)


def _ordering(cursor: Cursor, parts: dict[str, Any]) -> None:
    if cursor.accept("ORDER"):
        cursor.expect("BY")
        orders = [_order(cursor)]
        while cursor.accept_mark(","):
            orders.append(_order(cursor))
        parts["order_by"] = tuple(orders)
    if cursor.accept("LIMIT"):
        parts["limit"] = cursor.whole_number()
    if cursor.is_word("OFFSET"):
        parts["offset_at"] = cursor.take().at
        parts["offset"] = cursor.whole_number()


def _order(cursor: Cursor) -> Order:
    expression = cursor.expression()
    descending = cursor.accept("ASC", "DESC") == "DESC"
    nulls_last = bool(cursor.accept("NULLS")) and cursor.expect("FIRST", "LAST") == "LAST"
    return Order(expression, descending, nulls_last)


def _with(cursor: Cursor) -> list[str]:
    clauses = []
    while cursor.accept("WITH"):
        if not cursor.is_word("SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE"):
            raise not_implemented(cursor.text, cursor.look().at, f"WITH {cursor.look().text}")
        clauses.append(f"WITH {cursor.take().text.upper()}")
    return clauses


def _for(cursor: Cursor) -> list[str]:
    clauses = []
    while cursor.is_word("FOR", "UPDATE"):
        if cursor.take().text.upper() == "FOR":
            clauses.append(f"FOR {cursor.expect('VIEW', 'REFERENCE', 'UPDATE')}")
            continue
        clauses.append(f"UPDATE {cursor.expect('TRACKING', 'VIEWSTAT')}")
        while cursor.accept_mark(","):
            clauses.append(f"UPDATE {cursor.expect('TRACKING', 'VIEWSTAT')}")
    return clauses


def _alias(cursor: Cursor) -> str:
    if cursor.accept("AS"):
        return _plain_name(cursor)
    if cursor.look().kind != "name" or cursor.is_word(*_CLAUSES):
        return ""
    return _plain_name(cursor)


def _plain_name(cursor: Cursor) -> str:
    if "." in cursor.look().text:
        cursor.refuse()
    return cursor.name().text


def _item(cursor: Cursor) -> Item:
    if cursor.is_word("TYPEOF") and cursor.look(1).kind == "name" and not cursor.is_word("FROM", ahead=1):
        raise not_implemented(cursor.text, cursor.look().at, "TYPEOF")
    if cursor.is_word("FIELDS") and cursor.is_mark("(", ahead=1):
        return _fields(cursor)
    if cursor.accept_mark("("):
        query = _query(cursor)
        cursor.expect_mark(")")
        return Subquery(query)
    if cursor.is_word("FROM"):
        cursor.refuse()
    expression = cursor.expression()
    return Column(expression, _column_alias(cursor, expression))


def _fields(cursor: Cursor) -> Fields:
    at = cursor.take().at
    cursor.expect_mark("(")
    which = cursor.expect("ALL", "STANDARD", "CUSTOM")
    cursor.expect_mark(")")
    return Fields(which, at)  # type: ignore[arg-type]


def _column_alias(cursor: Cursor, expression: Expression) -> str:
    token = cursor.look()
    if token.kind != "name" or cursor.is_word("FROM"):
        return ""
    if "." in token.text or not isinstance(expression, Call | Path):
        cursor.refuse()
    return cursor.take().text
