"""Published platform events, in order, for the relay."""

import json
from typing import Any

from integration.local.org.store import Store


def events_after(store: Store, sequence: int, limit: int = 1000) -> list[dict[str, Any]]:
    """The committed events after a sequence number, oldest first."""
    sql = "SELECT sequence, uuid, event, payload FROM _events WHERE sequence > ? ORDER BY sequence LIMIT ?"
    with store.reading() as connection:
        rows = connection.execute(sql, (sequence, limit)).fetchall()
    return [
        {"sequence": number, "uuid": event_uuid, "event": event, "payload": json.loads(payload)}
        for number, event_uuid, event, payload in rows
    ]
