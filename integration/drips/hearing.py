"""What people did reaches their drips: some of it ends a series at once, some of it is what a step waits for."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from integration import log
from integration.drips.leaving import leave
from integration.drips.org import exited_row, write
from integration.drips.plan import STATE, enrollment_pk
from integration.model.endings import ends, reason_of
from integration.model.signal import Signal
from integration.model.vocabulary import EnrollmentState
from integration.ports import Item, Value
from integration.sending.aliases import current
from integration.sending.recovery import running

if TYPE_CHECKING:
    from integration.app import App

HEARD = "heard#"
"""Sort key of a signal, in the partition of the enrollment that it concerns."""


def hear(app: "App", signals: Sequence[Signal]) -> int:
    """Key: candidate and cause. Gives how many places in drips heard something for the first time.

    What machines did must not come here: a signal is believed.
    """
    if not signals:
        return 0
    campaigns = running(app)
    count, rows = 0, []
    for signal in signals:
        key = current(app, signal.candidate)
        for campaign in (signal.campaign,) if signal.campaign else campaigns:
            new, row = _hear(app, signal, enrollment_pk(campaign, key))
            count += new
            rows += [row] if row else []
    write(app, rows)
    return count


def _hear(app: "App", signal: Signal, place: str) -> tuple[bool, dict[str, Value] | None]:
    state, mark = app.due.get(place, STATE), sha256(signal.cause.encode()).hexdigest()[:32]
    if state is not None and state.get("left_by") == mark:  # the run that heard it was cut off before the org knew
        return False, exited_row(state, state["reason"])
    if state is None or state["state"] != EnrollmentState.ACTIVE:
        return False, None
    new = app.due.put(_item(signal, place, mark), unless_exists=True)
    # Also when it was heard before: whoever wrote it down may not have come to act on it.
    if not ends(signal.kind) or not leave(app, state, reason_of(signal), by=mark):
        return new, None
    log.event("drip.left", campaign=state["campaign"], signal=signal.kind)
    return new, exited_row(state, reason_of(signal))


def _item(signal: Signal, place: str, mark: str) -> Item:
    facts = {"kind": signal.kind, "at": signal.at, "step": signal.step, "link": signal.link, "detail": signal.detail}
    return {"pk": place, "sk": f"{HEARD}{mark}", **{name: str(value) for name, value in facts.items() if value}}
