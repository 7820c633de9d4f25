"""A step of a drip in words, for the records that recruiters read."""

from integration.model.series import Ask, Step
from integration.model.signal import SignalKind
from integration.model.vocabulary import AtTimeOut

_THEY = {
    SignalKind.OPENED: "open",
    SignalKind.CLICKED: "click",
    SignalKind.REPLIED: "reply",
    SignalKind.REGISTERED: "register",
    SignalKind.APPLIED: "apply",
    SignalKind.ATTENDED: "come to an event",
    SignalKind.NO_SHOW: "miss an event",
}
_IN_VAIN = {AtTimeOut.SEND: "then anyway", AtTimeOut.SKIP: "else it is left out", AtTimeOut.END: "else the series ends"}


def days(number: int) -> str:
    """`1 day`, `3 days`."""
    return f"{number:,} {'day' if number == 1 else 'days'}"


def words(step: Step, number: int) -> str:
    """`Step 2 “Follow-up”, once they click, for 5 days at most, else it is left out`."""
    parts = [f"Step {number}{named(step)}"]
    if step.wait is not None:
        most = f"for {days(step.wait_days)} at most" if step.wait_days else "if they have by then"
        parts.append(f"once they {_about(step.wait)}, {most}, {_IN_VAIN[step.at_time_out]}")
    if step.only_if is not None:
        parts.append(f"{'unless' if step.unless else 'if'} they {_about(step.only_if)}")
    return ", ".join(parts)[:255]


def named(step: Step) -> str:
    """The name of its mail, or of all variants, with a blank before it."""
    if step.variants:
        return " " + " or ".join(f"{one.variant} “{one.name}”" for one in step.variants)
    return f" “{step.name}”" if step.name else ""


def _about(ask: Ask) -> str:
    return f"{_THEY[ask.kind]}{' a certain link' if ask.links else ''}"
