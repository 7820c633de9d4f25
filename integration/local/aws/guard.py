"""Keeps web pages away from the local AWS: a page in the user's browser must not reach an API that runs code."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HEALTH = "/_ministack/health"


def headers_of(scope: Scope) -> dict[str, str]:
    """By lower-case name; a repeated header keeps its last value."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def is_loopback(host: str) -> bool:
    """Whether a Host header names this machine; a foreign name that resolves here is DNS rebinding."""
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name in {"127.0.0.1", "localhost", "[::1]"} or name.endswith(".localhost")


def refuses(path: str, query: bytes, headers: Mapping[str, str]) -> str:
    """Why a request to the AWS address is refused, or nothing.

    Programs send no Origin; a browser sends one with every request that could change something. A presigned address
    is the one thing a page may use. MiniStack's own doors (reset!) ask for no signature, so they stay shut.
    """
    if not is_loopback(headers.get("host", "")):
        return "the Host is not this machine"
    if path.startswith("/_ministack/") and path != HEALTH:
        return "MiniStack's own addresses are closed"
    if "origin" in headers and b"x-amz-signature=" not in query.lower():
        return "web pages have no access"
    return ""


async def answer(send: Send, status: int, body: bytes, content_type: str = "application/json") -> None:
    """One short response."""
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
