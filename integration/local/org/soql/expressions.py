"""The grammar of what stands in SELECT, WHERE, GROUP BY and ORDER BY: fields, functions, distances."""

from integration.local.org.soql.cursor import Cursor
from integration.local.org.soql.errors import located
from integration.local.org.soql.functions import AGGREGATES, DATE_FUNCTIONS
from integration.local.org.soql.tokens import unquote
from integration.local.org.soql.tree import Call, Distance, Expression, Geolocation, Path

_OF_A_FIELD = frozenset({*AGGREGATES, "TOLABEL", "CONVERTTIMEZONE", "CONVERTCURRENCY", "GROUPING"})
FUNCTIONS = frozenset({*_OF_A_FIELD, *DATE_FUNCTIONS, "FORMAT"})


def parse_expression(cursor: Cursor) -> Expression:
    """A field path, or a function."""
    if cursor.is_mark("(", ahead=1) and cursor.look().kind == "name":
        return _call(cursor)
    return parse_path(cursor)


def parse_path(cursor: Cursor) -> Path:
    token = cursor.name()
    return Path(tuple(token.text.split(".")), token.at)


def _call(cursor: Cursor) -> Expression:
    token = cursor.name()
    name = token.text.upper()
    if name == "DISTANCE":
        return _distance(cursor, token.at)
    if name not in FUNCTIONS:
        cursor.refuse(token)
    cursor.expect_mark("(")
    arguments: tuple[Expression, ...] = ()
    if not cursor.is_mark(")"):
        with cursor.deeper():
            arguments = (_argument(cursor, name),)
    elif name != "COUNT":
        reason = f"wrong number of arguments to function {token.text}"
        raise located("MALFORMED_QUERY", cursor.text, token.at, reason)
    cursor.expect_mark(")")
    return Call(name, arguments, token.at)


def _argument(cursor: Cursor, function: str) -> Expression:
    """FORMAT takes any function, a date function only convertTimezone, the others a field."""
    if function == "FORMAT" or (function in DATE_FUNCTIONS and cursor.is_word("CONVERTTIMEZONE")):
        return parse_expression(cursor)
    return parse_path(cursor)


def _distance(cursor: Cursor, at: int) -> Distance:
    cursor.expect_mark("(")
    left = _place(cursor)
    cursor.expect_mark(",")
    right = _place(cursor)
    cursor.expect_mark(",")
    unit = cursor.look()
    if unit.kind != "string":
        cursor.refuse()
    cursor.take()
    cursor.expect_mark(")")
    return Distance(left, right, unquote(cursor.text, unit)[0], at)


def _place(cursor: Cursor) -> Path | Geolocation:
    if not (cursor.is_word("GEOLOCATION") and cursor.is_mark("(", ahead=1)):
        return parse_path(cursor)
    at = cursor.take().at
    cursor.expect_mark("(")
    latitude = cursor.number()
    cursor.expect_mark(",")
    longitude = cursor.number()
    cursor.expect_mark(")")
    return Geolocation(latitude, longitude, at)
