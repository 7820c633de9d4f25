"""Hands over what waits, each exactly once: under retries, lost answers and kills.

A row goes waiting → begun → sent → done. Begun is noted before the one attempt; whoever finds a row begun asks the ATS
for its mark before sending again. Sent is noted before the org is told, so the org can be told again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import leases, log
from integration.ats.connecting import Connection
from integration.ats.gathering import gather
from integration.ats.offering import APPLICATION, WAITING, WITHDRAWN, place, waiting
from integration.candidates.pairs import Suspicion, propose
from integration.errors import Gone, Rejected, TryAgain
from integration.model.ats import HandedOver, ats_id
from integration.ports import AtsIntake, InDoubt, Item, Value
from integration.records import Application, Candidate
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=330)
"""Longer than the function may run."""
KEPT = timedelta(days=35)
DOUBT = timedelta(minutes=2)
"""How long after a lost answer the ATS is asked: what it took may show a little later."""
REST = timedelta(days=1)
"""A refused hand-over is tried again after a day, or by Sync now."""
ATTEMPTS, REMEMBERED = 50, 200
SENT, DONE = "sent", "done"
PROBLEM_LENGTH = 255
CONNECTION_FIELD = "Secret name"
"""The field of a Rejected that concerns the connection and not one person."""


@dataclass(frozen=True)
class Sent:
    done: int = 0
    waiting: int = 0
    problem: str = ""
    """Why the first one waits."""


def send_waiting(app: App, connection: Connection, intake: AtsIntake, *, forced: bool = False) -> Sent:
    """Everything that waits for a connection; raises Rejected when the connection itself is refused."""
    done = left = 0
    problem = ""
    for item in list(app.claims.query(waiting(connection.key))):
        mark = str(item["sk"])
        if not forced and _rests(app, mark):
            left += 1
            continue
        try:
            send(app, connection, intake, mark)
            done += 1
        except TryAgain as again:
            left, problem = left + 1, problem or str(again)
        except Rejected as rejected:
            if rejected.field == CONNECTION_FIELD:
                raise
            left, problem = left + 1, problem or rejected.message
    return Sent(done, left, problem)


def send(app: App, connection: Connection, intake: AtsIntake, mark: str) -> None:
    """Key: the mark. Raises TryAgain and Rejected; the row stays as it is then."""
    key = f"ats-out#{mark}"
    if leases.take(app, key, lease=LEASE, kept=KEPT) is None:
        try:
            _send(app, connection, intake, mark)
        except BaseException:
            leases.release(app, key)
            raise
        leases.finish(app, key, {"state": DONE})
    app.claims.delete(waiting(connection.key), mark)


def _send(app: App, connection: Connection, intake: AtsIntake, mark: str) -> None:
    row = app.claims.get(*place(mark))
    if row is None or row["state"] in (DONE, WITHDRAWN):
        return
    if row["state"] != SENT:
        try:
            given = _given(app, connection, intake, mark, row)
        except Gone:
            given = None
        except Rejected as rejected:
            if rejected.field == CONNECTION_FIELD:
                raise
            _note_problem(app, mark, row, rejected)
            raise
        if given is None:
            app.claims.update(*place(mark), {"state": DONE})
            return
        row |= {"candidate": given.candidate, "application": given.application}
        app.claims.update(*place(mark), {"state": SENT, **{name: row[name] for name in ("candidate", "application")}})
    _tell_org(app, connection, row)
    _count(app, connection.key, mark)
    app.claims.update(*place(mark), {"state": DONE, "problem_at": None})
    log.event("ats.handed_over", connection=connection.key, mark=mark, kind=row["kind"])


def _given(app: App, connection: Connection, intake: AtsIntake, mark: str, row: Item) -> HandedOver | None:
    """What the ATS calls it; None when there is nothing to hand over."""
    wanted, begun = gather(app, connection, mark, row), row.get("begun")
    if wanted is None:
        # A webhook or a pull was faster than the answer of our own attempt, and has written the ids.
        return HandedOver("") if begun else None
    if begun:
        since = app.clock.now() - datetime.fromisoformat(str(begun))
        if since < DOUBT:
            raise TryAgain(
                f"{connection.kind} did not answer; it is asked whether it has this in a moment",
                seconds=round((DOUBT - since).total_seconds()) + 1,
            )
        if (found := intake.find(wanted)) is not None:
            log.event("ats.found_again", connection=connection.key, mark=mark)
            return found
    values = {"begun": app.clock.now().isoformat(timespec="seconds")}
    if not app.claims.update(*place(mark), values, only_if={"state": WAITING, "begun": begun}):
        raise TryAgain("the hand-over was taken back or is sent by another worker", seconds=60)
    try:
        return intake.hand_over(wanted)
    except InDoubt as doubt:
        raise TryAgain(str(doubt), seconds=int(DOUBT.total_seconds()) + 1) from None
    except (TryAgain, Rejected):
        # Surely not taken: only an earlier attempt can still be in doubt.
        app.claims.update(*place(mark), {"begun": begun})
        raise


def _tell_org(app: App, connection: Connection, row: Item) -> None:
    candidate_id = str(row["record"])
    if row["kind"] == APPLICATION:
        values: dict[str, Value] = {
            Application.HANDED_OVER_AT: app.clock.now().isoformat(timespec="seconds"),
            Application.HAND_OVER_PROBLEM: None,
        }
        if row["application"]:
            values[Application.ATS_ID] = ats_id(connection.key, str(row["application"]))
        try:
            candidate_id = str(
                app.salesforce.get(Application.API_NAME, candidate_id, [Application.CANDIDATE])[Application.CANDIDATE]
            )
            app.salesforce.update(Application.API_NAME, str(row["record"]), values)
        except Gone:
            return
    if row["candidate"]:
        _note_candidate(app, connection, candidate_id, ats_id(connection.key, str(row["candidate"])))


def _note_candidate(app: App, connection: Connection, candidate_id: str, number: str) -> None:
    """The ATS's id on a candidate without one; when another record has it, the two may be one person."""
    try:
        standing = app.salesforce.get(Candidate.API_NAME, candidate_id, [Candidate.ATS_ID])
    except Gone:
        return
    where = equals(Candidate.ATS_ID, number)
    rows = app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID], where=where, limit=1))
    if rows and rows[0][Candidate.ID] != candidate_id:
        reasons = (f"{connection.kind} holds both for one person.",)
        propose(
            app, [Suspicion(candidate_id, str(rows[0][Candidate.ID]), 0.9, reasons)], found_by=f"ATS {connection.key}"
        )
    elif not standing[Candidate.ATS_ID]:
        app.salesforce.update(Candidate.API_NAME, candidate_id, {Candidate.ATS_ID: number})


