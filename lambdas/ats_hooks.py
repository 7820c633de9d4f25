"""POST /hooks/ats/{connection}: signed webhooks of an applicant tracking system; checked, queued, then answered."""

import base64
import binascii
import json
from typing import Any

from integration import ats
from integration.app import App, current

MAX_BODY = 262_144
_NOT_JSON = "The body is not JSON, or has a key twice. Send one event as a JSON object."
# The same words whatever was wrong, so that nobody can feel their way to a key.
_UNSIGNED = (
    "The webhook could not be verified. Check the connection's name in the address, the secret, the headers "
    "webhook-id, webhook-timestamp and webhook-signature, and that the clock is right: five minutes are allowed."
)


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Idempotency key: connection and webhook-id."""
    return answer(current(), event)


def answer(app: App, event: dict[str, Any]) -> dict[str, Any]:
    """2xx only when the webhook is on the queue; everything unsigned is refused alike."""
    text = event.get("body") or ""
    try:
        body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode(errors="replace")
    except binascii.Error:
        return _refused(400, _NOT_JSON)
    if len(body) > MAX_BODY:
        return _refused(413, f"The body is larger than {MAX_BODY:,} bytes. Send one event at a time.")
    connection = (event.get("pathParameters") or {}).get("connection", "")
    try:
        ats.accept(app, connection, event.get("headers") or {}, body)
    except ats.Refused:
        return _refused(401, _UNSIGNED)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return _refused(400, _NOT_JSON)
    return {"statusCode": 202}


def _refused(status: int, message: str) -> dict[str, Any]:
    """For the people who set up the other system and read its delivery log."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps({"message": message}),
    }
