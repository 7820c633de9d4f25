"""How the columns that SQL returns become a nested record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from integration.local.org.soql.show import Show

Row = Sequence[object]
Record = dict[str, object]
ChildRecords = dict[str, list[Record]]
"""Shaped children by the id of their parent."""


@dataclass(frozen=True)
class Cell:
    """One value."""

    index: int
    show: Show | None = None


@dataclass(frozen=True)
class Compound:
    """An address or a geolocation out of its columns."""

    parts: Mapping[str, int]
    whole: bool
    """Whether one part alone says nothing."""


@dataclass(frozen=True)
class Blob:
    """File content, shown as the address to read it from."""

    index: int
    name: str


@dataclass(frozen=True)
class Children:
    """A child subquery; `slot` says which of the query's subqueries."""

    slot: int


@dataclass(frozen=True)
class Choice:
    """TYPEOF: the first object that the row leads to, or what is shown of any other."""

    options: "tuple[Node, ...]"
    otherwise: "Node | None"

    def shape(self, row: Row, base: str) -> Record | None:
        for option in self.options:
            record = option.shape(row, base)
            if record is not None:
                return record
        return self.otherwise.shape(row, base) if self.otherwise else None


@dataclass
class Node:
    """One object of the result: the row itself or a parent."""

    type: str
    identity: int
    parts: "dict[str, Cell | Compound | Blob | Children | Choice | Node]" = field(default_factory=dict)
    objects: Mapping[str, str] | None = None
    """For records of several objects: the object's name by the prefix of the id."""

    def shape(self, row: Row, base: str, children: Sequence[ChildRecords] = ()) -> Record | None:
        """The record of one row; None for a parent that is not there."""
        identity = row[self.identity]
        if identity is None:
            return None
        kind = self.type if self.objects is None else self.objects.get(str(identity)[:3], self.type)
        url = f"{base}{kind}/{identity}"
        record: Record = {"attributes": {"type": self.type, "url": url}}
        for key, part in self.parts.items():
            match part:
                case Cell(index, show):
                    record[key] = row[index] if show is None else show(row[index])
                case Node() | Choice():
                    record[key] = part.shape(row, base)
                case Compound(parts, whole):
                    record[key] = _compound({name: row[index] for name, index in parts.items()}, whole)
                case Blob(index, name):
                    record[key] = None if row[index] is None else f"{url}/{name}"
                case Children(slot):
                    record[key] = _list(children[slot].get(str(identity), []))
        return record


def _compound(values: Record, whole: bool) -> Record | None:
    there = [value is not None for value in values.values()]
    return values if (all(there) if whole else any(there)) else None


def _list(records: list[Record]) -> Record | None:
    return {"totalSize": len(records), "done": True, "records": records} if records else None
