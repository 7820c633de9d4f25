"""Sync now, and every ten minutes: jobs and changes in, hand-overs out, what waits again, and how the connection is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.ats.connecting import Connection, by_id, connections, system
from integration.ats.counting import count, show
from integration.ats.jobs import pull_jobs
from integration.ats.pulling import pull
from integration.ats.receiving import FAILING, HEALTHY, place, waiting_prefix
from integration.ats.sending import handed_over, send_waiting
from integration.errors import Rejected, TryAgain
from integration.ports import Ats, Value
from integration.records import ATSConnection

if TYPE_CHECKING:
    from integration.app import App

LATE_AFTER = timedelta(days=7)
"""Of a connection that only tells; one that is asked is late after a day."""
PULL_LATE_AFTER = timedelta(days=1)
READY = "Ready"
UNKNOWN, LATE = "Unknown", "Late"
MOST_AT_ONCE = 500
MESSAGE_LENGTH = 1_000


@dataclass
class _Report:
    """What one sync did, in sentences."""

    done: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    postponed: list[str] = field(default_factory=list)
    placed: int = 0
    waiting: int = 0
    pulled: bool = False


def sync(app: App, connection_id: str) -> str:
    """Key: connection, and below it each job, application, hand-over and webhook. Reads everything there is."""
    return _sync(app, by_id(app, connection_id), whole=True)


def retry_all(app: App) -> None:
    """Every connection that is asked, and the others where events wait."""
    for connection in connections(app):
        if connection.has_system or connection.row[ATSConnection.FAILED_COUNT]:
            message = _sync(app, connection, whole=False)
            values: dict[str, Value] = {ATSConnection.MESSAGE: message[:MESSAGE_LENGTH]}
            app.salesforce.update(ATSConnection.API_NAME, connection.id, values)


def _sync(app: App, connection: Connection, *, whole: bool) -> str:
    report = _Report()
    _check_map(connection, report)
    _retry(app, connection, report)
    if connection.has_system:
        try:
            _exchange(app, connection, system(app, connection), report, whole=whole)
        except Rejected as rejected:
            if rejected.message not in report.problems:
                report.problems.append(rejected.message)
    _show(app, connection, report)
    return _message(app, connection, report)


def _check_map(connection: Connection, report: _Report) -> None:
    """A field map that cannot be used is told also where nothing waits for it."""
    try:
        _ = connection.field_map
    except Rejected as rejected:
        report.problems.append(rejected.message)


def _exchange(app: App, connection: Connection, ats: Ats, report: _Report, *, whole: bool) -> None:
    """Jobs first, so that applications find theirs; one part that fails does not hold up the others."""
    steps = (_jobs, _changes, _hand_overs)
    for step in steps:
        try:
            step(app, connection, ats, report, whole=whole)
        except TryAgain as again:
            log.event("ats.postponed", connection=connection.key, step=step.__name__.strip("_"), seconds=again.seconds)
            report.postponed.append(f"{again}; tried again in ten minutes.")
        except Rejected as rejected:
            if rejected.message not in report.problems:
                report.problems.append(rejected.message)


def _jobs(app: App, connection: Connection, ats: Ats, report: _Report, *, whole: bool) -> None:
    if ats.jobs is None:
        return
    jobs = pull_jobs(app, connection, ats.jobs)
    report.pulled = True
    parts = ((jobs.made, "new"), (jobs.changed, "changed"), (jobs.closed, "to close"))
    told = ", ".join(f"{number:,} {word}" for number, word in parts if number)
    report.done.append(f"{jobs.listed:,} open jobs{f' ({told})' if told else ''}.")
    report.problems += jobs.problems


def _changes(app: App, connection: Connection, ats: Ats, report: _Report, *, whole: bool) -> None:
    if ats.changes is None:
        return
    tally = pull(app, connection, ats.changes, whole=whole).tally
    report.pulled = True
    told = f"{tally.seen:,} applications read, {tally.changed:,} changes written"
    aside = f", {tally.passed_over:,} of people or jobs that are not here" if tally.passed_over else ""
    report.done.append(f"{told}{aside}.")
    report.problems += tally.reasons


def _hand_overs(app: App, connection: Connection, ats: Ats, report: _Report, *, whole: bool) -> None:
    if ats.intake is None:
        return
    sent = send_waiting(app, connection, ats.intake, forced=whole)
    if sent.done:
        report.done.append(f"{sent.done:,} handed over.")
    if sent.waiting:
        report.problems.append(f"{sent.waiting:,} hand-overs wait. The first: {sent.problem or 'tried again tomorrow'}")


def _retry(app: App, connection: Connection, report: _Report) -> None:
    """Tries again the events that could not be placed."""
    first = ""
    for name in list(app.data.keys(waiting_prefix(connection.key))):
        data = app.data.read(name) if report.placed + report.waiting < MOST_AT_ONCE else None
        if data is None:
            report.waiting += 1
            continue
        reason = place(app, json.loads(data), connection)
        if reason:
            report.waiting, first = report.waiting + 1, first or reason
        else:
            report.placed += 1
            count(app, connection.row, name, applied=True)
            app.data.delete([name])
    if first:
        report.problems.append(f"The first: {first}")
    log.event("ats.retried", connection=connection.key, placed=report.placed, waiting=report.waiting)


def _show(app: App, connection: Connection, report: _Report) -> None:
    values: dict[str, Value] = {
        ATSConnection.STATUS: READY,
        ATSConnection.HEALTH: _health(app, connection, report),
        ATSConnection.FAILED_COUNT: report.waiting,
    }
    if _succeeded(report):
        values[ATSConnection.LAST_SUCCESS_AT] = app.clock.now().isoformat(timespec="seconds")
    if connection.confirm_closing and report.pulled:
        values[ATSConnection.CONFIRM_CLOSING] = False
    if connection.has_system:
        values[ATSConnection.HANDED_OVER] = handed_over(app, connection.key)
    show(app, connection.row, values)


def _succeeded(report: _Report) -> bool:
    return bool(report.placed or (report.pulled and not report.problems and not report.postponed))


def _health(app: App, connection: Connection, report: _Report) -> str:
    if report.waiting or report.problems:
        return FAILING
    now = app.clock.now()
    last = now if _succeeded(report) else _time(connection.row[ATSConnection.LAST_SUCCESS_AT])
    if last is None:
        return UNKNOWN
    return LATE if now - last > (PULL_LATE_AFTER if connection.has_system else LATE_AFTER) else HEALTHY


def _message(app: App, connection: Connection, report: _Report) -> str:
    told = [f"Health: {_health(app, connection, report)}.", *report.done]
    if report.placed or report.waiting or not connection.has_system:
        told.append(f"{report.placed:,} waiting events were placed, {report.waiting:,} still wait.")
    return " ".join([*told, *report.postponed, *report.problems])[:MESSAGE_LENGTH]


def _time(value: Value) -> datetime | None:
    return datetime.fromisoformat(str(value)) if value else None
