"""How many notices a connection has had: each counted once, however many workers count at the same time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.errors import TryAgain
from integration.ports import Item, Record, Value
from integration.records import ATSConnection

if TYPE_CHECKING:
    from integration.app import App

ATTEMPTS = 50
REMEMBERED = 500
"""Causes counted last: a worker that died after it counted is followed by one that finds its cause among them."""


@dataclass(frozen=True)
class Counts:
    received: int
    applied: int

    def values(self) -> dict[str, Value]:
        return {ATSConnection.RECEIVED: self.received, ATSConnection.APPLIED_COUNT: self.applied}


def count(app: App, row: Record, cause: str, *, received: bool = False, applied: bool = False) -> Counts:
    """Key: connection, cause and what is counted. `row` is the connection; its numbers are where counting begins."""
    place = _place(str(row[ATSConnection.KEY]))
    mark = hashlib.sha256(f"{cause}|{received}|{applied}".encode()).hexdigest()[:12]
    for _ in range(ATTEMPTS):
        item = app.claims.get(*place)
        now = _standing(row, item)
        seen = list((item or {}).get("recent", ()))
        if mark in seen:
            return now
        new = Counts(now.received + received, now.applied + applied)
        values = {"received": new.received, "applied": new.applied, "recent": [*seen, mark][-REMEMBERED:]}
        unchanged = {"received": now.received, "applied": now.applied} if item else {"received": None}
        if app.claims.update(*place, values, only_if=unchanged):
            return new
    raise TryAgain("other workers count at the same connection")


def show(app: App, row: Record, values: dict[str, Value]) -> None:
    """Writes values and counts on the connection; again when others have counted in between, so that the last stand."""
    place, shown = _place(str(row[ATSConnection.KEY])), None
    while shown != (now := _standing(row, app.claims.get(*place))):
        app.salesforce.update(ATSConnection.API_NAME, str(row[ATSConnection.ID]), {**values, **now.values()})
        values, shown = {}, now


def _place(connection: str) -> tuple[str, str]:
    return f"ats#{connection}", "counts"


def _standing(row: Record, item: Item | None) -> Counts:
    if item is None:
        return Counts(int(row[ATSConnection.RECEIVED] or 0), int(row[ATSConnection.APPLIED_COUNT] or 0))
    return Counts(int(item["received"]), int(item["applied"]))
