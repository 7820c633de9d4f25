"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), each item with the job's JSON-LD under `_jobposting`."""

import json
from typing import Any

from integration.model.feed.entry import Entry
from integration.model.feed.writing import Publisher

JSON_FEED = "jsonfeed"
"""The word in Channel__c.Adapter__c."""
CLOSING = b"\n]}\n"
SEPARATOR = b",\n"


def json_opening(publisher: Publisher) -> bytes:
    """What stands before the first item."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "home_page_url": publisher.url,
        "feed_url": publisher.feed,
    }
    return _bytes(head)[:-1] + b', "items": [\n'


def json_item(entry: Entry, posting: dict[str, Any]) -> bytes:
    """One job at one place."""
    item: dict[str, Any] = {
        "id": entry.reference,
        "url": entry.url,
        "title": entry.title,
        "content_html": entry.description,
        "_jobposting": posting,
    }
    if entry.date:
        item["date_published"] = f"{entry.date[:10]}T00:00:00Z"
    if entry.category:
        item["tags"] = [entry.category]
    return _bytes(item)


def _bytes(value: dict[str, Any]) -> bytes:
    # Half a surrogate pair cannot be written as UTF-8.
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")
