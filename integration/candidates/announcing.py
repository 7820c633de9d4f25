"""Tells the pools that candidates changed; our own writers do it because the sweep skips their rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from integration.ports import Queue

if TYPE_CHECKING:
    from integration.app import App

IDS_PER_MESSAGE = 200


def announce(app: App, candidate_ids: Sequence[str]) -> None:
    """Key: the candidates; told twice, the pools judge twice."""
    ids = sorted(set(candidate_ids))
    if ids:
        app.queues.send_many(
            Queue.CHANGES,
            [{"candidates": ids[start : start + IDS_PER_MESSAGE]} for start in range(0, len(ids), IDS_PER_MESSAGE)],
        )
