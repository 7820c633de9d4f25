"""The `searches` queue: one source of a prospect search; and every five minutes the standing searches that are due."""

from typing import Any

from integration.app import current
from integration.prospecting import searches
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    """Idempotency key: search, run and source."""
    if "Records" not in event:
        searches.tick(current())
        return {"batchItemFailures": []}
    return each_message(event, _work)


def _work(body: dict[str, Any], message_id: str) -> None:
    searches.work(current(), body["search_id"], body["run"], body["source"])
