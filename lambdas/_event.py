"""The batch loop of every queue-driven function."""

import json
from collections.abc import Callable
from typing import Any

from integration import log
from integration.errors import Rejected, TryAgain

Response = dict[str, list[dict[str, str]]]


def each_message(event: dict[str, Any], handle: Callable[[dict[str, Any], str], None]) -> Response:
    """Calls `handle(body, message id)` for every SQS record; only what failed goes back to the queue.

    A Rejected message was already told to the person it concerns, so it counts as handled.
    """
    failures = []
    for record in event.get("Records", []):
        message_id = record["messageId"]
        try:
            handle(json.loads(record["body"]), message_id)
        except Rejected as rejected:
            log.event("message.rejected", message_id=message_id, reason=rejected.message)
        except TryAgain as again:
            log.event("message.again", message_id=message_id, reason=str(again))
            failures.append({"itemIdentifier": message_id})
        except Exception as fault:  # the queue retries, then the dead-letter queue and its alarm
            log.fault("message.failed", fault, message_id=message_id)
            failures.append({"itemIdentifier": message_id})
    return {"batchItemFailures": failures}
