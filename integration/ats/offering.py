"""Puts down who is to be handed over: one durable row for each cause, whatever dies afterwards.

DynamoDB `claims`: `ats-out#<mark>`/`row` holds what became of it, for ever; `ats-waiting#<connection>`/`<mark>` stands
as long as it waits. Neither names a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.ats.connecting import connections
from integration.model.ats import mark_of
from integration.ports import Item, Queue
from integration.records import JobRequisition
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

APPLICATION, PROSPECT = "application", "prospect"
WAITING, WITHDRAWN = "waiting", "withdrawn"
ROW = "row"


def offer_application(app: App, application_id: str, requisition: str) -> None:
    """Key: the application. For the ATS that its job comes from; a job that comes from none is handed over to none."""
    where = equals(JobRequisition.ID, requisition)
    rows = app.salesforce.query(select(JobRequisition.API_NAME, [JobRequisition.ATS_ID], where=where))
    connection, colon, _ = str((rows[0][JobRequisition.ATS_ID] if rows else "") or "").partition(":")
    if colon:
        _offer(app, connection, APPLICATION, application_id, cause=application_id)


def offer_registration(app: App, candidate_id: str) -> None:
    """Key: connection and candidate. For every ATS that wants whoever registers."""
    for connection in connections(app):
        if connection.send_registrations and connection.has_system:
            offer_prospect(app, connection.key, candidate_id)


def offer_prospect(app: App, connection: str, candidate_id: str) -> None:
    """Key: connection and candidate."""
    _offer(app, connection, PROSPECT, candidate_id, cause=_cause(connection, candidate_id))


def is_offered(app: App, connection: str, candidate_id: str) -> bool:
    """Whether a prospect was offered before, whatever came of it."""
    return app.claims.get(*place(mark_of(app.config.org_id, _cause(connection, candidate_id)))) is not None


def withdraw_prospect(app: App, connection: str, candidate_id: str) -> bool:
    """Takes an offer back that nobody has begun to send; False when it is too late."""
    mark = mark_of(app.config.org_id, _cause(connection, candidate_id))
    row = app.claims.get(*place(mark))
    if row is None or not app.claims.update(
        *place(mark), {"state": WITHDRAWN}, only_if={"state": WAITING, "begun": None}
    ):
        return False
    app.claims.delete(waiting(connection), mark)
    app.claims.delete(*place(mark))
    return True


def place(mark: str) -> tuple[str, str]:
    return f"ats-out#{mark}", ROW


def waiting(connection: str) -> str:
    """The partition of what waits for a connection."""
    return f"ats-waiting#{connection.casefold()}"


def _cause(connection: str, candidate_id: str) -> str:
    return f"{connection}|{candidate_id}"


def _offer(app: App, connection: str, kind: str, record: str, *, cause: str) -> None:
    mark = mark_of(app.config.org_id, cause)
    pk, sk = place(mark)
    at = app.clock.now().isoformat(timespec="seconds")
    row: Item = {"pk": pk, "sk": sk, "kind": kind, "record": record, "connection": connection, "at": at}
    index: Item = {"pk": waiting(connection), "sk": mark, "at": at}
    if not app.claims.put_together([(app.claims, {**row, "state": WAITING}), (app.claims, index)], unless_exists=True):
        return  # what waits is sent every ten minutes, should the attempt before have died in front of the queue
    log.event("ats.offered", connection=connection, mark=mark, kind=kind)
    app.queues.send(Queue.ATS, {"connection": connection, "hand_over": mark})
