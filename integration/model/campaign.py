"""What a person may ask of a campaign in which state, and what it becomes."""

from dataclasses import dataclass

from integration.model.vocabulary import CampaignStatus as Status
from integration.model.vocabulary import Command


@dataclass(frozen=True)
class Move:
    """One command: from which states it is allowed, and the state after it."""

    allowed: frozenset[Status]
    to: Status
    otherwise: str
    """What to do instead, for the message on the record."""


_EDITABLE = frozenset({Status.DRAFT, Status.CHECKED, Status.AWAITING_APPROVAL, Status.APPROVED, Status.FAILED})

MOVES = {
    Command.CHECK: Move(_EDITABLE, Status.CHECKED, "A campaign that was started cannot be checked again. Clone it."),
    Command.REQUEST_APPROVAL: Move(
        frozenset({Status.CHECKED}), Status.AWAITING_APPROVAL, "Use Check first and put right what it finds."
    ),
    Command.APPROVE: Move(
        frozenset({Status.AWAITING_APPROVAL, Status.CHECKED}),
        Status.APPROVED,
        "Use Check first, then Request approval.",
    ),
    Command.LAUNCH: Move(
        # Running: the command may come twice, and a launch that was cut off is carried on.
        frozenset({Status.APPROVED, Status.SCHEDULED, Status.RUNNING}),
        Status.RUNNING,
        "A Recruiting Manager has to approve it first.",
    ),
    Command.PAUSE: Move(
        frozenset({Status.RUNNING, Status.SCHEDULED, Status.PAUSED}), Status.PAUSED, "Only a running campaign pauses."
    ),
    Command.RESUME: Move(
        frozenset({Status.PAUSED, Status.RUNNING}), Status.RUNNING, "Only a paused campaign can be resumed."
    ),
    Command.CANCEL: Move(
        frozenset(Status) - {Status.DONE}, Status.CANCELLED, "It is done: every mail has already been accounted for."
    ),
}
"""Every command that changes the state. Send test changes nothing."""


def refusal(command: Command, status: Status) -> str:
    """Why the command is not possible now, in plain words with what to do; empty when it is."""
    move = MOVES[command]
    if status in move.allowed:
        return ""
    return f"{command.value} is not possible while the campaign is {status.value}. {move.otherwise}"
