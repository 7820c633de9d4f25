"""The three ways a thing can fail.

Rejected   a person can fix it: shown on the record, never retried
└─ Gone    the record it was about no longer exists
TryAgain   a throttle, lock or time-out: raised, so that the queue retries
└─ Unsure  the same, but what was asked for may have been done
anything else is a bug: raised, dead-letter queue, alarm
"""


class Rejected(Exception):
    """Something a recruiter can put right.

    `message` is a sentence for people: what happened, to which field and value, and what to do. Where a file tells
    them apart, `reason` is what happened, `remedy` what to do, and `code` a word that programs know (model/reject.py).
    """

    def __init__(self, message: str, *, field: str = "", value: str = "", code: str = "", remedy: str = "") -> None:
        self.message = f"{message} {remedy}" if remedy else message
        super().__init__(self.message)
        self.reason = message
        self.remedy = remedy
        self.field = field
        self.value = value
        self.code = code


class Gone(Rejected):
    """The record was deleted meanwhile: note it, do not bring it back."""


class TryAgain(Exception):
    """A passing fault. `seconds` is the least time to wait before the next attempt."""

    def __init__(self, message: str, *, seconds: int = 30) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unsure(TryAgain):
    """The call went out and its answer did not come back: what it asked for may have been done."""


def shortened(value: str, length: int = 60) -> str:
    """A value fit for a message: control characters out, at most `length` characters."""
    printable = value
    if not value.isprintable():
        printable = "".join(character if character.isprintable() else " " for character in value)
    return printable if len(printable) <= length else printable[: length - 1] + "…"
