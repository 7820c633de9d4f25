"""What a person did that a drip may wait for, branch on or end with; machines give no signals."""

from dataclasses import dataclass
from enum import StrEnum


class SignalKind(StrEnum):
    """The words stand on steps (`Wait_For__c`, `Condition__c`) and as the reason of an exit."""

    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    REGISTERED = "registered"
    APPLIED = "applied"
    STAGE_CHANGED = "stage changed"
    HIRED = "hired"
    UNSUBSCRIBED = "unsubscribed"
    ATTENDED = "attended an event"
    NO_SHOW = "missed an event"


@dataclass(frozen=True)
class Signal:
    """One thing that one person did. `cause` names it for good: the same cause heard twice counts once."""

    kind: SignalKind
    candidate: str
    """Candidate key (ULID)."""
    at: str
    """ISO 8601 in UTC: when it happened, not when it was heard of."""
    cause: str
    campaign: str = ""
    """Blank: it belongs to no campaign and concerns all drips of the person."""
    step: str = ""
    version: str = ""
    link: str = ""
    """Number of the link that was clicked."""
    detail: str = ""
