"""Undo of the last load of a search: its results wait for a decision again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration import log, pools
from integration.candidates.undoing import take_back, told
from integration.candidates.writing import raise_passing
from integration.errors import Rejected
from integration.model.vocabulary import Decision, SearchStatus
from integration.ports import Value
from integration.prospecting.searches import loads, showing
from integration.prospecting.searches.loads import Load
from integration.records import ProspectResult, ProspectSearch
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App


def undo(app: App, search_id: str) -> str:
    """Key: search, load and part. Removes whom the last load made, unless somebody has worked with them since."""
    load = loads.latest(app, search_id)
    if load is None or load.state == loads.UNDONE:
        raise Rejected("Nothing was loaded by this search, so there is nothing to undo.", field="Command")
    if load.state == loads.OPEN:
        raise Rejected("The search is still loading. Undo it when it is done.", field="Command")
    for part in reversed(range(len(load.parts))):
        if loads.read(app, load.undone(part)) is None:
            _undo_part(app, load, part)
    totals = [loads.read(app, load.undone(part)) or {} for part in range(len(load.parts))]
    removed, restored, kept = (sum(total[name] for total in totals) for name in ("removed", "restored", "kept"))
    pool = app.salesforce.get(ProspectSearch.API_NAME, search_id, [ProspectSearch.POOL])[ProspectSearch.POOL]
    if pool:
        pools.count(app, str(pool))
    values: dict[str, Value] = {
        ProspectSearch.STATUS: SearchStatus.DONE.value,
        **showing.totals(showing.counts(app, search_id)),
    }
    app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
    loads.save(app, load, state=loads.UNDONE)
    log.event("search.undone", search=search_id, load=load.id, removed=removed, restored=restored, kept=kept)
    return told(removed, restored, kept)


def _undo_part(app: App, load: Load, part: int) -> None:
    result = loads.read(app, load.result(part)) or {"made": [], "members": [], "results": []}
    one = take_back(app, loads.read(app, load.image(part)) or {}, result["made"], result["members"])
    _decide_again(app, result["results"], frozenset(result["made"]))
    loads.write(app, load.undone(part), {"removed": one.removed, "restored": one.restored, "kept": one.kept})


def _decide_again(app: App, result_ids: Sequence[str], made: frozenset[str]) -> None:
    """Whose candidate is gone is new again; who was known before is known; who was kept stays loaded."""
    where = is_in(ProspectResult.ID, result_ids)
    rows = app.salesforce.query(
        select(ProspectResult.API_NAME, [ProspectResult.ID, ProspectResult.CANDIDATE], where=where)
    )
    updates: list[dict[str, Value]] = []
    for row in rows:
        candidate = str(row[ProspectResult.CANDIDATE] or "")
        if candidate in made:
            continue
        decision = Decision.KNOWN if candidate else Decision.NEW
        note = "The load was undone."
        updates.append(
            {
                ProspectResult.ID: row[ProspectResult.ID],
                ProspectResult.DECISION: decision.value,
                ProspectResult.NOTE: note,
            }
        )
    if updates:
        raise_passing(app.salesforce.update_many(ProspectResult.API_NAME, updates))
