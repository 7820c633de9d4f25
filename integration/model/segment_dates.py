"""Dates relative to today: “in the last 90 days”, “more than 1 year ago”, “in the next 30 days”."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

Unit = Literal["day", "week", "month", "year"]
_SPAN = re.compile(r"(\d{1,4})\s*(day|week|month|year)s?", re.IGNORECASE | re.ASCII)
LONGEST_YEARS = 100


@dataclass(frozen=True)
class Span:
    """A stretch of the calendar."""

    number: int
    unit: Unit

    def before(self, day: date) -> date:
        """The day so long before another."""
        return self._moved(day, -self.number)

    def after(self, day: date) -> date:
        return self._moved(day, self.number)

    def in_words(self) -> str:
        return f"{self.number} {self.unit}{'' if self.number == 1 else 's'}"

    def _moved(self, day: date, number: int) -> date:
        if self.unit in ("day", "week"):
            return day + timedelta(days=number * (7 if self.unit == "week" else 1))
        months = day.year * 12 + day.month - 1 + number * (12 if self.unit == "year" else 1)
        year, month = divmod(months, 12)
        # The 31st of a short month is its last day.
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def span(value: Any) -> Span:
    """A span from `90`, `"90 days"`, or `"1 year"`; raises ValueError in words."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value} days"
    found = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError("it needs a span like “90 days”, “2 weeks”, “6 months” or “1 year”.")
    unit: Any = found[2].lower()
    made = Span(int(found[1]), unit)
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[unit] * made.number
    if not 0 < days <= LONGEST_YEARS * 365:
        raise ValueError(f"it needs a span from 1 day to {LONGEST_YEARS} years.")
    return made


def holds(operator: str, length: Span, day: date, today: date) -> bool:
    """Whether a date lies where a relative condition wants it."""
    if operator == "in the last":
        return length.before(today) <= day <= today
    if operator == "in the next":
        return today <= day <= length.after(today)
    return day < length.before(today)


def window(operator: str, length: Span, today: date) -> tuple[date | None, date | None]:
    """First and last day that a relative condition accepts."""
    if operator == "in the last":
        return length.before(today), today
    if operator == "in the next":
        return today, length.after(today)
    return None, length.before(today) - timedelta(days=1)


def turning(operator: str, length: Span, then: date, now: date) -> list[tuple[date, date]]:
    """Between two days on which a rule was judged: the dates (first, last) whose answer may have changed.

    A condition changes for a date only when one end of its window passes over it, so those few are looked at again
    and nobody else.
    """
    windows = []
    for old, new in zip(window(operator, length, then), window(operator, length, now), strict=True):
        if old is not None and new is not None and old != new:
            low, high = min(old, new), max(old, new)
            windows.append((low - timedelta(days=1), high + timedelta(days=1)))
    return windows
