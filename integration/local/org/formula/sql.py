"""Formula fields as SQLite expressions, for queries.

Blank text is NULL or ''; a boolean is 0 or 1, never NULL; dates and times are the text that is stored. What SQL cannot
express is refused, never approximated.
"""

from dataclasses import dataclass
from typing import Protocol

from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.sorts import Sort
from integration.local.org.formula.tree import Binary, Call, Literal, Node, Reference, Unary

_MOMENTS = ("date", "datetime")
_TEXTS = ("text", "picklist", "multipicklist")


@dataclass(frozen=True)
class Sql:
    """A part of a formula as SQL."""

    sort: Sort
    text: str


class SqlNames(Protocol):
    """Finds what a name means in a query."""

    def reference(self, names: tuple[str, ...]) -> Sql: ...

    def today(self) -> str:
        """The user's day, YYYY-MM-DD."""
        ...

    def now(self) -> str:
        """The moment as a DateTime is stored."""
        ...


def to_sql(node: Node, names: SqlNames) -> Sql:
    """A parsed formula as SQL."""
    match node:
        case Literal():
            return _literal(node)
        case Reference():
            return names.reference(node.names)
        case Unary():
            return _unary(node.operator, to_sql(node.operand, names))
        case Binary():
            return _binary(node.operator, to_sql(node.left, names), to_sql(node.right, names))
        case Call():
            return _call(node, names)


def _call(node: Call, names: SqlNames) -> Sql:
    from integration.local.org.formula.sql_functions import FUNCTIONS

    if node.name == "TODAY":
        return Sql("date", quote(names.today()))
    if node.name == "NOW":
        return Sql("datetime", quote(names.now()))
    if node.name not in FUNCTIONS:
        raise FormulaError(f"the local org cannot compute {node.name} in a query")
    return FUNCTIONS[node.name](node.name, [to_sql(each, names) for each in node.arguments])


def quote(text: str) -> str:
    """A text as a SQL literal."""
    if "\0" in text:
        raise FormulaError("a formula's text holds a null character")
    return "'" + text.replace("'", "''") + "'"


def _literal(node: Literal) -> Sql:
    value = node.value
    if value is None:
        return Sql("null", "NULL")
    if isinstance(value, bool):
        return Sql("boolean", str(int(value)))
    return Sql("text", quote(value)) if isinstance(value, str) else Sql("number", repr(float(value)))


def blank(part: Sql) -> str:
    """Text with blank as the empty text, compared letter by letter."""
    if part.sort not in (*_TEXTS, "null"):
        raise FormulaError(f"expected text, received {part.sort}")
    return f"COALESCE({part.text}, '')"


def number(part: Sql) -> str:
    if part.sort not in ("number", "null"):
        raise FormulaError(f"expected number, received {part.sort}")
    return part.text


def boolean(part: Sql) -> str:
    if part.sort not in ("boolean", "null"):
        raise FormulaError(f"expected boolean, received {part.sort}")
    return part.text if part.sort == "boolean" else "0"


def _unary(sign: str, inner: Sql) -> Sql:
    if sign == "!":
        return Sql("boolean", f"(NOT {boolean(inner)})")
    return Sql("number", f"({sign} {number(inner)})")


def _binary(sign: str, left: Sql, right: Sql) -> Sql:
    sorts = (left.sort, right.sort)
    if sign in ("&&", "||"):
        return Sql("boolean", f"({boolean(left)} {'AND' if sign == '&&' else 'OR'} {boolean(right)})")
    if sign == "&" or (sign == "+" and "text" in sorts):
        return Sql("text", f"({blank(left)} || {blank(right)})")
    if sign in ("=", "<>", "<", "<=", ">", ">="):
        return Sql("boolean", compare(sign, left, right))
    if left.sort in _MOMENTS or right.sort in _MOMENTS:
        return _moments(sign, left, right)
    if sign == "^":
        raise FormulaError("the local org cannot compute ^ in a query")
    if sign == "/":
        return Sql("number", f"({number(left)} * 1.0 / {number(right)})")
    return Sql("number", f"({number(left)} {sign} {number(right)})")


def compare(sign: str, left: Sql, right: Sql) -> str:
    """A comparison that is never NULL."""
    _check_alike(left, right)
    if sign in ("=", "<>"):
        operator = "IS" if sign == "=" else "IS NOT"
        if left.sort in _TEXTS or right.sort in _TEXTS:
            return f"({blank(left)} {operator} {blank(right)} COLLATE BINARY)"
        if "boolean" in (left.sort, right.sort):
            return f"({boolean(left)} {operator} {boolean(right)})"
        return f"({left.text} {operator} {right.text})"
    return f"COALESCE({left.text} {sign} {right.text} COLLATE BINARY, 0)"


def _check_alike(left: Sql, right: Sql) -> None:
    alike = {"text" if each in _TEXTS else each for each in (left.sort, right.sort)} - {"null"}
    if len(alike) > 1:
        raise FormulaError(f"compares {left.sort} with {right.sort}")


def _moments(sign: str, left: Sql, right: Sql) -> Sql:
    if sign == "-" and left.sort == right.sort:
        seconds = (f"strftime('%s', {left.text})", f"strftime('%s', {right.text})")
        return Sql("number", f"(({seconds[0]} - {seconds[1]}) / 86400.0)")
    if left.sort in _MOMENTS and right.sort in ("number", "null") and sign in "+-":
        return Sql(left.sort, _moved(left, f"({sign} {right.text})"))
    if right.sort in _MOMENTS and left.sort == "number" and sign == "+":
        return _moments(sign, right, left)
    raise FormulaError(f"{sign} does not combine {left.sort} with {right.sort}")


def _moved(moment: Sql, days: str) -> str:
    if moment.sort == "date":
        return f"date({moment.text}, CAST({days} AS INTEGER) || ' days')"
    step = f"CAST(round({days} * 86400) AS INTEGER) || ' seconds'"
    return f"strftime('%Y-%m-%dT%H:%M:%S.000Z', {moment.text}, {step})"
