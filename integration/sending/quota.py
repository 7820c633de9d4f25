"""How many mails of a sender may still go today: to each mail provider while it warms up, and in all.

One counter a day, taken by condition: many workers never take more than there is, and a mail that did not go gives its
place back. A day is a day in UTC, the same for all workers.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from integration.errors import TryAgain
from integration.model.pace import provider_of, warm_up
from integration.sending.control import Control

if TYPE_CHECKING:
    from integration.app import App

ALL = "*"
_ATTEMPTS = 25
Place = tuple[str, str, int]
"""Partition, sort key and the most of one counter."""


def places(control: Control, address: str, now: datetime) -> list[Place]:
    """The counters that a mail counts on; none for a sender without limits."""
    pk, found = f"day#{control.sender}#{now.astimezone(UTC).date().isoformat()}", []
    if control.warm_up_from:
        days = (now.astimezone(UTC).date() - date.fromisoformat(control.warm_up_from[:10])).days
        found.append((pk, provider_of(address), warm_up(days)))
    if control.daily_limit:
        found.append((pk, ALL, control.daily_limit))
    return found


def full(app: "App", control: Control, address: str, now: datetime) -> tuple[datetime | None, str]:
    """(until when nothing more goes, why) as far as the counters say now."""
    for pk, sk, most in places(control, address, now):
        if _used(app, pk, sk) >= most:
            return tomorrow(now), _words(sk, most)
    return None, ""


def take(app: "App", control: Control, address: str, now: datetime) -> bool:
    """One place on every counter, or none on any."""
    taken: list[Place] = []
    for place in places(control, address, now):
        if not _add(app, place, 1):
            for other in taken:
                _add(app, other, -1)
            return False
        taken.append(place)
    return True


def give_back(app: "App", control: Control, address: str, now: datetime) -> None:
    """A mail that did not go takes no place of the day it was meant for."""
    for place in places(control, address, now):
        _add(app, place, -1)


def tomorrow(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def _add(app: "App", place: Place, number: int) -> bool:
    pk, sk, most = place
    for _ in range(_ATTEMPTS):
        used = _used(app, pk, sk)
        if used + number > most or used + number < 0:
            return False
        if app.pace.update(pk, sk, {"used": used + number}, only_if={"used": {used, None} if used == 0 else used}):
            return True
    raise TryAgain("the mails of this sender today are contended", seconds=5)


def _used(app: "App", pk: str, sk: str) -> int:
    return int((app.pace.get(pk, sk) or {}).get("used", 0))


def _words(sk: str, most: int) -> str:
    return f"the sender's {most:,} mails of today{'' if sk == ALL else f' to {sk}'} have gone"
