"""The scheduled pull: what the ATS says is the truth, and afterwards the org says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import leases, log
from integration.ats.connecting import Connection
from integration.ats.standing import Tally, write
from integration.errors import TryAgain
from integration.ports import AtsChanges, StaleCursor

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(minutes=15)
"""Longer than a function may run."""
CURSOR = "cursor"


@dataclass(frozen=True)
class Pulled:
    tally: Tally
    is_whole: bool


def pull(app: App, connection: Connection, changes: AtsChanges, *, whole: bool = False) -> Pulled:
    """Key: the connection. Everything that changed since the last pull; `whole`, and once a day, everything there is.

    The cursor moves when its pages are written, so a pull that dies is read again from where it began.
    """
    key = f"ats-pull#{connection.key}"
    if leases.take(app, key, lease=LEASE, kept=LEASE) is not None:
        raise TryAgain("another worker pulls this connection", seconds=60)
    try:
        state = app.claims.get(*_place(connection)) or {}
        today = app.clock.now().date().isoformat()
        since = "" if whole or state.get("whole_on") != today else str(state.get(CURSOR, ""))
        try:
            tally = _read(app, connection, changes, since)
        except StaleCursor:
            if not since:
                raise
            log.event("ats.cursor_stale", connection=connection.key)
            since, tally = "", _read(app, connection, changes, "")
        if not since:
            app.claims.update(*_place(connection), {"whole_on": today})
    finally:
        leases.release(app, key)
    log.event(
        "ats.pulled",
        connection=connection.key,
        seen=tally.seen,
        changed=tally.changed,
        passed_over=tally.passed_over,
        whole=not since,
    )
    return Pulled(tally, not since)


def _read(app: App, connection: Connection, changes: AtsChanges, since: str) -> Tally:
    tally = Tally()
    for page in changes.changes(since):
        tally += write(app, connection, changes, page.changes) + Tally(reasons=page.problems)
        if page.cursor and page.cursor != since:
            app.claims.update(*_place(connection), {CURSOR: page.cursor})
    return tally


def _place(connection: Connection) -> tuple[str, str]:
    return f"ats#{connection.key}", "pull"
