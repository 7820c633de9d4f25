"""How many API calls were made, by kind: for `Sforce-Limit-Info`, /limits and the benches."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

DAILY = 15_000

_KINDS = (
    ("composite", re.compile(r"/composite/?$")),
    ("collections", re.compile(r"/composite/sobjects")),
    ("bulk", re.compile(r"/jobs/")),
    ("query", re.compile(r"/query")),
    ("describe", re.compile(r"/describe")),
    ("record", re.compile(r"/sobjects/")),
)


class Usage:
    """Every request from outside is one call, a composite one too. The day's allowance follows the org's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self._day: date | None = None
        self._today = 0
        self.maximum = DAILY

    def count(self, method: str, path: str) -> None:
        """Notes one call."""
        kind = next((name for name, pattern in _KINDS if pattern.search(path)), "other")
        with self._lock:
            self._calls[f"{kind} {method}"] += 1
            self._begin_day()
            self._today += 1

    def _begin_day(self) -> None:
        day = self._now().date()
        if day != self._day:
            self._day, self._today = day, 0

    def today(self) -> int:
        """The calls of the org's present day."""
        with self._lock:
            self._begin_day()
            return self._today

    def total(self) -> int:
        """The calls since the start or the last reset."""
        with self._lock:
            return sum(self._calls.values())

    def by_kind(self) -> dict[str, int]:
        """The same by kind and method."""
        with self._lock:
            return dict(sorted(self._calls.items()))

    def reset(self) -> None:
        """Begins to count anew; the day's allowance stays used."""
        with self._lock:
            self._calls.clear()

    def header(self) -> str:
        """`Sforce-Limit-Info`."""
        return f"api-usage={self.today()}/{self.maximum}"
