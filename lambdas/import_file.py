"""The `imports` queue: one chunk of a candidate import."""

from typing import Any

from integration.app import current
from integration.prospecting import imports
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    """Idempotency key: import, load and chunk; each line's candidate key follows from them."""
    return each_message(event, _work)


def _work(body: dict[str, Any], message_id: str) -> None:
    imports.work(current(), body["import_id"], body["load"], body["chunk"])
