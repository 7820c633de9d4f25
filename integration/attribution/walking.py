"""One complete computation: begun when model or records changed, walked page by page, written when it is at its end.

Idempotency key: the number of the computation. Its note holds how far it came, so that a run that dies goes on where
the last one stood, and the totals are overwritten as a whole: computing twice changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import leases, log
from integration.attribution import settings
from integration.attribution.journeys import FIELDS, PAGE, Stage, Sums, count_page
from integration.errors import Rejected, TryAgain
from integration.model.attribution import Rule
from integration.model.vocabulary import OperationsStatus, Touch
from integration.ports import Outcome, Record, Value, Write
from integration.records import OPERATIONS_ROW, Application, Operations, SourceResult, Touchpoint
from integration.rollup.loads import refused
from integration.rollup.returns import Changed, compared
from integration.rollup.totals import result_row
from integration.soql import count, equals, select

if TYPE_CHECKING:
    from integration.app import App

NOTE, TOTALS = "rollup/attribution.json", "rollup/attributed.json"
AT_LEAST = timedelta(hours=20)
"""Computed anew by itself: what was deleted or merged leaves no newest record."""
LARGE, AT_MOST = 20 * PAGE, timedelta(hours=1)
"""With more outcomes than this, changes are gathered for so long."""
PAGES_A_NOTE = 10
"""So often it is noted and told how far it is; a run that dies walks so many again."""
RESERVE_MS = 60_000
_CLAIM, _LEASE = "attribution", timedelta(minutes=6)


@dataclass
class Note:
    """Where a computation stands."""

    rule: str = ""
    seen: str = ""
    """The newest records when it began."""
    begun: str = ""
    total: int = 0
    """How many records there are, where somebody is told of the progress."""
    done: int = 0
    stage: str = Stage.DONE
    after: str = ""
    """Id of the last record that is in the sums."""
    is_told: bool = False
    """Whether somebody asked for it, or changed the model: the record says how far it is."""
    sums: dict[str, list[int]] = field(default_factory=dict)


def go_on(app: App, time_left: Callable[[], int], *, anew: bool = False) -> Note | None:
    """Begins a computation when one is due (or `anew`) and walks on while there is time.

    The note as it stands afterwards; None when another worker is at it or the model cannot be computed.
    """
    operations, *newest = app.salesforce.together(_queries())
    try:
        rule = settings.rule_of(settings.row_of(operations))
        leases.take(app, _CLAIM, lease=_LEASE, kept=_LEASE)
    except (Rejected, TryAgain) as reason:
        log.event("attribution.waits", reason=str(reason))
        return None
    try:
        note = _read(app)
        seen = "|".join(str(rows[0][Touchpoint.STAMP]) if rows else "" for rows in newest)
        if anew or _is_due(app, note, rule, seen):
            is_told = anew or note.rule not in ("", settings.spelled(rule))
            is_first = not note.rule
            note = Note(settings.spelled(rule), seen, app.clock.now().isoformat(), is_told=is_told or is_first)
            note.stage, note.total = Stage.APPLICATIONS.value, _outcomes(app) if is_told else 0
        if note.stage != Stage.DONE:
            _walk(app, note, rule, time_left)
        return note
    finally:
        leases.release(app, _CLAIM)


def _queries() -> list[str]:
    newest = (
        select(name, [Touchpoint.STAMP], order_by=[f"-{Touchpoint.STAMP}"], limit=1)
        for name in (Touchpoint.API_NAME, Application.API_NAME)
    )
    return [settings.query(), *newest]


def _is_due(app: App, note: Note, rule: Rule, seen: str) -> bool:
    if note.rule != settings.spelled(rule):
        return True
    if note.stage != Stage.DONE:
        return False
    age = app.clock.now() - datetime.fromisoformat(note.begun)
    return age >= AT_LEAST or (note.seen != seen and (note.done <= LARGE or age >= AT_MOST))


def _outcomes(app: App) -> int:
    """How many records there are to walk through, for the progress."""
    registered = equals(Touchpoint.KIND, Touch.REGISTERED.value)
    return app.salesforce.count(count(Application.API_NAME)) + app.salesforce.count(
        count(Touchpoint.API_NAME, registered)
    )


def _walk(app: App, note: Note, rule: Rule, time_left: Callable[[], int]) -> None:
    sums, pages, is_changed = Sums(note.sums), 0, False
    while note.stage != Stage.DONE and time_left() > RESERVE_MS:
        last, rows = count_page(app, Stage(note.stage), note.after, rule, sums)
        note.done += rows
        note.after = last or note.after
        if rows < PAGE:
            stages = list(Stage)
            note.stage, note.after = stages[stages.index(Stage(note.stage)) + 1].value, ""
        else:
            pages += 1
            if pages % PAGES_A_NOTE == 0:
                _save(app, note)
                if note.is_told:
                    _tell(app, note, rule)
    if note.stage == Stage.DONE:
        outcomes = _write(app, sums)
        note.sums = {}
        if not all(one.success for one in outcomes):
            note.seen = ""  # the next run computes again, and writes what was refused
        is_changed = bool(outcomes)
        log.event("attribution.computed", outcomes=note.done, rule=note.rule)
    if is_changed or note.is_told:
        _tell(app, note, rule)
    _save(app, note)  # last: a run that dies before writes the same rows again


def _write(app: App, sums: Sums) -> Sequence[Outcome]:
    """Of rows that differ from what the org was told; one that is credited with nothing any more gets noughts."""
    now = {key: json.dumps(values) for key, values in sums.rounded().items()}
    before, keys = compared(app, TOTALS, now)
    nought = json.dumps([0.0] * len(FIELDS))
    rows: list[dict[str, Value]] = [
        {**result_row(key), **dict(zip(FIELDS, json.loads(now.get(key, nought)), strict=True))} for key in keys
    ]
    changed = Changed(Write(SourceResult.API_NAME, rows, SourceResult.KEY), TOTALS, keys, before, now)
    if not rows:
        return ()
    [outcomes] = app.salesforce.save_together([changed.write])
    refused(SourceResult.API_NAME, outcomes)
    changed.written(app, outcomes)
    return outcomes


def _tell(app: App, note: Note, rule: Rule) -> None:
    is_done = note.stage == Stage.DONE
    words = settings.in_words(rule)
    state = f"{note.done:,} records with outcomes are credited" if is_done else f"{note.done:,} of {note.total:,}"
    row: Record = {Operations.KEY: OPERATIONS_ROW}
    if note.is_told:
        row |= {
            Operations.NAME: "Warmbench",
            Operations.STATUS: (OperationsStatus.READY if is_done else OperationsStatus.WORKING).value,
            Operations.PROGRESS: 100 if is_done else min(99, note.done * 100 // max(1, note.total)),
            Operations.MESSAGE: f"Attribution ({words}): {state}.",
        }
    if is_done:
        row[Operations.ATTRIBUTED_AT] = app.clock.now().isoformat(timespec="seconds")
    app.salesforce.upsert_many(Operations.API_NAME, Operations.KEY, [row])


def _read(app: App) -> Note:
    stored: dict[str, Any] = json.loads(app.data.read(NOTE) or b"{}")
    return Note(**stored)


def _save(app: App, note: Note) -> None:
    app.data.write(NOTE, json.dumps(asdict(note)).encode(), content_type="application/json")
