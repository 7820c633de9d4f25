"""One run of a flow, and what it may do to other records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from integration.local.org.formula import Frame


@dataclass(frozen=True)
class Match:
    """One filter of a lookup: `operator` is one of = != < <= > >= or `is null`, `is not null`, contains, begins, ends.

    `value` is in stored form.
    """

    field: str
    operator: str
    value: Any = None


class Dml(Protocol):
    """Reads and writes in the transaction that started the flow; faults are RowError."""

    def create(self, object_name: str, values: Mapping[str, Any]) -> str: ...

    def update(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None: ...

    def find(
        self, object_name: str, matches: Sequence[Match], *, order_by: str, descending: bool, limit: int | None
    ) -> list[Mapping[str, Any]]:
        """Stored rows that are not deleted and fit all matches."""
        ...

    def publish(self, event_name: str, values: Mapping[str, Any]) -> str: ...


@dataclass(slots=True)
class Interview:
    """The state of one run."""

    frame: Frame
    dml: Dml | None
    """None before save: such a flow changes only the record itself."""
    changes: dict[str, Any] = field(default_factory=dict)
    """After save: what assignments changed on $Record, until an update writes it."""
