"""Where an import keeps what it knows: in the data bucket, under its id and the id of the load."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from integration.ports import Queue
from integration.prospecting.files.opening import Place, keep
from integration.prospecting.files.table import About
from integration.prospecting.imports.layout import Layout
from integration.prospecting.imports.reading import Open

if TYPE_CHECKING:
    from integration.app import App

JSON = "application/json"
OPEN, DONE, UNDONE = "open", "done", "undone"


@dataclass(frozen=True)
class Load:
    """One run of Load: fixed when it starts, so that every attempt at it makes the same candidates."""

    id: str
    """ULID; with the line it is the cause of each candidate."""
    import_id: str
    started_at: str
    version: str
    """ContentVersion of the file."""
    file_name: str
    state: str = OPEN
    rows: int = 0
    chunks: int = -1
    """Number of chunks, -1 until the file is split."""
    people: int = 0
    """Rows in the chunks: those that were not rejected when the file was read."""
    rejected: int = 0
    """Rows rejected when the file was read."""
    cleaned: int = 0
    split_at: str = ""
    final: Mapping[str, Any] | None = None
    """What the record says at the end: whoever writes an older state over it puts it back."""
    first_repeat: int = 0
    """Chunks from here on hold people who stand in an earlier chunk; they wait for those."""
    blank: int = 0
    previous: str = ""
    """Id of the load before this one, which can be undone when this one is."""
    rejects: str = ""
    """ContentVersion of the file of rejected rows."""
    layout: Mapping[str, Any] | None = None

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.started_at)

    @property
    def layout_value(self) -> Layout:
        return Layout(**(self.layout or {}))

    def chunk(self, number: int) -> str:
        return f"imports/{self.import_id}/{self.id}/chunks/{number:05}.csv"

    @property
    def rejected_rows(self) -> str:
        """What was rejected when the file was read."""
        return f"imports/{self.import_id}/{self.id}/rejected.jsonl"

    def result(self, number: int) -> str:
        return f"imports/{self.import_id}/{self.id}/results/{number:05}.json"

    def who(self, number: int) -> str:
        """Which candidate each line of a chunk became: by this an erasure finds the rows, whatever they hold."""
        return f"imports/{self.import_id}/{self.id}/who/{number:05}.txt"

    @property
    def results(self) -> str:
        """Prefix of the results."""
        return f"imports/{self.import_id}/{self.id}/results/"

    def image(self, number: int) -> str:
        """What stood in the org before a chunk was written."""
        return f"provenance/import={self.import_id}/load={self.id}/{number:05}.json"

    def members_before(self, number: int) -> str:
        """Who of a chunk was in the pool before it was written."""
        return f"provenance/import={self.import_id}/load={self.id}/members/{number:05}.json"

    def tags_before(self, number: int) -> str:
        """Which words the people of a chunk had before it was written."""
        return f"provenance/import={self.import_id}/load={self.id}/tags/{number:05}.json"

    def undone(self, number: int) -> str:
        return f"imports/{self.import_id}/{self.id}/undone/{number:05}.json"


def file_key(import_id: str, version: str, sheet: str = "") -> str:
    chosen = f"-{blake2b(sheet.encode(), digest_size=8).hexdigest()}" if sheet else ""
    return f"imports/{import_id}/{version}{chosen}.csv"


def file_of(app: App, import_id: str, version: str, *, name: str = "", sheet: str = "") -> Open:
    """Opens the attached file, copied to the bucket the first time; what is no text becomes a table there."""
    key = file_key(import_id, version, sheet)
    if not any(True for _ in app.data.keys(key)):
        parts = f"imports/{import_id}/parts/{version}/"
        place = Place(import_id, key, _about_key(key), parts, name or version, sheet)
        keep(app, place, app.salesforce.read_file(version))
    return lambda: app.data.stream(key)


def about_of(app: App, import_id: str, version: str, *, sheet: str = "") -> About | None:
    """What is known of a converted file; None for a delimited text."""
    data = app.data.read(_about_key(file_key(import_id, version, sheet)))
    return None if data is None else About.from_json(data.decode())


def _about_key(key: str) -> str:
    folder, _, name = key.rpartition("/")
    return f"{folder}/about/{name}.json"


def load_of(app: App, import_id: str) -> Load | None:
    """The latest load of an import."""
    data = app.data.read(f"imports/{import_id}/load.json")
    return None if data is None else Load(**json.loads(data))


def save(app: App, load: Load, **changes: Any) -> Load:
    """Keeps the load, as the latest of its import."""
    load = replace(load, **changes)
    for key in (f"imports/{load.import_id}/{load.id}/load.json", f"imports/{load.import_id}/load.json"):
        write_json(app, key, asdict(load))
    return load


def step_back(app: App, load: Load) -> bool:
    """Makes the load before this one the latest again; False when there is none."""
    before = read_json(app, f"imports/{load.import_id}/{load.previous}/load.json") if load.previous else None
    if before is not None:
        save(app, Load(**before))
    return before is not None


def read_json(app: App, key: str) -> Any:
    data = app.data.read(key)
    return None if data is None else json.loads(data)


def write_json(app: App, key: str, value: Any, *, unless_exists: bool = False) -> bool:
    data = json.dumps(value, ensure_ascii=False).encode()
    return app.data.write(key, data, content_type=JSON, unless_exists=unless_exists)


def numbers(app: App, prefix: str) -> Iterator[int]:
    """Chunk numbers of the objects under a prefix."""
    for key in app.data.keys(prefix):
        yield int(key.rpartition("/")[2].partition(".")[0])


def enqueue(app: App, load: Load, chunks: Sequence[int]) -> None:
    """Puts the chunks that have no result yet on the queue."""
    done = set(numbers(app, load.results))
    waiting = [number for number in chunks if number not in done]
    if not waiting and chunks:
        waiting = [chunks[-1]]  # everything is done but the end: a finished chunk looks whether all are
    messages = [{"import_id": load.import_id, "load": load.id, "chunk": number} for number in waiting]
    app.queues.send_many(Queue.IMPORTS, messages)
