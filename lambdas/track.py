"""GET /c/… redirects, GET /o/… the open pixel, GET and POST /u/… unsubscribe. No Flask, no SDK."""

from collections.abc import Mapping
from typing import Any

from integration import tracking
from integration.app import App, tracker
from integration.errors import TryAgain
from integration.model.event import telling_headers
from integration.model.guarding import GUARDING, NO_FRAME, ONLY_HTTPS
from integration.model.link import BadToken
from integration.model.wording import LANGUAGES, understood
from lambdas import _farewell

Response = dict[str, Any]

_PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_PRIVATE = {
    "cache-control": "private, no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
    **GUARDING,
    **NO_FRAME,
    **ONLY_HTTPS,
}
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


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
            return _unsubscribe(app, tokens[0], visitor, headers)
    except BadToken:
        pass
    return _page(404, "unknown", "", headers)


def _unsubscribe(app: App, token: str, visitor: tracking.Visitor, headers: Mapping[str, str]) -> Response:
    """Only a POST acts (RFC 8058): scanners fetch every address in a mail."""
    mail = tracking.mail_of(app, token)
    of = "-alerts" if mail.is_of_alerts else ""
    if visitor.method != "POST":
        return _page(200, f"ask{of}", mail.language, headers)
    try:
        tracking.unsubscribe(app, token, visitor)
    except TryAgain:
        return _page(503, "again", mail.language, headers)
    return _page(200, f"done{of}", mail.language, headers)


def _moved(target: str) -> Response:
    return {"statusCode": 302, "headers": {**_PRIVATE, "location": target}, "body": ""}


def _pixel() -> Response:
    headers = {**_PRIVATE, "content-type": "image/gif"}
    return {"statusCode": 200, "headers": headers, "body": _PIXEL, "isBase64Encoded": True}


def _page(status: int, name: str, language: str, asked: Mapping[str, str]) -> Response:
    """In the language of the mail, else in one that the browser asks for."""
    spoken = language if language in LANGUAGES else understood(asked.get("accept-language", ""))
    headers = {
        **_PRIVATE,
        "content-type": "text/html; charset=utf-8",
        "content-language": spoken,
        "content-security-policy": _POLICY,
    }
    return {"statusCode": status, "headers": headers, "body": _farewell.page(name, spoken)}
