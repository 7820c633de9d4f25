"""The public address of the local site: fixed, before the random id that MiniStack gives the HTTP API.

It calls the API's data plane directly, so nothing else of MiniStack can be reached through it, and completes what the
function is told to what API Gateway tells: the peer's address, forwarded headers, the list of cookies.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any
from urllib.parse import parse_qs

from ministack import app as ministack
from ministack.services import apigateway

from integration.local.aws.guard import Receive, Scope, Send, answer, headers_of, is_loopback

LARGEST_BODY = 10 * 2**20
"""What API Gateway takes."""
_NOT_OURS = b'{"message":"Forbidden"}'
_TOO_LARGE = b'{"message":"Request Entity Too Large"}'
_NOT_READY = b'{"message":"Service Unavailable"}'
_FAILED = b'{"message":"Internal Server Error"}'

_peer: ContextVar[str] = ContextVar("peer", default="127.0.0.1")


class Front:
    """An ASGI application that serves one HTTP API."""

    def __init__(self, api_name: str, most_at_once: int) -> None:
        self.api_name = api_name
        # At a function's ceiling of workers MiniStack answers 429; here the next request waits instead.
        self.places: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(most_at_once))
        complete_events()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = headers_of(scope)
        if not is_loopback(headers.get("host", "")):
            return await answer(send, 403, _NOT_OURS)
        api_id = self._api_id()
        if not api_id:
            return await answer(send, 503, _NOT_READY)
        body = await _whole_body(receive)
        if body is None:
            return await answer(send, 413, _TOO_LARGE)
        peer = (scope.get("client") or ("127.0.0.1", 0))[0]
        _peer.set(peer)
        path = apigateway.decode_http_api_path(scope["raw_path"].decode("ascii"))
        route = apigateway._match_route(api_id, scope["method"], "/" + path.lstrip("/"))
        async with self.places[route["target"] if route else ""]:
            status, given, content = await self._execute(api_id, path, scope, _forwarded(headers, scope, peer), body)
        await ministack._send_response(send, status, given, content, head=scope["method"] == "HEAD")

    async def _execute(
        self, api_id: str, path: str, scope: Scope, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, Any], bytes]:
        query = scope["query_string"].decode("latin-1")
        status, given, content = await apigateway.handle_execute(
            api_id,
            "$default",
            path,
            scope["method"],
            headers,
            body,
            parse_qs(query, keep_blank_values=True),
            raw_query_string=query,
        )
        # MiniStack answers a failed function with 502 and the error's text; API Gateway hides it.
        return (500, {"Content-Type": "application/json"}, _FAILED) if status == 502 else (status, given, content)

    def _api_id(self) -> str:
        return next((key[2] for key, api in apigateway._apis.all_items() if api.get("name") == self.api_name), "")


def _forwarded(headers: dict[str, str], scope: Scope, peer: str) -> dict[str, str]:
    """As API Gateway passes them on: the peer's address is appended, never taken from the caller."""
    before = headers.get("x-forwarded-for")
    return {
        **headers,
        "x-forwarded-for": f"{before}, {peer}" if before else peer,
        "x-forwarded-proto": "http",
        "x-forwarded-port": str(scope["server"][1]),
    }


async def _whole_body(receive: Receive) -> bytes | None:
    """The request's body, or None when it is larger than API Gateway takes."""
    parts, size = [], 0
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def complete_events() -> None:
    """Puts into each HTTP API event what MiniStack leaves out."""
    invoke = apigateway.run_reentrant

    async def invoke_completed(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        if options.get("thread_name") == "ministack-apigw-invoke":
            complete_event(arguments[1], _peer.get())
        passed: Awaitable[Any] = invoke(function, *arguments, **options)
        return await passed

    apigateway.run_reentrant = invoke_completed


def complete_event(event: dict[str, Any], peer: str) -> None:
    """Payload format 2.0: the peer's address, the address asked for, cookies apart from the headers."""
    headers = event["headers"]
    event["requestContext"]["http"]["sourceIp"] = peer
    event["requestContext"]["domainName"] = headers.get("host", "")
    cookies = headers.pop("cookie", "")
    if cookies:
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
