"""When an event is, in words of its language and its own time zone."""

from datetime import datetime, tzinfo

from integration.model.wording import said


def in_words(starts: datetime, ends: datetime, zone: tzinfo, language: str) -> str:
    """`4 May 2026, 18:00 – 20:00 (Europe/Dublin)`."""
    first, last = starts.astimezone(zone), ends.astimezone(zone)
    until = f"{last:%H:%M}" if last.date() == first.date() else f"{_day(last, language)}, {last:%H:%M}"
    return f"{_day(first, language)}, {first:%H:%M} – {until} ({zone})"


def _day(at: datetime, language: str) -> str:
    months = said("January February March April May June July August September October November December", language)
    return said("{day} {month} {year}", language, day=at.day, month=months.split()[at.month - 1], year=at.year)
