"""Files of the web at addresses that people give: by the rules of `addresses`, and of each site's robots.txt."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from integration.adapters.searches.answers import refusal
from integration.adapters.searches.edge import Edge
from integration.errors import Rejected, shortened
from integration.model.pace import Allowance
from integration.ports import Download

_ALLOWED = Allowance(60, burst=10)
_NAME = "Warmbench"
_MOST_ROBOTS = 512 * 1024
_KEEP_ROBOTS = timedelta(hours=1)
_NOT_FOR_MACHINES = ("linkedin.com", "lnkd.in", "licdn.com")
_UNCHANGED = 304


class CheckedWeb:
    """ports.Web. `directory` is the address of the operator's own directory."""

    def __init__(self, edge: Edge, directory: str = "") -> None:
        self._edge, self._directory = edge, directory
        self._robots: dict[str, tuple[datetime, RobotFileParser]] = {}

    @property
    def directory(self) -> str:
        return self._directory

    @contextmanager
    def read(self, url: str, *, most: int, etag: str = "") -> Iterator[Download | None]:
        headers = {"Accept": "text/csv, application/json, */*;q=0.5"} | ({"If-None-Match": etag} if etag else {})
        with self._edge.read(url, allowance=_ALLOWED, most=most, headers=headers, check=self._check) as (
            answer,
            pieces,
        ):
            if answer.status == _UNCHANGED and etag:
                yield None
                return
            if answer.status in (404, 410):
                raise Rejected(f"There is no file at {shortened(url)}. Correct the address.", field="url", value=url)
            if answer.status >= 300:
                raise refusal(f"The server of {shortened(url)}", answer, key="directory_url")
            yield Download(answer.headers.get("ETag", ""), answer.headers.get("Content-Type", ""), pieces)

    def _check(self, url: str) -> None:
        """Raises Rejected for an address that its owner keeps from machines."""
        host = (urlsplit(url).hostname or "").rstrip(".")
        if any(host == name or host.endswith(f".{name}") for name in _NOT_FOR_MACHINES):
            raise Rejected(
                "Pages of LinkedIn are not read: its terms forbid it. Import the file that LinkedIn exports instead.",
                field="url",
                value=shortened(url),
            )
        if not self._rules_of(url).can_fetch(_NAME, url):
            raise Rejected(
                f"{host} asks programs not to read this address (robots.txt). Ask its owner, or choose another file.",
                field="url",
                value=shortened(url),
            )

    def _rules_of(self, url: str) -> RobotFileParser:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        now = self._edge.clock.now()
        known = self._robots.get(site)
        if known is None or not timedelta(0) <= now - known[0] < _KEEP_ROBOTS:
            known = self._robots[site] = (now, self._read_rules(f"{site}/robots.txt"))
        return known[1]

    def _read_rules(self, url: str) -> RobotFileParser:
        """As RFC 9309 has it: none where there is no file; a server that fails is asked later (TryAgain)."""
        rules = RobotFileParser()
        with self._edge.read(url, allowance=_ALLOWED, most=_MOST_ROBOTS) as (answer, pieces):
            if answer.status in (401, 403):
                rules.disallow_all = True  # type: ignore[attr-defined]
            elif answer.status >= 300:
                rules.allow_all = True  # type: ignore[attr-defined]
            else:
                rules.parse(b"".join(pieces).decode("utf-8", "replace").splitlines())
        rules.modified()
        return rules
