"""`warmbench judge events.jsonl --out verdicts.jsonl`: human, machine or unknown for every open, click and visit."""

import argparse
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from integration.judging.files import FileJudge, Tally
from integration.model.verdict import CLASSIFIER, Word

_MOST_FAULTS = 20


def main(argv: list[str]) -> int:
    """Exit status 0 when the file was judged, whatever single lines were like; 2 when it cannot be read or written."""
    parser = argparse.ArgumentParser(prog="warmbench judge", description=__doc__)
    parser.add_argument("events", help="one JSON object a line (docs/formats.md §5); - reads standard input")
    parser.add_argument("--out", help="where to write {id, verdict, reasons, version}, a line an event; blank: here")
    options = parser.parse_args(argv)
    faults = _Faults()
    with ExitStack() as stack:
        try:
            source = _source(options.events, stack)
            out = stack.enter_context(open(options.out, "w", encoding="utf-8")) if options.out else sys.stdout
            tally = FileJudge(source, faults.note).run(out)
        except OSError as fault:
            sys.stderr.write(f"warmbench judge: {fault.filename or options.events}: {fault.strerror}.\n")
            return 2
    sys.stderr.write(_summary(tally, faults) + "\n")
    return 0


def _source(name: str, stack: ExitStack) -> Path:
    if name != "-":
        return Path(name)
    kept = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="warmbench-judge-"))) / "events"
    with kept.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return kept


class _Faults:
    """Tells the first faults by their lines, and counts the rest."""

    def __init__(self) -> None:
        self.count = 0

    def note(self, number: int, text: str) -> None:
        self.count += 1
        if self.count <= _MOST_FAULTS:
            sys.stderr.write(f"line {number}: {text}\n")


def _summary(tally: Tally, faults: _Faults) -> str:
    words = ", ".join(f"{tally.judged[word]:,} {word}" for word in Word)
    parts = [f"classifier {CLASSIFIER}: {tally.lines:,} lines, {tally.judged.total():,} events judged ({words})"]
    if tally.unreadable or tally.ignored:
        parts.append(f"{tally.unreadable:,} lines could not be read, {tally.ignored:,} are of other kinds")
    if faults.count > _MOST_FAULTS:
        parts.append(f"{faults.count - _MOST_FAULTS:,} more faults like those above")
    if tally.right:
        precision, recall = scores(tally)
        parts.append(f"machine: precision {precision:.4f}, recall {recall:.4f}")
    return "\n".join(parts)


def scores(tally: Tally) -> tuple[float, float]:
    """Precision and recall of “machine” against the file's own labels."""
    hits = tally.right[Word.MACHINE, Word.MACHINE]
    said = sum(count for (_, word), count in tally.right.items() if word == Word.MACHINE)
    are = sum(count for (label, _), count in tally.right.items() if label == Word.MACHINE)
    return (hits / said if said else 1.0), (hits / are if are else 1.0)
