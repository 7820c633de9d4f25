"""One webhook: what it says goes on the application and the candidate, or waits until it can be placed."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import leases, log
from integration.ats.applying import apply
from integration.ats.connecting import Connection, by_key, system
from integration.ats.counting import count, show
from integration.ats.jobs import pull_jobs
from integration.ats.sending import send
from integration.ats.standing import write
from integration.errors import Rejected
from integration.model.ats import Hint
from integration.model.ats_event import BadEvent, parse
from integration.ports import Value
from integration.records import ATSConnection

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=330)
"""Longer than the function may run."""
KEPT = timedelta(days=35)
HEALTHY, FAILING = "Healthy", "Failing"
PLACED, WAITING = "placed", "waiting"


def receive(app: App, connection: str, webhook_id: str, payload: Any) -> None:
    """Key: connection and webhook id. Places a verified webhook once; what cannot be placed is kept and shown."""
    key = f"ats#{connection}#{webhook_id}"
    if leases.take(app, key, lease=LEASE, kept=KEPT) is not None:
        return
    try:
        known = by_key(app, connection)
        if known is not None and known.has_system:
            reason = take_hint(app, known, payload)
        else:
            reason = place(app, payload, known)
            if reason:
                keep(app, connection, webhook_id, payload)
        note(app, connection, webhook_id, reason)
    except BaseException:
        leases.release(app, key)
        raise
    leases.finish(app, key, {"state": WAITING if reason else PLACED})
    log.event("webhook.received", connection=connection, id=webhook_id, waiting=bool(reason))


def place(app: App, payload: Any, connection: Connection | None) -> str:
    """Empty when everything is written, else in plain words why not. The connection's field map is read anew each time:
    what waited for a better one is placed by it."""
    try:
        apply(app, parse(connection.field_map.event(payload) if connection is not None else payload))
    except BadEvent as bad:
        return str(bad)
    except Rejected as rejected:
        return rejected.message
    return ""


def take_hint(app: App, connection: Connection, payload: Any) -> str:
    """Asks the system how what a webhook points to stands now, and writes that; why not, in plain words.

    Nothing is kept: the next pull finds what a lost or misunderstood webhook was about.
    """
    try:
        ats = system(app, connection)
        hint = ats.hints.hint(payload) if ats.hints is not None else Hint("")
        if hint.jobs and ats.jobs is not None:
            pull_jobs(app, connection, ats.jobs)
        if ats.changes is None or hint.is_empty:
            return ""
        return " ".join(write(app, connection, ats.changes, ats.changes.look(hint)).reasons)
    except BadEvent as bad:
        return str(bad)
    except Rejected as rejected:
        return rejected.message


def hand_over(app: App, connection: str, mark: str) -> None:
    """Key: the mark. One hand-over that was just offered; what cannot be sent now waits for the next sync."""
    known = by_key(app, connection)
    if known is None or not known.has_system:
        log.event("ats.connection_unknown", connection=connection)
        return
    ats = system(app, known)
    if ats.intake is not None:
        send(app, known, ats.intake, mark)


def waiting_prefix(connection: str) -> str:
    return f"ats/waiting/{hashlib.sha256(connection.encode()).hexdigest()[:16]}/"


def keep(app: App, connection: str, webhook_id: str, payload: Any) -> None:
    """Nothing is lost: a webhook that cannot be placed is tried again every ten minutes and at Sync now."""
    name = hashlib.sha256(webhook_id.encode()).hexdigest()[:32]
    data = json.dumps(payload, ensure_ascii=False).encode()
    app.data.write(f"{waiting_prefix(connection)}{name}.json", data, content_type="application/json")


def note(app: App, connection: str, webhook_id: str, reason: str) -> None:
    """Key: connection and webhook id. Counts a webhook, and shows on the connection what came of it."""
    known = by_key(app, connection)
    if known is None:
        log.event("ats.connection_unknown", connection=connection)
        return
    row = known.row
    count(app, row, webhook_id, received=True, applied=not reason)
    values: dict[str, Value] = {
        ATSConnection.FAILED_COUNT: sum(1 for _ in app.data.keys(waiting_prefix(connection))),
    }
    if reason:
        told = "A webhook was not understood or could not be written" if known.has_system else "An event waits"
        values |= {ATSConnection.MESSAGE: f"{told}: {reason}"[:1_000], ATSConnection.HEALTH: FAILING}
    else:
        values[ATSConnection.LAST_SUCCESS_AT] = app.clock.now().isoformat(timespec="seconds")
        if not values[ATSConnection.FAILED_COUNT]:
            values[ATSConnection.HEALTH] = HEALTHY
    show(app, row, values)
