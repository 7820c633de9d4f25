"""The `mail` queue: one chunk of recipients through the ledger."""

from typing import Any

from integration.app import current
from integration.sending import send_chunk
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: Any) -> Response:
    """Idempotency key: campaign, step, version and candidate key."""
    return each_message(
        event, lambda message, message_id: send_chunk(current(), message, context.get_remaining_time_in_millis)
    )
