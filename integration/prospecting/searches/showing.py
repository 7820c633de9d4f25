"""What stands on the search while it runs: progress, each source in words, counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration.model.vocabulary import Decision
from integration.ports import Value
from integration.prospecting.searches.runs import Asked, Run, SourceState, states
from integration.records import ProspectResult, ProspectSearch
from integration.soql import count_by, equals

if TYPE_CHECKING:
    from integration.app import App

TEXT_LENGTH = 8_000


def sources(app: App, run: Run) -> None:
    """Shows how far each source is."""
    found = states(app, run)
    values: dict[str, Value] = {
        ProspectSearch.SOURCE_STATUS: in_words(run, found),
        ProspectSearch.PROGRESS: progress(found),
    }
    app.salesforce.update(ProspectSearch.API_NAME, run.search_id, values)


def progress(found: Mapping[str, SourceState]) -> int:
    """The last step, the merging, is the end."""
    return sum(state.is_final for state in found.values()) * 95 // max(len(found), 1)


def in_words(run: Run, found: Mapping[str, SourceState]) -> str:
    return "\n".join(f"{source}: {_said(run, state)}" for source, state in found.items())[:TEXT_LENGTH]


def _said(run: Run, state: SourceState) -> str:
    if state.state is Asked.FAILED:
        kept = f" {state.fits:,} found before that are listed." if state.fits else ""
        return f"failed. {state.note}{kept}"
    if state.state is Asked.WAITING:
        return state.note or "will be asked"
    told = f"{state.found:,} found, {state.fits:,} fit the whole query."
    if state.note:
        told += f" {state.note}"
    elif state.is_cut:
        told += (
            f" Cut off at {run.limit:,}: there may be more, and the best may be among them. Narrow the query, or raise "
            "“Most people from each source”."
        )
    return told


def counts(app: App, search_id: str) -> dict[str, int]:
    """How many results of a search stand at each decision."""
    where = equals(ProspectResult.SEARCH, search_id)
    rows = app.salesforce.query(count_by(ProspectResult.API_NAME, [ProspectResult.DECISION], where))
    return {str(row[ProspectResult.DECISION]): int(row["expr0"] or 0) for row in rows}


def totals(by_decision: Mapping[str, int], *, erased: int = 0) -> dict[str, Value]:
    """The counts as fields of the search."""
    number = by_decision.get
    return {
        ProspectSearch.NEW: number(Decision.NEW, 0) + number(Decision.TICKED, 0),
        ProspectSearch.KNOWN: number(Decision.KNOWN, 0),
        ProspectSearch.LOADED: number(Decision.LOADED, 0),
        ProspectSearch.REFUSED: number(Decision.REFUSED, 0) + number(Decision.ERASED, 0) + erased,
    }
