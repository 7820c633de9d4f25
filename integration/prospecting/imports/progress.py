"""What the record says while an import works: how many rows, how fast, how long still."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.errors import shortened
from integration.ports import Value
from integration.prospecting.imports.places import OPEN, Load, load_of
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App

EVERY = timedelta(seconds=1)
"""Between two updates of one worker; people are promised two seconds."""


class Progress:
    """Writes how far a load is, not oftener than every second."""

    def __init__(self, app: App, load: Load) -> None:
        self._app = app
        self._load = load
        self._began = self._last = app.clock.now()

    def reading(self, rows: int) -> None:
        """So many rows of the file are read."""
        if (now := self._due()) is None:
            return
        rate = rows / max((now - self._began).total_seconds(), 0.001)
        name = shortened(self._load.file_name)
        self._write({CandidateImport.MESSAGE: f"Reading “{name}”: {rows:,} rows so far ({rate:,.0f} rows a second)."})

    def loading(self, rows: int) -> None:
        """So many rows are in the org, those of other workers included as far as they are known."""
        if (now := self._due()) is not None:
            self.tell(rows, now)

    def tell(self, rows: int, now: datetime) -> None:
        """The same, whenever it was told last."""
        self._write(loading(self._load, rows, now))

    def _due(self) -> datetime | None:
        now = self._app.clock.now()
        if now - self._last < EVERY:
            return None
        self._last = now
        return now

    def _write(self, values: dict[str, Value]) -> None:
        self._app.salesforce.update(CandidateImport.API_NAME, self._load.import_id, values)
        standing = load_of(self._app, self._load.import_id)
        if standing is not None and standing.id == self._load.id and standing.state != OPEN and standing.final:
            # Another worker ended the load in between; its words must not be followed by older ones.
            self._app.salesforce.update(CandidateImport.API_NAME, self._load.import_id, dict(standing.final))


def loading(load: Load, rows: int, now: datetime) -> dict[str, Value]:
    """Progress and message when so many rows of a load are in."""
    done = min(rows, load.people)
    seconds = (now - datetime.fromisoformat(load.split_at or load.started_at)).total_seconds()
    text = f"Loading “{shortened(load.file_name)}”: {done:,} of {load.people:,} rows"
    if done and seconds > 0:
        rate = done / seconds
        text += f" ({rate:,.0f} rows a second, about {_span((load.people - done) / rate)} left)"
    return {CandidateImport.PROGRESS: done * 100 // max(load.people, 1), CandidateImport.MESSAGE: f"{text}."}


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:,.0f} seconds"
    if seconds < 5_400:
        return f"{seconds / 60:,.0f} minutes"
    return f"{seconds / 3_600:,.1f} hours"
