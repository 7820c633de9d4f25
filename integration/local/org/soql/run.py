"""Runs a query against the org's tables."""

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from integration.local.org.catalog import Catalog
from integration.local.org.soql.computed import formula_sql
from integration.local.org.soql.dates import local_text
from integration.local.org.soql.distance import HAVERSINE, haversine
from integration.local.org.soql.errors import SoqlError, too_complicated
from integration.local.org.soql.functions import FOLD, LOCAL_TIME, fold
from integration.local.org.soql.parser import parse
from integration.local.org.soql.plan import ChildRecords, Row
from integration.local.org.soql.result import QueryResult
from integration.local.org.soql.scope import Compilation, Reader, Scope
from integration.local.org.soql.show import Show, show_csv, show_csv_boolean
from integration.local.org.soql.statement import Statement, compile_children, compile_query
from integration.local.org.soql.tree import Query

_IN_CSV: dict[str, Show] = {"Checkbox": show_csv_boolean}
_TOO_MUCH = re.compile("too (many|large|complex|big)|overflow")
"""How SQLite says that a statement is beyond its limits."""
_MOST_GROUPS = 2000
VERSION = "63.0"


@dataclass(frozen=True)
class _Session:
    connection: sqlite3.Connection
    catalog: Catalog
    text: str
    reader: Reader
    now: datetime
    include_deleted: bool
    base: str
    version: float = float(VERSION)

    def compilation(self) -> Compilation:
        return Compilation(
            self.text, self.catalog, self.reader, self.now, self.include_deleted, formula_sql, self.version
        )

    def rows(self, statement: Statement, parameters: tuple[object, ...] | None = None) -> list[Row]:
        if LOCAL_TIME in statement.sql:
            zone = self.compilation().zone
            self.connection.create_function(LOCAL_TIME, 1, local_text(zone), deterministic=True)
        if HAVERSINE in statement.sql:
            self.connection.create_function(HAVERSINE, 5, haversine, deterministic=True)
        if FOLD in statement.sql:
            self.connection.create_function(FOLD, 1, fold, deterministic=True)
        cursor = self.connection.cursor()
        cursor.row_factory = None
        try:
            return cursor.execute(statement.sql, parameters or statement.parameters).fetchall()
        except sqlite3.OperationalError as error:
            if _TOO_MUCH.search(str(error)):
                raise too_complicated() from error
            raise


def run(
    connection: sqlite3.Connection,
    catalog: Catalog,
    text: str,
    *,
    user: Reader,
    now: datetime,
    include_deleted: bool = False,
    version: str = VERSION,
    query: Query | None = None,
) -> QueryResult:
    """Parses, checks and runs one query; raises SoqlError for what the org refuses.

    With `query` that one is run, and `text` is where its places are.
    """
    base = f"/services/data/v{version}/sobjects/"
    session = _Session(connection, catalog, text, user, now, include_deleted, base, float(version))
    statement = compile_query(session.compilation(), query or parse(text))
    return _execute(session, statement)


@dataclass(frozen=True)
class Explained:
    """How a query would be run: SQLite's steps, and how many rows it gives."""

    object_name: str
    steps: list[str]
    matches: int


def explain(connection: sqlite3.Connection, catalog: Catalog, text: str, *, user: Reader, now: datetime) -> Explained:
    """Parses and checks one query as if to run it."""
    session = _Session(connection, catalog, text, user, now, include_deleted=False, base="")
    statement = compile_query(session.compilation(), parse(text))
    steps = session.rows(replace(statement, sql=f"EXPLAIN QUERY PLAN {statement.sql}"))
    count = session.rows(replace(statement, sql=f"SELECT COUNT(*) FROM ({statement.sql})"))
    return Explained(statement.object_name, [str(row[-1]) for row in steps], int(str(count[0][0])))


def _execute(session: _Session, statement: Statement) -> QueryResult:
    if statement.selection is None and statement.grouped is None:
        count = session.rows(statement)[0][0]
        return QueryResult(statement, int(str(count)), (), [], session.base)
    compiled = [] if statement.selection is None else _compile_subqueries(session, statement)
    rows = session.rows(statement)
    if statement.grouped is not None:
        if len(rows) > _MOST_GROUPS:
            reason = "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch"
            raise SoqlError("EXCEEDED_ID_LIMIT", reason)
        return QueryResult(statement, len(rows), tuple(statement.grouped.columns), rows, session.base)
    children = tuple(_children(session, each, [str(row[0]) for row in rows]) for each in compiled)
    columns = tuple(statement.selection.columns) if statement.selection else ()
    return QueryResult(statement, len(rows), columns, rows, session.base, children)


def _compile_subqueries(session: _Session, statement: Statement) -> list[Statement]:
    selection = statement.selection
    subqueries: list[Query] = selection.subqueries if selection else []
    scope: Scope | None = selection.scope if selection else None
    return [compile_children(session.compilation(), scope, each) for each in subqueries if scope]


def _children(session: _Session, statement: Statement, parents: list[str]) -> ChildRecords:
    """The shaped children of many parents, by the parent's id."""
    selection = statement.selection
    if selection is None:
        raise ValueError("a relationship query selects rows")
    nested = _compile_subqueries(session, statement)
    rows = session.rows(statement, (json.dumps(parents), *statement.parameters[1:]))
    deeper = [_children(session, each, [str(row[0]) for row in rows]) for each in nested]
    result: ChildRecords = {}
    for row in rows:
        record = selection.root.shape(row, session.base, deeper)
        if record is not None:
            result.setdefault(str(row[-1]), []).append(record)
    return result


@dataclass(frozen=True)
class FlatResult:
    """The answer to a bulk query: a header and rows of text."""

    header: list[str]
    total_size: int
    rows: Iterator[list[str]]


def run_flat(
    connection: sqlite3.Connection,
    catalog: Catalog,
    text: str,
    *,
    user: Reader,
    now: datetime,
    include_deleted: bool = False,
) -> FlatResult:
    """One query as a bulk query job answers it; refuses what Bulk API 2.0 refuses."""
    result = run(connection, catalog, text, user=user, now=now, include_deleted=include_deleted)
    selection = result.statement.selection
    if selection is None:
        raise SoqlError(
            "FEATURENOTENABLED", "Aggregate queries are not supported in Bulk V2 Query with CSV content type"
        )
    if selection.subqueries:
        raise SoqlError(
            "FEATURENOTENABLED", "Aggregate Relationships not supported in Bulk V2 Query with CSV content type"
        )
    if selection.has_type_of:
        raise SoqlError("FEATURENOTENABLED", "TYPEOF is not supported in Bulk V2 Query")
    shows: list[tuple[int, Show]] = []
    for column in result.columns:
        kind = column.field.type if column.field else ""
        if kind in ("Address", "Location", "Base64"):
            reason = f"Compound data such as {column.name} is not supported in Bulk V2 Query with CSV content type"
            raise SoqlError("FEATURENOTENABLED", reason)
        shows.append((column.index, column.show or _IN_CSV.get(kind, show_csv)))
    rows = ([show_csv(show(row[index])) for index, show in shows] for row in result.raw())
    return FlatResult([column.name for column in result.columns], result.total_size, rows)
