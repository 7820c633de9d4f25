"""Tables, files, queues and mailer in memory: the ports of a rehearsal, with the rules of the real adapters."""

import json
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from integration.model.alignment import Identity
from integration.ports import Item, Message, Queue, Table


class MemoryTable:
    """One table; conditions as in `Table.update`."""

    def __init__(self) -> None:
        self._parts: dict[str, dict[str, Item]] = defaultdict(dict)
        self._order: dict[str, list[str]] = defaultdict(list)

    def get(self, pk: str, sk: str) -> Item | None:
        return deepcopy(self._parts[pk].get(sk))

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        return {key: item for key in keys if (item := self.get(*key)) is not None}

    def put(self, item: Item, *, unless_exists: bool = False) -> bool:
        part, sk = self._parts[item["pk"]], item["sk"]
        if sk not in part:
            insort(self._order[item["pk"]], sk)
        elif unless_exists:
            return False
        part[sk] = {name: deepcopy(value) for name, value in item.items() if value is not None}
        return True

    def put_many(self, items: Iterable[Item]) -> None:
        for item in items:
            self.put(item)

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> bool:
        before = self.get(pk, sk)
        if not all(_holds((before or {}).get(name), wanted) for name, wanted in (only_if or {}).items()):
            return False
        return self.put({**(before or {"pk": pk, "sk": sk}), **values})

    def query(
        self, pk: str, *, prefix: str = "", first: str = "", last: str = "", limit: int | None = None
    ) -> Iterator[Item]:
        order = self._order[pk]
        found = order[bisect_left(order, first or prefix) :]
        wanted = [sk for sk in found if sk.startswith(prefix) and (not last or sk <= last)]
        return iter([deepcopy(self._parts[pk][sk]) for sk in wanted[:limit]])

    def delete(self, pk: str, sk: str) -> None:
        if self._parts[pk].pop(sk, None) is not None:
            self._order[pk].remove(sk)

    def put_together(self, items: Sequence[tuple[Table, Item]], *, unless_exists: bool = False) -> bool:
        if unless_exists and any(table.get(item["pk"], item["sk"]) is not None for table, item in items):
            return False
        return all(table.put(item) for table, item in items)


def _holds(value: Any, wanted: Any) -> bool:
    return value in wanted if isinstance(wanted, set | frozenset) else bool(value == wanted)


class MemoryFiles:
    """One bucket."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}

    def read(self, key: str) -> bytes | None:
        return self._files.get(key)

    def stream(self, key: str) -> Iterator[bytes]:
        return iter([self._files[key]])

    def write(self, key: str, data: bytes, *, content_type: str, unless_exists: bool = False) -> bool:
        if unless_exists and key in self._files:
            return False
        self._files[key] = data
        return True

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> None:
        self._files[key] = b"".join(chunks)

    def keys(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self._files if key.startswith(prefix)))

    def delete(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._files.pop(key, None)

    def link(self, key: str, *, seconds: int, file_name: str = "") -> str:
        raise NotImplementedError("a rehearsal shows nobody a file")


class MemoryQueues:
    """Every queue; a delayed message comes when its time has come on the rehearsal's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._waiting: dict[Queue, list[tuple[datetime, Message]]] = defaultdict(list)

    def send(self, queue: Queue, message: Message, *, delay_seconds: int = 0) -> None:
        self._waiting[queue].append((self._now() + timedelta(seconds=delay_seconds), deepcopy(message)))

    def send_text(self, queue: Queue, body: str) -> None:
        self.send(queue, json.loads(body))

    def send_many(self, queue: Queue, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        for message in messages:
            self.send(queue, message, delay_seconds=delay_seconds)

    def take(self, queue: Queue) -> list[Message]:
        """What has come by now, taken off."""
        now, waiting = self._now(), self._waiting[queue]
        self._waiting[queue] = [each for each in waiting if each[0] > now]
        return [message for at, message in waiting if at <= now]

    def next_at(self, queue: Queue) -> datetime | None:
        return min((at for at, _ in self._waiting[queue]), default=None)


class RecordingMailer:
    """Writes down who would get what; hands it on only where a real mailer is given, as production's path does."""

    def __init__(self, inner: Any = None) -> None:
        self._inner = inner
        self.sent: list[dict[str, str]] = []

    def send(self, raw: bytes, *, sender: str, recipient: str, tags: Mapping[str, str]) -> str:
        self.sent.append(dict(tags))
        if self._inner is not None:
            return str(self._inner.send(raw, sender=sender, recipient=recipient, tags=tags))
        return f"rehearsed-{len(self.sent)}"

    def identity(self, name: str) -> Identity | None:
        return Identity(name, verified=True, signs=True)
