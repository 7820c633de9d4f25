"""POST /hooks/mail: the mail provider's notifications; checked, queued, then answered."""

import base64
import binascii
from typing import Any

from integration import log
from integration.app import App, current
from integration.errors import Rejected
from integration.ports import Queue

_MAX_BODY = 512_000


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    return answer(current(), event)


def answer(app: App, event: dict[str, Any]) -> dict[str, Any]:
    """2xx only when the events are durable; a forged notification is refused for good."""
    text = event.get("body") or ""
    try:
        body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text.encode(errors="replace")
    except binascii.Error:
        return {"statusCode": 400}
    if len(body) > _MAX_BODY:
        return {"statusCode": 413}
    try:
        events = app.notifications.read(body, app.clock.now())
    except Rejected as rejected:
        log.event("notification.refused", reason=rejected.message)
        return {"statusCode": 403}
    app.queues.send_many(Queue.EVENTS, [each.as_message() for each in events])
    return {"statusCode": 204}
