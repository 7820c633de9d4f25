"""One run of the rollup in a process of its own: the real fold, flush and Salesforce client.

Files lie in a folder and the ledger's record ids in SQLite, so that only the product's own memory is measured.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from integration.bench._frame import most_memory
from integration.model.ledger import State

NOW = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


class Folder:
    """A bucket as a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, key: str) -> bytes | None:
        path = self._path(key)
        return path.read_bytes() if path.exists() else None

    def write(self, key: str, data: bytes, *, content_type: str, unless_exists: bool = False) -> bool:
        self._path(key).write_bytes(data)
        return True

    def keys(self, prefix: str) -> Iterator[str]:
        start = quote(prefix, safe="")
        names = sorted(path.name for path in self._folder.iterdir() if path.name.startswith(start))
        yield from (name.replace("%2F", "/").replace("%3D", "=") for name in names)

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._path(key).unlink()

    def _path(self, key: str) -> Path:
        return self._folder / quote(key, safe="")


class Marks:
    """The table of claims: dirty marks and leases, kept in a file from run to run."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, pk: str, sk: str) -> dict[str, Any] | None:
        return self._all().get(_place(pk, sk))

    def query(self, pk: str, **_: Any) -> Iterator[dict[str, Any]]:
        yield from [item for item in self._all().values() if item["pk"] == pk]

    def put(self, item: Mapping[str, Any], *, unless_exists: bool = False) -> bool:
        standing, place = self._all(), _place(item["pk"], item["sk"])
        if unless_exists and place in standing:
            return False
        self._keep({**standing, place: dict(item)})
        return True

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> bool:
        standing, place = self._all(), _place(pk, sk)
        item = standing.get(place, {})
        if any(item.get(name) != wanted for name, wanted in (only_if or {}).items()):
            return False
        self._keep({**standing, place: {"pk": pk, "sk": sk, **item, **values}})
        return True

    def delete(self, pk: str, sk: str) -> None:
        self._keep({place: item for place, item in self._all().items() if place != _place(pk, sk)})

    def _all(self) -> dict[str, Any]:
        marks: dict[str, Any] = json.loads(self._file.read_text()) if self._file.exists() else {}
        return marks

    def _keep(self, marks: Mapping[str, Any]) -> None:
        self._file.write_text(json.dumps(marks))


def _place(pk: str, sk: str) -> str:
    return f"{pk}|{sk}"


class Ledger:
    """A row for everybody who was mailed, with the record's id; what is folded onto rows is taken and forgotten."""

    def __init__(self, file: Path, plan: Mapping[str, Any]) -> None:
        self._rows = sqlite3.connect(file)
        self._plan = dict(plan)

    def get(self, pk: str, sk: str) -> dict[str, Any]:
        return self._plan

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], dict[str, Any]]:
        found = {}
        for pk, key in keys:
            (record_id,) = self._rows.execute("SELECT id FROM people WHERE key = ?", (key,)).fetchone()
            found[pk, key] = {"candidate_id": record_id}
        return found

    def query(self, pk: str, **_: Any) -> Iterator[dict[str, Any]]:
        shard = pk.rpartition("#")[2]
        (number,) = self._rows.execute("SELECT COUNT(*) FROM people WHERE shard = ?", (shard,)).fetchone()
        yield from ({"state": State.SETTLED} for _ in range(number))

    def update(self, pk: str, sk: str, values: Mapping[str, Any], **_: Any) -> bool:
        return True


class Queues:
    def send_many(self, queue: str, messages: Iterable[Mapping[str, Any]], **_: Any) -> None:
        for _message in messages:
            pass


class Clock:
    def now(self) -> datetime:
        return NOW


def flush(folder: Path, way_in: Mapping[str, str], plan: Mapping[str, Any]) -> dict[str, float]:
    """One run; its peak memory in MiB, its processor time, and the shards that it folded."""
    from integration import rollup
    from integration.adapters.salesforce import connect
    from integration.app import App
    from integration.config import Config

    app: Any = App(Config(stage="bench", org_id="", public_base_url="https://jobs.warmbench.example"))
    app.clock, app.queues, app.data = Clock(), Queues(), Folder(folder / "data")
    app.claims, app.sends = Marks(folder / "marks.json"), Ledger(folder / "people.db", plan)
    app.salesforce = connect(way_in)
    start = time.process_time()
    shards = rollup.tally(app)
    return {"memory": most_memory(), "seconds": time.process_time() - start, "shards": shards}


if __name__ == "__main__":
    given = json.load(sys.stdin)
    print(json.dumps(flush(Path(given["folder"]), given["way_in"], given["plan"])))
