"""One run of a search and what each of its sources has come to: kept in the claims table, never a person's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from integration.app import App

KEPT = timedelta(days=35)
_RUN = "run"


@dataclass(frozen=True)
class Run:
    """Fixed when it starts: a search that is changed meanwhile runs on as it was commanded."""

    id: str
    search_id: str
    started_at: str
    query: str
    sources: tuple[str, ...]
    limit: int
    is_ranked: bool = True
    auto_load: bool = False
    is_repeat: bool = False
    """Started by the schedule: only people whom no earlier run has brought."""
    is_open: bool = True
    directory_url: str = ""
    """The file that the source Directory reads; empty for the operator's."""

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.started_at)

    def staged(self, source: str) -> str:
        """Where the fitting people of a source wait to be merged."""
        return f"{self.folder}{source.replace(' ', '-').lower()}.jsonl"

    @property
    def folder(self) -> str:
        return f"searches/{self.search_id}/{self.id}/"

    @property
    def lease(self) -> str:
        return f"search#{self.search_id}#{self.id}"


class Asked(StrEnum):
    """How far a source has come."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class SourceState:
    """What one source has come to in a run."""

    state: Asked = Asked.WAITING
    attempts: int = 0
    found: int = 0
    """How many people it gave."""
    fits: int = 0
    """How many of them have the full meaning of the query."""
    is_cut: bool = False
    """It gave as many as were asked for, so there may be more."""
    note: str = ""

    @property
    def is_final(self) -> bool:
        return self.state is not Asked.WAITING


def current(app: App, search_id: str) -> Run | None:
    """The latest run of a search."""
    item = app.claims.get(_pk(search_id), _RUN)
    if item is None:
        return None
    values = {name: item[name] for name in Run.__dataclass_fields__ if name in item}
    return Run(**{**values, "sources": tuple(values["sources"]), "limit": int(values["limit"])})


def begin(app: App, run: Run, *, after: Run | None) -> bool:
    """Makes this the search's run; False when another has begun since `after` was the latest."""
    values = {**asdict(run), "sources": list(run.sources)}
    return app.claims.update(_pk(run.search_id), _RUN, values, only_if={"id": after.id if after else None})


def close(app: App, run: Run) -> None:
    """No message of this run does anything any more."""
    app.claims.update(_pk(run.search_id), _RUN, {"is_open": False}, only_if={"id": run.id})


def states(app: App, run: Run) -> dict[str, SourceState]:
    """What each source has come to, in the order in which they were chosen."""
    keys = {source: (_pk(run.search_id), f"{run.id}#{source}") for source in run.sources}
    items = app.claims.get_many(list(keys.values()))
    return {source: _state(items.get(key)) for source, key in keys.items()}


def save_state(app: App, run: Run, source: str, before: SourceState, /, **changes: Any) -> SourceState:
    """What the source has come to from now on."""
    state = replace(before, **changes)
    ttl = int((app.clock.now() + KEPT).timestamp())
    app.claims.put({"pk": _pk(run.search_id), "sk": f"{run.id}#{source}", "ttl": ttl, **asdict(state)})
    return state


def _state(item: Mapping[str, Any] | None) -> SourceState:
    if item is None:
        return SourceState()
    values = {name: item[name] for name in SourceState.__dataclass_fields__}
    return SourceState(**{**values, "state": Asked(values["state"])})


def _pk(search_id: str) -> str:
    return f"search#{search_id}"
