"""What was accepted and what was told about it, in SQLite: a mail is on disk before its sender hears "accepted"."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mails (
    message_id TEXT PRIMARY KEY, at TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL COLLATE NOCASE,
    subject TEXT NOT NULL, tags TEXT NOT NULL, raw BLOB NOT NULL, answer_to TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS mails_by_recipient ON mails (recipient, at);
CREATE TABLE IF NOT EXISTS events (
    number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL,
    body TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS events_untold ON events (told, number);
CREATE INDEX IF NOT EXISTS events_by_mail ON events (message_id);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Mail:
    """One accepted mail; an answer of a person has `answer_to`."""

    message_id: str
    at: str
    sender: str
    recipient: str
    subject: str
    tags: dict[str, str]
    raw: bytes
    answer_to: str = ""

    def listed(self) -> dict[str, Any]:
        """As the API lists it, without the body."""
        named = ("message_id", "at", "sender", "recipient", "subject", "tags", "answer_to")
        return {name: getattr(self, name) for name in named}


@dataclass(frozen=True)
class Notice:
    """One event to tell."""

    number: int
    message_id: str
    kind: str
    at: str
    body: str


class Store:
    """Thread-safe: one connection, one lock."""

    def __init__(self, path: Path | str) -> None:
        self._lock = Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def accept(self, mail: Mail, notices: Sequence[tuple[str, str, str]]) -> bool:
        """Keeps a mail and the events it will cause; False when it was there already."""
        with self._transaction() as connection:
            found = connection.execute(
                "INSERT OR IGNORE INTO mails VALUES (?,?,?,?,?,?,?,?)",
                (mail.message_id, mail.at, mail.sender, mail.recipient, mail.subject, json.dumps(mail.tags), mail.raw,
                 mail.answer_to),
            )  # fmt: skip
            if found.rowcount:
                self._tell_later(connection, mail.message_id, notices)
            return bool(found.rowcount)

    def tell(self, message_id: str, notices: Sequence[tuple[str, str, str]]) -> None:
        """Adds events (kind, time, body) of a mail that was accepted before."""
        with self._transaction() as connection:
            self._tell_later(connection, message_id, notices)

    @staticmethod
    def _tell_later(connection: sqlite3.Connection, message_id: str, notices: Sequence[tuple[str, str, str]]) -> None:
        connection.executemany(
            "INSERT INTO events (message_id, kind, at, body) VALUES (?,?,?,?)",
            [(message_id, *notice) for notice in notices],
        )

    def untold(self, limit: int) -> list[Notice]:
        """The oldest events that nobody has confirmed to have heard."""
        found = self._rows(
            "SELECT number, message_id, kind, at, body FROM events WHERE told = 0 ORDER BY number LIMIT ?", (limit,)
        )
        return [Notice(*row) for row in found]

    def mark_told(self, numbers: Sequence[int]) -> None:
        with self._transaction() as connection:
            connection.executemany("UPDATE events SET told = 1 WHERE number = ?", [(number,) for number in numbers])

    def replay(self, since: str) -> int:
        """Every event of mails accepted at or after `since` (ISO time, empty: all) will be told again."""
        with self._transaction() as connection:
            return connection.execute(
                "UPDATE events SET told = 0 WHERE message_id IN (SELECT message_id FROM mails WHERE at >= ?)", (since,)
            ).rowcount

    def mails(self, *, recipient: str = "", campaign: str = "", limit: int = 100, offset: int = 0) -> list[Mail]:
        """Newest first."""
        where, values = ["1"], list[Any]()
        if recipient:
            where.append("recipient = ?")
            values.append(recipient)
        if campaign:
            where.append("json_extract(tags, '$.campaign') = ?")
            values.append(campaign)
        found = self._rows(
            f"SELECT * FROM mails WHERE {' AND '.join(where)} ORDER BY at DESC, rowid DESC LIMIT ? OFFSET ?",  # noqa: S608 (fixed pieces)
            [*values, limit, offset],
        )
        return [_mail(row) for row in found]

    def mail(self, message_id: str) -> Mail | None:
        found = self._rows("SELECT * FROM mails WHERE message_id = ?", (message_id,))
        return _mail(found[0]) if found else None

    def notices(self, message_id: str) -> list[Notice]:
        found = self._rows(
            "SELECT number, message_id, kind, at, body FROM events WHERE message_id = ? ORDER BY number", (message_id,)
        )
        return [Notice(*row) for row in found]

    def ledger(self, campaign: str = "") -> list[dict[str, Any]]:
        """Every mail accepted from the product, oldest first: what was really sent to whom."""
        found = self._rows(
            "SELECT message_id, at, recipient, tags FROM mails WHERE json_extract(tags, '$.written') IS NULL "
            "AND (? = '' OR json_extract(tags, '$.campaign') = ?) ORDER BY rowid",
            (campaign, campaign),
        )
        return [{"message_id": row[0], "at": row[1], "recipient": row[2], **json.loads(row[3])} for row in found]

    def counts(self) -> dict[str, int]:
        [row] = self._rows("SELECT (SELECT COUNT(*) FROM mails), (SELECT COUNT(*) FROM events WHERE told = 0)")
        return {"mails": row[0], "events_untold": row[1]}

    def setting(self, name: str) -> Any:
        found = self._rows("SELECT value FROM settings WHERE name = ?", (name,))
        return json.loads(found[0][0]) if found else None

    def keep(self, name: str, value: Any) -> None:
        with self._transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO settings VALUES (?,?)", (name, json.dumps(value)))


def _mail(row: tuple[Any, ...]) -> Mail:
    message_id, at, sender, recipient, subject, tags, raw, answer_to = row
    return Mail(message_id, at, sender, recipient, subject, json.loads(tags), raw, answer_to)
