"""The `changes` queue: joins and leaves of dynamic pools, enrolment in drips."""

from typing import Any

from integration import pools
from integration.app import current
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    """Idempotency key: pool and candidate, drip and membership; judging again changes nothing."""
    return each_message(event, _changed)


def _changed(body: dict[str, Any], message_id: str) -> None:
    pools.changed(current(), body.get("candidates", []), body.get("memberships", []))
