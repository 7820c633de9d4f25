"""One load of results: fixed when it starts, so that every attempt makes the same candidates; kept for its undo."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integration.app import App

OPEN, DONE, UNDONE = "open", "done", "undone"
JSON = "application/json"


@dataclass(frozen=True)
class Load:
    """Which results, by record id, in parts."""

    id: str
    search_id: str
    started_at: str
    parts: tuple[tuple[str, ...], ...]
    state: str = OPEN

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.started_at)

    def result(self, part: int) -> str:
        return f"searches/{self.search_id}/loads/{self.id}/{part:04}.json"

    def undone(self, part: int) -> str:
        return f"searches/{self.search_id}/loads/{self.id}/undone/{part:04}.json"

    def image(self, part: int) -> str:
        """What stood in the org before a part was written."""
        return f"provenance/search={self.search_id}/load={self.id}/{part:04}.json"


def latest(app: App, search_id: str) -> Load | None:
    data = app.data.read(_key(search_id))
    if data is None:
        return None
    values = json.loads(data)
    return Load(**{**values, "parts": tuple(tuple(part) for part in values["parts"])})


def save(app: App, load: Load, **changes: Any) -> Load:
    load = replace(load, **changes)
    write(app, _key(load.search_id), asdict(load))
    return load


def read(app: App, key: str) -> dict[str, Any] | None:
    data = app.data.read(key)
    found: dict[str, Any] | None = None if data is None else json.loads(data)
    return found


def write(app: App, key: str, value: Mapping[str, Any] | Sequence[Any]) -> None:
    app.data.write(key, json.dumps(value, ensure_ascii=False).encode(errors="replace"), content_type=JSON)


def _key(search_id: str) -> str:
    return f"searches/{search_id}/loads/latest.json"
