"""When a step is due for one person: whole days after joining, inside the campaign's hours, in the person's zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FALLBACK_ZONE = "Europe/Dublin"
"""Of people whose zone is not known, when the campaign names none."""
LEAST_GAP = timedelta(days=1)
"""Between two steps to one person when the first went out late, unless the plan itself has them closer."""


@dataclass(frozen=True)
class Window:
    """The hours in which mail may go, in local time; equal ends mean the whole day."""

    start: time = time(0)
    end: time = time(0)

    @property
    def is_always(self) -> bool:
        return self.start == self.end

    def contains(self, local: time) -> bool:
        """A window may run past midnight (22:00 to 02:00)."""
        if self.is_always:
            return True
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def crosses_midnight(self) -> bool:
        return self.end < self.start


ALWAYS = Window()


def is_zone(name: str) -> bool:
    """Whether a name is in the time zone database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def zone_of(*names: str | None) -> tzinfo:
    """The first name that is a time zone."""
    for name in (*names, FALLBACK_ZONE):
        if name and is_zone(name):
            return ZoneInfo(name)
    return UTC


def next_open(at: datetime, window: Window, zone: tzinfo) -> datetime:
    """The first moment from `at` on that lies in the window; in UTC."""
    local = at.astimezone(zone)
    if window.contains(local.time()):
        return at.astimezone(UTC)
    day = local.date() if local.time() < window.start else local.date() + timedelta(days=1)
    return _exact(datetime.combine(day, window.start, tzinfo=zone))


def due_at(joined: datetime, delay_days: int, window: Window, zone: tzinfo) -> datetime:
    """When a step is due: the same local time `delay_days` later, moved into the window; in UTC."""
    local = joined.astimezone(zone)
    later = datetime.combine(local.date() + timedelta(days=delay_days), local.time(), tzinfo=zone)
    return next_open(_exact(later), window, zone)


def minute_of(at: datetime) -> str:
    """The minute in which a moment is looked at: rounded up, so that nothing is done early."""
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    return (whole if whole == at else whole + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%MZ")


def this_minute(at: datetime) -> str:
    """The minute that a moment lies in."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def clock_time(text: str | None) -> time:
    """A Salesforce Time (`09:00:00.000Z`), which has no zone whatever its Z says."""
    return time.fromisoformat(text.removesuffix("Z")) if text else time(0)


def _exact(local: datetime) -> datetime:
    """In UTC; a local time that the change to summer time skips becomes the same distance after the gap."""
    return local.astimezone(UTC)
