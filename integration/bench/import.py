"""Importing a file of people: the product's own reading of it against a bare `csv.reader` pass over the same file.

The product maps, normalises (addresses, names, phones to E.164, countries, dates), finds the repeats exactly, writes
what it rejects, and cuts the rest into CSV shards: the very function that Load calls. Each measure is a process of its
own, product and peer in turn. The product reads with two processes more where there are two processors: its processor
time is that of all of them, its memory what each of them had at most, taken together (what they share counts for each).
The file is seeded: 9 columns, about 108 bytes a row, one row in eight repeats somebody.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from integration.bench import _file
from integration.bench._frame import Row

ROWS = (1_000_000,)
TIME_GOAL = 4.0
MEMORY_GOAL = 384.0
GROWTH_GOAL = 1.15


def run(runs: int, rows: Sequence[int] = ROWS) -> list[Row]:
    """Row 7 of the goals. Raises when a row is unaccounted for or a repeat is not found."""
    figures: list[Row] = []
    memory: list[float] = []
    for count in rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "people.csv"
            _file.write(path, count)
            ours, theirs = [], []
            for _ in range(runs):
                ours.append(_measured(_PRODUCT, path))
                theirs.append(_measured(_PEER, path))
            _check(ours[0], count, path)
        memory.append(max(one["memory"] for one in ours))
        label = f"import of {count:,} rows"
        for kind, name in (("seconds", "time"), ("processor", "processor time")):
            product, peer = (median(one[kind] for one in each) for each in (ours, theirs))
            figures.append(Row(f"{label}, {name}", "s", product, TIME_GOAL, peer))
        figures.append(Row(f"{label}, most memory", "MiB", memory[-1], MEMORY_GOAL))
    if len(memory) > 1:
        figures.append(Row(f"memory, {rows[-1]:,} rows against {rows[0]:,}", "MiB", memory[-1], GROWTH_GOAL, memory[0]))
    return figures


def _check(found: dict[str, float], rows: int, path: Path) -> None:
    """Every row is somewhere, and the repeats are those that a set of all addresses finds."""
    if found["rows"] != rows or found["people"] + found["rejected"] != rows or found["written"] != found["people"]:
        raise AssertionError(f"rows are missing: {found}")
    if found["repeats"] != (wanted := _measured(_REPEATS, path)["repeats"]):
        raise AssertionError(f"{found['repeats']} repeats were found, there are {wanted}")


def _measured(program: str, path: Path) -> dict[str, float]:
    command = [sys.executable, "-c", _FRAME + program, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


_FRAME = """
import csv, io, json, sys, tempfile, time
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
path = Path(sys.argv[1])

def now():
    used = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    return time.perf_counter(), sum(one.ru_utime + one.ru_stime for one in used)

def told(start, others=0, **figures):
    seconds, processor = (after - before for before, after in zip(start, now()))
    with open("/proc/self/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    memory += others * getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "memory": memory, **figures}))
"""
_PEER = """
start = now()
with path.open(encoding="utf-8", newline="") as file:
    for row in csv.reader(file):
        pass
told(start)
"""
_PRODUCT = """
from datetime import UTC, datetime
from integration.prospecting.imports.layout import detect
from integration.prospecting.imports.parts import PROCESSES
from integration.prospecting.imports.rows import RowReader
from integration.prospecting.imports.splitting import split

def chunks():
    with path.open("rb") as file:
        while chunk := file.read(262_144):
            yield chunk

shards = path.with_name("shards")
shards.mkdir(exist_ok=True)
written = 0

def put(number, rows):
    global written
    written += rows.count(b"\\n") - 1
    (shards / f"{number:06}.csv").write_bytes(rows)

start = now()
reader = RowReader(detect(chunks, {}), "import/load", datetime(2026, 3, 2, tzinfo=UTC))
with tempfile.TemporaryFile() as rejects:
    found = split(chunks, reader, put, lambda rows: None, rejects)
told(start, PROCESSES, rows=found.rows, people=found.people, rejected=found.rejected, repeats=found.repeats,
     written=written)
"""
_REPEATS = """
from heapq import merge
from integration.prospecting.imports import ready

def rows(shards):
    for shard in shards:
        for line, person in ready.people(shard.read_text(encoding="utf-8"), ""):
            last = person.name.last.casefold()
            yield line, [hash(one.key if "@" in one.value else f"{one.key}|{last}") for one in person.addresses]

def first_line(shard):
    return next(rows([shard]))[0]

start, seen, repeats = now(), set(), 0
shards = sorted(path.with_name("shards").iterdir())
late = next((at for at in range(1, len(shards)) if first_line(shards[at]) < first_line(shards[at - 1])), len(shards))
for line, marks in merge(rows(shards[:late]), rows(shards[late:])):
    repeats += not seen.isdisjoint(marks)
    seen.update(marks)
told(start, repeats=repeats)
"""
