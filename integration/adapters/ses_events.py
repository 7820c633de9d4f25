"""The event JSON of SES in our own words (SES developer guide, "Event data published to SNS")."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from integration.errors import Rejected
from integration.model.event import SITE, Event, Kind

_KINDS = {
    "Send": (Kind.SEND, "send"),
    "Delivery": (Kind.DELIVERY, "delivery"),
    "DeliveryDelay": (Kind.DELAY, "deliveryDelay"),
    "Bounce": (Kind.BOUNCE, "bounce"),
    "Complaint": (Kind.COMPLAINT, "complaint"),
    "Reject": (Kind.REJECT, "reject"),
    "Rendering Failure": (Kind.REJECT, "failure"),
}
_RECIPIENTS = {
    Kind.DELIVERY: "recipients",
    Kind.DELAY: "delayedRecipients",
    Kind.BOUNCE: "bouncedRecipients",
    Kind.COMPLAINT: "complainedRecipients",
}


def events_of(message: str) -> list[Event]:
    """One event per recipient. Opens and clicks of SES are ignored: our own tracker sees them."""
    try:
        body: dict[str, Any] = json.loads(message)
    except (ValueError, RecursionError) as fault:
        raise Rejected("This notification is not an event of SES.", field="Message") from fault
    return events_in(body)


def events_in(body: dict[str, Any]) -> list[Event]:
    """The same, of an event that is read already: EventBridge carries it as the `detail` of its envelope."""
    try:
        if body["eventType"] not in _KINDS:
            return []
        return list(_events(body))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as fault:
        raise Rejected("This notification is not an event of SES.", field="Message") from fault


def _events(body: dict[str, Any]) -> Iterator[Event]:
    kind, member = _KINDS[body["eventType"]]
    mail, facts = body["mail"], body.get(member) or {}
    tags = {name: str(values[0]) for name, values in mail.get("tags", {}).items() if values}
    at = facts.get("timestamp") or mail["timestamp"]
    for recipient in facts.get(_RECIPIENTS.get(kind, ""), None) or mail["destination"]:
        yield Event(
            id=_event_id(mail["messageId"], kind, at, recipient),
            kind=kind,
            at=at,
            campaign=tags.get("campaign", SITE),
            step=tags.get("step", ""),
            version=tags.get("version", ""),
            candidate=tags.get("candidate", ""),
            message_id=mail["messageId"],
            detail=_detail(kind, facts, recipient),
        )


def _event_id(message_id: str, kind: Kind, at: str, recipient: Any) -> str:
    """Fixed by what happened, so that a copy of the notification has the same id."""
    address = recipient["emailAddress"] if isinstance(recipient, dict) else recipient
    return hashlib.sha256(f"{message_id}|{kind}|{at}|{address}".encode()).hexdigest()[:32]


def _detail(kind: Kind, facts: dict[str, Any], recipient: Any) -> str:
    """`Permanent/General 550 5.1.1 …`: enough to classify, cut short, without the address."""
    named = {
        Kind.BOUNCE: [facts.get("bounceType"), facts.get("bounceSubType")],
        Kind.COMPLAINT: [facts.get("complaintFeedbackType")],
        Kind.DELAY: [facts.get("delayType")],
        Kind.REJECT: [facts.get("reason") or facts.get("errorMessage")],
    }.get(kind, [])
    status = recipient.get("status", "") if isinstance(recipient, dict) else ""
    return f"{'/'.join(str(part) for part in named if part)} {status}".strip()[:200]
