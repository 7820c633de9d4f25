"""Takes signed webhooks: durable in the queue before they are answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.model import ats_signature, webhook
from integration.ports import Queue

if TYPE_CHECKING:
    from integration.app import App

REMEMBERED = timedelta(days=2)


def accept(app: App, connection: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Key: connection and webhook id. Queues a webhook; False when it was queued before.

    Raises webhook.Refused, or a JSON error for a signed body that is not JSON.
    """
    stored = app.secrets.secret(app.config.ats_secret)
    try:
        signed = ats_signature.check(headers, body, webhook.secrets_of(connection, stored), app.clock.now())
    except webhook.Refused as refused:
        log.event("webhook.refused", connection=connection[:80], reason=str(refused))
        raise
    payload = json.loads(signed.body)
    claim = f"webhook#{connection}#{signed.id}"
    if app.claims.get(claim, "claim"):
        log.event("webhook.repeated", connection=connection, id=signed.id)
        return False
    app.queues.send(Queue.ATS, {"connection": connection, "id": signed.id, "payload": payload})
    # After the queue has it: had this come first, a crash in between would lose the webhook.
    app.claims.put({"pk": claim, "sk": "claim", "ttl": int((app.clock.now() + REMEMBERED).timestamp())})
    return True
