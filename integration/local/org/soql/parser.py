"""The grammar of a query: text to tree."""

from typing import Any

from integration.local.org.soql.conditions import parse_condition
from integration.local.org.soql.cursor import Cursor
from integration.local.org.soql.errors import SoqlError, located
from integration.local.org.soql.expressions import parse_expression, parse_path
from integration.local.org.soql.items import parse_items
from integration.local.org.soql.tree import Order, Query, Source

_BEGIN_A_CLAUSE = {"ORDER": "BY", "ALL": "ROWS"}
_LONGEST = 100_000


def parse(text: str) -> Query:
    """The query as a tree; names are not looked up yet."""
    if len(text) > _LONGEST:
        raise SoqlError("MALFORMED_QUERY", f"SOQL statements cannot be longer than {_LONGEST} characters.")
    cursor = Cursor(text)
    query = _query(cursor, is_root=True)
    if cursor.look().kind != "end":
        cursor.refuse()
    return query


def _query(cursor: Cursor, *, is_root: bool = False) -> Query:
    at = cursor.look().at
    cursor.expect("SELECT")
    items = parse_items(cursor, _query)
    cursor.expect("FROM")
    source = cursor.name()
    parts: dict[str, Any] = {"alias": _alias(cursor)}
    parts["further"] = _further(cursor)
    if cursor.accept("USING"):
        cursor.expect("SCOPE")
        parts["scope_at"] = cursor.look().at
        parts["scope"] = cursor.name().text
    if cursor.accept("WHERE"):
        parts["where"] = parse_condition(cursor, _query)
    clauses = _with(cursor, parts)
    _grouping(cursor, parts)
    _ordering(cursor, parts)
    if is_root and cursor.accept("ALL"):
        cursor.expect("ROWS")
        parts["all_rows"] = True
    clauses += _for(cursor)
    return Query(items, source.text, source.at, at, clauses=tuple(clauses), **parts)


def _further(cursor: Cursor) -> tuple[Source, ...]:
    sources = []
    while cursor.accept_mark(","):
        path = parse_path(cursor)
        sources.append(Source(path, _alias(cursor)))
    return tuple(sources)


def _alias(cursor: Cursor) -> str:
    """ORDER, OFFSET and ALL are aliases unless they begin their clause."""
    begins = cursor.is_word(_BEGIN_A_CLAUSE.get(cursor.look().text.upper(), ""), ahead=1)
    if begins or (cursor.is_word("OFFSET") and cursor.look(1).kind == "number"):
        return ""
    return cursor.alias()


def _with(cursor: Cursor, parts: dict[str, Any]) -> list[str]:
    clauses: list[str] = []
    while cursor.accept("WITH"):
        if cursor.is_word("DATA"):
            parts["categories_at"] = cursor.take().at
            cursor.expect("CATEGORY")
            parts["categories"] = _categories(cursor)
            continue
        clauses.append(f"WITH {cursor.expect('SECURITY_ENFORCED', 'USER_MODE', 'SYSTEM_MODE')}")
    return clauses


def _categories(cursor: Cursor) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    found: list[tuple[str, str, tuple[str, ...]]] = []
    while not found or cursor.accept("AND"):
        group = cursor.name().text
        selector = cursor.expect("AT", "ABOVE", "BELOW", "ABOVE_OR_BELOW")
        names = []
        if cursor.accept_mark("("):
            names.append(cursor.name().text)
            while cursor.accept_mark(","):
                names.append(cursor.name().text)
            cursor.expect_mark(")")
        else:
            names.append(cursor.name().text)
        found.append((group, selector, tuple(names)))
    return tuple(found)


def _grouping(cursor: Cursor, parts: dict[str, Any]) -> None:
    if cursor.accept("GROUP"):
        cursor.expect("BY")
        if cursor.is_word("ROLLUP", "CUBE") and cursor.is_mark("(", ahead=1):
            parts["subtotals"] = cursor.take().text.upper()
            cursor.take()
        expressions = [parse_expression(cursor)]
        while cursor.accept_mark(","):
            expressions.append(parse_expression(cursor))
        if "subtotals" in parts:
            cursor.expect_mark(")")
        parts["group_by"] = tuple(expressions)
    if cursor.is_word("HAVING"):
        parts["having_at"] = cursor.take().at
        if "group_by" not in parts:
            raise located("MALFORMED_QUERY", cursor.text, parts["having_at"], "HAVING requires GROUP BY")
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
    expression = parse_expression(cursor)
    descending = cursor.accept("ASC", "DESC") == "DESC"
    nulls_last = bool(cursor.accept("NULLS")) and cursor.expect("FIRST", "LAST") == "LAST"
    return Order(expression, descending, nulls_last)


def _for(cursor: Cursor) -> list[str]:
    clauses = []
    while cursor.accept("FOR"):
        clauses.append(f"FOR {cursor.expect('VIEW', 'REFERENCE', 'UPDATE')}")
    if cursor.accept("UPDATE"):
        clauses.append(f"UPDATE {cursor.expect('TRACKING', 'VIEWSTAT')}")
        while cursor.accept_mark(","):
            clauses.append(f"UPDATE {cursor.expect('TRACKING', 'VIEWSTAT')}")
    return clauses
