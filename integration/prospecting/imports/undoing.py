"""Undo: removes whom an import made and restores what it changed, unless somebody has worked with them since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log, pools
from integration.candidates.tagging import untag
from integration.candidates.undoing import Undone, take_back, told
from integration.errors import Rejected
from integration.model.vocabulary import ImportStatus
from integration.prospecting.imports.places import (
    OPEN,
    UNDONE,
    Load,
    load_of,
    numbers,
    read_json,
    save,
    step_back,
    write_json,
)
from integration.records import CandidateImport

if TYPE_CHECKING:
    from integration.app import App


def undo(app: App, import_id: str) -> str:
    """Key: import, load and chunk. Undoes the last load chunk by chunk; an interrupted undo goes on."""
    load = load_of(app, import_id)
    if load is None:
        raise Rejected("Nothing was loaded by this import, so there is nothing to undo.", field="Command")
    if load.state == UNDONE:
        raise Rejected(
            "What was loaded was undone already: there is nothing to undo. Load loads it again.", field="Command"
        )
    if load.state == OPEN:
        raise Rejected("The import is still loading. Undo it when it is done.", field="Command")
    finished = set(numbers(app, load.undone(0).rpartition("/")[0] + "/"))
    # The last chunks first: a person who stood twice was changed by the later one last.
    for number in reversed(range(load.chunks)):
        if number not in finished:
            one = _undo_chunk(app, load, number)
            write_json(app, load.undone(number), {"removed": one.removed, "restored": one.restored, "kept": one.kept})
    totals = [read_json(app, load.undone(number)) for number in range(load.chunks)]
    removed, restored, kept = (sum(total[name] for total in totals) for name in ("removed", "restored", "kept"))
    _count_pool(app, import_id)
    earlier = step_back(app, save(app, load, state=UNDONE))
    app.salesforce.update(CandidateImport.API_NAME, import_id, {CandidateImport.STATUS: ImportStatus.UNDONE.value})
    log.event("import.undone", id=import_id, load=load.id, removed=removed, restored=restored, kept=kept)
    again = " The load before it can be undone too." if earlier else ""
    return f"{told(removed, restored, kept)}{again}"


def _undo_chunk(app: App, load: Load, number: int) -> Undone:
    result = read_json(app, load.result(number)) or {"made": [], "members": []}
    undone = take_back(app, read_json(app, load.image(number)) or {}, result["made"], result["members"])
    untag(app, result.get("tagged", ()))
    return undone


def _count_pool(app: App, import_id: str) -> None:
    pool = app.salesforce.get(CandidateImport.API_NAME, import_id, [CandidateImport.POOL])[CandidateImport.POOL]
    if pool:
        pools.count(app, str(pool))