def _note_problem(app: App, mark: str, row: Item, rejected: Rejected) -> None:
    app.claims.update(*place(mark), {"problem_at": app.clock.now().isoformat(timespec="seconds")})
    log.event("ats.hand_over_refused", mark=mark, kind=row["kind"])
    if row["kind"] == APPLICATION:
        values: dict[str, Value] = {Application.HAND_OVER_PROBLEM: rejected.message[:PROBLEM_LENGTH]}
        app.salesforce.update(Application.API_NAME, str(row["record"]), values)


def handed_over(app: App, connection: str) -> int:
    """How many people and applications a connection's system has taken."""
    return int((app.claims.get(*_counter(connection)) or {}).get("count", 0))


def _count(app: App, connection: str, mark: str) -> None:
    """Key: the mark, of which the last few are remembered: a worker that dies behind this counts once."""
    for _ in range(ATTEMPTS):
        item = app.claims.get(*_counter(connection)) or {}
        seen = list(item.get("recent", ()))
        if mark in seen:
            return
        values = {"count": int(item.get("count", 0)) + 1, "recent": [*seen, mark][-REMEMBERED:]}
        if app.claims.update(*_counter(connection), values, only_if={"count": item.get("count")}):
            return
    raise TryAgain("other workers count at the same connection")


def _counter(connection: str) -> tuple[str, str]:
    return f"ats#{connection}", "handed over"


def _rests(app: App, mark: str) -> bool:
    row = app.claims.get(*place(mark)) or {}
    at = row.get("problem_at")
    return bool(at) and app.clock.now() - datetime.fromisoformat(str(at)) < REST
