"""A requests adapter that calls the org directly: any client that takes a session works without a port."""

import io
from http.client import RemoteDisconnected
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError


class WsgiAdapter(BaseAdapter):
    """Mount it on the org's address, http and https."""

    def __init__(self, application: Any) -> None:
        super().__init__()
        self._application = application

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Answers one request by calling the application."""
        collected: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            collected["status"] = status
            collected["headers"] = headers

        chunks = self._application(_environ(request), start_response)
        body = b"".join(chunks)
        if request.method != "HEAD" and int(dict(collected["headers"]).get("Content-Length", 0)) > len(body):
            fault = RemoteDisconnected("Remote end closed connection without response")
            raise requests.ConnectionError(ProtocolError("Connection aborted.", fault), request=request)
        status, _, reason = collected["status"].partition(" ")
        response = requests.Response()
        response.status_code = int(status)
        response.reason = reason
        response.headers.update(collected["headers"])
        response.raw = HTTPResponse(
            io.BytesIO(body),
            headers=HTTPHeaderDict(collected["headers"]),
            status=int(status),
            preload_content=False,
            request_method=request.method,
        )
        response.url = request.url or ""
        response.request = request
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        return response

    def close(self) -> None:
        """Nothing is held open."""


def _environ(request: requests.PreparedRequest) -> dict[str, Any]:
    parts = urlsplit(request.url or "")
    body: Any = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    elif not isinstance(body, str | bytes):
        body = b"".join(body)
    if isinstance(body, str):
        body = body.encode()
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or 80),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ["CONTENT_TYPE" if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


def session_for(application: Any, url: str) -> requests.Session:
    """A session whose requests to the org's address never leave the process."""
    session = requests.Session()
    session.trust_env = False
    adapter = WsgiAdapter(application)
    session.mount(url, adapter)
    session.mount(url.replace("http://", "https://", 1), adapter)
    return session
