"""Standing searches: those that are due run again, and bring only people whom they have not brought before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.model.vocabulary import Repeat
from integration.ports import Value
from integration.records import ProspectSearch

if TYPE_CHECKING:
    from integration.app import App


def stop_repeating(app: App, search_id: str) -> str:
    """Key: the search. It is not repeated by itself any more; what it found stays."""
    values: dict[str, Value] = {ProspectSearch.REPEAT: Repeat.OFF.value, ProspectSearch.NEXT_RUN_AT: None}
    app.salesforce.update(ProspectSearch.API_NAME, search_id, values)
    return "The search is not repeated any more. What it found stays."
