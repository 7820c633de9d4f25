"""Saves MiniStack's state every few seconds: by itself it saves only when it is stopped cleanly."""

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from ministack import app as ministack

SHORTEST = 10.0
"""Seconds between two savings, while saving is quick."""
SHARE = 20.0
"""Saving may take one part in so many of the time."""


class Saver(threading.Thread):
    """Saves when there were requests since the last time, and notes since when everything is on disk."""

    def __init__(self, note: Path) -> None:
        super().__init__(daemon=True, name="saver")
        self.note = note
        self.requests = 0
        self._saved = 0

    def run(self) -> None:
        pause = SHORTEST
        while True:
            time.sleep(pause)
            started = time.monotonic()
            if self.requests != self._saved:
                self.save()
            pause = max(SHORTEST, (time.monotonic() - started) * SHARE)

    def save(self) -> None:
        """What was done before `at` is on disk."""
        at, requests = datetime.now(UTC), self.requests
        ministack.save_all(ministack._build_persistence_save_dict())
        unfinished = self.note.with_suffix(".unfinished")
        unfinished.write_text(json.dumps({"at": at.isoformat()}))
        unfinished.replace(self.note)
        self._saved = requests
