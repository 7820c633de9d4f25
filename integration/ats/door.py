"""Takes signed webhooks: durable in the queue before they are answered."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.model import ats_signature, webhook
from integration.ports import Queue

if TYPE_CHECKING:
    from integration.app import App

REMEMBERED = timedelta(days=2)


def accept(app: App, connection: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Key: connection and webhook id. Queues a webhook; False when it was queued before.

    Raises webhook.Refused, or a JSON error for a signed body that is not JSON or could be read in two ways.
    """
    stored = app.secrets.secret(app.config.ats_secret)
    try:
        signed = ats_signature.check(headers, body, webhook.secrets_of(connection, stored), app.clock.now())
    except webhook.Refused as refused:
        log.event("webhook.refused", connection=connection[:80], reason=str(refused))
        raise
    payload = _read(signed.body)
    claim = f"webhook#{connection}#{signed.id}"
    if app.claims.get(claim, "claim"):
        log.event("webhook.repeated", connection=connection, id=signed.id)
        return False
    app.queues.send(Queue.ATS, {"connection": connection, "id": signed.id, "payload": payload})
    # After the queue has it: had this come first, a crash in between would lose the webhook.
    app.claims.put({"pk": claim, "sk": "claim", "ttl": int((app.clock.now() + REMEMBERED).timestamp())})
    return True


def _read(body: bytes) -> Any:
    """JSON as RFC 8259 has it: no NaN, no number beyond all bounds, no key twice (each reader takes another)."""
    return json.loads(body, parse_constant=_finite, parse_float=_finite, object_pairs_hook=_once)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise json.JSONDecodeError("a number that is none", text, 0)
    return number


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise json.JSONDecodeError("a key stands twice", "", 0)
    return found
