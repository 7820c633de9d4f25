"""Sync now, and every ten minutes: places what waits, and says how the connection is."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.ats.counting import count, show
from integration.ats.receiving import FAILING, HEALTHY, place, waiting_prefix
from integration.ports import Record, Value
from integration.records import ATSConnection
from integration.soql import select

if TYPE_CHECKING:
    from integration.app import App

LATE_AFTER = timedelta(days=7)
READY = "Ready"
UNKNOWN, LATE = "Unknown", "Late"
MOST_AT_ONCE = 500
_FIELDS = (
    ATSConnection.ID,
    ATSConnection.KEY,
    ATSConnection.LAST_SUCCESS_AT,
    ATSConnection.RECEIVED,
    ATSConnection.APPLIED_COUNT,
)


def sync(app: App, connection_id: str) -> str:
    """Key: connection and webhook. Tries again what could not be placed, and writes the connection's health."""
    row = app.salesforce.get(ATSConnection.API_NAME, connection_id, _FIELDS)
    placed, waiting, reason = _retry(app, row)
    last = app.clock.now() if placed else _time(row[ATSConnection.LAST_SUCCESS_AT])
    values: dict[str, Value] = {
        ATSConnection.STATUS: READY,
        ATSConnection.HEALTH: _health(waiting, last, app.clock.now()),
        ATSConnection.FAILED_COUNT: waiting,
    }
    if placed:
        values[ATSConnection.LAST_SUCCESS_AT] = app.clock.now().isoformat(timespec="seconds")
    show(app, row, values)
    text = f"Health: {values[ATSConnection.HEALTH]}. {placed:,} waiting events were placed, {waiting:,} still wait."
    return f"{text} The first: {reason}" if reason else text


def retry_all(app: App) -> None:
    """Every connection that has events waiting."""
    fields = [ATSConnection.ID, ATSConnection.FAILED_COUNT]
    for row in app.salesforce.query(select(ATSConnection.API_NAME, fields)):
        if row[ATSConnection.FAILED_COUNT]:
            message = sync(app, str(row[ATSConnection.ID]))
            app.salesforce.update(ATSConnection.API_NAME, str(row[ATSConnection.ID]), {ATSConnection.MESSAGE: message})


def _retry(app: App, row: Record) -> tuple[int, int, str]:
    """(placed, still waiting, why the first one waits)."""
    key = str(row[ATSConnection.KEY] or "")
    placed = waiting = 0
    first = ""
    for name in list(app.data.keys(waiting_prefix(key))):
        data = app.data.read(name) if placed + waiting < MOST_AT_ONCE else None
        if data is None:
            waiting += 1
            continue
        reason = place(app, json.loads(data))
        if reason:
            waiting, first = waiting + 1, first or reason
        else:
            placed += 1
            count(app, row, name, applied=True)
            app.data.delete([name])
    log.event("ats.retried", connection=key, placed=placed, waiting=waiting)
    return placed, waiting, first


def _health(waiting: int, last: datetime | None, now: datetime) -> str:
    if waiting:
        return FAILING
    if last is None:
        return UNKNOWN
    return LATE if now - last > LATE_AFTER else HEALTHY


def _time(value: Value) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
