"""One webhook: what it says goes on the application and the candidate, or waits until it can be placed."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import leases, log
from integration.ats.applying import apply
from integration.ats.counting import count, show
from integration.errors import Rejected
from integration.model.ats_event import BadEvent, parse
from integration.ports import Record, Value
from integration.records import ATSConnection
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=150)
KEPT = timedelta(days=35)
HEALTHY, FAILING = "Healthy", "Failing"
PLACED, WAITING = "placed", "waiting"
_FIELDS = (
    ATSConnection.ID,
    ATSConnection.KEY,
    ATSConnection.RECEIVED,
    ATSConnection.APPLIED_COUNT,
    ATSConnection.LAST_SUCCESS_AT,
)


def receive(app: App, connection: str, webhook_id: str, payload: Any) -> None:
    """Key: connection and webhook id. Places a verified webhook once; what cannot be placed is kept and shown."""
    key = f"ats#{connection}#{webhook_id}"
    if leases.take(app, key, lease=LEASE, kept=KEPT) is not None:
        return
    try:
        reason = place(app, payload)
        if reason:
            keep(app, connection, webhook_id, payload)
        note(app, connection, webhook_id, reason)
    except BaseException:
        leases.release(app, key)
        raise
    leases.finish(app, key, {"state": WAITING if reason else PLACED})
    log.event("webhook.received", connection=connection, id=webhook_id, waiting=bool(reason))


def place(app: App, payload: Any) -> str:
    """Empty when everything is written, else in plain words why not."""
    try:
        apply(app, parse(payload))
    except BadEvent as bad:
        return str(bad)
    except Rejected as rejected:
        return rejected.message
    return ""


def waiting_prefix(connection: str) -> str:
    return f"ats/waiting/{hashlib.sha256(connection.encode()).hexdigest()[:16]}/"


def keep(app: App, connection: str, webhook_id: str, payload: Any) -> None:
    """Nothing is lost: a webhook that cannot be placed is tried again every ten minutes and at Sync now."""
    name = hashlib.sha256(webhook_id.encode()).hexdigest()[:32]
    data = json.dumps(payload, ensure_ascii=False).encode()
    app.data.write(f"{waiting_prefix(connection)}{name}.json", data, content_type="application/json")


def note(app: App, connection: str, webhook_id: str, reason: str) -> None:
    """Key: connection and webhook id. Counts a webhook, and shows on the connection what came of it."""
    row = connection_of(app, connection)
    if row is None:
        log.event("ats.connection_unknown", connection=connection)
        return
    count(app, row, webhook_id, received=True, applied=not reason)
    values: dict[str, Value] = {
        ATSConnection.FAILED_COUNT: sum(1 for _ in app.data.keys(waiting_prefix(connection))),
    }
    if reason:
        values |= {ATSConnection.MESSAGE: f"An event waits: {reason}", ATSConnection.HEALTH: FAILING}
    else:
        values[ATSConnection.LAST_SUCCESS_AT] = app.clock.now().isoformat(timespec="seconds")
        if not values[ATSConnection.FAILED_COUNT]:
            values[ATSConnection.HEALTH] = HEALTHY
    show(app, row, values)


def connection_of(app: App, key: str) -> Record | None:
    rows = app.salesforce.query(select(ATSConnection.API_NAME, _FIELDS, where=equals(ATSConnection.KEY, key), limit=1))
    return rows[0] if rows else None
