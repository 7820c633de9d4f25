"""Tables, files, queues, secrets and the clock."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

Item = dict[str, Any]
"""One DynamoDB item with `pk` and `sk`; numbers come back as int or float."""

Message = Mapping[str, Any]
"""The JSON body of one queue message."""


class Queue(StrEnum):
    """The queues of serverless.yml; each has a dead-letter queue."""

    COMMANDS = "commands"
    IMPORTS = "imports"
    SEARCHES = "searches"
    CHANGES = "changes"
    REGISTRATIONS = "registrations"
    MAIL = "mail"
    EVENTS = "events"
    POSTINGS = "postings"
    ATS = "ats"
    INBOUND = "inbound"


class Table(Protocol):
    """One DynamoDB table with string keys `pk` and `sk`."""

    def get(self, pk: str, sk: str) -> Item | None: ...

    def get_many(self, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]: ...

    def put(self, item: Item, *, unless_exists: bool = False) -> bool:
        """False when `unless_exists` was asked and the item was there."""

    def update(self, pk: str, sk: str, values: Mapping[str, Any], *, only_if: Mapping[str, Any] | None = None) -> bool:
        """Sets attributes (None removes one), creating the item; False when `only_if` did not hold.

        `only_if` maps an attribute to the value it must have, None for "absent", or a set of allowed values, of which
        one may be None; "exists" is spelled `{"pk": pk}`.
        """

    def query(
        self, pk: str, *, prefix: str = "", first: str = "", last: str = "", limit: int | None = None
    ) -> Iterator[Item]:
        """Items of one partition by `sk`, ascending: by prefix, or from `first` to `last` inclusive."""

    def delete(self, pk: str, sk: str) -> None: ...

    def put_many(self, items: Iterable[Item]) -> None:
        """Any number of items, each by itself and over what is there; after a TryAgain some are written."""

    def put_together(self, items: Sequence[tuple["Table", Item]], *, unless_exists: bool = False) -> bool:
        """All items of several tables in one transaction (at most 100), or none."""


class Files(Protocol):
    """One S3 bucket."""

    def read(self, key: str) -> bytes | None: ...

    def stream(self, key: str) -> Iterator[bytes]: ...

    def write(self, key: str, data: bytes, *, content_type: str, unless_exists: bool = False) -> bool: ...

    def write_stream(self, key: str, chunks: Iterable[bytes], *, content_type: str) -> None:
        """Visible as a whole or not at all."""

    def keys(self, prefix: str) -> Iterator[str]: ...

    def delete(self, keys: Iterable[str]) -> None: ...

    def link(self, key: str, *, seconds: int, file_name: str = "") -> str:
        """A presigned address for reading."""


class Queues(Protocol):
    def send(self, queue: Queue, message: Message, *, delay_seconds: int = 0) -> None: ...

    def send_text(self, queue: Queue, body: str) -> None:
        """`send` of a message that is JSON already, in ASCII."""

    def send_many(self, queue: Queue, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        """In batches; raises TryAgain when one was refused, after the others were taken."""


class Deliveries(Protocol):
    """Messages that a queue has handed to this function."""

    def postpone(self, queue_arn: str, receipt: str, seconds: int) -> None:
        """The message comes back after so many seconds instead of after the queue's own time."""


class Secrets(Protocol):
    def secret(self, name: str) -> dict[str, str]:
        """A JSON secret of Secrets Manager, cached for five minutes."""

    def parameter(self, name: str, *, max_age_seconds: float = 300) -> str:
        """An SSM parameter, decrypted, at most `max_age_seconds` old."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present in UTC, with the stage's offset."""

    def sleep(self, seconds: float) -> None:
        """Returns when so much of its time is over."""
