"""Reads the published files, kept in the process for a few seconds. Salesforce is never asked."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from integration import log
from integration.errors import TryAgain
from integration.model import snapshot
from integration.model.page import Look
from integration.ports import Files

Snapshot = dict[str, Any]

_MOST = 500
_PLAIN_BRAND: Snapshot = {
    "name": "Careers",
    "logo": "",
    "privacy_url": "",
    "postal_address": "",
    "look": Look().__dict__,
}


@dataclass
class Snapshots:
    """A small cache before one bucket. When the bucket fails, what was read before is shown."""

    files: Files
    seconds: float
    _kept: dict[str, tuple[float, bytes | None]] = field(default_factory=dict)

    def read(self, key: str) -> bytes | None:
        """None when there is no such file. Raises TryAgain."""
        now = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and now - kept[0] < self.seconds:
            return kept[1]
        try:
            data = self.files.read(key)
        except TryAgain:
            if kept is None:
                raise
            log.event("snapshot.stale", key=key)
            return kept[1]
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (now, data)
        return data

    def json(self, key: str) -> Snapshot | None:
        data = self.read(key)
        return None if data is None else json.loads(data)

    def job(self, reference: str) -> Snapshot | None:
        """The page of a posting, open or closed."""
        return self.json(snapshot.job(reference)) if snapshot.REFERENCE.fullmatch(reference) else None

    def link(self, reference: str) -> Snapshot | None:
        """What a short link stands for: a posting's page, or {"tracked", "title"} of a channel or campaign."""
        if (found := self.job(reference)) is not None or not snapshot.REFERENCE.fullmatch(reference):
            return found
        return self.json(snapshot.short(reference))

    def page(self, slug: str) -> Snapshot | None:
        """The live version of a landing page."""
        if not snapshot.SLUG.fullmatch(slug):
            return None
        pointer = self.json(snapshot.page(slug))
        if pointer is None or not pointer.get("version"):
            return None
        return self.json(snapshot.page_version(slug, int(pointer["version"])))

    def languages(self, slug: str) -> Snapshot:
        """A page's live translations: {"original": slug, "pages": {language: slug}}."""
        return self.json(snapshot.languages(slug)) or {"original": slug, "pages": {}}

    def moved_to(self, slug: str) -> str:
        """The new slug of a page that was renamed, or empty."""
        pointer = self.json(snapshot.page(slug)) if snapshot.SLUG.fullmatch(slug) else None
        return str((pointer or {}).get("moved_to", ""))

    def event(self, slug: str) -> Snapshot | None:
        """The live version of an event's page."""
        pointer = self.json(snapshot.event(slug)) if snapshot.SLUG.fullmatch(slug) else None
        return self.json(snapshot.event_version(slug, pointer["version"])) if pointer and pointer["version"] else None

    def event_moved_to(self, slug: str) -> str:
        pointer = self.json(snapshot.event(slug)) if snapshot.SLUG.fullmatch(slug) else None
        return str((pointer or {}).get("moved_to", ""))

    def is_full(self, slug: str) -> bool:
        """Whether the next one waits; up to a minute old."""
        return bool((self.json(snapshot.seats(slug)) or {}).get("full"))

    def listing(self) -> Snapshot:
        """Open jobs, newest first, and live pages."""
        return self.json(snapshot.LISTING) or {"jobs": [], "pages": [], "count": 0}

    def brand(self) -> Snapshot:
        """The look of pages that belong to no landing page."""
        brand: Snapshot = self.listing().get("brand") or _PLAIN_BRAND
        return brand

    def similar(self, job: Snapshot, most: int = 6) -> list[Snapshot]:
        """Open jobs like one that closed: itself at another posting, then its department, then its company or place."""

        def distance(other: Snapshot) -> int:
            if other["requisition"] == job["requisition"]:
                return 0
            same = [name for name in ("department", "company") if job.get(name) and other.get(name) == job[name]]
            near = bool(set(other["places"]) & set(job["places"]))
            return 4 - 2 * ("department" in same) - ("company" in same or near)

        others = [other for other in self.listing()["jobs"] if other["reference"] != job["reference"]]
        return sorted(others, key=distance)[:most]
