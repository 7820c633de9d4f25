"""Faults on demand: an org that is full, away or slow, whose rows are locked, whose commits and events go astray.

    POST /warmbench/faults {"kind": "partial", "times": 3, "every": 10, "object": "Candidate__c", "code": "…"}

It strikes every `every`-th request, row, job, transaction or event that it fits, `times` times (null: until cleared).
"""

import re
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, fields
from typing import Any

from integration.local.org.catalog import Catalog
from integration.local.org.errors import ApiError, RowError
from integration.local.org.shape import Shape

REQUESTS = ("expired", "limit", "unavailable", "slow")
"""These strike before the request is looked at."""
ANSWERS = ("lost", "dropped")
"""These strike when the work is done and committed."""
ROWS = ("lock", "partial")
EVENTS = ("event_lost", "event_duplicated", "event_reordered")

KINDS: dict[str, dict[str, Any]] = {
    "expired": {},
    "limit": {},
    "unavailable": {},
    "slow": {"seconds": 1.0},
    "lost": {},
    "dropped": {},
    "lock": {"object": ""},
    "partial": {"object": "", "code": "UNABLE_TO_LOCK_ROW"},
    "job_failed": {"object": "", "rows": 0},
    "commit_delayed": {"object": "", "seconds": 60.0},
    "event_lost": {"object": ""},
    "event_duplicated": {"object": ""},
    "event_reordered": {"object": "", "seconds": 2.0},
}
"""Each kind with the fields that it alone takes and what they are when left out; the others every kind takes."""

