"""One request and one answer inside the org, and the table that leads from a path to what answers it."""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from integration.local.org.bodies import read_json
from integration.local.org.errors import ApiError, no_such_object

if TYPE_CHECKING:
    from integration.local.org.app import OrgApp
    from integration.local.org.signin.users import User

VERSIONS = tuple(range(50, 65))
"""The API versions that /services/data lists; any other of that form is served alike."""


@dataclass
class Call:
    """A request, from outside or inside a composite one."""

    org: "OrgApp"
    method: str
    path: str
    """Decoded: an external id may hold a slash, so its route takes all that follows."""
    query: MultiDict[str, str]
    """Of a repeated parameter the first counts, unless a handler asks for all."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes = b""
    stream: IO[bytes] = field(default_factory=io.BytesIO)
    """The body of an upload, which is read as it comes; `body` is empty then."""
    content: Any = None
    """The body when it is there as JSON already."""
    user: "User | None" = None
    version: str = ""
    all_or_none: bool | None = None
    """What the composite request around this one decided."""

    def json(self) -> Any:
        """The JSON body, or the org's refusal of it."""
        if self.content is None:
            self.content = read_json(self.headers, self.body)
        return self.content

    def json_object(self, *known: str) -> dict[str, Any]:
        """The JSON body, which must be an object; with names, of no others."""
        content = self.json()
        if not isinstance(content, dict):
            text = "The HTTP entity body is required, but this request has no entity body."
            raise ApiError(400, "JSON_PARSER_ERROR", text)
        for name in content if known else ():
            # A misspelt allOrNone would silently do something else.
            if name not in known:
                raise ApiError(400, "JSON_PARSER_ERROR", f'Unrecognized field "{name}"')
        return content

    def form(self) -> dict[str, str]:
        """The body of an HTML form; the first of repeated fields."""
        try:
            return dict(reversed(parse_qsl(self.body.decode(), keep_blank_values=True)))
        except UnicodeDecodeError as error:
            raise ApiError(400, "INVALID_REQUEST", "The form is not UTF-8") from error

    @property
    def person(self) -> "User":
        """Whose token came along."""
        if self.user is None:
            raise ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid")
        return self.user

    def data(self, path: str) -> str:
        """A path under this call's API version."""
        return f"/services/data/v{self.version}/{path}"


@dataclass
class Reply:
    """An answer; `body` is bytes, an iterator of bytes, or whatever JSON can hold."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[..., Reply]


class Router:
    """Patterns with `{name}` for one segment and `{name:rest}` for all that follows, in the order they were added."""

    def __init__(self) -> None:
        self._routes: list[tuple[re.Pattern[str], dict[str, Handler]]] = []

    def add(self, path: str, **handlers: Handler) -> None:
        """Handlers by upper-case method."""
        pattern = re.sub(r"\{(\w+):rest\}", r"(?P<\1>.+)", path)
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern)
        self._routes.append((re.compile(pattern + "/?"), handlers))

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]]:
        """The handler and the named segments, or NOT_FOUND, or METHOD_NOT_ALLOWED."""
        for pattern, handlers in self._routes:
            match = pattern.fullmatch(path)
            if not match:
                continue
            handler = handlers.get("GET" if method == "HEAD" else method)
            if handler is None:
                text = f"HTTP Method '{method}' not allowed. Allowed are {', '.join(sorted(handlers))}"
                raise ApiError(405, "METHOD_NOT_ALLOWED", text)
            return handler, match.groupdict()
        raise no_such_object()
