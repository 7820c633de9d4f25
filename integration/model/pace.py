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
