"""One request to a place that is told of jobs, its faults in our words; no address, key or body travels further."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from integration.adapters.searches.addresses import session
from integration.errors import Rejected, TryAgain, Unsure

TIMEOUT = (5, 20)
MOST_BYTES = 256 * 1024
_LONGEST_PAUSE = 3_600


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, or an empty object when it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}


def post(place: str, url: str, *, headers: Mapping[str, str] | None = None, **body: Any) -> Reply:
    """One attempt. Raises TryAgain when the place is busy, Unsure when it may have heard, Rejected when it refuses."""
    made = session((), "Warmbench")
    try:
        with made.post(
            url, headers=dict(headers or {}), timeout=TIMEOUT, allow_redirects=False, stream=True, **body
        ) as answer:
            data = next(answer.iter_content(MOST_BYTES), b"")
            reply = Reply(answer.status_code, answer.headers, data)
    except requests.RequestException as fault:
        failure = TryAgain if _never_arrived(fault) else Unsure
        raise failure(f"{place} did not answer ({type(fault).__name__})", seconds=60) from None
    if reply.status in (429, 503):
        raise TryAgain(f"{place} is busy (HTTP {reply.status})", seconds=_pause(reply))
    if reply.status >= 500:
        raise Unsure(f"{place} failed (HTTP {reply.status})", seconds=_pause(reply))
    if reply.status in (401, 403):
        raise Rejected(f"{place} does not accept our key (HTTP {reply.status}). Ask your operator to renew it.")
    if reply.status >= 300:
        raise Rejected(f"{place} refused this (HTTP {reply.status}).")
    return reply


def _never_arrived(fault: requests.RequestException) -> bool:
    """Whether there was no connection at all, so that nothing can have been done."""
    cause = fault.args[0] if fault.args else None
    refused = isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
    return refused or isinstance(fault, requests.ConnectTimeout)


def _pause(reply: Reply) -> int:
    said = str(reply.headers.get("Retry-After", ""))
    return min(int(said), _LONGEST_PAUSE) if said.isdigit() else 60
