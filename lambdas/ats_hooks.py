"""POST /hooks/ats/{connection}: signed webhooks of an applicant tracking system; checked, queued, then answered."""

import base64
import binascii
import json
from typing import Any

from integration import ats
from integration.app import App, current

MAX_BODY = 262_144


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Idempotency key: connection and webhook-id."""
    return answer(current(), event)


def answer(app: App, event: dict[str, Any]) -> dict[str, Any]:
    """2xx only when the webhook is on the queue; everything unsigned is refused alike."""
    text = event.get("body") or ""
    try:
        body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode()
    except binascii.Error:
        return {"statusCode": 400}
    if len(body) > MAX_BODY:
        return {"statusCode": 413}
    connection = (event.get("pathParameters") or {}).get("connection", "")
    try:
        ats.accept(app, connection, event.get("headers") or {}, body)
    except ats.Refused:
        return {"statusCode": 401}
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return {"statusCode": 400}
    return {"statusCode": 202}
