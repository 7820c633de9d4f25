"""A mail that came in, in our own words: what the parser makes of it and the rules judge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class Attachment:
    """A file of the mail. Its name is the sender's word: shown, never used as a path."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Report:
    """The machine-readable part of a bounce, a complaint or a receipt."""

    kind: str
    """`delivery-status`, `feedback-report` or `disposition-notification`."""
    fields: Mapping[str, str]
    """By lower-case name; of several recipients the first who failed."""
    original: str = ""
    """Header lines of the mail it is about."""


@dataclass(frozen=True)
class Incoming:
    """One mail, read as far as it can be."""

    message_id: str = ""
    sender: str = ""
    """Address of the From line; empty when there is none that mail can be sent to."""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    """Of the envelope first, then of To, Cc and the like; lower case."""
    subject: str = ""
    at: datetime | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name, decoded; several of one name are joined by line ends."""
    text: str = ""
    own_text: str = ""
    """What the person wrote: without quotes, signature and what programs add."""
    attachments: tuple[Attachment, ...] = ()
    forwarded: "Incoming | None" = None
    """A mail that is attached as a whole."""
    report: Report | None = None
    left_out: tuple[str, ...] = ()
    """What was too much to keep, in words."""


class Kind(StrEnum):
    """Who or what answered."""

    PERSON = "person"
    REMOVE_ME = "remove me"
    OUT_OF_OFFICE = "out of office"
    AUTOMATIC = "automatic"
    """Another machine: a receipt, a ticket system, a list. Of no consequence."""
    BOUNCE = "bounce"
    COMPLAINT = "complaint"


@dataclass(frozen=True)
class Verdict:
    """What a mail is, and by which rule."""

    kind: Kind
    reason: str
    back_on: str = ""
    """ISO date of an absence's end."""
    bounce: str = ""
    """`Permanent` or `Transient`, as the provider types its own."""
    status: str = ""
    """Enhanced status code of a bounce, such as 5.1.1."""
    asks_to_stop: bool = False
    """Words of a wish to get no more mail are in it, but not clear enough to act on."""
