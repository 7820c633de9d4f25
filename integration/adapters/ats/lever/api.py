"""Lever's Data API: signed in by the key alone, lists by offset token, times in milliseconds since 1970."""

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from integration.adapters.ats.calls import Calls
from integration.adapters.searches.answers import Found, number, prose
from integration.errors import TryAgain
from integration.model.pace import Allowance

ALLOWANCE = Allowance(per_minute=480, burst=2)
"""Published: 10 requests a second, by key."""
PER_PAGE = 100
_MISSING = 404

Pairs = Sequence[tuple[str, str]]
"""A query, in which a name may stand several times."""


class Api:
    """The requests of one key."""

    def __init__(self, calls: Calls, url: str, key: str) -> None:
        self.calls, self._url = calls, url
        self._headers = {"Authorization": f"Basic {base64.b64encode(f'{key}:'.encode()).decode()}"}

    def one(self, path: str, query: Pairs = ()) -> Found | None:
        """A record; None when Lever does not know it."""
        answer = self.calls.ask(
            self._at(path, query), allowance=ALLOWANCE, kind="api", headers=self._headers, but=(_MISSING,)
        )
        if answer.status == _MISSING:
            return None
        body = self.calls.json(answer)
        if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
            raise self.calls.unknown_form(f"the answer of {path.split('/')[0]}")
        found: Found = body["data"]
        return found

    def pages(self, path: str, query: Pairs = ()) -> Iterator[list[Found]]:
        """The pages of a list: everything that the query lets through."""
        offset, seen = "", set[str]()
        while True:
            pairs = [*query, ("limit", str(PER_PAGE)), *([("offset", offset)] if offset else [])]
            answer = self.calls.ask(self._at(path, pairs), allowance=ALLOWANCE, kind="api", headers=self._headers)
            body = self.calls.json(answer)
            if not isinstance(body, dict) or not isinstance(body.get("data"), list):
                raise self.calls.unknown_form(f"the list of {path}")
            yield [row for row in body["data"] if isinstance(row, dict)]
            if body.get("hasNext") is not True:
                return
            offset = prose(body, "next")
            if not offset or offset in seen:
                raise TryAgain(f"Lever's pages of {path} lead nowhere", seconds=300)
            seen.add(offset)

    def do(self, path: str, query: Pairs, body: Any) -> Found:
        """What a change made there, sent once."""
        answer = self.calls.send(
            self._at(path, query), allowance=ALLOWANCE, kind="api", headers=self._headers, json=body
        )
        data = self.calls.told(answer, "data")["data"]
        return data if isinstance(data, dict) else {}

    def _at(self, path: str, query: Pairs) -> str:
        return f"{self._url}/{path}" + (f"?{urlencode(query)}" if query else "")


def moment(found: Found, *path: str) -> datetime | None:
    """A time of Lever's; None where there is none."""
    milliseconds = number(found, *path)
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if 0 < milliseconds < 10**14 else None


def milliseconds(at: datetime) -> str:
    return str(round(at.timestamp() * 1000))
