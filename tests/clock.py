"""A clock that stands still until a test moves it."""

import time
from datetime import UTC, datetime, timedelta


class FrozenClock:
    def __init__(self, at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def move(self, **by: float) -> None:
        """`move(days=3, minutes=1)`."""
        self.at += timedelta(**by)
