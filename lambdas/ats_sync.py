"""The `ats` queue: webhooks and hand-overs; every 10 minutes jobs and changes in, and what waits."""

from typing import Any

from integration import ats
from integration.app import current
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response | None:
    """Idempotency key: connection and webhook id, or the hand-over's mark; application and stage for what it writes."""
    if "Records" in event:
        return each_message(event, _receive)
    ats.retry_all(current())
    return None


def _receive(body: dict[str, Any], message_id: str) -> None:
    if "hand_over" in body:
        ats.hand_over(current(), body["connection"], body["hand_over"])
        return
    ats.receive(current(), body["connection"], body["id"], body["payload"])
