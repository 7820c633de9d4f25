"""The present time of the stage: UTC, moved by an offset that tests and demonstrations set."""

import time
from datetime import UTC, datetime, timedelta

from integration.ports import Secrets

OFFSET_MAX_AGE_SECONDS = 2.0


class StageClock:
    """UTC plus the offset in `parameter` (seconds), read at most every two seconds; no parameter, no reading."""

    def __init__(self, secrets: Secrets, parameter: str) -> None:
        self._secrets = secrets
        self._parameter = parameter

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def _offset(self) -> timedelta:
        if not self._parameter:
            return timedelta()
        seconds = self._secrets.parameter(self._parameter, max_age_seconds=OFFSET_MAX_AGE_SECONDS)
        return timedelta(seconds=float(seconds))
