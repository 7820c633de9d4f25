"""GET /c/… redirects, GET /o/… the open pixel, GET and POST /u/… unsubscribe. No Flask, no SDK."""

from pathlib import Path
from typing import Any

from integration import tracking
from integration.app import App, tracker
from integration.errors import TryAgain
from integration.model.event import telling_headers
from integration.model.link import BadToken

Response = dict[str, Any]

_PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_PAGES = Path(__file__).resolve().parent.parent / "templates" / "site"
_PRIVATE = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    "x-content-type-options": "nosniff",
}


def handler(event: dict[str, Any], context: object) -> Response:
    return answer(tracker(), event)


def answer(app: App, event: dict[str, Any]) -> Response:
    """The response to one HTTP API (payload 2.0) event."""
    http = event["requestContext"]["http"]
    headers = event.get("headers", {})
    visitor = tracking.Visitor(
        http["method"], headers.get("user-agent", ""), http.get("sourceIp", ""), telling_headers(headers)
    )
    _, door, *tokens = event["rawPath"].split("/")
    try:
        if door == "c" and 1 <= len(tokens) <= 2:
            return _moved(tracking.click(app, tokens[0], tokens[1] if len(tokens) == 2 else "", visitor))
        if door == "o" and len(tokens) == 1:
            tracking.opened(app, tokens[0].removesuffix(".gif"), visitor)
            return _pixel()
        if door == "u" and len(tokens) == 1:
            return _unsubscribe(app, tokens[0], visitor)
    except BadToken:
        pass
    return _page(404, "link-unknown.html")


def _unsubscribe(app: App, token: str, visitor: tracking.Visitor) -> Response:
    """Only a POST acts (RFC 8058): scanners fetch every address in a mail."""
    of = "-alerts" if tracking.is_of_alerts(app, token) else ""
    if visitor.method != "POST":
        return _page(200, f"unsubscribe{of}.html")
    try:
        tracking.unsubscribe(app, token, visitor)
    except TryAgain:
        return _page(503, "try-again.html")
    return _page(200, f"unsubscribed{of}.html")


def _moved(target: str) -> Response:
    return {"statusCode": 302, "headers": {**_PRIVATE, "location": target}, "body": ""}


def _pixel() -> Response:
    headers = {**_PRIVATE, "content-type": "image/gif"}
    return {"statusCode": 200, "headers": headers, "body": _PIXEL, "isBase64Encoded": True}


def _page(status: int, name: str) -> Response:
    headers = {
        **_PRIVATE,
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'",
    }
    return {"statusCode": status, "headers": headers, "body": (_PAGES / name).read_text()}
