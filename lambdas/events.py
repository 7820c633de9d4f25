"""The `events` queue: raw events are stored, the ledger moves, opt-outs take hold."""

import json
from typing import Any

from integration import events, log
from integration.app import current
from integration.errors import Rejected, TryAgain
from integration.model import hit
from integration.model.event import Event
from lambdas._event import Response, postpone

_PAUSE_SECONDS = 5


def handler(event: dict[str, Any], context: object) -> Response:
    batch, unreadable = [], []
    for record in event.get("Records", []):
        try:
            batch += [(record["messageId"], event) for event in _events_of(json.loads(record["body"]))]
        except (ValueError, KeyError, TypeError, AttributeError, Rejected) as fault:
            log.fault("event.unreadable", fault, message_id=record["messageId"])
            unreadable.append(record["messageId"])
    failed = {*unreadable, *events.receive(current(), batch)}
    for record in event.get("Records", []):
        if record["messageId"] in failed:
            postpone(record, TryAgain("the event was not taken", seconds=_PAUSE_SECONDS))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in sorted(failed)]}


def _events_of(body: dict[str, Any]) -> list[Event]:
    """One of our own events, or the mail provider's by EventBridge: several when a mail had several recipients."""
    if body.get("source") == "aws.ses":
        return current().notifications.on_bus(body)
    return [hit.event_of(body) if hit.TOKENS in body else Event.from_message(body)]
