"""Harvest v3: OAuth by client credentials, pages by cursor. A call with a cursor carries nothing else."""

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from integration.adapters.ats.calls import Calls
from integration.adapters.searches.answers import Found, number, word
from integration.adapters.searches.edge import Answer
from integration.errors import Rejected, TryAgain
from integration.model.pace import Allowance
from integration.ports import Clock

ALLOWANCE = Allowance(per_minute=90, burst=10)
"""Published: 50 requests in a window of 30 seconds."""
PER_PAGE = 500
MOST_IDS = 50
"""Of a filter such as `ids`."""
EARLY = timedelta(seconds=60)
"""A token is renewed so long before it ends, so that none ends on its way."""
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


class Harvest:
    """Lists of Harvest. The token lives as long as the object, and is renewed when it ends or is refused."""

    def __init__(self, calls: Calls, clock: Clock, *, url: str, token_url: str, client: tuple[str, str]) -> None:
        self.calls, self._clock = calls, clock
        self._url, self._token_url, self._client = url, token_url, client
        self._token, self._ends = "", clock.now()

    def rows(self, path: str, **filters: str) -> Iterator[list[Found]]:
        """The pages of a list: everything that the filters let through."""
        params, seen = {"per_page": str(PER_PAGE), **filters}, set[str]()
        while True:
            answer = self._get(path, params)
            rows = self.calls.json(answer)
            if not isinstance(rows, list):
                raise self.calls.unknown_form(f"the list of {path}")
            yield [row for row in rows if isinstance(row, dict)]
            cursor = _next_cursor(answer)
            if not cursor:
                return
            if cursor in seen:
                raise TryAgain(f"Greenhouse's pages of {path} lead in a circle", seconds=300)
            seen.add(cursor)
            params = {"cursor": cursor}

    def _get(self, path: str, params: Mapping[str, str]) -> Answer:
        for attempt in (1, 2):
            headers = {"Authorization": f"Bearer {self._bearer(renew=attempt > 1)}", "Accept": "application/json"}
            answer = self.calls.ask(
                f"{self._url}/{path}",
                allowance=ALLOWANCE,
                kind="harvest",
                params=params,
                headers=headers,
                but=(401,) if attempt == 1 else (),
            )
            if answer.status != 401:
                return answer
        raise AssertionError("unreachable")

    def _bearer(self, *, renew: bool) -> str:
        now = self._clock.now()
        if not self._token or renew or now >= self._ends:
            pair = base64.b64encode(":".join(self._client).encode()).decode()
            answer = self.calls.token(
                self._token_url,
                allowance=ALLOWANCE,
                headers={"Authorization": f"Basic {pair}"},
                data={"grant_type": "client_credentials"},
            )
            body = self.calls.json(answer)
            self._token = word(body, "access_token") if isinstance(body, dict) else ""
            if not self._token:
                raise Rejected("Greenhouse gave no access token. Ask your operator to check the Harvest credentials.")
            self._ends = now + timedelta(seconds=number(body, "expires_in") or 3600) - EARLY
        return self._token


def _next_cursor(answer: Answer) -> str:
    link = _NEXT.search(answer.headers.get("Link", ""))
    return parse_qs(urlsplit(link[1]).query).get("cursor", [""])[0] if link else ""
