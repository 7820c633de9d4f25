"""Date literals (TODAY, LAST_N_WEEKS:3 …) as half-open ranges of days in the user's time zone.

The fiscal year is the calendar year, as in a new org; the user's locale says on which day a week begins.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Range = tuple[date, date]
"""First day, and the day after the last."""

_COUNTED = re.compile(r"(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)S$")
_AGO = re.compile(r"N_(DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)S_AGO$")
_PERIOD = re.compile(r"(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)$")
_SUNDAY_LOCALES = frozenset({"en_US", "en_CA", "es_MX", "pt_BR", "ja_JP", "ko_KR", "zh_TW", "he_IL", "iw_IL"})
"""Where a week begins on Sunday; elsewhere it begins on Monday."""
_DAYS = {"YESTERDAY": -1, "TODAY": 0, "TOMORROW": 1}
_STEP = {"LAST": -1, "THIS": 0, "NEXT": 1}
_MONTHS = {"MONTH": 1, "QUARTER": 3, "YEAR": 12}


def is_literal(word: str, *, counted: bool) -> bool:
    """Whether the upper-case word is a date literal; a counted one is followed by `:n`."""
    if counted:
        return bool(_COUNTED.match(word) or _AGO.match(word))
    return word in _DAYS or word in ("LAST_90_DAYS", "NEXT_90_DAYS") or bool(_PERIOD.match(word))


def day_range(literal: str, today: date, locale: str = "en_US") -> Range:
    """The days that a literal means."""
    if "WEEK" in literal:
        return _weeks(literal, today, locale)
    return _days(literal, today)


def _weeks(literal: str, today: date, locale: str) -> Range:
    """Weeks from Sunday on, moved to Monday where they begin then."""
    shift = timedelta(0 if locale in _SUNDAY_LOCALES else 1)
    start, end = _days(literal, today - shift)
    return start + shift, end + shift


def _days(literal: str, today: date) -> Range:
    word, _, digits = literal.partition(":")
    if word in _DAYS:
        day = today + timedelta(_DAYS[word])
        return day, day + timedelta(1)
    if word == "LAST_90_DAYS":
        return today - timedelta(90), today + timedelta(1)
    if word == "NEXT_90_DAYS":
        return today + timedelta(1), today + timedelta(91)
    if match := _PERIOD.match(word):
        return _period(match[2], today, _STEP[match[1]])
    count = int(digits)
    if match := _AGO.match(word):
        return _period(match[1], today, -count)
    match = _COUNTED.match(word)
    if match is None:
        raise ValueError(f"{literal} is not a date literal")
    return _counted(match[1], match[2], count, today)


def _counted(direction: str, unit: str, count: int, today: date) -> Range:
    """LAST_N_DAYS includes today; the other units leave the running one out."""
    if direction == "LAST":
        end = today + timedelta(1) if unit == "DAY" else _period(unit, today, 0)[0]
        start = today - timedelta(count) if unit == "DAY" else _period(unit, today, -count)[0]
        return start, end
    return _period(unit, today, 1)[0], _period(unit, today, count)[1]


def _period(unit: str, today: date, step: int) -> Range:
    if unit == "DAY":
        day = today + timedelta(step)
        return day, day + timedelta(1)
    if unit == "WEEK":
        sunday = today - timedelta((today.weekday() + 1) % 7) + timedelta(weeks=step)
        return sunday, sunday + timedelta(7)
    months = _MONTHS[unit.removeprefix("FISCAL_")]
    index = (today.year * 12 + today.month - 1) // months + step
    return _month(index * months), _month((index + 1) * months)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def stored_instant(day: date, zone: ZoneInfo) -> str:
    """The beginning of a day in the user's zone, as a DateTime is stored."""
    return stored_datetime(datetime.combine(day, time.min, tzinfo=zone))


def stored_datetime(moment: datetime) -> str:
    """A moment as a DateTime is stored: UTC, with milliseconds."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def local_text(zone: ZoneInfo) -> Callable[[str | None], str | None]:
    """A function from a stored DateTime to the same moment as read on the user's clock."""

    def convert(stored: str | None) -> str | None:
        if stored is None:
            return None
        return datetime.fromisoformat(stored).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    return convert
