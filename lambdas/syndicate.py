"""Feeds, job pages, listing and sitemap: asked for by the postings queue, and once an hour for all."""

from typing import Any

from integration import syndication
from integration.app import current
from lambdas._event import Response, each_message


def handler(event: dict[str, Any], context: object) -> Response:
    if "Records" not in event:
        syndication.publish_due(current())
        return {"batchItemFailures": []}
    return each_message(event, lambda message, _: syndication.refresh(current(), message))
