"""Check shows what a query means for each source; Search asks them, one queue message for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected, TryAgain
from integration.model.boolean_query import Query
from integration.model.ulid import ulid
from integration.model.vocabulary import SearchSource, SearchStatus
from integration.ports import Queue, Record, Value
from integration.prospecting.query import BadQuery, parse
from integration.prospecting.searches.directories import address_in, question
from integration.prospecting.searches.runs import Run, begin, current, states
from integration.prospecting.searches.web_links import web_links
from integration.records import ProspectSearch

if TYPE_CHECKING:
    from integration.app import App

USUAL_LIMIT, MOST = 200, 2_000
TEXT_LENGTH = 32_000
_READ = (
    ProspectSearch.QUERY,
    ProspectSearch.SOURCES,
    ProspectSearch.DIRECTORY_URL,
    ProspectSearch.LIMIT,
    ProspectSearch.RANK,
    ProspectSearch.AUTO_LOAD,
)


@dataclass(frozen=True)
class Plan:
    """What a search asks, and whom."""

    query: Query
    sources: tuple[str, ...]
    limit: int
    is_ranked: bool
    auto_load: bool
    directory_url: str = ""


def check(app: App, search_id: str) -> str:
    """Key: the search. Shows what the query means and what each source would be asked; asks nobody."""
    plan = _plan_or_fail(app, search_id)
    values: dict[str, Value] = {
        ProspectSearch.STATUS: SearchStatus.CHECKED.value,
        ProspectSearch.TRANSLATIONS: translations(plan),
        ProspectSearch.WEB_LINKS: web_links(plan.query),
    }
    app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
    notes = "".join(f" {note}" for note in plan.query.notes)
    return f"Understood as: {plan.query.in_words}.{notes} Nobody was asked yet: see “What each source is asked”."


def search(app: App, search_id: str) -> str:
    """Key: the search and its latest run. Starts a run; one that is under way is overtaken by it."""
    plan = _plan_or_fail(app, search_id)
    start(app, search_id, plan, is_repeat=False)
    return ""


def start(app: App, search_id: str, plan: Plan, *, is_repeat: bool) -> Run:
    """The record says what is asked before anybody is."""
    before = current(app, search_id)
    now = app.clock.now()
    run = Run(
        ulid(now),
        search_id,
        now.isoformat(timespec="seconds"),
        plan.query.text,
        plan.sources,
        plan.limit,
        plan.is_ranked,
        plan.auto_load,
        is_repeat,
        directory_url=plan.directory_url,
    )
    if not begin(app, run, after=before):
        raise TryAgain("the search was started twice at once", seconds=5)
    values: dict[str, Value] = {
        ProspectSearch.STATUS: SearchStatus.SEARCHING.value,
        ProspectSearch.PROGRESS: 0,
        ProspectSearch.MESSAGE: f"Asking {', '.join(run.sources)}.",
        ProspectSearch.TRANSLATIONS: translations(plan),
        ProspectSearch.WEB_LINKS: web_links(plan.query),
        ProspectSearch.SOURCE_STATUS: "\n".join(f"{source}: will be asked" for source in run.sources),
    }
    app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
    enqueue(app, run)
    log.event("search.started", search=search_id, run=run.id, sources=len(run.sources), repeat=is_repeat)
    return run


def enqueue(app: App, run: Run) -> None:
    """Puts the sources that are not done on the queue."""
    waiting = [source for source, state in states(app, run).items() if not state.is_final] or list(run.sources[:1])
    messages = [{"search_id": run.search_id, "run": run.id, "source": source} for source in waiting]
    app.queues.send_many(Queue.SEARCHES, messages)


def plan_of(app: App, search_id: str) -> Plan:
    """Raises Rejected for what the recruiter must put right."""
    record = app.salesforce.get(ProspectSearch.API_NAME, search_id, _READ)
    text = str(record[ProspectSearch.QUERY] or "").strip()
    if not text:
        raise Rejected("The search has no query. Write what to look for in Query.", field="Query")
    chosen = set(str(record[ProspectSearch.SOURCES] or "").split(";"))
    sources = tuple(source.value for source in SearchSource if source.value in chosen)
    if not sources:
        raise Rejected("No source is chosen. Choose in Sources where to look.", field="Sources")
    is_ranked, auto_load = bool(record[ProspectSearch.RANK]), bool(record[ProspectSearch.AUTO_LOAD])
    return Plan(_parsed(text), sources, _limit(record), is_ranked, auto_load, address_in(record, sources))


def _parsed(text: str) -> Query:
    """The message shows where the fault stands."""
    try:
        return parse(text)
    except BadQuery as bad:
        raise Rejected(bad.shown, field="Query", value=bad.value) from bad


def translations(plan: Plan) -> str:
    """What each source is asked and what it cannot express."""
    return "\n\n".join("\n".join(_translation(plan, source)) for source in plan.sources)[:TEXT_LENGTH]


def _translation(plan: Plan, source: str) -> Iterator[str]:
    try:
        found = question(plan.query, source, plan.directory_url)
    except Rejected as refused:
        yield f"{source}: cannot be asked this. {refused.message}"
        return
    yield f"{source}: {found.query or 'everything, filtered afterwards'}"
    for name, value in found.parameters.items():
        yield f"  {name}: {value}"
    if found.losses:
        yield "  Cannot express, so its answers are filtered again:"
        yield from (f"  - {loss}" for loss in found.losses)


def _plan_or_fail(app: App, search_id: str) -> Plan:
    try:
        return plan_of(app, search_id)
    except Rejected:
        values: dict[str, Value] = {ProspectSearch.STATUS: SearchStatus.FAILED.value}
        app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
        raise


def _limit(record: Record) -> int:
    given = record[ProspectSearch.LIMIT]
    if given is None:
        return USUAL_LIMIT
    number = float(given)
    if not 1 <= number <= MOST:
        raise Rejected(
            f"“Most people from each source” is {number:g}; it can be 1 to {MOST:,}. Correct it, or leave it empty for "
            f"{USUAL_LIMIT}.",
            field="Most people from each source",
            value=f"{number:g}",
        )
    return int(number)
