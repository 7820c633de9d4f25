"""The product's Salesforce client against simple-salesforce: 100,000 upserts and a query of 100,000 rows.

Both talk to the same served org, each time in a process of their own; only what the client's process takes counts. The
product's upsert reads the outcome of every row, the peer's does not. Waiting is what the client slept after the org had
completed the job.
"""

import json
import math
import subprocess
import sys
import time
from statistics import median
from tempfile import TemporaryFile
from typing import Any

from integration.bench._frame import Row
from integration.bench._served import Server, serving
from integration.bench.org import DONE, load

ROWS = 100_000
CPU_GOAL = 0.6
MEMORY_GOAL = 16.0
WAIT_GOAL = 0.5
_PRECISION = 0.03
_WORKS = ("product-upsert", "peer-upsert", "product-read", "peer-read")


def run(runs: int) -> list[Row]:
    """Row 13 of the goals."""
    with serving() as server:
        load(server, range(ROWS))
        return measured(server, runs, ROWS)


def measured(server: Server, runs: int, rows: int) -> list[Row]:
    """The figures of both clients, taken in turns."""
    taken = [{work: _child(server, work, rows) for work in _WORKS} for _ in range(runs)]

    def of(work: str, name: str) -> float:
        return median(each[work][name] for each in taken)

    def row(title: str, unit: str, work: str, name: str, goal: float) -> Row:
        """The peer's figure stands in the title where the goal is an amount and no ratio."""
        peer = of(f"peer-{work}", name)
        if name == "cpu":
            return Row(title, unit, of(f"product-{work}", name), goal, peer)
        return Row(f"{title} (peer: {peer:.1f})", unit, of(f"product-{work}", name), goal)

    return [
        row(f"{rows:,} upserts, processor time", "s", "upsert", "cpu", CPU_GOAL),
        row(f"{rows:,} upserts, memory", "MiB", "upsert", "memory", MEMORY_GOAL),
        row("waiting after the job", "s", "upsert", "wait", WAIT_GOAL),
        row(f"query of {rows:,} rows, processor time", "s", "read", "cpu", CPU_GOAL),
        row(f"query of {rows:,} rows, memory", "MiB", "read", "memory", MEMORY_GOAL),
    ]


def _child(server: Server, work: str, rows: int) -> dict[str, float]:
    """One client's processor time, memory and waiting."""
    way_in = {"login_url": server.org.url, "token": server.org.token, "rows": rows}
    way_in |= {"client_id": server.org.client_id, "client_secret": server.org.client_secret}
    command = [sys.executable, "-m", "integration.bench._sf_clients", work]
    before = _newest(server).get("id")
    with TemporaryFile("w+") as told, TemporaryFile("w+") as given:
        json.dump(way_in, given)
        given.seek(0)
        process = subprocess.Popen(command, stdin=given, stdout=told)  # noqa: S603
        completed = _completed(server, process, before) if work.endswith("upsert") else math.inf
        if process.wait():
            raise SystemExit(f"{work} ended with status {process.returncode}")
        told.seek(0)
        figures: dict[str, Any] = json.load(told)
    waited = sum(max(0.0, end - max(start, completed)) for start, end in figures["sleeps"])
    return {"cpu": figures["cpu"], "memory": figures["memory"], "wait": waited}


def _completed(server: Server, process: "subprocess.Popen[bytes]", before: str | None) -> float:
    """When the org completed the client's job, by the clock."""
    while process.poll() is None:
        job = _newest(server)
        if job.get("id") != before and job["state"] in DONE:
            return time.time()
        time.sleep(_PRECISION)
    return time.time()


def _newest(server: Server) -> dict[str, Any]:
    records: list[dict[str, Any]] = server.json("GET", "jobs/ingest")["records"]
    return records[0] if records else {}
