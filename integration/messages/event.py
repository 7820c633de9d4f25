"""The event that a mail invites to: its time read with its zone, and the calendar file that goes with the mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from integration.errors import shortened
from integration.model.schedule import is_zone

_TIME = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d", re.ASCII)
_LONGEST = timedelta(days=31)


@dataclass(frozen=True)
class Event:
    """Times are ISO, in UTC; plain strings, as they travel from the child process and in a message."""

    title: str
    start: str
    end: str
    when: str
    """As people at the place read it."""
    place: str = ""
    url: str = ""
    text: str = ""


def read_event(given: Mapping[str, str], mark: re.Pattern[str]) -> tuple[Event | None, list[str]]:
    """The event of a block's attributes, or what is wrong with them."""
    faults = [
        f"{name} must be the same for everybody, as the calendar file is. Take the braces out."
        for name in ("title", "start", "end", "zone", "place", "text")
        if mark.search(given.get(name, ""))
    ]
    zone = given.get("zone", "")
    if not is_zone(zone):
        faults.append(f'"{shortened(zone, 30)}" is no time zone. Write one like Europe/Dublin.')
    if faults:
        return None, faults
    times = [_moment(given.get(name, ""), ZoneInfo(zone)) for name in ("start", "end")]
    for name, moment in zip(("start", "end"), times, strict=True):
        if moment is None:
            shown = shortened(given.get(name, ""), 30)
            faults.append(f'{name} "{shown}" is no time of {zone}. Write it like 2026-05-12 18:00.')
    start, end = times
    if start is None or end is None:
        return None, faults
    if not timedelta(0) < end - start <= _LONGEST:
        return None, ["it must end after its start, and within a month. Correct start or end."]
    event = Event(
        title=given.get("title", ""),
        start=start.astimezone(UTC).isoformat(),
        end=end.astimezone(UTC).isoformat(),
        when=_in_words(start, end, zone),
        place=given.get("place", ""),
        url=given.get("href", ""),
        text=given.get("text", ""),
    )
    return event, []


def calendar(event: Event, *, uid: str, organizer: str, sequence: int, at: datetime, cancelled: bool = False) -> str:
    """The invitation as an .ics file. Its times are in UTC, which every calendar shows in its owner's own zone.

    `cancelled` takes an entry of the same `uid` out of calendars.
    """
    import vobject
    from vobject.icalendar import utc

    made = vobject.iCalendar()
    # The same file for everybody, so nobody is asked for an answer by name.
    made.add("method").value = "CANCEL" if cancelled else "PUBLISH"
    entry = made.add("vevent")
    entry.add("uid").value = uid
    entry.add("sequence").value = str(sequence)
    entry.add("dtstamp").value = at.astimezone(utc)
    entry.add("dtstart").value = datetime.fromisoformat(event.start).astimezone(utc)
    entry.add("dtend").value = datetime.fromisoformat(event.end).astimezone(utc)
    entry.add("summary").value = event.title
    entry.add("organizer").value = f"mailto:{organizer}"
    for name, value in (("location", event.place), ("description", event.text), ("url", event.url)):
        if value:
            entry.add(name).value = value
    if cancelled:
        entry.add("status").value = "CANCELLED"
    return str(made.serialize())


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """None for what is no time, or no time of that zone: clocks skip an hour in spring."""
    if not _TIME.fullmatch(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=zone)
    except ValueError:
        return None
    return (
        moment if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None) else None
    )


def _in_words(start: datetime, end: datetime, zone: str) -> str:
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end.day} {end:%B %Y, %H:%M}"
    return f"{start:%A}, {start.day} {start:%B %Y, %H:%M} to {until} ({zone})"
