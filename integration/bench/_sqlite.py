"""Bare SQLite as a peer of the org: the same table, indexes and rows, without anything that looks at them."""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from integration.local.org.store import WRITER_KIB

TABLE = "Candidate__c"
KEY = "Candidate_Key__c"
_KEPT = ("Id", "OwnerId", "CreatedDate", "CreatedById", KEY)
"""Columns that an upsert leaves as they are in a row that is there."""
Rows = list[tuple[object, ...]]


class Peer:
    """A database beside the org's, with its settings: WAL, and synchronous as the org has it."""

    def __init__(self, org: Path) -> None:
        self._org = sqlite3.connect(f"file:{org}?mode=ro", uri=True)
        self._own = sqlite3.connect(org.with_name("peer.db"), isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", f"cache_size = -{WRITER_KIB}"):
            self._own.execute(f"PRAGMA {pragma}")
        sql = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type DESC"
        for (statement,) in self._org.execute(sql, (TABLE,)).fetchall():
            # ON CONFLICT wants to know that the external id is unique.
            self._own.execute(statement.replace(f'INDEX "{TABLE}.{KEY}"', f'UNIQUE INDEX "{TABLE}.{KEY}"'))
        self._columns: list[str] = []

    def rows_of(self, keys: Iterable[str]) -> Rows:
        """What the org now holds under these keys: every column in which the first of them has a value."""
        if not self._columns:
            cursor = self._org.execute(f"SELECT * FROM {TABLE} LIMIT 1")  # noqa: S608
            row = cursor.fetchone()
            pairs = zip(cursor.description, row, strict=True)
            self._columns = [name for (name, *_), value in pairs if value is not None]
        sql = f"SELECT {', '.join(self._columns)} FROM {TABLE} WHERE {KEY} = ?"  # noqa: S608
        return [self._org.execute(sql, (key,)).fetchone() for key in keys]

    def upsert(self, rows: Rows) -> None:
        """By external id, 200 rows a transaction."""
        marks = ", ".join("?" * len(self._columns))
        sets = ", ".join(f"{name} = excluded.{name}" for name in self._columns if name not in _KEPT)
        sql = (
            f"INSERT INTO {TABLE} ({', '.join(self._columns)}) VALUES ({marks})"  # noqa: S608
            f" ON CONFLICT ({KEY}) DO UPDATE SET {sets}"
        )
        for start in range(0, len(rows), 200):
            self._own.execute("BEGIN IMMEDIATE")
            self._own.executemany(sql, rows[start : start + 200])
            self._own.execute("COMMIT")

    def close(self) -> None:
        self._org.close()
        self._own.close()
