"""What the sources found becomes one list: each person once, known people linked, ranked, written by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import leases, log
from integration.candidates.writing import raise_passing
from integration.errors import TryAgain, shortened
from integration.model.ranking import Score, Wish, score
from integration.model.vocabulary import Decision, SearchStatus
from integration.ports import Record, Value
from integration.prospecting.query import parse
from integration.prospecting.searches import loading, showing
from integration.prospecting.searches.known import candidates_of, same, without_erased
from integration.prospecting.searches.prospects import Prospect, merged
from integration.prospecting.searches.results import row_of
from integration.prospecting.searches.runs import Asked, Run, SourceState, close, states
from integration.prospecting.searches.seen import REJECTED, Memory
from integration.prospecting.searches.staging import read_staged
from integration.prospecting.searches.terms import ways_of
from integration.records import ProspectResult, ProspectSearch
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

Ways = Sequence[Sequence[Wish]]
LEASE = timedelta(seconds=310)
"""Longer than the function may run."""
KEPT = timedelta(days=35)
WAIT_FOR_MERGER = 5
KEYS_PER_QUERY = 200
SETTLED = frozenset({Decision.REJECTED, Decision.LOADED, Decision.ERASED})
"""Rows that a later search leaves as they are."""


@dataclass
class Merged:
    """What one merging came to."""

    found: int
    """Different people who fit the query."""
    fresh: int = 0
    """Those whom this run brought first."""
    known: int = 0
    erased: int = 0
    passed_over: int = 0
    """Whom an earlier run of a standing search has brought, or a recruiter rejected."""
    refused: Sequence[str] = ()
    """Why the org did not take a row."""


def advance(app: App, run: Run) -> None:
    """Key: the run. Merges what is there; when every source is done or given up, ends the search."""
    try:
        if leases.take(app, run.lease, lease=LEASE, kept=KEPT) is not None:
            return
    except TryAgain as busy:
        raise TryAgain(str(busy), seconds=WAIT_FOR_MERGER) from busy
    try:
        is_last = all(state.is_final for state in states(app, run).values())
        told = _write(app, run)
        if is_last:
            _end(app, run, told)
        else:
            showing.sources(app, run)
    except BaseException:
        leases.release(app, run.lease)
        raise
    if is_last:
        leases.finish(app, run.lease, {"state": "done"})
    else:
        leases.release(app, run.lease)


def _write(app: App, run: Run) -> Merged:
    hits = [hit for source in run.sources for hit in read_staged(app, run, source)]
    people = [one for one in merged(hits, same(hits)) if one.name.last or one.first("url")]
    allowed = without_erased(app, people)
    memory = Memory(app, run.search_id, allowed)
    wanted = [one for one in allowed if not _is_old(run, memory.brought_by(one))]
    told = Merged(len(allowed), erased=len(people) - len(allowed), passed_over=len(allowed) - len(wanted))
    owners = dict(zip(wanted, candidates_of(app, wanted), strict=True))
    standing = _standing(app, [memory.key(one) for one in wanted])
    ways = ways_of(parse(run.query)) if run.is_ranked else None
    rows = [
        _row(app, run, ways, one, memory.key(one), owners[one], standing.get(memory.key(one)))
        for one in wanted
        if standing.get(memory.key(one), {}).get(ProspectResult.DECISION) not in SETTLED
    ]
    if rows:
        outcomes = app.salesforce.upsert_many(ProspectResult.API_NAME, ProspectResult.KEY, rows)
        raise_passing(outcomes)
        told.refused = [outcome.message for outcome in outcomes if not outcome.success]
    memory.remember(run.id, wanted)
    told.fresh = sum(1 for one in wanted if memory.brought_by(one) in ("", run.id) and not owners[one])
    told.known = sum(1 for owner in owners.values() if owner)
    return told


def _is_old(run: Run, brought_by: str) -> bool:
    return brought_by == REJECTED or (run.is_repeat and brought_by not in ("", run.id))


def _standing(app: App, keys: Sequence[str]) -> dict[str, Record]:
    fields = [ProspectResult.KEY, ProspectResult.DECISION]
    rows: list[Record] = []
    for start in range(0, len(keys), KEYS_PER_QUERY):
        where = is_in(ProspectResult.KEY, keys[start : start + KEYS_PER_QUERY])
        rows += app.salesforce.query(select(ProspectResult.API_NAME, fields, where=where))
    return {str(row[ProspectResult.KEY]): row for row in rows}


def _row(
    app: App, run: Run, ways: Ways | None, one: Prospect, key: str, owner: str, standing: Record | None
) -> dict[str, Value]:
    row = {ProspectResult.KEY: key, **row_of(one, _rank(ways, one))}
    if standing is None:
        decision = Decision.KNOWN if owner else Decision.NEW
        now = app.clock.now().isoformat(timespec="seconds")
        row |= {ProspectResult.SEARCH: run.search_id, ProspectResult.FOUND_AT: now, ProspectResult.DECISION: decision}
    elif owner and standing[ProspectResult.DECISION] == Decision.NEW:
        row[ProspectResult.DECISION] = Decision.KNOWN
    if owner:
        row[ProspectResult.CANDIDATE] = owner
    return row


def _rank(ways: Ways | None, one: Prospect) -> Score | None:
    """By the way of meeting the query that speaks most for the person."""
    if ways is None:
        return None
    kinds = [address.kind.value for address in one.addresses]
    scores = (score(way, one.document, addresses=kinds, sources=len(one.sources)) for way in ways)
    return max(scores, key=lambda found: found.points)


def _end(app: App, run: Run, told: Merged) -> None:
    """The counts and the message stand before the run is closed; what was staged goes last."""
    found = states(app, run)
    has_failed = all(state.state is Asked.FAILED for state in found.values())
    values: dict[str, Value] = {
        ProspectSearch.STATUS: (SearchStatus.FAILED if has_failed else SearchStatus.DONE).value,
        ProspectSearch.PROGRESS: 100,
        ProspectSearch.MESSAGE: _told(run, told, found),
        ProspectSearch.SOURCE_STATUS: showing.in_words(run, found),
        ProspectSearch.FOUND: told.found,
        ProspectSearch.LAST_RUN_AT: run.started_at,
        **showing.totals(showing.counts(app, run.search_id), erased=told.erased),
    }
    app.salesforce.update(ProspectSearch.API_NAME, run.search_id, values)
    if run.auto_load and not has_failed:
        loading.load_by_itself(app, run)
    close(app, run)
    app.data.delete(run.staged(source) for source in run.sources)
    log.event("search.finished", search=run.search_id, run=run.id, found=told.found, fresh=told.fresh)


def _told(run: Run, told: Merged, found: Mapping[str, SourceState]) -> str:
    failed = [source for source, state in found.items() if state.state is Asked.FAILED]
    if len(failed) == len(found):
        return "No source could be asked. " + " ".join(f"{source}: {found[source].note}" for source in failed)
    lines = [
        f"{told.found:,} {_people(told.found)} fit the whole query: {told.fresh:,} new, {told.known:,} known already."
    ]
    if told.passed_over:
        lines.append(f"{told.passed_over:,} were brought or rejected before and are not listed again.")
    if told.erased:
        lines.append(f"{told.erased:,} had their data erased and are not listed.")
    if failed:
        lines.append(f"Not complete: {', '.join(failed)} failed. See “What each source answered”.")
    if cut := [source for source, state in found.items() if state.is_cut]:
        lines.append(f"{', '.join(cut)} had more than the {run.limit:,} that were taken.")
    if told.refused:
        lines.append(f"{len(told.refused):,} could not be listed: {shortened(told.refused[0], 200)}")
    return "\n".join(lines)


def _people(number: int) -> str:
    return "person" if number == 1 else "people"
