"""The SQLite file behind the org: tables made from the catalog, one writer, readers beside it, counters for ids."""

import queue
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.ids import new_id

_INTERNAL = """
CREATE TABLE IF NOT EXISTS _settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _prefixes (object TEXT PRIMARY KEY, prefix TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS _counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS _files (version_id TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS _metadata (path TEXT PRIMARY KEY, content BLOB NOT NULL, deployed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS _deployments (id TEXT PRIMARY KEY, result TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _tokens (token TEXT PRIMARY KEY, user_id TEXT NOT NULL, refresh INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS _passwords (user_id TEXT PRIMARY KEY, salt BLOB NOT NULL, digest BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS _clients (client_id TEXT PRIMARY KEY, secret TEXT, certificate TEXT, username TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL, event TEXT NOT NULL, payload TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS _withheld (uuid TEXT NOT NULL, event TEXT NOT NULL, payload TEXT NOT NULL, until REAL);
CREATE TABLE IF NOT EXISTS _purged (id TEXT PRIMARY KEY, deleted_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _jobs (id TEXT PRIMARY KEY, kind TEXT NOT NULL, job TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _job_parts (
    upload INTEGER NOT NULL, number INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (upload, number)
);
CREATE TABLE IF NOT EXISTS _job_pages (
    job_id TEXT NOT NULL, kind TEXT NOT NULL, first INTEGER NOT NULL, rows INTEGER NOT NULL, page TEXT NOT NULL,
    PRIMARY KEY (job_id, kind, first)
);
"""

WRITER_KIB, READER_KIB = 32_768, 8_192
"""What one connection keeps of the file in memory; there may be as many readers as there are threads."""


def quoted(name: str) -> str:
    """A table or column name as SQL; names come from the catalog, never from a request."""
    return '"' + name.replace('"', '""') + '"'


def known_prefixes(connection: sqlite3.Connection) -> dict[str, str]:
    """The id prefixes that this file's objects already have."""
    connection.executescript(_INTERNAL)
    return dict(connection.execute("SELECT object, prefix FROM _prefixes"))


def open_connection(path: str, cache_kib: int = WRITER_KIB) -> sqlite3.Connection:
    """A connection in autocommit, so that transactions begin and end where the code says."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30, cached_statements=512)
    if path != ":memory:":
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    return connection


class Store:
    """One database. All writing goes through `writing()`, one thread at a time; reading does not wait for it."""

    def __init__(
        self, path: str | Path, writer: sqlite3.Connection, catalog: Catalog, *, has_tables: bool = False
    ) -> None:
        self.path = str(path)
        self._writer = writer
        self._lock = threading.RLock()
        self._depth = 0
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()
        self._counters: dict[str, int] = {}
        self._changed_counters: set[str] = set()
        writer.executescript(_INTERNAL)
        if not has_tables:
            writer.execute("BEGIN IMMEDIATE")
            make_tables(writer, catalog)
            writer.execute("COMMIT")
        self._counters.update(writer.execute("SELECT name, value FROM _counters"))

    @property
    def in_memory(self) -> bool:
        return self.path == ":memory:"

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction; inside another of the same thread, a savepoint of it."""
        with self._lock:
            name = f"level{self._depth}"
            self._writer.execute("BEGIN IMMEDIATE" if not self._depth else f"SAVEPOINT {name}")
            self._depth += 1
            try:
                yield self._writer
                if self._depth == 1:
                    self._save_counters()
                self._writer.execute("COMMIT" if self._depth == 1 else f"RELEASE {name}")
            except BaseException:
                # SQLite has already rolled back by itself when the disk is full.
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK" if self._depth == 1 else f"ROLLBACK TO {name}")
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read from: this thread's own transaction when it is writing."""
        if self.in_memory or self._is_writing_here():
            with self._lock:
                yield self._writer
            return
        try:
            reader = self._readers.get_nowait()
        except queue.Empty:
            reader = open_connection(self.path, READER_KIB)
            reader.execute("PRAGMA query_only = ON")
        reader.execute("BEGIN")
        try:
            yield reader
        finally:
            reader.execute("COMMIT")
            self._readers.put(reader)

    def _is_writing_here(self) -> bool:
        if not self._depth or not self._lock.acquire(blocking=False):
            return False
        self._lock.release()
        return self._depth > 0

    def next_id(self, info: ObjectInfo) -> str:
        """A fresh id; only while writing."""
        return new_id(info.prefix, self.next_number(info.name))

    def next_number(self, name: str) -> int:
        """The next value of a counter; numbers of a transaction that is rolled back are not used again."""
        with self._lock:
            value = self._counters.get(name, 0) + 1
            self._counters[name] = value
            self._changed_counters.add(name)
        return value

    def _save_counters(self) -> None:
        if self._changed_counters:
            rows = [(name, self._counters[name]) for name in self._changed_counters]
            self._writer.executemany("INSERT OR REPLACE INTO _counters VALUES (?, ?)", rows)
            self._changed_counters.clear()

    def setting(self, name: str) -> str:
        """A stored setting, or an empty text."""
        with self.reading() as connection:
            row = connection.execute("SELECT value FROM _settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO _settings VALUES (?, ?)", (name, value))

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Everything committed so far, for a second store made from the same catalog."""
        with self._lock:
            self._writer.backup(target)

    def close(self) -> None:
        with self._lock:
            while not self._readers.empty():
                self._readers.get_nowait().close()
            self._writer.close()


def make_tables(connection: sqlite3.Connection, catalog: Catalog) -> None:
    """Inside a transaction: every table, column and index that the catalog wants and the file has not."""
    connection.executemany("INSERT OR REPLACE INTO _prefixes VALUES (?, ?)", catalog.prefixes.items())
    for info in catalog.objects.values():
        if not info.is_event:
            _make_table(connection, info)


def _make_table(connection: sqlite3.Connection, info: ObjectInfo) -> None:
    present = {row[1] for row in connection.execute(f"PRAGMA table_info({quoted(info.name)})")}
    if not present:
        columns = ", ".join(_column(each) for each in info.stored)
        connection.execute(f"CREATE TABLE {quoted(info.name)} ({columns})")
    for each in info.stored:
        if present and each.name not in present:
            connection.execute(f"ALTER TABLE {quoted(info.name)} ADD COLUMN {_column(each)}")
    for each in info.stored:
        if each.is_key or each.unique or (each.is_reference and each.name not in ("CreatedById", "LastModifiedById")):
            index = quoted(f"{info.name}.{each.name}")
            connection.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {quoted(info.name)} ({quoted(each.name)})")
    if "SystemModstamp" in info.fields:
        index = quoted(f"{info.name}.SystemModstamp")
        connection.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {quoted(info.name)} (SystemModstamp)")


def _column(each: FieldInfo) -> str:
    return f"{quoted(each.name)} TEXT PRIMARY KEY" if each.name == "Id" else f"{quoted(each.name)} {each.column_type}"
