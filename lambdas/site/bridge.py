"""Between API Gateway's HTTP API (payload 2.0) and the Flask app, by Zappa's request half only.

Zappa's own handler doubles cookies, trusts X-Forwarded-For and runs code found in an event (`raw_command`); so the
event is checked before Zappa sees it, the address is the gateway's, and the answer is made by werkzeug.
"""

import base64
import gzip
import sys
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.wrappers import Response
from zappa.wsgi import create_wsgi_request

from integration import log

Answer = dict[str, Any]

_TEXT = ("text/", "application/json", "application/xml", "application/ld+json", "image/svg+xml")
_WORTH_PACKING = 1_000
_COMMANDS = {"raw_command", "command", "manage"}


def answer(web: Flask, event: object) -> Answer:
    """The answer to one event; anything that is not a request of an HTTP API is refused."""
    if not _is_request(event):
        log.event("request.refused")
        return {"statusCode": 400, "headers": {"content-type": "text/plain"}, "body": "Not a web request.\n"}
    environ = environ_of(event, web.config["PUBLIC_BASE_URL"])
    response = Response.from_app(web, environ, buffered=True)
    _pack(response, environ.get("HTTP_ACCEPT_ENCODING", ""))
    return _as_answer(response)


def _is_request(event: object) -> bool:
    if not isinstance(event, dict) or event.get("version") != "2.0" or _COMMANDS & event.keys():
        return False
    context = event.get("requestContext")
    http = context.get("http") if isinstance(context, dict) else None
    texts = [http.get("method"), event.get("rawPath")] if isinstance(http, dict) else [None]
    return all(isinstance(text, str) for text in texts) and isinstance(event.get("headers", {}), dict)


def environ_of(event: Any, base_url: str) -> dict[str, Any]:
    """The WSGI environment of an event. What a visitor can write into a header decides nothing."""
    headers = {str(name): _as_latin(str(value)) for name, value in (event.get("headers") or {}).items()}
    request = {**event, "headers": headers, "cookies": [_as_latin(cookie) for cookie in event.get("cookies") or ()]}
    # A lone half of a surrogate pair cannot be encoded; JSON can carry one.
    request["body"] = str(event.get("body") or "").encode(errors="replace").decode()
    environ: dict[str, Any] = create_wsgi_request(request, binary_support=True)
    public = urlsplit(base_url)
    environ |= {
        "REMOTE_ADDR": event["requestContext"]["http"].get("sourceIp", ""),
        "wsgi.url_scheme": public.scheme,
        "SERVER_NAME": public.hostname or "",
        "SERVER_PORT": str(public.port or (443 if public.scheme == "https" else 80)),
        "wsgi.errors": sys.stderr,
    }
    return environ


def _as_latin(text: str) -> str:
    """WSGI carries bytes as Latin-1; a gateway decodes headers as UTF-8. Line breaks never pass."""
    plain = text.replace("\r", " ").replace("\n", " ")
    return plain if plain.isascii() else plain.encode(errors="replace").decode("latin-1")


def _pack(response: Response, accepted: str) -> None:
    """The gateway packs nothing. No page repeats a lasting secret, so packing gives nothing away (BREACH)."""
    is_text = response.headers.get("Content-Type", "").startswith(_TEXT)
    if is_text and "Content-Encoding" not in response.headers:
        response.headers.add("Vary", "Accept-Encoding")
        if "gzip" in accepted and len(response.get_data()) >= _WORTH_PACKING:
            response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"


def _as_answer(response: Response) -> Answer:
    headers: dict[str, str] = {}
    for name, value in response.headers.items():
        key = name.lower()
        if key != "set-cookie":
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
    result: Answer = {"statusCode": response.status_code, "headers": headers}
    if cookies := response.headers.getlist("Set-Cookie"):
        result["cookies"] = cookies
    body = response.get_data()
    if "content-encoding" not in headers and headers.get("content-type", "").startswith(_TEXT):
        result["body"] = body.decode(errors="replace")
    else:
        result |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    return result
