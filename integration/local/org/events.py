"""The outbox of platform events, in order, for the relay; events go astray where a fault asks for it."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from integration.local.org.faults import Fault
from integration.local.org.store import Store

_INSERT = "INSERT INTO _events (uuid, event, payload) VALUES (?, ?, ?)"


def put(
    connection: sqlite3.Connection,
    event_uuid: str,
    event: str,
    payload: Mapping[str, Any],
    now: datetime,
    fault: Fault | None = None,
) -> None:
    """Readers see the event after the commit: twice, late or never where a fault says so."""
    row = (event_uuid, event, json.dumps(payload))
    if fault is None:
        connection.execute(_INSERT, row)
    elif fault.kind == "event_duplicated":
        connection.executemany(_INSERT, [row, row])
    elif fault.kind == "event_reordered":
        until = (now + timedelta(seconds=fault.seconds)).timestamp()
        connection.execute("INSERT INTO _withheld (uuid, event, payload, until) VALUES (?, ?, ?, ?)", (*row, until))


def release(store: Store, now: datetime) -> None:
    """Lets events go that were held back so that later ones overtook them."""
    due = "FROM _withheld WHERE until <= ?"
    with store.reading() as connection:
        if not connection.execute(f"SELECT 1 {due}", (now.timestamp(),)).fetchone():
            return
    with store.writing() as connection:
        rows = connection.execute(f"SELECT uuid, event, payload {due} ORDER BY rowid", (now.timestamp(),)).fetchall()
        connection.executemany(_INSERT, rows)
        connection.execute(f"DELETE {due}", (now.timestamp(),))


def events_after(store: Store, sequence: int, limit: int = 1000) -> list[dict[str, Any]]:
    """The committed events after a sequence number, oldest first."""
    sql = "SELECT sequence, uuid, event, payload FROM _events WHERE sequence > ? ORDER BY sequence LIMIT ?"
    with store.reading() as connection:
        rows = connection.execute(sql, (sequence, limit)).fetchall()
    return [
        {"sequence": number, "uuid": event_uuid, "event": event, "payload": json.loads(payload)}
        for number, event_uuid, event, payload in rows
    ]
