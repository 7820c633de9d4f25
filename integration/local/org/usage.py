"""How many API calls were made, by kind: for `Sforce-Limit-Info`, /limits and the benches."""

import re
import threading
from collections import Counter

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
    """Counts since the start; every request from outside is one call, a composite one too."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[str] = Counter()
        self.maximum = DAILY

    def count(self, method: str, path: str) -> None:
        """Notes one call."""
        kind = next((name for name, pattern in _KINDS if pattern.search(path)), "other")
        with self._lock:
            self._calls[f"{kind} {method}"] += 1

    def total(self) -> int:
        with self._lock:
            return sum(self._calls.values())

    def by_kind(self) -> dict[str, int]:
        with self._lock:
            return dict(sorted(self._calls.items()))

    def reset(self) -> None:
        with self._lock:
            self._calls.clear()

    def header(self) -> str:
        return f"api-usage={self.total()}/{self.maximum}"
