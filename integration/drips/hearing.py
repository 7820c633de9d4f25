"""What people did reaches their drips: some of it ends a series at once, some of it is what a step waits for."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from integration import log
from integration.drips.leaving import leave, withhold
from integration.drips.org import exited_row, write
from integration.drips.plan import STATE, Drip, enrollment_pk, find, look_at, steps_for
from integration.model.endings import ends, reason_of
from integration.model.series import asked
from integration.model.signal import Signal, SignalKind
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
    drips = {campaign: drip for campaign in running(app) if (drip := find(app, campaign)) is not None}
    count, rows = 0, []
    for signal in signals:
        key = current(app, signal.candidate)
        for campaign in (signal.campaign,) if signal.campaign else drips:
            if campaign in drips:
                new, row = _hear(app, drips[campaign], signal, enrollment_pk(campaign, key))
                count += new
                rows += [row] if row else []
    write(app, rows)
    return count


def heard_of(app: "App", state: Item) -> list[Signal]:
    """What was heard of one person in one drip."""
    return [
        Signal(
            kind=SignalKind(item["kind"]),
            candidate=state["candidate"],
            at=item["at"],
            cause=item["sk"],
            step=item.get("step", ""),
            link=item.get("link", ""),
        )
        for item in app.due.query(state["pk"], prefix=HEARD)
    ]


def _hear(app: "App", drip: Drip, signal: Signal, place: str) -> tuple[bool, dict[str, Value] | None]:
    state, mark = app.due.get(place, STATE), sha256(signal.cause.encode()).hexdigest()[:32]
    if state is not None and state.get("left_by") == mark:  # the run that heard it was cut off before the org knew
        return False, exited_row(state, state["reason"])
    if state is None or state["state"] != EnrollmentState.ACTIVE:
        return False, None
    new = app.due.put(_item(signal, place, mark), unless_exists=True)
    # Also when it was heard before: whoever wrote it down may not have come to act on it.
    steps = steps_for(app, drip, state)
    if not ends(signal.kind, asked(steps)):
        number = int(state["step"])
        if number < len(steps) and steps[number].wait is not None:
            look_at(app, drip, state["candidate"], number, app.clock.now())
        return new, None
    reason = reason_of(signal)
    if not leave(app, state, reason, by=mark):
        return new, None
    withhold(app, state, reason)
    log.event("drip.left", campaign=state["campaign"], signal=signal.kind)
    return new, exited_row(state, reason)


def _item(signal: Signal, place: str, mark: str) -> Item:
    facts = {"kind": signal.kind, "at": signal.at, "step": signal.step, "link": signal.link, "detail": signal.detail}
    return {"pk": place, "sk": f"{HEARD}{mark}", **{name: str(value) for name, value in facts.items() if value}}
