"""What is written on a record when somebody's lifecycle moves."""

from collections.abc import Mapping
from datetime import datetime

from integration.model.lifecycle import Cause, led, noted, of
from integration.ports import Value
from integration.records import Candidate

FIELDS = (Candidate.LIFECYCLE, Candidate.LIFECYCLE_HISTORY)


def moved(row: Mapping[str, Value], cause: Cause, *, at: datetime, by: str) -> dict[str, Value]:
    """What an event changes on a record with FIELDS; nothing where it leads nowhere."""
    standing = row.get(Candidate.LIFECYCLE)
    return written(row, after, cause, at=at, by=by) if (after := led(standing, cause)) else {}


def written(row: Mapping[str, Value], after: Value, cause: Cause, *, at: datetime, by: str) -> dict[str, Value]:
    """The word and the history with it."""
    history = str(row.get(Candidate.LIFECYCLE_HISTORY) or "")
    text = noted(history, row.get(Candidate.LIFECYCLE), after, cause, at=at, by=by)
    return {Candidate.LIFECYCLE: of(after), Candidate.LIFECYCLE_HISTORY: text or None}
