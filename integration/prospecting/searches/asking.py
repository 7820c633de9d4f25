"""The `searches` queue: one source is asked; what fits the whole query waits to be merged with what others found."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Gone, Rejected, TryAgain
from integration.model.boolean_query import Query
from integration.model.vocabulary import SearchSource
from integration.ports import Hit
from integration.prospecting.query import document, parse, remaining
from integration.prospecting.searches import merging, showing
from integration.prospecting.searches.directories import question
from integration.prospecting.searches.runs import Asked, Run, SourceState, current, save_state, states
from integration.prospecting.searches.staging import read_staged, stage

if TYPE_CHECKING:
    from integration.app import App

MOST_ATTEMPTS = 5
OURS = frozenset({SearchSource.ORG.value, SearchSource.APPLICANTS.value})
MOST_OF_OURS = 20_000
"""Our own org costs nothing and finds words in any field: many are read, and only who fits counts against the limit."""
LONGEST_WAIT = 900
"""Seconds. A source that asks for more has spent its quota: the search ends without it, and says so."""


def work(app: App, search_id: str, run_id: str, source: str) -> None:
    """Key: search, run and source. Asks the source unless it was asked, then merges what all have found so far."""
    run = current(app, search_id)
    if run is None or run.id != run_id or not run.is_open or source not in run.sources:
        log.event("search.late", search=search_id, run=run_id, source=source)
        return
    try:
        if not states(app, run)[source].is_final:
            _ask(app, run, source)
        merging.advance(app, run)
    except Gone:
        log.event("search.record_gone", search=search_id)


def _ask(app: App, run: Run, source: str) -> None:
    """Counts the attempt before it is made, so that one which kills its worker is not made for ever."""
    before = states(app, run)[source]
    if before.attempts >= MOST_ATTEMPTS:
        told = f"Its answer could not be worked through (asked {_times(before.attempts)}). Narrow the query."
        _finish(app, run, source, before, read_staged(app, run, source), Asked.FAILED, note=told)
        return
    state = save_state(app, run, source, before, attempts=before.attempts + 1, note="is being asked")
    showing.sources(app, run)
    query = parse(run.query)
    hits: list[Hit] = []
    try:
        given = _collect(app, run, source, query, hits)
    except TryAgain as again:
        _wait_or_give_up(app, run, source, state, hits, again)
        return
    except Rejected as refused:
        _finish(app, run, source, state, hits, Asked.FAILED, note=refused.message)
        return
    except Exception as fault:
        log.fault("search.source_failed", fault, search=run.search_id, source=source)
        if state.attempts < MOST_ATTEMPTS:
            save_state(app, run, source, state, note="did not answer as expected and is asked again")
            raise
        told = f"A fault in Warmbench. Tell your administrator: search {run.search_id}, run {run.id}."
        _finish(app, run, source, state, hits, Asked.FAILED, note=told)
        return
    _finish(app, run, source, state, hits, Asked.DONE, **given)


def _collect(app: App, run: Run, source: str, query: Query, fitting: list[Hit]) -> dict[str, Any]:
    """Fills the list with who has the full meaning of the query; what the source gave."""
    asked = app.search_source(source)
    left = remaining(query, source)  # a source knows more of people than it sends along: who writes Rust, say
    found = 0
    for hit in asked.search(
        question(query, source, run.directory_url), limit=MOST_OF_OURS if source in OURS else run.limit
    ):
        found += 1
        if left is None or left.matches(document(hit)):
            fitting.append(hit)
        if len(fitting) == run.limit:
            break
    is_cut = (len(fitting) if source in OURS else found) >= run.limit or found == MOST_OF_OURS
    return {"found": found, "is_cut": is_cut, "note": " ".join(asked.notes)}


def _wait_or_give_up(app: App, run: Run, source: str, state: SourceState, hits: list[Hit], again: TryAgain) -> None:
    if state.attempts >= MOST_ATTEMPTS or again.seconds > LONGEST_WAIT:
        told = f"{again} (asked {_times(state.attempts)}). What it gave until then is listed. Search again later."
        _finish(app, run, source, state, hits, Asked.FAILED, note=told)
        return
    stage(app, run, source, hits)
    save_state(app, run, source, state, fits=len(hits), note=f"waits {again.seconds} s and is asked again: {again}")
    with suppress(TryAgain):  # whoever merges now shows what is there; what counts here is the source's own wait
        merging.advance(app, run)
    raise again


def _finish(
    app: App, run: Run, source: str, state: SourceState, hits: list[Hit], outcome: Asked, **changes: Any
) -> None:
    """What was found is kept before the source counts as done."""
    stage(app, run, source, hits)
    save_state(app, run, source, state, fits=len(hits), state=outcome, **changes)
    log.event("search.source_asked", search=run.search_id, source=source, fits=len(hits), state=outcome.value)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
