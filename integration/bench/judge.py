"""Telling people from machines: precision and recall on labelled events, of which half were never looked at.

The same corpora are judged a second time with every kind of gap that other people's files have: no delivery events, no
browsers, no networks.
"""

import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from integration.bench import _corpus
from integration.bench._crowd import Line
from integration.bench._frame import Row, cpu_seconds
from integration.judging import scores
from integration.judging.files import FileJudge

MAILS = 20_000
FALSE_ALARMS, MISSED = 0.02, 0.10
T = TypeVar("T")
SPEED = 120.0
"""Microseconds an event: a million in two minutes."""


def run(runs: int) -> list[Row]:
    """Shares of wrong “machine” verdicts and of machines that were missed."""
    del runs  # the same in every run
    rows = []
    for name, world in (("tried", _corpus.tried()), ("held out", _corpus.held_out())):
        events = list(_corpus.lines(world, MAILS))
        rows += _rows(name, events)
        if name == "held out":
            rows += _rows("held out, no deliveries", [line for line in events if line["kind"] in {"open", "click"}])
            rows += _rows("held out, no networks", without(events, "network"), missed=0.2)
    rows.append(_speed(events))
    return rows


def without(events: list[Line], *names: str) -> list[Line]:
    return [{name: value for name, value in line.items() if name not in names} for line in events]


def _rows(name: str, events: list[Line], missed: float = MISSED) -> list[Row]:
    precision, recall = judged(events)
    return [
        Row(f"wrong among machine verdicts, {name}", "share", 1 - precision, FALSE_ALARMS),
        Row(f"machines missed, {name}", "share", 1 - recall, missed),
    ]


def judged(events: list[Line]) -> tuple[float, float]:
    """Precision and recall of “machine”, through the very command that judges files."""
    return _with_file(events, lambda path: scores(FileJudge(path, _no_fault).run(io.StringIO())))


def _speed(events: list[Line]) -> Row:
    seconds = _with_file(events, lambda path: cpu_seconds(lambda: FileJudge(path, _no_fault).run(io.StringIO())))
    return Row("judging a file", "us CPU an event", seconds / len(events) * 1e6, SPEED)


def _with_file(events: list[Line], work: Callable[[Path], T]) -> T:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events.jsonl"
        path.write_text("\n".join(map(json.dumps, events)))
        return work(path)


def _no_fault(number: int, text: str) -> None:
    raise AssertionError(f"line {number}: {text}")
