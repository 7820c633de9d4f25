"""The grammar of the SELECT list."""

from collections.abc import Callable

from integration.local.org.soql.cursor import Cursor
from integration.local.org.soql.expressions import parse_expression, parse_path
from integration.local.org.soql.tree import Column, Fields, Item, Path, Query, Subquery, TypeOf, When

SubqueryParser = Callable[[Cursor], Query]


def parse_items(cursor: Cursor, subquery: SubqueryParser) -> tuple[Item, ...]:
    items = [_item(cursor, subquery)]
    while cursor.accept_mark(","):
        items.append(_item(cursor, subquery))
    return tuple(items)


def _item(cursor: Cursor, subquery: SubqueryParser) -> Item:
    if cursor.is_word("TYPEOF") and cursor.look(1).kind == "name" and cursor.is_word("WHEN", ahead=2):
        return _type_of(cursor)
    if cursor.is_word("FIELDS") and cursor.is_mark("(", ahead=1):
        return _fields(cursor)
    if cursor.accept_mark("("):
        with cursor.deeper():
            query = subquery(cursor)
        cursor.expect_mark(")")
        return Subquery(query)
    if cursor.is_word("FROM"):
        cursor.refuse()
    expression = parse_expression(cursor)
    return Column(expression, cursor.alias())


def _fields(cursor: Cursor) -> Fields:
    at = cursor.take().at
    cursor.expect_mark("(")
    which = cursor.expect("ALL", "STANDARD", "CUSTOM")
    cursor.expect_mark(")")
    return Fields(which, at, cursor.alias())  # type: ignore[arg-type]


def _type_of(cursor: Cursor) -> TypeOf:
    at = cursor.take().at
    path = parse_path(cursor)
    whens = []
    while cursor.accept("WHEN"):
        name = parse_path(cursor)
        cursor.expect("THEN")
        whens.append(When(name, _paths(cursor)))
    otherwise = _paths(cursor) if cursor.accept("ELSE") else ()
    cursor.expect("END")
    return TypeOf(path, tuple(whens), otherwise, at)


def _paths(cursor: Cursor) -> tuple[Path, ...]:
    paths = [parse_path(cursor)]
    while cursor.accept_mark(","):
        paths.append(parse_path(cursor))
    return tuple(paths)