_ANSWERED = {
    "expired": (401, "INVALID_SESSION_ID", "Session expired or invalid"),
    "limit": (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "unavailable": (503, "SERVER_UNAVAILABLE", "The server is currently unavailable."),
    "lost": (502, "BAD_GATEWAY", "The request was carried out but its answer was lost."),
}
_LOCKED = "unable to obtain exclusive access to this record or 1 records"
_PATH: ContextVar[str] = ContextVar("path", default="")


class ConnectionDropped(Exception):
    """The request was carried out, and its client is to hear nothing at all."""


@dataclass
class Fault:
    """One kind of trouble that is waiting to happen."""

    kind: str
    times: int | None = 1
    every: int = 1
    path: str = ""
    """A regular expression that the path must contain; empty: every path below /services/data/vNN.0/."""
    object: str = ""
    """The object or event that must be concerned; empty: any."""
    seconds: float = 0.0
    """How long `slow` takes, how far back the stamps of a delayed commit lie, how long an event is held back."""
    code: str = ""
    """What rows fail with."""
    rows: int = 0
    """How many rows a job works off before it fails."""
    met: int = 0
    """How many requests, rows, … it has fitted so far."""

    def fits(self, kinds: Sequence[str], object_name: str) -> bool:
        """Whether it concerns what is being done."""
        return self.kind in kinds and self.object in ("", object_name) and re.search(self.path, _PATH.get()) is not None


@contextmanager
def during(path: str) -> Iterator[None]:
    """What happens in the block is done for a request of this path."""
    token = _PATH.set(path)
    try:
        yield
    finally:
        _PATH.reset(token)


class Faults:
    """The troubles that are waiting to happen."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, asked: dict[str, Any]) -> None:
        """Arms one; raises ApiError when it is not understood."""
        fault = understood(asked, self._shape.catalog)
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """What is still waiting."""
        with self._lock:
            return [_shown(fault) for fault in self._faults]

    def before(self, path: str) -> ApiError | None:
        """The fault that answers instead of the org, if any; waits where that is the fault."""
        with during(path):
            fault = self._struck(REQUESTS)
        if fault and fault.kind == "slow":
            time.sleep(fault.seconds)
            return None
        return ApiError(*_ANSWERED[fault.kind]) if fault else None

    def after(self, path: str) -> ApiError | None:
        """The fault that takes the place of a given answer; raises ConnectionDropped where there is to be none."""
        with during(path):
            fault = self._struck(ANSWERS)
        if fault and fault.kind == "dropped":
            raise ConnectionDropped
        return ApiError(*_ANSWERED[fault.kind]) if fault else None

    def row(self, object_name: str) -> RowError | None:
        """Why the next row of this object is to fail."""
        fault = self._struck(ROWS, object_name)
        if fault is None:
            return None
        code = fault.code or "UNABLE_TO_LOCK_ROW"
        return RowError(code, _LOCKED if code == "UNABLE_TO_LOCK_ROW" else "This row fails on demand")

    def job_ends_after(self, object_name: str) -> int | None:
        """After how many rows the job of this object that begins now is to fail."""
        fault = self._struck(("job_failed",), object_name)
        return fault.rows if fault else None

    def commit_delay(self, object_name: str) -> float:
        """How many seconds ago the transaction that writes this object shall have stamped its rows."""
        fault = self._struck(("commit_delayed",), object_name)
        return fault.seconds if fault else 0.0

    def event(self, event_name: str) -> Fault | None:
        """What is to become of the event that is published now."""
        return self._struck(EVENTS, event_name)

    def _struck(self, kinds: Sequence[str], object_name: str = "") -> Fault | None:
        """The fault that strikes here; one line about it on standard error, without data."""
        if not self._faults:
            return None
        with self._lock:
            fault = next((each for each in self._faults if each.fits(kinds, object_name) and _is_due(each)), None)
            if fault is None:
                return None
            if fault.times is not None:
                fault.times -= 1
                if not fault.times:
                    self._faults.remove(fault)
        place = " ".join(filter(None, (object_name, _PATH.get())))
        print(f"warmbench org: fault {fault.kind} strikes: {place}", file=sys.stderr)
        return fault


def _is_due(fault: Fault) -> bool:
    fault.met += 1
    return fault.met % fault.every == 0


def _shown(fault: Fault) -> dict[str, Any]:
    own = {"kind", "times", "every", "path", *KINDS[fault.kind]}
    return {name: value for name, value in asdict(fault).items() if name in own}


def understood(asked: dict[str, Any], catalog: Catalog) -> Fault:
    """The fault that a request describes. Raises ApiError naming what is wrong."""
    kind = asked.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _wrong(f"kind must be one of {', '.join(KINDS)}")
    known = {"kind", "times", "every", "path", *KINDS[kind]}
    unknown = sorted(asked.keys() - known)
    if unknown:
        raise _wrong(f"{kind} does not take {', '.join(unknown)}; it takes {', '.join(sorted(known))}")
    fault = Fault(**{**KINDS[kind], **asked})
    for each in fields(Fault):
        if each.name in asked and not _makes_sense(each.name, asked[each.name]):
            raise _wrong(f"{each.name} must be {_DEMANDS[each.name]}")
    if fault.object:
        info = catalog.object(fault.object)
        if info is None:
            raise _wrong(f"object {fault.object} is not in this org")
        fault.object = info.name
    return fault


_DEMANDS = {
    "kind": "a text",
    "times": "a whole number above 0, or null for as long as it is not cleared",
    "every": "a whole number above 0",
    "path": "a regular expression",
    "object": "the API name of an object or event",
    "seconds": "a number above 0",
    "code": "an error code such as FIELD_INTEGRITY_EXCEPTION",
    "rows": "a whole number, 0 or more",
}


def _makes_sense(name: str, value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if name == "seconds":
        return is_number and 0 < value < 1e9
    if name in ("times", "every", "rows"):
        return (name == "times" and value is None) or (
            is_number and isinstance(value, int) and value >= (name != "rows")
        )
    if not isinstance(value, str):
        return False
    return bool(re.fullmatch(r"[A-Z][A-Z0-9_]*", value)) if name == "code" else name != "path" or _compiles(value)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _wrong(text: str) -> ApiError:
    return ApiError(400, "INVALID_ARGUMENT", text)
