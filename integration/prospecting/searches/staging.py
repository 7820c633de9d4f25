"""The people whom a source found wait in the data bucket until the search has ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from integration.ports import Hit
from integration.prospecting.searches.runs import Run

if TYPE_CHECKING:
    from integration.app import App

JSON_LINES = "application/jsonl"


def stage(app: App, run: Run, source: str, hits: Sequence[Hit]) -> None:
    """Keeps the fitting people of a source; another attempt replaces them."""
    lines = "\n".join(json.dumps(asdict(hit), ensure_ascii=False) for hit in hits)
    app.data.write(run.staged(source), lines.encode(errors="replace"), content_type=JSON_LINES)


def read_staged(app: App, run: Run, source: str) -> list[Hit]:
    data = app.data.read(run.staged(source)) or b""
    return [_hit(json.loads(line)) for line in data.decode().split("\n") if line]


def _hit(values: dict[str, Any]) -> Hit:
    read: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    return Hit(**read)
