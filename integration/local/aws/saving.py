"""Saves MiniStack's state every few seconds: by itself it saves only when it is stopped cleanly.

One saving is one moment: the state of all services is copied on the event loop, where every request is answered, so
that a message is never lost between a queue that has forgotten it and a table that has not seen it yet.
"""

import asyncio
import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ministack import app as ministack
from ministack.core import persistence

SHORTEST = 1.0
"""Seconds between two savings, while saving is quick."""
SHARE = 20.0
"""Saving may take one part in so many of the time."""
GROWING = frozenset({"cloudwatch_logs", "cloudwatch"})
"""Only grow and carry no work: saved once a minute."""
GROWING_EVERY = 60.0


class Saver(threading.Thread):
    """Saves when there were requests since the last time, and notes since when everything is on disk."""

    def __init__(self, note: Path) -> None:
        super().__init__(daemon=True, name="saver")
        self.note = note
        self.requests = 0
        self._saved = 0
        self._written: dict[str, int] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._next_whole = 0.0

    def start_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begins to save what this loop's requests change."""
        self._loop = loop
        self.start()

    def run(self) -> None:
        pause = SHORTEST
        while self._loop is not None and not self._loop.is_closed():
            time.sleep(pause)
            started = time.monotonic()
            if self.requests != self._saved:
                self._save(self._loop)
            pause = max(SHORTEST, (time.monotonic() - started) * SHARE)

    def _save(self, loop: asyncio.AbstractEventLoop) -> None:
        """What was done before the noted time is on disk."""
        at, requests = datetime.now(UTC), self.requests
        whole = time.monotonic() >= self._next_whole
        try:
            states = asyncio.run_coroutine_threadsafe(_copied(whole), loop).result(timeout=60)
        except RuntimeError:  # a queue's poller changed something meanwhile; the next round gets it
            return
        for name, state in states.items():
            self._write(name, state)
        _replace(self.note, json.dumps({"at": at.isoformat()}))
        self._saved = requests
        if whole:
            self._next_whole = time.monotonic() + GROWING_EVERY

    def _write(self, name: str, state: Any) -> None:
        version = persistence._state_format_version(name)
        text = json.dumps({"__ministack_format__": version, "payload": state}, default=persistence._json_default)
        if self._written.get(name) != hash(text):
            _replace(Path(persistence.STATE_DIR) / f"{name}.json", text)
            self._written[name] = hash(text)


async def _copied(whole: bool) -> dict[str, Any]:
    """The services' states of one moment; a service without state says None."""
    getters = ministack._build_persistence_save_dict().items()
    states = {name: get_state() for name, get_state in getters if whole or name not in GROWING}
    return {name: state for name, state in states.items() if state is not None}


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(text)
    unfinished.replace(path)
