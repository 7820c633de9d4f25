"""Tasks in the timeline of a candidate; each is made once for what caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.errors import shortened
from integration.ports import Value
from integration.records.standard import Task
from integration.replies.people import Colleague
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

LONGEST = 30_000


def write(
    app: App, about: str, subject: str, text: str, *, cause: str, owner: Colleague | None, on: str, done: bool = False
) -> str:
    """Key: the record and the cause. Gives the task's id. Done ones are there to be read, not to be worked on."""
    where = both(equals(Task.ABOUT, about), equals(Task.CAUSE, cause))
    rows = app.salesforce.query(select(Task.API_NAME, [Task.ID], where=where, limit=1))
    if rows:
        return str(rows[0][Task.ID])
    values: dict[str, Value] = {
        Task.ABOUT: about,
        Task.SUBJECT: shortened(subject, 200),
        Task.TEXT: text[:LONGEST],
        Task.STATUS: Task.DONE if done else Task.OPEN,
        Task.PRIORITY: "Normal",
        Task.DUE_ON: on,
        Task.CAUSE: cause,
    }
    if owner:
        values[Task.OWNER] = owner.id
    return app.salesforce.create(Task.API_NAME, values)
