"""Moves of the lifecycle that people made by hand, noted where the others stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integration.candidates.standing import FIELDS
from integration.candidates.writing import raise_passing
from integration.model.lifecycle import Cause, latest, noted, of
from integration.ports import Record, Value
from integration.records import Candidate, parent
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

_CHANGER = parent(Candidate.CHANGED_BY, Candidate.NAME)


def note(app: App, rows: Sequence[Record]) -> int:
    """Key: the records as they stand. Adds the line of a move that a person made; how many.

    Rows carry FIELDS. The first word of a record is no move.
    """
    changed = [str(row[Candidate.ID]) for row in rows if _is_unsaid(row)]
    if not changed:
        return 0
    fields = [Candidate.ID, *FIELDS, Candidate.STAMP, _CHANGER]
    standing = app.salesforce.query(select(Candidate.API_NAME, fields, where=is_in(Candidate.ID, changed)))
    updates = list(_lines(standing))
    if updates:
        raise_passing(app.salesforce.update_many(Candidate.API_NAME, updates))
    return len(updates)


def _is_unsaid(row: Record) -> bool:
    history = str(row.get(Candidate.LIFECYCLE_HISTORY) or "")
    word = of(row.get(Candidate.LIFECYCLE))
    return (latest(history) or of(None)) != word


def _lines(rows: Sequence[Record]) -> Iterator[dict[str, Value]]:
    for row in rows:
        if _is_unsaid(row):
            history = str(row.get(Candidate.LIFECYCLE_HISTORY) or "")
            before, after = latest(history), row.get(Candidate.LIFECYCLE)
            at = datetime.fromisoformat(str(row[Candidate.STAMP]))
            text = noted(history, before, after, Cause.SAID, at=at, by=str(row.get(_CHANGER) or ""))
            yield {Candidate.ID: row[Candidate.ID], Candidate.LIFECYCLE_HISTORY: text}
