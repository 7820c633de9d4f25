"""The `events` queue: raw events are stored, the ledger moves, opt-outs take hold."""

import json
from typing import Any

from integration import events, log
from integration.app import current
from integration.model.event import Event
from lambdas._event import Response


def handler(event: dict[str, Any], context: object) -> Response:
    batch, unreadable = [], []
    for record in event.get("Records", []):
        try:
            batch.append((record["messageId"], Event.from_message(json.loads(record["body"]))))
        except (ValueError, KeyError, TypeError) as fault:
            log.fault("event.unreadable", fault, message_id=record["messageId"])
            unreadable.append(record["messageId"])
    failed = unreadable + events.receive(current(), batch)
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
