"""Functions and arithmetic on dates and times."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from integration.local.org.formula.frame import Frame
from integration.local.org.formula.logic import Builder
from integration.local.org.formula.sorts import Compiled, want

_SECONDS = 86_400


def _today(name: str, arguments: Sequence[Compiled]) -> Compiled:
    return Compiled("date", lambda frame: frame.context.today())


def _now(name: str, arguments: Sequence[Compiled]) -> Compiled:
    return Compiled("datetime", lambda frame: frame.context.now.astimezone(UTC).replace(microsecond=0))


def _date(name: str, arguments: Sequence[Compiled]) -> Compiled:
    runs = tuple(want(name, each, "number").run for each in arguments)

    def run(frame: Frame) -> date | None:
        values = [each(frame) for each in runs]
        if None in values:
            return None
        try:
            return date(*(int(each) for each in values))
        except ValueError:
            return None

    return Compiled("date", run)


def _date_value(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = want(name, arguments[0], "datetime", "text", "date").run

    def run(frame: Frame) -> date | None:
        value = inner(frame)
        if isinstance(value, datetime):
            return value.astimezone(ZoneInfo(frame.context.time_zone)).date()
        if not isinstance(value, str):
            return value if isinstance(value, date) else None
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None

    return Compiled("date", run)


def _part(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = want(name, arguments[0], "date").run
    attribute = name.lower()

    def run(frame: Frame) -> Any:
        value = inner(frame)
        return None if value is None else getattr(value, attribute)

    return Compiled("number", run)


def _add_months(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, count = want(name, arguments[0], "date").run, want(name, arguments[1], "number").run

    def run(frame: Frame) -> date | None:
        value, months = inner(frame), count(frame)
        return None if value is None or months is None else add_months(value, int(months))

    return Compiled("date", run)


def add_months(day: date, months: int) -> date:
    """The same day of another month; the last day of a month stays the last."""
    index = day.year * 12 + day.month - 1 + months
    last = _last_day(index)
    was_last = day.day == _last_day(day.year * 12 + day.month - 1)
    return date(index // 12, index % 12 + 1, last if was_last else min(day.day, last))


def _last_day(index: int) -> int:
    following = index + 1
    return (date(following // 12, following % 12 + 1, 1) - timedelta(1)).day


def add(moment: Any, days: float, sign: int) -> Any:
    """A date moved by whole days, or a datetime by days and their fraction."""
    if isinstance(moment, datetime):
        return moment + sign * timedelta(seconds=round(days * _SECONDS))
    return moment + sign * timedelta(int(days))


def difference(left: Any, right: Any) -> float:
    """Days between two dates or two datetimes."""
    return (left - right).total_seconds() / _SECONDS  # type: ignore[no-any-return]


def _time_value(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = want(name, arguments[0], "text", "time").run

    def run(frame: Frame) -> time | None:
        value = inner(frame)
        if not isinstance(value, str):
            return value if isinstance(value, time) else None
        try:
            return time.fromisoformat(value)
        except ValueError:
            return None

    return Compiled("time", run)


FUNCTIONS: dict[str, tuple[int, int, Builder]] = {
    "TODAY": (0, 0, _today),
    "NOW": (0, 0, _now),
    "DATE": (3, 3, _date),
    "DATEVALUE": (1, 1, _date_value),
    "TIMEVALUE": (1, 1, _time_value),
    "YEAR": (1, 1, _part),
    "MONTH": (1, 1, _part),
    "DAY": (1, 1, _part),
    "ADDMONTHS": (2, 2, _add_months),
}
