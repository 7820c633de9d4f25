"""Results become candidates: the ticked ones, or all that are new. Who is known is completed, who is erased refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import leases, log, pools
from integration.candidates import Change, Found, Origin, State, find_or_create
from integration.candidates.writing import raise_passing
from integration.errors import Rejected, shortened
from integration.model.provenance import Trust
from integration.model.ulid import ulid
from integration.model.vocabulary import AddedBy, Decision, LawfulBasis, SearchStatus
from integration.ports import Record, Value
from integration.prospecting.quick_add import NOTICE_WITHIN
from integration.prospecting.searches import loads, showing
from integration.prospecting.searches.loads import Load
from integration.prospecting.searches.results import PERSONAL, READ, person_of
from integration.prospecting.searches.runs import Run
from integration.records import ProspectResult, ProspectSearch
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

PART = 200
LEASE = timedelta(seconds=330)
KEPT = timedelta(days=35)
ERASED = "erased"
_KNOWN = (State.UPDATED, State.UNCHANGED, State.REPEATED)


def load_ticked(app: App, search_id: str) -> str:
    """Key: search and load. The ticked results become candidates and join the pool."""
    return _load(app, search_id, [Decision.TICKED], "Nothing is ticked. Set Decision to Ticked on the people you want.")


def load_all_new(app: App, search_id: str) -> str:
    """Key: search and load. All results that nobody rejected become candidates and join the pool."""
    return _load(app, search_id, [Decision.NEW, Decision.TICKED], "There is nothing new to load.")


def load_by_itself(app: App, run: Run) -> None:
    """Key: the run. What a search with “Load by itself” brought, when it has ended."""
    try:
        told = load_all_new(app, run.search_id)
    except Rejected as reason:
        log.event("search.nothing_to_load", search=run.search_id, reason=reason.message)
        return
    message = app.salesforce.get(ProspectSearch.API_NAME, run.search_id, [ProspectSearch.MESSAGE])
    values: dict[str, Value] = {ProspectSearch.MESSAGE: f"{message[ProspectSearch.MESSAGE]}\n{told}"}
    app.salesforce.update(ProspectSearch.API_NAME, run.search_id, values)


def _load(app: App, search_id: str, decisions: Sequence[Decision], if_none: str) -> str:
    key = f"search#{search_id}#load"
    leases.take(app, key, lease=LEASE, kept=KEPT)
    try:
        load = _open(app, search_id, decisions, if_none)
        _show(app, load, 0)
        for part in range(len(load.parts)):
            if loads.read(app, load.result(part)) is None:
                _load_part(app, load, part)
            _show(app, load, (part + 1) * 100 // len(load.parts))
        return _finish(app, load)
    finally:
        leases.release(app, key)


def _open(app: App, search_id: str, decisions: Sequence[Decision], if_none: str) -> Load:
    """The load that was interrupted, else a new one of the results as they stand."""
    before = loads.latest(app, search_id)
    if before is not None and before.state == loads.OPEN:
        return before
    where = both(
        equals(ProspectResult.SEARCH, search_id), is_in(ProspectResult.DECISION, [one.value for one in decisions])
    )
    order = [f"-{ProspectResult.SCORE}", ProspectResult.ID]
    rows = app.salesforce.query(select(ProspectResult.API_NAME, [ProspectResult.ID], where=where, order_by=order))
    ids = [str(row[ProspectResult.ID]) for row in rows]
    if not ids:
        raise Rejected(if_none, field="Decision")
    parts = tuple(tuple(ids[start : start + PART]) for start in range(0, len(ids), PART))
    now = app.clock.now()
    return loads.save(app, Load(ulid(now), search_id, now.isoformat(timespec="milliseconds"), parts))


def _load_part(app: App, load: Load, part: int) -> None:
    """A repeated attempt makes the same candidates and counts the same."""
    where = is_in(ProspectResult.ID, load.parts[part])
    rows = app.salesforce.query(select(ProspectResult.API_NAME, READ, where=where))
    search = app.salesforce.get(
        ProspectSearch.API_NAME, load.search_id, [ProspectSearch.NAME, ProspectSearch.POOL, ProspectSearch.CHANNEL]
    )
    people = [person_of(row) for row in rows]
    origin = Origin(
        at=load.at,
        collected_from=f"Search {search[ProspectSearch.NAME]}"[:255],
        channel=str(search[ProspectSearch.CHANNEL] or ""),
        lawful_basis=LawfulBasis.LEGITIMATE_INTEREST.value,
        notice_due_on=(load.at + NOTICE_WITHIN).date().isoformat(),
        trust=Trust.SEARCH,
    )
    found = find_or_create(app, people, origin, before_write=lambda changes: _keep(app, load.image(part), changes))
    ids = list(dict.fromkeys(one.id for one in found if one.id))
    pool = str(search[ProspectSearch.POOL] or "")
    joined = pools.join(app, pool, ids, AddedBy.SEARCH) if pool and ids else None
    stayed_out = set(joined.stayed_out) if joined else set()
    updates = [_decided(row, one, one.id in stayed_out) for row, one in zip(rows, found, strict=True)]
    outcomes = app.salesforce.update_many(ProspectResult.API_NAME, updates)
    raise_passing(outcomes)
    states = Counter(ERASED if _is_erased(one) else one.state.value for one in found)
    result = {
        "states": dict(states),
        "made": [one.id for one in found if one.state is State.CREATED],
        "members": list(joined.created) if joined else [],
        "results": [str(row[ProspectResult.ID]) for row, one in zip(rows, found, strict=True) if one.id],
        "reasons": [one.reason for one in found if one.state is State.REFUSED],
    }
    loads.write(app, load.result(part), result)


def _decided(row: Record, one: Found, stayed_out: bool) -> dict[str, Value]:
    """What the result says from now on. Of an erased person nothing stays."""
    values: dict[str, Value] = {ProspectResult.ID: row[ProspectResult.ID]}
    if _is_erased(one):
        values |= dict.fromkeys(PERSONAL)
        note = "This person had their data erased. It may not be collected again."
        return values | {
            ProspectResult.NAME: "Erased",
            ProspectResult.DECISION: Decision.ERASED.value,
            ProspectResult.NOTE: note,
        }
    if one.state is State.REFUSED:
        return values | {ProspectResult.DECISION: Decision.REFUSED.value, ProspectResult.NOTE: one.reason[:255]}
    note = (
        "Made a new candidate." if one.state is State.CREATED else "Was a candidate already; empty fields were filled."
    )
    if stayed_out:
        note += " Not added to the pool: was rejected for it or has left it."
    return values | {
        ProspectResult.DECISION: Decision.LOADED.value,
        ProspectResult.CANDIDATE: one.id,
        ProspectResult.NOTE: note,
    }


def _is_erased(one: Found) -> bool:
    return one.state is State.REFUSED and one.code == ERASED


def _keep(app: App, key: str, changes: Sequence[Change]) -> None:
    """Keeps what stood before; of several attempts the first one saw it."""
    image = loads.read(app, key) or {}
    for change in changes:
        if change.after or change.addresses:
            entry = {
                "id": change.id,
                "before": dict(change.before),
                "after": dict(change.after),
                "addresses": list(change.addresses),
            }
            image.setdefault(change.key or change.id, entry)
    loads.write(app, key, image)


def _show(app: App, load: Load, progress: int) -> None:
    values: dict[str, Value] = {
        ProspectSearch.STATUS: SearchStatus.LOADING.value,
        ProspectSearch.PROGRESS: min(progress, 99),
    }
    app.salesforce.update(ProspectSearch.API_NAME, load.search_id, values)


def _finish(app: App, load: Load) -> str:
    results = [loads.read(app, load.result(part)) or {} for part in range(len(load.parts))]
    total: Counter[str] = Counter()
    for result in results:
        total.update(result["states"])
    search = app.salesforce.get(ProspectSearch.API_NAME, load.search_id, [ProspectSearch.POOL])
    if search[ProspectSearch.POOL]:
        pools.count(app, str(search[ProspectSearch.POOL]))
    values: dict[str, Value] = {
        ProspectSearch.STATUS: SearchStatus.DONE.value,
        ProspectSearch.PROGRESS: 100,
        **showing.totals(showing.counts(app, load.search_id)),
    }
    app.salesforce.update(ProspectSearch.API_NAME, load.search_id, values)
    loads.save(app, load, state=loads.DONE)
    log.event("search.loaded", search=load.search_id, load=load.id, created=total[State.CREATED.value])
    return _told(total, [reason for result in results for reason in result["reasons"]])


def _told(total: Counter[str], reasons: Sequence[str]) -> str:
    made, known = total[State.CREATED.value], sum(total[state.value] for state in _KNOWN)
    told = f"Loaded {made + known:,}: {made:,} new, {known:,} known already."
    if total[ERASED]:
        told += f" {total[ERASED]:,} refused: they had their data erased."
    if total[State.REFUSED.value]:
        told += f" {total[State.REFUSED.value]:,} refused: {shortened(reasons[0], 200)}"
    return told
