"""One transaction of one user: what saving, deleting and flows work through until it is committed as a whole."""

import re
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from integration.local.org import events
from integration.local.org.automation import Automation
from integration.local.org.catalog import Catalog, ObjectInfo
from integration.local.org.errors import ApiError, RowError
from integration.local.org.faults import Faults
from integration.local.org.flow.interview import Match
from integration.local.org.formula import Context
from integration.local.org.incoming import Incoming, Operation, from_json
from integration.local.org.rules import FieldRules
from integration.local.org.shape import Shape
from integration.local.org.signin.users import ORGANIZATION_ID, User
from integration.local.org.store import Store, quoted
from integration.local.org.values import Row, Stored, moment

MOST_NESTED = 16
"""How deep flows may start one another before the org stops them."""


class Engine:
    """What every transaction shares: the catalog with its compiled rules and flows, and the database."""

    def __init__(self, shape: Shape, store: Store) -> None:
        self._shape = shape
        self.store = store
        self.faults = Faults(shape)

    @property
    def catalog(self) -> Catalog:
        return self._shape.catalog

    @property
    def automation(self) -> Automation:
        return self._shape.automation

    def field_rules(self, info: ObjectInfo) -> FieldRules:
        """The compiled demands on one object's fields."""
        return self._shape.field_rules(info)

    @contextmanager
    def transaction(self, user: User, now: datetime) -> Iterator["Transaction"]:
        """Commits at the end of the block, rolls back on any error."""
        with self.store.writing() as connection:
            yield Transaction(self, connection, user, now)


@dataclass
class Savepoint:
    """Set `undone` before leaving the block to take back what happened in it."""

    undone: bool = False


class _Undo(Exception):
    """Carries the wish to undo through the database's own clean-up."""


