"""The batch loop of every queue-driven function."""

import json
from collections.abc import Callable
from typing import Any

from integration import log
from integration.app import current
from integration.errors import Rejected, TryAgain

Response = dict[str, list[dict[str, str]]]

_AFTER_A_FAULT = 30
"""Seconds until a message that met a bug is tried again: soon in its dead-letter queue, where people hear of it."""
_MOST_DOUBLINGS = 6


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
            postpone(record, again)
        except Exception as fault:  # the queue retries, then the dead-letter queue and its alarm
            log.fault("message.failed", fault, message_id=message_id)
            failures.append({"itemIdentifier": message_id})
            postpone(record, fault)
    return {"batchItemFailures": failures}


def pause(error: Exception, receives: int) -> int:
    """Seconds until a message that was handed out so often is tried again."""
    if isinstance(error, TryAgain):
        return int(error.seconds * 2 ** min(receives - 1, _MOST_DOUBLINGS))
    return _AFTER_A_FAULT


def postpone(record: dict[str, Any], error: Exception) -> None:
    """Without this a failed message waits as long as its worker could have run, several times over."""
    if "receiptHandle" not in record:
        return
    seconds = pause(error, int(record["attributes"]["ApproximateReceiveCount"]))
    try:
        current().deliveries.postpone(record["eventSourceARN"], record["receiptHandle"], seconds)
    except Exception as fault:  # the queue brings it back all the same, only later
        log.fault("message.not_postponed", fault, message_id=record["messageId"])
