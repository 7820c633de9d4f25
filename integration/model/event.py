"""One thing that happened to a mail, link, page or person, as it is stored: immutable, its id fixed at ingestion."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    # from the mail provider
    SEND = "send"
    DELIVERY = "delivery"
    DELAY = "delay"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    REJECT = "reject"
    # from our tracker and pages
    OPEN = "open"
    CLICK = "click"
    UNSUBSCRIBE = "unsubscribe"
    VISIT = "visit"
    # from our own workers
    REGISTERED = "registered"
    APPLIED = "applied"
    QUALIFIED = "qualified"
    INTERVIEWED = "interviewed"
    OFFERED = "offered"
    HIRED = "hired"


SITE = "site"
"""The campaign of events that belong to no campaign."""
SECOND_LAYOUT = "b"
"""The version of visits and registrations of people who saw a landing page's second layout."""


@dataclass(frozen=True)
class Event:
    """The body of one message on the `events` queue and one line of a raw file."""

    id: str
    """ULID made by the tracker; for provider events a hash of message id, kind, time, recipient or link; for our own
    workers a hash of kind and record id."""
    kind: Kind
    at: str
    """ISO 8601 in UTC."""
    campaign: str = SITE
    """18-character id, or `site`."""
    step: str = ""
    version: str = ""
    candidate: str = ""
    """Candidate key (ULID)."""
    channel: str = ""
    posting: str = ""
    requisition: str = ""
    page: str = ""
    source_month: str = ""
    """YYYY-MM of the touch that brought the person: what came of a month's spend is counted in that month."""
    link: str = ""
    """Number of the link in its step, or the target of a posting's link."""
    target: str = ""
    message_id: str = ""
    method: str = ""
    user_agent: str = ""
    network: str = ""
    """Truncated address (/24 or /48) of the request: enough to tell a scanner, too little to tell a person."""
    headers: str = ""
    """Which telling headers the request had, by name: `language fetch prefetch`; `none` when it had none of them."""
    referrer: str = ""
    """Of a visit without a tag of ours: the host that linked here, as it came; never its path or query."""
    detail: str = ""
    """Bounce type, complaint type, diagnostic: at most 200 characters."""

    def as_message(self) -> dict[str, Any]:
        """Without the empty fields."""
        return {name: str(value) for name, value in vars(self).items() if value}

    @classmethod
    def from_message(cls, message: dict[str, Any]) -> "Event":
        """Unknown names are ignored, so that an older worker can read a newer event."""
        known = {name: str(message[name]) for name in cls.__dataclass_fields__ if name in message}
        return cls(**{**known, "kind": Kind(known["kind"])})  # type: ignore[arg-type]  # all fields are strings


_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")


def telling_headers(headers: Mapping[str, str]) -> str:
    """What `Event.headers` keeps of a request's headers (names in lower case): which there were, not their values."""
    words = []
    if "accept-language" in headers:
        words.append("language")
    if "sec-fetch-mode" in headers:
        words.append("fetch")
    purpose = ""
    for name in _PURPOSES:
        if name in headers:
            purpose += f" {headers[name].lower()}"
    if purpose:
        words += [word for word in ("prefetch", "preview", "prerender") if word in purpose]
    return " ".join(words) or "none"
