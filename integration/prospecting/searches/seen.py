"""Whom a search has brought before: remembered by salted hashes, also when the row is gone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from integration.model.address import fingerprint
from integration.ports import Item
from integration.prospecting.searches.prospects import Prospect

if TYPE_CHECKING:
    from integration.app import App

REJECTED = "rejected"
"""Stands in the place of a run for whom a recruiter turned down."""
SHARDS = 16
"""Partitions per search: thousands of people are written in one go, more than one partition takes."""


class Memory:
    """What a search remembers of these people."""

    def __init__(self, app: App, search_id: str, people: Sequence[Prospect]) -> None:
        self._app, self._search_id = app, search_id
        self._salt = app.links.salt
        wanted = {who: _place(search_id, f"who#{self._mark(who)}") for one in people for who in one.keys}
        items = app.claims.get_many(list(wanted.values()))
        self._known = {who: str(items[place]["key"]) for who, place in wanted.items() if place in items}
        self._keys = {one: self._key(one) for one in people}
        brought = {key: _place(search_id, f"brought#{key}") for key in self._keys.values()}
        items = app.claims.get_many(list(brought.values()))
        self._runs = {key: str(items[place]["run"]) for key, place in brought.items() if place in items}

    def key(self, one: Prospect) -> str:
        """Prospect_Result__c.Key__c: the one that the person had before under any address, else made from the first."""
        return self._keys[one]

    def brought_by(self, one: Prospect) -> str:
        """The run that brought the person first, REJECTED, or "" for somebody new."""
        return self._runs.get(self._keys[one], "")

    def remember(self, run_id: str, people: Iterable[Prospect]) -> None:
        """Key: the person. The first run stays; later addresses of the same person lead to the same row."""
        items: dict[str, dict[str, str]] = {}
        for one in people:
            key = self._keys[one]
            if key not in self._runs:
                items[f"brought#{key}"] = {"run": run_id}
            for who in one.keys:
                if who not in self._known:
                    items[f"who#{self._mark(who)}"] = {"key": key}
        self._app.claims.put_many(_item(self._search_id, sk, **values) for sk, values in items.items())

    def _mark(self, who: str) -> str:
        """Without the salt, whoever guesses an address could ask whether it was found."""
        return fingerprint(who, self._salt)

    def _key(self, one: Prospect) -> str:
        before = [self._known[who] for who in one.keys if who in self._known]
        return min(before) if before else f"{self._search_id}|{self._mark('|'.join(one.keys[:1]))}"


def reject(app: App, search_id: str, result_keys: Iterable[str]) -> None:
    """These are never listed again, whoever searches."""
    app.claims.put_many(_item(search_id, f"brought#{key}", run=REJECTED) for key in result_keys)


def _item(search_id: str, sk: str, **values: str) -> Item:
    pk, _ = _place(search_id, sk)
    return {"pk": pk, "sk": sk, **values}


def _place(search_id: str, sk: str) -> tuple[str, str]:
    return partition(search_id, crc32(sk.encode()) % SHARDS), sk


def partition(search_id: str, shard: int) -> str:
    """Where a part of what is remembered of a search lies in the `claims` table."""
    return f"seen#{search_id}#{shard}"
