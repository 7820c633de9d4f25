"""A directory in a file of the web, CSV or JSON: read whole, kept with its ETag, filtered here.

The last copy stays in the data bucket for two days; a server that says “unchanged” is not read again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from integration.errors import Rejected, shortened
from integration.model.countries import COUNTRIES
from integration.model.vocabulary import SearchSource
from integration.ports import Hit, Translation
from integration.prospecting.query import document, parse
from integration.prospecting.sources.people_files import people_in

if TYPE_CHECKING:
    from integration.app import App

MOST_BYTES = 64 * 1024 * 1024
MOST_PEOPLE = 100_000
_KEPT = "sources/directories"
_LONGEST = 20_000


class DirectorySource:
    """ports.ProspectSource."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.notes: list[str] = []

    def search(self, translation: Translation, *, limit: int) -> Iterator[Hit]:
        url = translation.parameters.get("url") or self._app.web.directory
        if not url:
            raise Rejected(
                "No directory is set up. Enter the address of a file in Directory address, ask the operator to put "
                "directory_url into the service's secret for searches, or leave this source out.",
                field="source",
            )
        place = self._current(url)
        now = self._app.clock.now().isoformat()
        people = islice(people_in(lambda: self._app.data.stream(place), url), MOST_PEOPLE)
        # Two directories can both have somebody numbered 17.
        scope = "" if url == self._app.web.directory else f"{hashlib.sha256(url.encode()).hexdigest()[:8]}#"
        hits = (hit_of(person, number, url, now, scope) for number, person in enumerate(people, start=1))
        wanted = parse(translation.query) if translation.query else None
        yield from islice((hit for hit in hits if wanted is None or wanted.matches(document(hit))), limit)

    def _current(self, url: str) -> str:
        """The key of a copy that is as new as the file."""
        key = f"{_KEPT}/{hashlib.sha256(url.encode()).hexdigest()}"
        # The file and its note expire each for itself: a note alone is worth nothing.
        known = self._app.data.read(f"{key}.json") if key in self._app.data.keys(key) else None
        etag = json.loads(known)["etag"] if known else ""
        with self._app.web.read(url, most=MOST_BYTES, etag=etag) as download:
            if download is not None:
                self._app.data.write_stream(key, download.pieces, content_type="application/octet-stream")
                kept = json.dumps({"etag": download.etag}).encode()
                self._app.data.write(f"{key}.json", kept, content_type="application/json")
        return key


def hit_of(person: Mapping[str, Any], number: int, url: str, seen_at: str, scope: str = "") -> Hit:
    """One row. Its id is its own, else its address, else its place in the file."""

    def one(name: str) -> str:
        return next(iter(many(name)), "")

    def many(name: str) -> tuple[str, ...]:
        values: Iterable[str] = person.get(name, ())
        return tuple(dict.fromkeys(value.strip()[:_LONGEST] for value in values if value.strip()))

    emails = tuple(each for each in many("email") if "@" in each)
    profiles = tuple(each if "://" in each else f"https://{each}" for each in many("profile") if "." in each)
    first, last = one("first_name"), one("last_name")
    country = one("country")
    numbered = f"{scope}{one('id')}" if one("id") else ""
    identity = numbered or next(chain(emails, profiles), "") or f"{shortened(url, 120)}#{number}"
    return Hit(
        source=SearchSource.DIRECTORY,
        source_id=identity[:250],
        url=next(iter(profiles), ""),
        full_name=one("full_name") or f"{first} {last}".strip(),
        first=first,
        last=last,
        title=one("title"),
        employer=one("employer"),
        location=one("location") or ", ".join(part for part in (one("city"), one("region")) if part),
        country=country.upper() if len(country) == 2 else COUNTRIES.get(country.casefold(), ""),
        emails=emails,
        phones=many("phone"),
        profiles=profiles,
        skills=many("skills"),
        text="\n".join(many("text")),
        seen_at=seen_at,
    )
