"""When a mail may go: slots in a row, so that a rate holds however many workers send."""

from dataclasses import dataclass

WAIT_HERE = 2.0
"""Seconds a worker waits for its slot itself; a later slot is kept and the chunk put back in the queue."""
LATE = 1.0
"""Seconds after which a reserved slot is lost: sending on it would crowd the next one."""
FURTHEST = 840.0
"""Seconds ahead that may be reserved: the queue delays a message by at most 900."""


@dataclass(frozen=True)
class Slots:
    """Leave to send `count` mails from `start` on, one every `gap` seconds; times are seconds since 1970."""

    start: float
    gap: float
    count: int

    def at(self, number: int) -> float:
        """When the mail of this number may go."""
        return self.start + number * self.gap

    @property
    def end(self) -> float:
        """When the next worker's first mail may go."""
        return self.at(self.count)


def reserve(free_from: float, now: float, count: int, rate: float) -> Slots | None:
    """The next slots at `rate` mails a second; None when they are too far ahead to keep."""
    start = max(free_from, now)
    return None if start - now > FURTHEST else Slots(start, 1 / rate, count)


def is_lost(slot: float, now: float) -> bool:
    """Whether a worker came too late for its slot."""
    return now - slot > LATE


@dataclass(frozen=True)
class Allowance:
    """Requests that a source allows: `burst` at once, then `per_minute`. Over one of the source's windows that makes
    burst + per_minute × minutes at most, which is what must not pass its limit."""

    per_minute: float
    burst: int = 1

    def next(self, used_until: float, now: float, factor: float = 1.0) -> tuple[float, float]:
        """(when the next request may go, what is used then); `used_until` grows by one gap for each request."""
        gap = 60 / (self.per_minute * factor)
        used_until = max(used_until, now)
        return max(now, used_until - gap * (self.burst - 1)), used_until + gap


WARM_UP_START, WARM_UP_GROWTH = 50, 1.3
_PROVIDERS = {
    "gmail": ("gmail.com", "googlemail.com"),
    "outlook": ("outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "hotmail.de", "hotmail.fr"),
    "yahoo": ("yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "ymail.com", "rocketmail.com", "aol.com"),
    "icloud": ("icloud.com", "me.com", "mac.com"),
    "gmx": ("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "mail.com"),
}
_BY_DOMAIN = {domain: provider for provider, domains in _PROVIDERS.items() for domain in domains}


def provider_of(address: str) -> str:
    """Who judges a sender by mail to this address: the large provider, else the domain for itself."""
    domain = address.rpartition("@")[2].lower()
    return _BY_DOMAIN.get(domain, domain)


def warm_up(day: int) -> int:
    """Mails that a new sender may send to one provider on its so manieth day, from 0: 50, and 30 % more each day."""
    # Beyond two months the plan is larger than any limit; the power must not become one, either.
    return int(WARM_UP_START * WARM_UP_GROWTH ** min(day, 60)) if day >= 0 else 0
