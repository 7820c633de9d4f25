"""Ashby's API: every call a POST of JSON, signed in by the key. Failures come as HTTP 200 with `success` false."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from integration.adapters.ats.calls import Calls
from integration.adapters.searches.answers import LONGEST, Found, prose, records, word, words
from integration.adapters.searches.edge import Answer
from integration.errors import Rejected, TryAgain, shortened
from integration.model.pace import Allowance
from integration.ports import InDoubt, StaleCursor

ALLOWANCE = Allowance(per_minute=300, burst=10)
"""Ashby publishes no rate for these calls; it answers 429 with Retry-After."""
PER_PAGE = 100
_UNPAGED = {"source.list"}
"""Lists that come whole and take no limit."""
_STALE = "sync_token_expired"
_MISSING = "_not_found"


class Missing(Exception):
    """Ashby does not know what was asked for."""


class Api:
    """The calls of one key. `ask` may be repeated, `do` is sent once."""

    def __init__(self, calls: Calls, url: str, key: str) -> None:
        self.calls, self._url = calls, url
        pair = base64.b64encode(f"{key}:".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}", "Accept": "application/json; version=1"}

    def ask(self, call: str, **body: Any) -> Found:
        """The answer of a question; raises Missing and StaleCursor."""
        answer = self.calls.ask(
            f"{self._url}/{call}", allowance=ALLOWANCE, kind="api", headers=self._headers, body=body
        )
        return self._succeeded(self.calls.json(answer), call)

    def one(self, call: str, **body: Any) -> Found | None:
        """The record that is asked for; None when Ashby does not know it."""
        try:
            found = self.ask(call, **body).get("results")
        except Missing:
            return None
        if not isinstance(found, dict):
            raise self.calls.unknown_form(f"the answer of {call}")
        return found

    def pages(self, call: str, **body: Any) -> Iterator[tuple[list[Found], str]]:
        """(rows, sync token) of each page; only the last page has a token."""
        limit = {} if call in _UNPAGED else {"limit": PER_PAGE}
        cursor, seen = "", set[str]()
        while True:
            found = self.ask(call, **body, **limit, **({"cursor": cursor} if cursor else {}))
            rows = found.get("results")
            if not isinstance(rows, list):
                raise self.calls.unknown_form(f"the list of {call}")
            has_more, cursor = found.get("moreDataAvailable") is True, prose(found, "nextCursor")
            yield [row for row in rows if isinstance(row, dict)], "" if has_more else prose(found, "syncToken")
            if not has_more:
                return
            if not cursor or cursor in seen:
                raise TryAgain(f"Ashby's pages of {call} lead nowhere", seconds=300)
            seen.add(cursor)

    def do(self, call: str, **body: Any) -> Found:
        """What a change made there; raises Missing, and InDoubt when nobody knows."""
        answer = self.calls.send(
            f"{self._url}/{call}", allowance=ALLOWANCE, kind="api", headers=self._headers, json=body
        )
        found = self._succeeded(_told(self.calls, answer), call).get("results")
        return found if isinstance(found, dict) else {}

    def upload(self, url: str, form: Mapping[str, Any]) -> None:
        """A file to the place that Ashby named, which is not Ashby's own and gets no key."""
        self.calls.send(url, allowance=ALLOWANCE, kind="upload", files=form)

    def _succeeded(self, body: Any, call: str) -> Found:
        if not isinstance(body, dict) or not isinstance(body.get("success"), bool):
            raise self.calls.unknown_form(f"the answer of {call}")
        if body["success"]:
            return body
        code = word(body, "errorInfo", "code") or next(iter(words(body, "errors")), "")
        if code == _STALE:
            raise StaleCursor(code)
        if code.endswith(_MISSING):
            raise Missing(code)
        said = word(body, "errorInfo", "message")
        told = f": “{shortened(said, LONGEST)}”" if said else ""
        raise Rejected(f"Ashby refused {call} ({code or 'without a reason'}){told}.")


def _told(calls: Calls, answer: Answer) -> Any:
    """The body of what was sent; half an answer leaves it in doubt."""
    try:
        return calls.json(answer)
    except TryAgain as half:
        raise InDoubt(str(half)) from None


def candidate_addresses(row: Found) -> tuple[str, ...]:
    """The addresses of a candidate, the first one first."""
    every = [
        word(row, "primaryEmailAddress", "value"),
        *(word(each, "value") for each in records(row, "emailAddresses")),
    ]
    return tuple(dict.fromkeys(one for one in every if one))
