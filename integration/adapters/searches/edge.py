"""The one way out to the sources of a search: turns kept, sizes and times limited, faults in our words.

No redirect is followed but in `read`, where each next address is checked like the first. The text of a fault of the
HTTP library never travels further: it holds the address, and with it keys and queries.
"""

import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from integration.adapters.searches.addresses import Origin, checked_url, session
from integration.adapters.searches.turns import PATIENCE, Turns, Unasked
from integration.errors import Rejected, TryAgain, shortened
from integration.model.pace import Allowance
from integration.ports import Clock

TIMEOUT = (5, 20)  # seconds to connect, and between two pieces
WHOLE_SECONDS = 60.0
"""A source that drips its answer is left after this."""
MOST_BYTES = 16 * 1024 * 1024
MOST_REDIRECTS = 3
_PIECE = 64 * 1024
_ATTEMPTS = 3
_LONGEST_PAUSE = 12 * 3600.0
_UNSAID_PAUSE = 30.0
_BUSY = {408, 425, 429}
_FAULTS = (requests.RequestException, HTTPError, OSError)


@dataclass(frozen=True)
class Answer:
    """What a source said; `body` is empty while it is still to be read."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        """The body; raises ValueError."""
        return json.loads(self.body)

    def number(self, header: str) -> float | None:
        """A header's number, where it has one."""
        try:
            return float(self.headers.get(header, ""))
        except ValueError:
            return None


class Unanswered(TryAgain):
    """A request went out, or may have, and no answer came: nobody knows what became of it."""


Pause = Callable[[Answer], float | None]
"""Seconds that an answer asks us to wait, None when it is no throttle."""


class Edge:
    """Requests to one source. `pause` tells its throttles where 429 and 5xx do not say it all."""

    def __init__(
        self,
        source: str,
        turns: Turns,
        clock: Clock,
        *,
        agent: str,
        trusted: Collection[Origin] = (),
        pause: Pause = lambda answer: None,
    ) -> None:
        self.source, self.turns, self.clock, self.agent = source, turns, clock, agent
        self._session = session(trusted, agent)
        self._pause = pause

    def ask(
        self,
        url: str,
        *,
        allowance: Allowance,
        kind: str = "search",
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """The answer of an API, its throttles waited out when they are short; raises TryAgain when they are not."""
        for attempt in range(1, _ATTEMPTS + 1):
            self.turns.take(kind, allowance)
            answer = self._once("GET" if body is None else "POST", url, params=params, headers=headers, json=body)
            wait = self._pause_of(answer)
            if wait is None:
                return answer
            self.turns.back_off(kind, wait)
            if wait > PATIENCE or attempt == _ATTEMPTS:
                fault = Unasked if answer.status == 429 else TryAgain
                raise fault(f"{self.source} is busy (HTTP {answer.status})", seconds=max(1, round(wait)))
        raise AssertionError("unreachable")

    def send(
        self,
        url: str,
        *,
        allowance: Allowance,
        kind: str = "send",
        method: str = "POST",
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> Answer:
        """One attempt of what must not be done twice; `body` is `json`, `data` or `files`.

        Raises Unasked when it was refused for pace, Unanswered when no answer came; a fault of the source is an answer.
        """
        self.turns.take(kind, allowance)
        answer = self._once(method, url, headers=headers, **body)
        if answer.status == 429:
            wait = self._pause_of(answer) or _UNSAID_PAUSE
            self.turns.back_off(kind, wait)
            raise Unasked(f"{self.source} is busy (HTTP 429)", seconds=max(1, round(wait)))
        return answer

    @contextmanager
    def read(
        self,
        url: str,
        *,
        allowance: Allowance,
        most: int,
        headers: Mapping[str, str] | None = None,
        check: Callable[[str], None] = lambda url: None,
    ) -> Iterator[tuple[Answer, Iterator[bytes]]]:
        """A file at an address that a person gave: (answer without body, its pieces), redirects followed.

        `check` is asked before each address.
        """
        self.turns.take("read", allowance)
        first = here = checked_url(url)
        for _ in range(MOST_REDIRECTS + 1):
            check(here)
            # What identifies us to the first host is nobody else's business.
            own = headers if urlsplit(here)[:2] == urlsplit(first)[:2] else None
            with self._open("GET", here, headers=own) as response:
                onward = response.headers.get("Location", "") if response.is_redirect else ""
                if not onward:
                    answer = _without_body(response)
                    wait = self._pause_of(answer)
                    if wait is not None:
                        raise TryAgain(f"{self.source} is busy (HTTP {answer.status})", seconds=max(1, round(wait)))
                    yield answer, self._pieces(response, most)
                    return
            here = _next_address(here, onward)
        raise Rejected(f"{shortened(url)} leads from one address to the next without end.", field="url")

    def _once(self, method: str, url: str, **options: Any) -> Answer:
        with self._open(method, url, **options) as response:
            body = b"".join(self._pieces(response, MOST_BYTES))
            return Answer(response.status_code, CaseInsensitiveDict(response.headers), body)

    @contextmanager
    def _open(self, method: str, url: str, **options: Any) -> Iterator[requests.Response]:
        try:
            response = self._session.request(
                method, url, stream=True, allow_redirects=False, timeout=TIMEOUT, **options
            )
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError):
            raise Rejected(f"{shortened(url)} is no web address.", field="url", value=shortened(url)) from None
        except _FAULTS as fault:
            raise self._lost(fault) from None
        self._session.cookies.clear()
        try:
            yield response
        finally:
            response.close()

    def _pieces(self, response: requests.Response, most: int) -> Iterator[bytes]:
        taken, started = 0, time.monotonic()
        try:
            for piece in response.iter_content(_PIECE):
                taken += len(piece)
                if taken > most:
                    raise Rejected(
                        f"{self.source} sent more than {most // 1024 // 1024} MB, the most that is read at once. "
                        "Narrow the search or give a smaller file."
                    )
                if time.monotonic() - started > WHOLE_SECONDS:
                    raise TryAgain(f"{self.source} did not finish its answer in {WHOLE_SECONDS:.0f} seconds")
                yield piece
        except _FAULTS as fault:
            raise self._lost(fault) from None

    def _pause_of(self, answer: Answer) -> float | None:
        own = self._pause(answer)
        if own is None and answer.status not in _BUSY and answer.status < 500:
            return None
        said = self._retry_after(answer)
        wait = max(each for each in (own, said, 0.0) if each is not None)
        return min(wait or _UNSAID_PAUSE, _LONGEST_PAUSE)

    def _retry_after(self, answer: Answer) -> float | None:
        """Seconds or a date, as RFC 9110 allows."""
        seconds = answer.number("Retry-After")
        if seconds is not None:
            return seconds if 0 <= seconds < float("inf") else None
        try:
            at = parsedate_to_datetime(answer.headers.get("Retry-After", ""))
        except ValueError:
            return None
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - self.clock.now()).total_seconds())

    def _lost(self, fault: Exception) -> Unanswered:
        return Unanswered(f"{self.source} did not answer ({type(fault).__name__})", seconds=60)


def _without_body(response: requests.Response) -> Answer:
    return Answer(response.status_code, CaseInsensitiveDict(response.headers))


def _next_address(here: str, onward: str) -> str:
    there = checked_url(urljoin(here, onward))
    if urlsplit(here).scheme == "https" and urlsplit(there).scheme != "https":
        raise Rejected(f"{shortened(here)} leads to an address that is not encrypted.", field="url")
    return there
