"""Recompute attribution: the same computation that runs by itself, begun at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.attribution import settings
from integration.attribution.walking import RESERVE_MS, go_on
from integration.errors import TryAgain
from integration.records import Operations

if TYPE_CHECKING:
    from integration.app import App

_SECONDS = 120.0


def recompute(app: App, record_id: str) -> str:
    """Key: the record. What there is no time for, the next runs of the totals do; the record says how far it is."""
    fields = [name for name in settings.FIELDS if name != Operations.ID]
    settings.rule_of(app.salesforce.get(Operations.API_NAME, record_id, fields))
    end = app.clock.now().timestamp() + _SECONDS
    note = go_on(app, lambda: int((end - app.clock.now().timestamp()) * 1_000) + RESERVE_MS, anew=True)
    if note is None:
        raise TryAgain("attribution is being computed by another worker", seconds=60)
    return ""
