"""One line of a file of events as an Event: our own names first, then those that others commonly use."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from integration.errors import Rejected, shortened
from integration.model.event import SITE, Event, Kind, telling_headers

_NAMES = {
    "id": ("id", "event_id", "eventId", "uuid"),
    "kind": ("kind", "type", "event", "event_type", "eventType"),
    "at": ("at", "timestamp", "time", "ts", "occurred_at", "created_at", "date"),
    "campaign": ("campaign", "campaign_id", "campaignId"),
    "step": ("step", "step_id"),
    "version": ("version",),
    "candidate": ("candidate", "candidate_id", "recipient", "recipient_id", "person", "contact", "email", "to"),
    "message_id": ("message_id", "messageId", "mail_id", "message", "mail"),
    "link": ("link", "link_id", "linkId", "url", "target"),
    "posting": ("posting",),
    "target": ("target",),
    "page": ("page",),
    "channel": ("channel",),
    "method": ("method", "http_method"),
    "user_agent": ("user_agent", "userAgent", "useragent", "ua", "agent"),
    "network": ("network", "ip", "ip_address", "ipAddress", "address", "remote_addr"),
    "detail": ("detail",),
}
_FIELDS: dict[str, list[tuple[int, str]]] = {}
for _field, _names in _NAMES.items():
    for _place, _name in enumerate(_names):
        _FIELDS.setdefault(_name, []).append((_place, _field))
_KINDS = {
    **{kind.value: kind for kind in Kind},
    **dict.fromkeys(("opened", "pixel", "view"), Kind.OPEN),
    **dict.fromkeys(("clicked", "link_click", "linkclick"), Kind.CLICK),
    **dict.fromkeys(("delivered",), Kind.DELIVERY),
    **dict.fromkeys(("sent", "processed", "accepted"), Kind.SEND),
    **dict.fromkeys(("visited", "pageview", "page_view"), Kind.VISIT),
    **dict.fromkeys(("bounced",), Kind.BOUNCE),
    **dict.fromkeys(("complained", "spam"), Kind.COMPLAINT),
    **dict.fromkeys(("unsubscribed",), Kind.UNSUBSCRIBE),
    **dict.fromkeys(("deferred", "deliverydelay"), Kind.DELAY),
}
_PREFETCH = ("purpose", "sec_purpose", "sec-purpose", "x-purpose", "x-moz")
_HIDDEN = ("hidden", "is_hidden", "honeypot", "hidden_link", "trap")
_DEEPEST_EPOCH = 1e11
"""Above this a number of a time is milliseconds."""


@dataclass(frozen=True)
class Line:
    """What was read."""

    event: Event
    label: str = ""
    """The right answer, where the file gives it: for precision and recall."""
    fault: str = ""
    """What could not be read and is left out of the judgement."""


def read(text: bytes) -> Line | None:
    """None for a kind of event that is not ours. Raises Rejected when the line cannot be judged at all."""
    given = _object(text)
    plain = _plain(given)
    if "id" not in plain:
        raise Rejected("the event has no id, so no verdict could be told. Give each event its own.", field="id")
    kind = _KINDS.get(plain.get("kind", "").lower().removeprefix("email.").removeprefix("email_"))
    if "kind" not in plain:
        raise Rejected("the event has no kind. Write open, click, visit, send, delivery …", field="kind")
    if kind is None:
        return None
    at, fault = _time(plain.pop("at", ""))
    values = {**plain, "kind": kind, "at": at, "headers": _headers(given), "campaign": plain.get("campaign", SITE)}
    if any(given.get(name) is True for name in _HIDDEN):
        values["link"] = "hidden"
    label = given.get("label", given.get("truth", ""))
    return Line(Event(**values), label if isinstance(label, str) else "", fault)  # type: ignore[arg-type]


def _object(text: bytes) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise Rejected(f"{shortened(text.decode(errors='replace'), 40)} is not JSON.", field="line") from fault
    if not isinstance(given, dict):
        raise Rejected(f"{shortened(str(given), 40)} is not a JSON object.", field="line")
    return given


def _plain(given: Mapping[str, Any]) -> dict[str, str]:
    """Our fields; of several names for one the first counts."""
    found: dict[str, tuple[int, str]] = {}
    for name, value in given.items():
        if value == "" or isinstance(value, bool) or not isinstance(value, str | int | float):
            continue
        for place, field in _FIELDS.get(name, ()):
            if field not in found or place < found[field][0]:
                found[field] = (place, str(value))
    return {field: value for field, (_, value) in found.items()}


def _time(text: str) -> tuple[str, str]:
    """(ISO 8601 in UTC, fault); both may be blank: a time that is not given speaks neither way."""
    if not text:
        return "", ""
    for form in (_iso, _epoch, _mail_date):
        try:
            return form(text).astimezone(UTC).isoformat(), ""
        except (ValueError, OverflowError, OSError, TypeError):
            continue
    return "", f"its time {shortened(text, 40)} cannot be read, so it was judged without. Write 2026-03-02T09:00:00Z."


def _iso(text: str) -> datetime:
    if text.replace(".", "", 1).isdigit():
        raise ValueError(text)
    at = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _epoch(text: str) -> datetime:
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > _DEEPEST_EPOCH else seconds, UTC)


def _mail_date(text: str) -> datetime:
    at = parsedate_to_datetime(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _headers(given: Mapping[str, Any]) -> str:
    """As the tracker keeps them (model/event.py), or from an object of the request's own headers."""
    headers = given.get("headers")
    named = (
        {str(name).lower(): str(value).lower() for name, value in headers.items()} if isinstance(headers, dict) else {}
    )
    words = [headers] if isinstance(headers, str) else []
    if named:
        words.append(telling_headers(named))
    words += [str(given[name]) for name in _PREFETCH if isinstance(given.get(name), str)]
    return " ".join(words)
