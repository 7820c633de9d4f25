"""What a query returns: rows fetched once, shaped as they are read."""

from collections.abc import Iterator
from dataclasses import dataclass

from integration.local.org.soql.plan import ChildRecords, Record, Row
from integration.local.org.soql.select import ColumnInfo
from integration.local.org.soql.statement import Statement


@dataclass(frozen=True)
class QueryResult:
    """The answer to one query; iterate over it, or take a page of it."""

    statement: Statement
    total_size: int
    columns: tuple[ColumnInfo, ...]
    """In the order of the SELECT list, without subqueries."""
    _rows: list[Row]
    _base: str
    """The address that records' urls start with."""
    _children: tuple[ChildRecords, ...] = ()

    @property
    def object_name(self) -> str:
        return self.statement.object_name

    @property
    def is_count(self) -> bool:
        """SELECT COUNT(): only the total size matters."""
        return self.statement.selection is None and self.statement.grouped is None

    def __iter__(self) -> Iterator[Record]:
        return self.page(0, len(self._rows))

    def raw(self) -> list[Row]:
        """The stored values behind the records, by ColumnInfo.index."""
        return self._rows

    def page(self, start: int, size: int) -> Iterator[Record]:
        """The records from `start` on, at most `size` of them."""
        if self.statement.grouped is not None:
            return (self._group(row) for row in self._rows[start : start + size])
        return (self._record(row) for row in self._rows[start : start + size])

    def _record(self, row: Row) -> Record:
        selection = self.statement.selection
        record = selection.root.shape(row, self._base, self._children) if selection else None
        if record is None:
            raise ValueError("a row without an id")
        return record

    def _group(self, row: Row) -> Record:
        grouped = self.statement.grouped
        if grouped is None:
            raise ValueError("not a query with aggregates")
        record: Record = {"attributes": {"type": "AggregateResult"}}
        for name, show, value in zip(grouped.names, grouped.shows, row, strict=True):
            record[name] = value if show is None else show(value)
        return record
