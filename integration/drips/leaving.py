"""Ends drips of one person."""

from typing import TYPE_CHECKING

from integration.drips.org import exited_row, write
from integration.drips.plan import STATE, enrollment_pk
from integration.model.ledger import State, ledger_pk
from integration.model.ulid import ulid
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
            withhold(app, item, reason)
            ended.append(item)
    write(app, [exited_row(item, reason) for item in ended])
    return len(ended)


def leave(app: "App", state: Item, reason: str, *, by: str = "") -> bool:
    """False when the place was over already. `by`: the mark of the signal that ends it."""
    values = {"state": EnrollmentState.EXITED, "reason": reason, "left_by": by or None}
    return app.due.update(state["pk"], STATE, values, only_if={"state": EnrollmentState.ACTIVE})


def withhold(app: "App", state: Item, reason: str) -> None:
    """A mail that was queued and has not gone yet must not go: its row in the ledger is taken before the sender's."""
    step, version = state.get("sent_mail") or state.get("sent_step"), state.get("sent_version")
    key = str(state["candidate"])
    if not step or not version:
        return
    now = app.clock.now()
    row = {
        "pk": ledger_pk(state["campaign"], step, version, key),
        "sk": key,
        "state": State.SUPPRESSED,
        "at": now.isoformat(),
        "candidate_id": state["candidate_id"],
        "attempt": ulid(now),
        "reason": f"left the series: {reason}",
    }
    app.sends.put(row, unless_exists=True)
