"""Builds SOQL text from parts that cannot inject: names are checked, values are quoted.

select(Candidate.API_NAME, [Candidate.ID], where=both(equals(Candidate.CITY, "Cork"), is_in(...)))
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

Literal = str | int | float | bool | date | datetime | None

_NAME = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", re.ASCII)
_FIND = re.compile(r"(?:\\.|[^\\{}])*", re.DOTALL)
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


@dataclass(frozen=True)
class Condition:
    """A piece of a WHERE clause made by the functions below; never built from text by callers."""

    text: str


def quote(value: Literal) -> str:
    """A literal as SOQL spells it. Times must carry a zone."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return format(Decimal(repr(value)), "f")  # no exponents: 1e-05 is no number to SOQL
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be compared in SOQL")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    return f"'{value.translate(_ESCAPES)}'"


def checked(name: str) -> str:
    """A field or object name (parent paths with dots) that is safe to write into a query."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a field or object name")
    return name


def compare(field: str, operator: str, value: Literal) -> Condition:
    """`operator` is one of = != < <= > >= LIKE."""
    if operator not in {"=", "!=", "<", "<=", ">", ">=", "LIKE"}:
        raise ValueError(f"{operator!r} is not a SOQL comparison")
    return Condition(f"{checked(field)} {operator} {quote(value)}")


def equals(field: str, value: Literal) -> Condition:
    return compare(field, "=", value)


def is_in(field: str, values: Iterable[Literal]) -> Condition:
    """Never `IN ()`: no values match nothing."""
    literals = sorted({quote(value) for value in values})
    return (
        Condition(f"{checked(field)} IN ({','.join(literals)})") if literals else Condition(f"{checked('Id')} = null")
    )


def both(*conditions: Condition) -> Condition:
    return Condition(" AND ".join(f"({condition.text})" for condition in conditions))


def either(*conditions: Condition) -> Condition:
    return Condition(" OR ".join(f"({condition.text})" for condition in conditions))


def select(
    object_name: str,
    fields: Sequence[str],
    *,
    where: Condition | None = None,
    order_by: Sequence[str] = (),
    limit: int | None = None,
) -> str:
    """One SELECT. `order_by` entries are field names, with a leading `-` for descending."""
    text = f"SELECT {','.join(checked(field) for field in fields)} FROM {checked(object_name)}"
    if where is not None:
        text += f" WHERE {where.text}"
    if order_by:
        text += " ORDER BY " + ",".join(
            f"{checked(name.removeprefix('-'))} {'DESC' if name.startswith('-') else 'ASC'}" for name in order_by
        )
    return text if limit is None else f"{text} LIMIT {int(limit)}"


def find(expression: str, returning: str) -> str:
    """One SOSL search. `expression` stands between the braces and cannot leave them; `returning` is what `select` gives
    without its SELECT … FROM: use `found_as`."""
    if not _FIND.fullmatch(expression) or not expression.strip():
        raise ValueError(f"{expression[:60]!r} is no expression of a search")
    return f"FIND {{{expression}}} IN ALL FIELDS RETURNING {returning}"


def found_as(object_name: str, fields: Sequence[str], *, where: Condition | None = None, limit: int) -> str:
    """What a search returns of one object."""
    text = f"{checked(object_name)}({','.join(checked(field) for field in fields)}"
    if where is not None:
        text += f" WHERE {where.text}"
    return f"{text} LIMIT {int(limit)})"


def count(object_name: str, where: Condition | None = None) -> str:
    text = f"SELECT COUNT() FROM {checked(object_name)}"
    return text if where is None else f"{text} WHERE {where.text}"


def count_by(object_name: str, by: Sequence[str], where: Condition | None = None) -> str:
    """Rows per group; each answer has the grouped fields and the number as `expr0`."""
    groups = ",".join(checked(name) for name in by)
    text = f"SELECT {groups},COUNT({checked('Id')}) FROM {checked(object_name)}"
    return f"{text if where is None else f'{text} WHERE {where.text}'} GROUP BY {groups}"
