"""Standing searches: those that are due run again, and bring only people whom they have not brought before."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Gone, Rejected, TryAgain
from integration.model.vocabulary import Decision, Repeat, SearchStatus
from integration.ports import Record, Value
from integration.prospecting.searches import seen
from integration.prospecting.searches.runs import Run, current
from integration.prospecting.searches.starting import enqueue, plan_of, start
from integration.records import ProspectResult, ProspectSearch
from integration.soql import both, compare, either, equals, select

if TYPE_CHECKING:
    from integration.app import App

EVERY = {
    Repeat.HOURLY: timedelta(hours=1),
    Repeat.EVERY_SIX_HOURS: timedelta(hours=6),
    Repeat.DAILY: timedelta(days=1),
    Repeat.WEEKLY: timedelta(days=7),
}
STUCK = timedelta(minutes=30)
"""A run open for longer may have lost its messages; sending them again is no danger."""
RESULTS_KEPT = timedelta(days=30)
MOST_PURGED = 2_000
_READ = (ProspectSearch.ID, ProspectSearch.REPEAT, ProspectSearch.LAST_RUN_AT, ProspectSearch.NEXT_RUN_AT)


def stop_repeating(app: App, search_id: str) -> str:
    """Key: the search. It is not repeated by itself any more; what it found stays."""
    values: dict[str, Value] = {ProspectSearch.REPEAT: Repeat.OFF.value, ProspectSearch.NEXT_RUN_AT: None}
    app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
    return "The search is not repeated any more. What it found stays."


def next_run(repeat: str, last: datetime) -> datetime | None:
    """When a search that ran at `last` is due again."""
    interval = EVERY.get(Repeat(repeat)) if repeat else None
    return last + interval if interval else None


def tick(app: App) -> None:
    """Key: the search and the run before. Starts what is due; a second tick finds it started."""
    repeats = both(
        compare(ProspectSearch.REPEAT, "!=", Repeat.OFF.value), compare(ProspectSearch.LAST_RUN_AT, "!=", None)
    )
    where = either(repeats, equals(ProspectSearch.STATUS, SearchStatus.SEARCHING.value))
    started = 0
    for row in app.salesforce.query(select(ProspectSearch.API_NAME, _READ, where=where)):
        try:
            started += _look(app, row)
        except Gone:
            continue
        except TryAgain as busy:
            log.event("search.not_repeated", search=row[ProspectSearch.ID], reason=str(busy))
    purge(app)
    log.event("searches.ticked", started=started)


def _look(app: App, row: Record) -> bool:
    """Whether the search was started."""
    search_id, now = str(row[ProspectSearch.ID]), app.clock.now()
    run = current(app, search_id)
    if run is not None and run.is_open:
        return _push(app, run, now)
    last = row[ProspectSearch.LAST_RUN_AT]
    due = next_run(str(row[ProspectSearch.REPEAT] or ""), _time(last)) if last else None
    if due is None:
        return False
    if due > now:
        if _spelled(row[ProspectSearch.NEXT_RUN_AT]) != _spelled(due):
            app.salesforce.update(ProspectSearch.API_NAME, search_id, {ProspectSearch.NEXT_RUN_AT: _spelled(due)})
        return False
    return _start(app, search_id, now)


def _start(app: App, search_id: str, now: datetime) -> bool:
    """A search that cannot run says why, and is looked at again when it is due next."""
    try:
        start(app, search_id, plan_of(app, search_id), is_repeat=True)
    except Rejected as reason:
        values: dict[str, Value] = {
            ProspectSearch.STATUS: SearchStatus.FAILED.value,
            ProspectSearch.MESSAGE: reason.message,
            ProspectSearch.LAST_RUN_AT: _spelled(now),
        }
        app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
        return False
    return True


def _push(app: App, run: Run, now: datetime) -> bool:
    if now - run.at > STUCK:
        enqueue(app, run)
    return False


def purge(app: App) -> None:
    """Key: the result. What nobody loaded is deleted after 30 days; who was rejected stays so by a hash."""
    where = both(
        compare(ProspectResult.FOUND_AT, "<", app.clock.now() - RESULTS_KEPT),
        compare(ProspectResult.DECISION, "!=", Decision.LOADED.value),
    )
    fields = [ProspectResult.ID, ProspectResult.KEY, ProspectResult.SEARCH, ProspectResult.DECISION]
    rows = app.salesforce.query(select(ProspectResult.API_NAME, fields, where=where, limit=MOST_PURGED))
    for row in rows:
        if row[ProspectResult.DECISION] == Decision.REJECTED and row[ProspectResult.SEARCH]:
            seen.reject(app, str(row[ProspectResult.SEARCH]), [str(row[ProspectResult.KEY])])
    if rows:
        app.salesforce.delete_many(ProspectResult.API_NAME, [str(row[ProspectResult.ID]) for row in rows])
        log.event("search.results_purged", count=len(rows))


def _time(value: object) -> datetime:
    return datetime.fromisoformat(str(value).replace("+0000", "+00:00"))


def _spelled(value: object) -> str:
    if not value:
        return ""
    return (value if isinstance(value, datetime) else _time(value)).isoformat(timespec="seconds")
