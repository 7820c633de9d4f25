"""Where a worker under measurement keeps things: a folder for its files, and as much of tables and queues as it asks.

The calls to AWS are not what is measured, and their local stand-ins take more memory than the worker.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from integration.ports import Item, Message, Queue


class Folder:
    """A bucket whose keys are files in a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, key: str) -> bytes | None:
        path = self._path / key
        return path.read_bytes() if path.exists() else None

    def stream(self, key: str) -> Iterator[bytes]:
        with (self._path / key).open("rb") as file:
            yield from iter(lambda: file.read(1 << 18), b"")

    def write(self, key: str, data: bytes, *, content_type: str, unless_exists: bool = False) -> bool:
        if unless_exists and (self._path / key).exists():
            return False
        self.write_stream(key, [data], content_type=content_type)
        return True

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> None:
        path = self._path / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.writelines(chunks)

    def keys(self, prefix: str) -> Iterator[str]:
        folder = self._path / prefix.rpartition("/")[0]
        found = (path for path in folder.rglob("*") if path.is_file()) if folder.exists() else ()
        keys = (str(path.relative_to(self._path)) for path in found)
        yield from sorted(key for key in keys if key.startswith(prefix))

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            (self._path / key).unlink(missing_ok=True)


class Items:
    """A table in memory."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def get(self, pk: str, sk: str) -> Item | None:
        return self._items.get((pk, sk))

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        return {key: self._items[key] for key in keys if key in self._items}

    def put(self, item: Item, *, unless_exists: bool = False) -> bool:
        place = str(item["pk"]), str(item["sk"])
        if unless_exists and place in self._items:
            return False
        self._items[place] = dict(item)
        return True

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> bool:
        standing = self._items.get((pk, sk), {})
        for name, wanted in (only_if or {}).items():
            if standing.get(name) not in (wanted if isinstance(wanted, set | frozenset) else {wanted}):
                return False
        self._items[pk, sk] = {**standing, **values, "pk": pk, "sk": sk}
        return True

    def query(
        self, pk: str, *, prefix: str = "", first: str = "", last: str = "", limit: int | None = None
    ) -> list[Item]:
        found = sorted(sk for partition, sk in self._items if partition == pk and sk.startswith(prefix) and sk >= first)
        return [self._items[pk, sk] for sk in found if not last or sk <= last][:limit]


class Line:
    """Queues in memory."""

    def __init__(self) -> None:
        self.waiting: dict[Queue, deque[Message]] = {queue: deque() for queue in Queue}

    def send(self, queue: Queue, message: Message, *, delay_seconds: int = 0) -> None:
        self.waiting[queue].append(message)

    def send_many(self, queue: Queue, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        self.waiting[queue].extend(messages)
