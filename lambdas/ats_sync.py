"""The `ats` queue, and every 10 minutes what could not be placed before."""

from typing import Any

from integration import ats
from integration.app import current
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response | None:
    """Idempotency key: connection and webhook id; application and stage for what it writes."""
    if "Records" in event:
        return each_message(event, _receive)
    ats.retry_all(current())
    return None


def _receive(body: dict[str, Any], message_id: str) -> None:
    ats.receive(current(), body["connection"], body["id"], body["payload"])
