"""The embedded org: upserts against bare SQLite, reads by external id in small and large, a million rows by Bulk 2.0.

Upserts: collections of 200 candidates go through HTTP, flows, rules and formulas of the real metadata; half of the
rows are new, half change what is there. The peer writes the rows that the org then holds, every column with a value,
into the org's own table with its indexes, 200 a transaction, by INSERT … ON CONFLICT. Both are measured by processor
time (of the serving processes; of this one), which a busy machine bends less than the clock. At least 0.15 times the
peer's rate is at most 6.67 times its time.

Loading: jobs as the product's client sends them, their results read to the end. Memory is the high-water mark of the
serving process after a first job of 50,000 rows and after the last.
"""

import json
import time
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from statistics import median

from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.bench._served import Server, as_csv, candidate, key_of, serving
from integration.bench._sqlite import Peer

ROWS = 1_000_000
FIRST_JOB = 50_000
MOST_PER_JOB = 250_000
FEW = 1_000
BATCHES = 20
READS = 1_000
UPSERT_GOAL = 1 / 0.15
READ_GOAL = 1.3
MEMORY_GOAL = 1.15
SECONDS_GOAL = 600.0
_PATH = "composite/sobjects/Candidate__c/Candidate_Key__c"
DONE = ("JobComplete", "Failed", "Aborted")


def run(runs: int) -> list[Row]:
    """Row 16 of the goals, and the million rows."""
    with serving() as small:
        first = upserts(small, runs)
    with serving() as large:
        loaded = loading(large, [range(FIRST_JOB), *_jobs(FIRST_JOB, ROWS)])
        with serving() as small:
            load(small, range(FEW))
            return [first, reads(small, large, runs, (FEW, ROWS)), *loaded]


def _jobs(first: int, last: int) -> Iterator[Sequence[int]]:
    return (range(start, min(start + MOST_PER_JOB, last)) for start in range(first, last, MOST_PER_JOB))


def upserts(server: Server, runs: int, batches: int = BATCHES) -> Row:
    """What a row of a collection costs."""
    peer = Peer(server.database)
    starts = count(0, batches)
    costs = [_upserted(server, peer, next(starts), batches) for _ in range(runs)]
    peer.close()
    product, bare = (median(column) for column in zip(*costs, strict=True))
    return Row("upserting a row in collections of 200, processor time", "us", product, UPSERT_GOAL, bare)


def _upserted(server: Server, peer: Peer, first: int, batches: int) -> tuple[float, float]:
    """Microseconds a row, of the org and of the peer: the rows are new, then changed."""
    product = bare = 0.0
    for title in ("Engineer", "Lead"):
        bodies = [_body(first + number, title) for number in range(batches)]
        before = server.cpu_seconds()
        answers = [server.answer("PATCH", _PATH, body).read() for body in bodies]
        product += server.cpu_seconds() - before
        for answer in answers:
            _check(answer)
        written = peer.rows_of(key_of(first * 200 + number) for number in range(batches * 200))
        bare += cpu_seconds(partial(peer.upsert, written))
    per_row = 1_000_000 / (2 * batches * 200)
    return product * per_row, bare * per_row


def _body(batch: int, title: str) -> bytes:
    people = (candidate(batch * 200 + number) | {"Title__c": title} for number in range(200))
    typed = [{"attributes": {"type": "Candidate__c"}, **person} for person in people]
    return json.dumps({"allOrNone": False, "records": typed}).encode()


def _check(answer: bytes) -> None:
    if failed := [each for each in json.loads(answer) if not each["success"]]:
        raise SystemExit(f"{len(failed)} of 200 rows failed: {failed[0]}")


def reads(small: Server, large: Server, runs: int, rows: tuple[int, int], amount: int = READS) -> Row:
    """What a read by external id costs in the large org, held against the small one."""
    few, many = interleaved(runs, partial(_read, small, rows[0], amount), partial(_read, large, rows[1], amount))
    return Row(f"reading by external id, {rows[1]:,} rows against {rows[0]:,}", "us", many, READ_GOAL, few)


def _read(server: Server, rows: int, amount: int) -> float:
    """Microseconds of the server a read, of records all over the table."""
    paths = [f"sobjects/Candidate__c/Candidate_Key__c/{key_of(number * 7_907 % rows)}" for number in range(amount)]
    before = server.cpu_seconds()
    for path in paths:
        server.answer("GET", path).read()
    return (server.cpu_seconds() - before) / amount * 1_000_000


def loading(server: Server, jobs: Sequence[Sequence[int]]) -> list[Row]:
    """Memory and time of so many jobs, one after the other."""
    start, cpu = time.monotonic(), server.cpu_seconds()
    load(server, jobs[0])
    at_first = server.most_memory()
    for rows in jobs[1:]:
        load(server, rows)
    seconds, cpu = time.monotonic() - start, server.cpu_seconds() - cpu
    rows_in_all = sum(map(len, jobs))
    return [
        Row(
            f"most memory after {rows_in_all:,} rows, against {len(jobs[0]):,}",
            "MiB",
            server.most_memory(),
            MEMORY_GOAL,
            at_first,
        ),
        Row(f"loading {rows_in_all:,} rows by Bulk 2.0, by the clock", "s", seconds, SECONDS_GOAL),
        Row(f"loading {rows_in_all:,} rows by Bulk 2.0, processor time", "s", cpu, SECONDS_GOAL),
    ]


def load(server: Server, rows: Sequence[int]) -> None:
    """One job of upserts from its making to the last line of its results."""
    asked = {"object": "Candidate__c", "operation": "upsert", "externalIdFieldName": "Candidate_Key__c"}
    path = f"jobs/ingest/{server.json('POST', 'jobs/ingest', asked)['id']}"
    server.answer("PUT", f"{path}/batches", as_csv(map(candidate, rows)), "text/csv").read()
    server.json("PATCH", path, {"state": "UploadComplete"})
    job = server.json("GET", path)
    while job["state"] not in DONE:
        time.sleep(0.2)
        job = server.json("GET", path)
    lines = _lines(server, f"{path}/successfulResults")
    if lines != len(rows) + 1 or job["numberRecordsFailed"]:
        raise SystemExit(f"{lines} lines of results for {len(rows)} rows: {job}")


def _lines(server: Server, path: str) -> int:
    answer, lines = server.answer("GET", path), 0
    while piece := answer.read(65_536):
        lines += piece.count(b"\n")
    return lines
