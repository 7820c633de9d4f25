"""The `changes` queue: joins and leaves of dynamic pools, history and totals of all, drips, and what has outlived."""

from typing import Any

from integration import pools
from integration.app import current
from integration.candidates import engaging
from integration.privacy import retention
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    """Idempotency key: pool and candidate, drip and membership; judging again changes nothing."""
    return each_message(event, _changed)


def _changed(body: dict[str, Any], message_id: str) -> None:
    app = current()
    if "turned" in body:
        pools.turned(app, body["turned"], body["then"], body["now"])
    elif "reconcile" in body:
        pools.reconcile(app, body)
    elif "outlived" in body:
        retention.purge(app, body)
    elif "alumni" in body:
        pools.keep_alumni(app)
    elif "engagement" in body:
        engaging.judge(app)
    elif "refresh" in body:
        pools.refresh_part(app, body)
    elif "count" in body:
        pools.count_one(app, body["count"])
    else:
        pools.changed(app, body.get("candidates", []), body.get("memberships", []), body.get("pools", []))
