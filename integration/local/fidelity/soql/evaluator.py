"""What conditions, orders and groups mean, read plainly in Python: nothing of the org's own SOQL is used here."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
Row = dict[str, Any]
"""A record's values by path: `Name`, `Pool__r.Name`."""


class Differs(Exception):
    """The org and Python do not agree."""


def agree(found: Any, expected: Any) -> None:
    """Refuses to go on when they do not."""
    if found != expected:
        raise Differs(f"the org has {found!r}, Python {expected!r}")


def _itself(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Kind:
    """A type of field: how its values are written and compared."""

    name: str
    write: Callable[[Any], str]
    operators: tuple[str, ...]
    key: Callable[[Any], Any] = _itself


@dataclass(frozen=True)
class Word:
    """A date literal."""

    text: str


@dataclass(frozen=True)
class Pattern:
    """What LIKE compares with, in pieces."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """One comparison; `values` has one value but for IN, NOT IN, INCLUDES and EXCLUDES."""

    path: str
    kind: Kind
    operator: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Negated:
    inner: "Condition"


@dataclass(frozen=True)
class Joined:
    operator: str
    inner: "tuple[Condition, ...]"


Condition = Compared | Negated | Joined


def quote(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_ORDER = ("=", "!=", "<", "<=", ">", ">=")
TEXT = Kind("text", quote, (*_ORDER, "LIKE", "IN", "NOT IN"), str.lower)
NUMBER = Kind("number", str, (*_ORDER, "IN", "NOT IN"))
FLAG = Kind("flag", lambda value: str(value).lower(), ("=", "!="))
DAY = Kind("day", str, (*_ORDER, "IN", "NOT IN", "WORD"))
MOMENT = Kind("moment", lambda at: at.strftime("%Y-%m-%dT%H:%M:%SZ"), (*_ORDER, "IN", "WORD"))
MULTI = Kind("multi", quote, ("=", "!=", "INCLUDES", "EXCLUDES"), str.lower)


def written(condition: Condition) -> str:
    """The condition in SOQL."""
    match condition:
        case Negated(inner):
            return f"(NOT ({written(inner)}))"
        case Joined(operator, inner):
            return f" {operator} ".join(f"({written(each)})" for each in inner)
        case Compared(path, kind, operator, values):
            texts = [_literal(kind, value) for value in values]
            listed = operator in ("IN", "NOT IN", "INCLUDES", "EXCLUDES")
            return f"{path} {operator} {'(' + ', '.join(texts) + ')' if listed else texts[0]}"


def _literal(kind: Kind, value: Any) -> str:
    match value:
        case None:
            return "null"
        case Word(text):
            return text
        case Pattern(parts):
            return f"'{''.join(parts)}'"
    return kind.write(value)


def holds(condition: Condition, row: Row, zone: ZoneInfo) -> bool:
    """Two truth values; blank fits `!=`."""
    match condition:
        case Negated(inner):
            return not holds(inner, row, zone)
        case Joined("AND", inner):
            return all(holds(each, row, zone) for each in inner)
        case Joined(_, inner):
            return any(holds(each, row, zone) for each in inner)
        case Compared(path, kind, operator, values):
            return _compares(kind, row[path], operator, values, zone)


def _compares(kind: Kind, mine: Any, operator: str, values: tuple[Any, ...], zone: ZoneInfo) -> bool:
    if operator in ("IN", "NOT IN"):
        return any(_is(kind, mine, "=", each, zone) for each in values) == (operator == "IN")
    if operator in ("INCLUDES", "EXCLUDES"):
        chosen = set(mine.split(";")) if mine else set()
        return any(set(each.split(";")) <= chosen for each in values) == (operator == "INCLUDES")
    return _is(kind, mine, operator, values[0], zone)


def _is(kind: Kind, mine: Any, operator: str, value: Any, zone: ZoneInfo) -> bool:
    if isinstance(value, Word):
        return _within(mine, operator, value.text, zone)
    if isinstance(value, Pattern):
        return _is_like(mine, value.parts)
    if kind is FLAG:
        mine, value = bool(mine), bool(value)
    if mine is None or value is None:
        return {"=": mine is value, "!=": mine is not value}.get(operator, False)
    return _ordered(kind.key(mine), operator, kind.key(value))


def _ordered(mine: Any, operator: str, value: Any) -> bool:
    return bool(
        {
            "=": mine == value,
            "!=": mine != value,
            "<": mine < value,
            "<=": mine <= value,
            ">": mine > value,
            ">=": mine >= value,
        }[operator]
    )


def _is_like(mine: str | None, parts: tuple[str, ...]) -> bool:
    if not parts:
        return mine is None
    pattern = "".join({"%": ".*", "_": "."}.get(each, re.escape(each.removeprefix("\\"))) for each in parts)
    return mine is not None and re.fullmatch(pattern, mine, re.IGNORECASE | re.DOTALL) is not None


def day_of(value: date | datetime, zone: ZoneInfo) -> date:
    """The day on the user's calendar."""
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _within(mine: Any, operator: str, word: str, zone: ZoneInfo) -> bool:
    if mine is None:
        return operator == "!="
    step = steps_from_today(word, day_of(mine, zone), NOW.astimezone(zone).date())
    return _ordered(step, operator, 0)


_COUNTED = re.compile(r"(LAST|NEXT)_N_(\w+)S:(\d+)|N_(\w+)S_AGO:(\d+)|(LAST|THIS|NEXT)_(\w+)")


def steps_from_today(word: str, day: date, today: date) -> int:
    """Negative before the days that the literal means, positive after them, 0 within."""
    first, last, unit = _meant(word)
    apart = _index(day, unit) - _index(today, unit)
    return -1 if apart < first else int(apart > last)


def _meant(word: str) -> tuple[int, int, str]:
    """From how many to how many days, weeks … from the running one."""
    plain = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
    if word in plain:
        return plain[word], plain[word], "DAY"
    if word in ("LAST_90_DAYS", "NEXT_90_DAYS"):
        return (-90, 0, "DAY") if word.startswith("LAST") else (1, 90, "DAY")
    match = _COUNTED.fullmatch(word)
    if match is None:
        raise ValueError(word)
    direction, unit, count, ago_unit, ago, period, period_unit = match.groups()
    if ago:
        return -int(ago), -int(ago), ago_unit
    if period:
        step = {"LAST": -1, "THIS": 0, "NEXT": 1}[period]
        return step, step, period_unit
    if direction == "NEXT":
        return 1, int(count), unit
    return -int(count), 0 if unit == "DAY" else -1, unit


def _index(day: date, unit: str) -> int:
    """A running number of days, weeks from Sunday on, months …"""
    match unit.removeprefix("FISCAL_"):
        case "DAY":
            return day.toordinal()
        case "WEEK":
            return day.toordinal() // 7  # day 7 was a Sunday
        case "MONTH":
            return day.year * 12 + day.month
        case "QUARTER":
            return day.year * 4 + (day.month - 1) // 3
        case _:
            return day.year


def sorted_rows(rows: Iterable[Row], keys: Sequence[tuple[str, Kind, bool, bool]]) -> list[Row]:
    """By (path, kind, descending, blanks last), the last key weighing least."""
    ordered = list(rows)
    for path, kind, descending, blanks_last in reversed(keys):
        present = sorted(
            (row for row in ordered if row[path] is not None),
            key=lambda row: kind.key(row[path]),
            reverse=descending,
        )
        blank = [row for row in ordered if row[path] is None]
        ordered = present + blank if blanks_last else blank + present
    return ordered


def aggregate(function: str, values: Sequence[Any]) -> Any:
    """One aggregate of a group's values; blanks do not count."""
    present = [value for value in values if value is not None]
    match function:
        case "COUNT":
            return len(present)
        case "COUNT_DISTINCT":
            return len({value.lower() if isinstance(value, str) else value for value in present})
    if not present:
        return None
    match function:
        case "SUM":
            return sum(present)
        case "AVG":
            return sum(present) / len(present)
        case "MIN":
            return min(present)
        case _:
            return max(present)


DATE_PARTS: dict[str, Callable[[datetime], Any]] = {
    "CALENDAR_YEAR": lambda at: at.year,
    "CALENDAR_QUARTER": lambda at: (at.month + 2) // 3,
    "CALENDAR_MONTH": lambda at: at.month,
    "DAY_IN_MONTH": lambda at: at.day,
    "DAY_IN_WEEK": lambda at: at.isoweekday() % 7 + 1,
    "DAY_IN_YEAR": lambda at: at.timetuple().tm_yday,
    "WEEK_IN_YEAR": lambda at: (at.timetuple().tm_yday + 6) // 7,
    "HOUR_IN_DAY": lambda at: at.hour,
    "DAY_ONLY": lambda at: at.date().isoformat(),
}


def apart(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Kilometres between two places, by the angle between their vectors."""
    one, other = _vector(*first), _vector(*second)
    across = math.dist(one, other)
    return 2 * 6371.0088 * math.asin(min(across / 2, 1.0))


def _vector(latitude: float, longitude: float) -> tuple[float, float, float]:
    up, around = math.radians(latitude), math.radians(longitude)
    return math.cos(up) * math.cos(around), math.cos(up) * math.sin(around), math.sin(up)
