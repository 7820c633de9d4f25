"""Faults on demand: an org that is full, away or slow, or whose rows are locked, to show what clients then do."""

import re
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from integration.local.org.errors import ApiError, RowError

KINDS = ("expired", "limit", "unavailable", "slow", "lost", "lock")

_ANSWERS = {
    "expired": (401, "INVALID_SESSION_ID", "Session expired or invalid"),
    "limit": (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "unavailable": (503, "SERVER_UNAVAILABLE", "The server is currently unavailable."),
    "lost": (502, "BAD_GATEWAY", "The request was carried out but its answer was lost."),
}


@dataclass
class Fault:
    """One kind of trouble, for as many requests (of `lock`: rows) as `times` says."""

    kind: str
    times: int = 1
    path: str = ""
    """A regular expression that the path must contain; empty: every path below /services/data/vNN.0/."""
    seconds: float = 1.0
    """How long `slow` takes."""
    every: int = 1
    """Of `lock`: every so many rows one is locked."""


class Faults:
    """The troubles that are waiting to happen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._rows = 0

    def add(self, asked: dict[str, Any]) -> None:
        """Arms one; raises ApiError when it is not understood."""
        if asked.get("kind") not in KINDS:
            raise ApiError(400, "INVALID_ARGUMENT", f"kind must be one of {', '.join(KINDS)}")
        try:
            fault = Fault(**asked)
            re.compile(fault.path)
        except (TypeError, re.error) as error:
            raise ApiError(400, "INVALID_ARGUMENT", str(error)) from error
        if not all(isinstance(value, int | float) and value > 0 for value in (fault.times, fault.seconds, fault.every)):
            raise ApiError(400, "INVALID_ARGUMENT", "times, seconds and every must be numbers above 0")
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """What is still waiting."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def before(self, path: str) -> ApiError | None:
        """The fault that answers instead of the org, if any; waits where that is the fault."""
        fault = self._take(path, ("expired", "limit", "unavailable", "slow"))
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
            return None
        return ApiError(*_ANSWERS[fault.kind]) if fault else None

    def after(self, path: str) -> ApiError | None:
        """The fault that takes the place of a given answer."""
        return ApiError(*_ANSWERS["lost"]) if self._take(path, ("lost",)) else None

    def row(self) -> RowError | None:
        """Whether the next row finds its record locked."""
        if not self._faults:
            return None
        with self._lock:
            self._rows += 1
            for fault in self._faults:
                if fault.kind == "lock" and self._rows % fault.every == 0:
                    self._use(fault)
                    text = "unable to obtain exclusive access to this record or 1 records"
                    return RowError("UNABLE_TO_LOCK_ROW", text)
        return None

    def _take(self, path: str, kinds: tuple[str, ...]) -> Fault | None:
        if not self._faults:
            return None
        with self._lock:
            for fault in self._faults:
                if fault.kind in kinds and re.search(fault.path, path):
                    self._use(fault)
                    return fault
        return None

    def _use(self, fault: Fault) -> None:
        fault.times -= 1
        if not fault.times:
            self._faults.remove(fault)
