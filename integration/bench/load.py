"""An import from the command Load to its end, into an embedded org: 100,000 rows against the clock.

The org is a process of its own, the worker another: it reads the file, then works on one chunk after the other, as one
of the deployed function's four would. Files lie in a folder, queues and tables in its memory. The file is that of
`bench import`; every row must be accounted for, and the org must hold exactly the people who were created.
"""

import json
import resource
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from integration.adapters.salesforce import connect
from integration.app import App
from integration.bench import _file
from integration.bench._frame import Row, most_memory
from integration.bench._kept import Folder, Items, Line
from integration.bench._served import Server, serving
from integration.config import Config
from integration.model.link import Signer
from integration.ports import Queue
from integration.prospecting import imports
from integration.records import Candidate, CandidateImport

ROWS = (100_000,)
SECONDS, MOST_MIB = 120.0, 512.0
_COUNTS = (CandidateImport.CREATED, CandidateImport.UPDATED, CandidateImport.MERGED, CandidateImport.REJECTED)


def run(runs: int, rows: Sequence[int] = ROWS) -> list[Row]:
    """L3 of reliability.md. Raises when a row is unaccounted for."""
    figures = []
    for count in rows:
        found = [_one(count) for _ in range(runs)]
        label, goal = f"load of {count:,} rows", SECONDS * count / ROWS[0]
        figures += [
            Row(f"{label}, time", "s", median(one["seconds"] for one in found), goal),
            Row(f"{label}, processor time of worker and org", "s", median(one["processor"] for one in found), goal),
            Row(f"{label}, most memory of the worker", "MiB", max(one["memory"] for one in found), MOST_MIB),
        ]
    return figures


def _one(count: int) -> dict[str, float]:
    with serving() as server, TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        _file.write(path, count)
        access = {"url": server.org.url, "id": server.org.client_id, "secret": server.org.client_secret}
        before = server.cpu_seconds()
        command = [sys.executable, "-m", "integration.bench.load", str(path)]
        done = subprocess.run(command, input=json.dumps(access), stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        found["processor"] += server.cpu_seconds() - before
        server.close()  # it was idle for too long
        _check(server, found, count)
    return found


def _check(server: Server, found: dict[str, float], count: int) -> None:
    counts = [found[name] for name in _COUNTS]
    if found[CandidateImport.ROWS] != count or sum(counts) != count:
        raise AssertionError(f"rows are missing: {found}")
    there = server.json("GET", f"query?q=SELECT+COUNT()+FROM+{Candidate.API_NAME}")["totalSize"]
    if there != found[CandidateImport.CREATED]:
        raise AssertionError(f"{there} people are in the org, {found} were told")


def main(path: Path, access: dict[str, str]) -> None:
    """The worker: prints its figures as JSON."""
    app = _app(path.parent, access)
    record = app.salesforce.create(CandidateImport.API_NAME, {CandidateImport.NAME: "A long list"})
    app.salesforce.attach_file(record, path.name, path.read_bytes())
    start, spent = time.perf_counter(), _processor()
    imports.load(app, record)
    waiting = app.queues.waiting[Queue.IMPORTS]  # type: ignore[attr-defined]
    while waiting:
        message = waiting.popleft()
        imports.work(app, message["import_id"], message["load"], message["chunk"])
    seconds, spent = time.perf_counter() - start, _processor() - spent
    told = app.salesforce.get(CandidateImport.API_NAME, record, [CandidateImport.ROWS, *_COUNTS])
    figures: dict[str, Any] = {"seconds": seconds, "processor": spent, "memory": most_memory()}
    print(json.dumps({**figures, **{name: int(told[name] or 0) for name in (CandidateImport.ROWS, *_COUNTS)}}))


def _processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


def _app(folder: Path, access: dict[str, str]) -> App:
    app = App(Config(stage="bench", public_base_url="https://jobs.warmbench.example", org_id=""))
    key = b64encode(b"a key for nothing but this bench").decode()
    parts = {
        "clock": _Clock(),
        "links": Signer.from_json(json.dumps({"current": "k1", "keys": {"k1": key}})),
        "salesforce": connect(
            {"login_url": access["url"], "client_id": access["id"], "client_secret": access["secret"]}
        ),
        "data": Folder(folder / "data"),
        "queues": Line(),
        "people": Items(),
        "claims": Items(),
    }
    for name, part in parts.items():
        setattr(app, name, part)
    return app


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.load(sys.stdin))