@dataclass
class Transaction:
    """The state of one unit of work."""

    engine: Engine
    connection: sqlite3.Connection
    user: User
    now: datetime
    depth: int = 0
    stamp: str = field(init=False)
    context: Context = field(init=False)
    """What formulas know of this transaction."""
    _seen: dict[str, Row | None] = field(default_factory=dict)
    _asked_for_delay: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.stamp = moment(self.now)
        self.context = Context(
            user_id=self.user.id,
            organization_id=ORGANIZATION_ID,
            now=self.now,
            permissions=self.user.access.permissions,
            time_zone=self.user.time_zone,
            load=self.load,
        )

    def meet_delay(self, info: ObjectInfo) -> None:
        """Where a fault asks for it, stamps what follows as if this transaction had been open for a while.

        To a reader it is the same as a commit that comes late: a row appears whose stamp lies before rows already seen.
        """
        if self.depth or info.name in self._asked_for_delay:
            return
        self._asked_for_delay.add(info.name)
        delay = self.engine.faults.commit_delay(info.name)
        if delay:
            self.stamp = moment(self.now - timedelta(seconds=delay))

    def stamp_for(self, prior: Row | None) -> str:
        """The stamp of a row written now. Stamps never go back: an open transaction would have kept others out."""
        earlier = str(prior.get("SystemModstamp") or "") if prior else ""
        return self.stamp if earlier <= self.stamp else moment(self.now)

    @property
    def catalog(self) -> Catalog:
        return self.engine.catalog

    @property
    def is_users(self) -> bool:
        """Whether what is saved now was asked for by the user; what flows save, nobody needs a right for."""
        return not self.depth

    @contextmanager
    def savepoint(self) -> Iterator[Savepoint]:
        """A part of the transaction that can be taken back as a whole."""
        point = Savepoint()
        with suppress(_Undo), self.engine.store.writing():
            yield point
            if point.undone:
                raise _Undo

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Around what flows do; ends a chain of flows that start one another for ever."""
        if self.depth >= MOST_NESTED:
            text = "Maximum stack depth has been reached: flows start one another"
            raise RowError("CANNOT_EXECUTE_FLOW_TRIGGER", text)
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1

    def rows(self, info: ObjectInfo, ids: list[str]) -> dict[str, Row]:
        """The stored records of these ids, deleted ones too."""
        names = [each.name for each in info.stored]
        marks = ",".join("?" * len(ids))
        sql = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(info.name)} WHERE Id IN ({marks})"  # noqa: S608
        flags = [each.name for each in info.stored if each.type == "Checkbox"]
        result: dict[str, Row] = {}
        for cells in self.connection.execute(sql, ids):
            row: Row = dict(zip(names, cells, strict=True))
            for name in flags:
                row[name] = bool(row[name])
            result[cells[0]] = row
        return result

    def load(self, object_name: str, record_id: str) -> Row | None:
        """A living record by id, for formulas that look at parents; remembered until something is written."""
        if record_id not in self._seen:
            row = self.rows(self.catalog.objects[object_name], [record_id]).get(record_id)
            self._seen[record_id] = None if row is None or row["IsDeleted"] else row
        return self._seen[record_id]

    def forget(self) -> None:
        """Called after writing, so that formulas see what was written."""
        self._seen.clear()

    def _object(self, name: str) -> ObjectInfo:
        info = self.catalog.object(name)
        if info is None:
            raise RowError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
        return info

    def _incoming(self, info: ObjectInfo, values: Mapping[str, Any], operation: Operation) -> Incoming:
        try:
            return from_json(self.catalog, info, values, operation)
        except ApiError as error:
            raise RowError(error.code, error.message) from error

    def create(self, object_name: str, values: Mapping[str, Any]) -> str:
        """Saves one new record or raises RowError; for flows."""
        return self._save_one(object_name, values, "insert", "")

    def update(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Saves one changed record or raises RowError; for flows."""
        self._save_one(object_name, values, "update", record_id)

    def _save_one(self, object_name: str, values: Mapping[str, Any], operation: Operation, record_id: str) -> str:
        from integration.local.org.save import save

        info = self._object(object_name)
        incoming = self._incoming(info, values, operation)
        incoming.id = record_id
        with self.nested():
            outcome = save(self, info, [incoming], operation)[0]
        if outcome.error:
            raise outcome.error
        return outcome.id

    def find(
        self, object_name: str, matches: Sequence[Match], *, order_by: str, descending: bool, limit: int | None
    ) -> list[Mapping[str, Any]]:
        """Living records that match every condition; for flows."""
        info = self._object(object_name)
        conditions, parameters = ["IsDeleted = 0"], []
        for each in matches:
            found = info.field(each.field)
            if found is None or not found.is_stored:
                raise RowError("INVALID_FIELD", f"No such column '{each.field}' on sobject of type {info.name}")
            condition, values = condition_sql(found.name, each)
            conditions.append(condition)
            parameters += values
        order = info.field(order_by)
        sql = (
            f"SELECT Id FROM {quoted(info.name)} WHERE {' AND '.join(conditions)}"  # noqa: S608
            f" ORDER BY {quoted(order.name if order else 'Id')} {'DESC' if descending else 'ASC'} LIMIT ?"
        )
        ids = [row[0] for row in self.connection.execute(sql, [*parameters, -1 if limit is None else limit])]
        rows = self.rows(info, ids) if ids else {}
        return [rows[record_id] for record_id in ids]

    def publish(self, event_name: str, values: Mapping[str, Any]) -> str:
        """Puts a platform event into the outbox; readers see it after the commit."""
        info = self._object(event_name)
        incoming = self._incoming(info, values, "insert")
        row = {name: value for name, value in _event_row(self, info, incoming).items() if value is not None}
        event_uuid = str(uuid.uuid4())
        payload = {**row, "CreatedDate": self.stamp, "CreatedById": self.user.id}
        events.put(self.connection, event_uuid, info.name, payload, self.now, self.engine.faults.event(info.name))
        return event_uuid


_COMPARED = {"=": "IS", "!=": "IS NOT", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
_LIKE = {"contains": ("%", "%"), "begins": ("", "%"), "ends": ("%", "")}


def condition_sql(name: str, match: Match) -> tuple[str, list[Any]]:
    """A flow's filter as SQL with its parameters."""
    column = quoted(name)
    if match.operator in ("is null", "is not null"):
        return f"{column} {match.operator.upper()}", []
    if match.operator in _LIKE:
        before, after = _LIKE[match.operator]
        text = re.sub(r"([%_\\])", r"\\\1", str(match.value))
        return f"{column} LIKE ? ESCAPE '\\'", [before + text + after]
    return f"{column} {_COMPARED[match.operator]} ?", [match.value]


def _event_row(transaction: Transaction, info: ObjectInfo, incoming: Incoming) -> dict[str, Stored]:
    if incoming.error:
        raise incoming.error
    row = transaction.engine.automation.defaults(info, transaction) | incoming.values
    fault = transaction.engine.field_rules(info).fault(row, row)
    if fault:
        raise fault
    return row
