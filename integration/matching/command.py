"""`warmbench match`: finds the doubles in a file of people, or between two.

    warmbench match A.csv --out pairs.csv                       doubles within A
    warmbench match A.csv B.csv --map MAP.json --out pairs.csv  who of A is who of B

pairs.csv has id_a, id_b, score (0 to 1) and decision (merge or review); with --reasons also why. Without a map the
columns are guessed from their names.
"""

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from integration import collector
from integration.errors import Rejected
from integration.matching.columns import columns, read_map
from integration.matching.engine import Matching
from integration.matching.profile import Decision, Pair
from integration.matching.tables import Table, writable

HEADER = ("id_a", "id_b", "score", "decision")


def main(argv: list[str]) -> int:
    """Exit status 0 when the pairs are written, 2 when something must be put right first."""
    options = _parser().parse_args(argv)
    start = time.monotonic()
    try:
        _at_most_two(options.files)
        tables = [Table(path) for path in options.files]
        told = read_map(options.map) if options.map else (None, None)
        where = [columns(table.header, each) for table, each in zip(tables, told, strict=False)]
        with collector.at_rest():
            counts = _found(tables, where, options)
    except Rejected as refused:
        sys.stderr.write(f"warmbench match: {refused}\n")
        return 2
    rows = " and ".join(f"{table.rows:,}" for table in tables)
    told_counts = f"{counts[Decision.MERGE]:,} pairs to merge, {counts[Decision.REVIEW]:,} to review"
    sys.stderr.write(f"{rows} rows: {told_counts}; {time.monotonic() - start:.1f} s\n")
    return 0


def _found(tables: Sequence[Table], where: Sequence[object], options: argparse.Namespace) -> dict[Decision, int]:
    pairs = _pairs(tables, where, options)
    if options.out == "-":
        return _write(sys.stdout, pairs, options.reasons)
    return _to_file(writable(options.out, options.files), pairs, options.reasons)


def _at_most_two(files: Sequence[str]) -> None:
    if len(files) > 2:
        raise Rejected(f"{len(files)} files were named. Name one file, or two to link.", field="FILE")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="warmbench match", description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE", help="one delimited file, or two to link")
    parser.add_argument("--map", help="JSON: which column holds what (docs/formats.md)")
    parser.add_argument("--out", required=True, help="the file of pairs to write; - for the terminal")
    parser.add_argument("--reasons", action="store_true", help="a fifth column that says why")
    return parser


def _pairs(tables: Sequence[Table], where: Sequence[object], options: argparse.Namespace) -> Iterator[Pair]:
    matching = Matching(with_reasons=options.reasons)
    for table, each in zip(tables, where, strict=True):
        matching.add(table.people(each))  # type: ignore[arg-type]
    return matching.pairs()


def _to_file(out: Path, pairs: Iterable[Pair], reasons: bool) -> dict[Decision, int]:
    """The whole file or none: it takes its name when it is complete."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            counts = _write(file, pairs, reasons)
        part.replace(out)
    except OSError as wrong:
        raise Rejected(f"--out {out} cannot be written: {wrong.strerror}.", field="--out", value=str(out)) from wrong
    finally:
        with suppress(OSError):
            part.unlink()
    return counts


def _write(file: TextIO, pairs: Iterable[Pair], reasons: bool) -> dict[Decision, int]:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*HEADER, "reasons") if reasons else HEADER)
    counts = dict.fromkeys(Decision, 0)
    for pair in pairs:
        counts[pair.decision] += 1
        row = (pair.id_a, pair.id_b, f"{pair.score:.6f}", pair.decision.value)
        writer.writerow((*row, "; ".join(pair.reasons)) if reasons else row)
    return counts
