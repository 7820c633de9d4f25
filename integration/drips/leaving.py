"""Ends drips of one person."""

from typing import TYPE_CHECKING

from integration.drips.org import exited_row, write
from integration.drips.plan import STATE, enrollment_pk
from integration.model.vocabulary import EnrollmentState
from integration.ports import Item
from integration.sending.recovery import running

if TYPE_CHECKING:
    from integration.app import App


def stop(app: "App", candidate_key: str, reason: str) -> int:
    """Ends every drip of one person, with the reason on each enrollment; gives how many."""
    ended = []
    for campaign in running(app):
        item = app.due.get(enrollment_pk(campaign, candidate_key), STATE)
        if item and item["state"] == EnrollmentState.ACTIVE and leave(app, item, reason):
            ended.append(item)
    write(app, [exited_row(item, reason) for item in ended])
    return len(ended)


def leave(app: "App", state: Item, reason: str, *, by: str = "") -> bool:
    """False when the place was over already. `by`: the mark of the signal that ends it."""
    values = {"state": EnrollmentState.EXITED, "reason": reason, "left_by": by or None}
    return app.due.update(state["pk"], STATE, values, only_if={"state": EnrollmentState.ACTIVE})
