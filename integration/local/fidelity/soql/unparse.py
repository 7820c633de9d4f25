"""A query's tree as text again: what a parser understood, to hold against what was written."""

import dataclasses
from collections import Counter
from collections.abc import Iterable

from integration.local.org.soql.tokens import tokenize, unquote
from integration.local.org.soql.tree import (
    Call,
    Column,
    Comparison,
    Condition,
    Distance,
    Expression,
    Fields,
    Found,
    Geolocation,
    Group,
    Item,
    Membership,
    Not,
    Order,
    Path,
    Query,
    Semijoin,
    Subquery,
    TypeOf,
    Value,
)

_CONTROL = {"'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SAID_ANYWAY = frozenset({"asc", "nulls", "first"})
"""Words that say what holds without them."""


def unparse(query: Query) -> str:
    """One spelling of the query."""
    parts = ["SELECT", _listed(_item(each) for each in query.items), "FROM", f"{query.source} {query.alias}"]
    parts += [f", {each.path.text} {each.alias}" for each in query.further]
    if query.scope:
        parts.append(f"USING SCOPE {query.scope}")
    if query.where:
        parts.append(f"WHERE {_condition(query.where)}")
    parts += [each for each in query.clauses if each.startswith("WITH")]
    if query.categories:
        chosen = (f"{group} {selector} ({', '.join(names)})" for group, selector, names in query.categories)
        parts.append(f"WITH DATA CATEGORY {' AND '.join(chosen)}")
    parts += [*_grouping(query), *_ending(query)]
    return " ".join(parts)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _grouping(query: Query) -> Iterable[str]:
    if query.group_by:
        keys = _listed(_expression(each) for each in query.group_by)
        yield f"GROUP BY {query.subtotals}({keys})" if query.subtotals else f"GROUP BY {keys}"
    if query.having:
        yield f"HAVING {_condition(query.having)}"


def _ending(query: Query) -> Iterable[str]:
    if query.order_by:
        yield f"ORDER BY {_listed(_order(each) for each in query.order_by)}"
    if query.limit is not None:
        yield f"LIMIT {query.limit}"
    if query.offset_at:
        yield f"OFFSET {query.offset}"
    if query.all_rows:
        yield "ALL ROWS"
    yield from (each for each in query.clauses if each.startswith("FOR"))
    if statistics := [each.removeprefix("UPDATE ") for each in query.clauses if each.startswith("UPDATE")]:
        yield f"UPDATE {_listed(statistics)}"


def _item(item: Item) -> str:
    match item:
        case Column():
            return f"{_expression(item.expression)} {item.alias}"
        case Fields():
            return f"FIELDS({item.which}) {item.alias}"
        case Subquery():
            return f"({unparse(item.query)})"
        case TypeOf():
            whens = " ".join(f"WHEN {each.object.text} THEN {_paths(each.fields)}" for each in item.whens)
            otherwise = f"ELSE {_paths(item.otherwise)} " if item.otherwise else ""
            return f"TYPEOF {item.path.text} {whens} {otherwise}END"


def _paths(paths: Iterable[Path]) -> str:
    return _listed(each.text for each in paths)


def _expression(expression: Expression) -> str:
    match expression:
        case Path():
            return expression.text
        case Call():
            return f"{expression.name}({_listed(_expression(each) for each in expression.arguments)})"
        case Distance():
            return f"DISTANCE({_place(expression.left)}, {_place(expression.right)}, '{_escaped(expression.unit)}')"


def _place(place: Path | Geolocation) -> str:
    return place.text if isinstance(place, Path) else f"GEOLOCATION({place.latitude}, {place.longitude})"


def _order(order: Order) -> str:
    direction = " DESC" if order.descending else ""
    return f"{_expression(order.expression)}{direction}{' NULLS LAST' if order.nulls_last else ''}"


def _condition(condition: Condition) -> str:
    match condition:
        case Group():
            return f" {condition.operator} ".join(_bracketed(each) for each in condition.conditions)
        case Not():
            return f"NOT {_bracketed(condition.condition)}"
        case Comparison():
            return f"{_expression(condition.left)} {condition.operator} {_value(condition.right)}"
        case Membership():
            return f"{_expression(condition.left)} {condition.operator} ({_listed(map(_value, condition.values))})"
        case Semijoin():
            operator = "NOT IN" if condition.negated else "IN"
            return f"{_expression(condition.left)} {operator} ({unparse(condition.query)})"
        case Found():
            raise TypeError("what a text search found has no text")


def _bracketed(condition: Condition) -> str:
    return f"({_condition(condition)})" if isinstance(condition, Group | Not) else _condition(condition)


def _value(value: Value) -> str:
    if value.kind != "string":
        return value.text
    return f"'{_escaped(value.pattern, is_pattern=True)}'"


def _escaped(text: str, *, is_pattern: bool = False) -> str:
    """A pattern keeps its own backslashes: `\\\\%` is one character to it."""
    plain = text if is_pattern else text.replace("\\", "\\\\")
    return "".join(_CONTROL.get(each, each) for each in plain)


def meaning(tree: object) -> object:
    """A tree without the places where things stood: equal for the same query however it was laid out."""
    if dataclasses.is_dataclass(tree):
        fields = ((each.name, getattr(tree, each.name)) for each in dataclasses.fields(tree))
        return type(tree).__name__, [meaning(value) for name, value in fields if not name.endswith("at")]
    if isinstance(tree, tuple):
        return [meaning(each) for each in tree]
    return tree


def words(text: str) -> Counter[str]:
    """Every token that means something, however it was spelled."""
    found: Counter[str] = Counter()
    for token in tokenize(text):
        word = token.text.lower()
        if token.kind == "string":
            found[repr(unquote(text, token))] += 1
        elif token.kind == "number":
            found[str(float(word))] += 1
        elif token.kind != "mark" and word not in _SAID_ANYWAY:
            found["!=" if word == "<>" else word] += 1
    return found
