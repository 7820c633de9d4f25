"""The org as a WSGI application: who asks, which handler answers, and how refusals look."""

import io
import json
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from integration.local.org import routes
from integration.local.org.arrival import body_of, check_formats, method_of
from integration.local.org.automation import Automation
from integration.local.org.bulk.uploads import discard_unclaimed, is_upload
from integration.local.org.bulk.work import Worker, unfinished, work_off
from integration.local.org.catalog import Catalog, build
from integration.local.org.deploying.kept import joined
from integration.local.org.errors import ApiError, RowError
from integration.local.org.events import events_after, release
from integration.local.org.faults import ConnectionDropped, during
from integration.local.org.query import Cursors
from integration.local.org.shape import Shape
from integration.local.org.signin.passwords import Passwords
from integration.local.org.signin.sessions import Sessions
from integration.local.org.signin.users import ORGANIZATION_ID, User, load_user, seed, user_id_of
from integration.local.org.soql.errors import SoqlError
from integration.local.org.store import Store, known_prefixes, open_connection
from integration.local.org.transaction import Engine
from integration.local.org.usage import Usage
from integration.local.org.values import moment
from integration.local.org.web import Call, Reply
from integration.metadata.schema import Schema

MOST_URI = 16_000
"""A real org answers longer addresses with 414."""


_UNHELD = re.compile(r"/warmbench/|/services/Soap/m/|/services/data/v[\d.]+/metadata/deployRequest")
"""The relay's long poll, for which no deployment may wait, and deployments, which want to be alone."""


class OrgApp:
    """One org: a schema, a database and the callable that serves them.

    `url` is where clients reach it; `now` is the machine's clock unless a test gives its own; with `background` bulk
    jobs are worked off by a thread, without it before the request that closes them is answered;
    jobs that an earlier process left are gone on with unless `resume` is off; `faults` opens /warmbench/faults.
    """

    def __init__(
        self,
        schema: Schema,
        database: str | Path = ":memory:",
        *,
        url: str = "http://127.0.0.1:8910",
        now: Callable[[], datetime] | None = None,
        template: "OrgApp | None" = None,
        background: bool = False,
        resume: bool = True,
        faults: bool = False,
    ) -> None:
        connection = open_connection(str(database))
        if template is not None:
            template.store.copy_into(connection)
        prefixes = known_prefixes(connection)
        catalog = template.catalog if template else build(joined(connection, schema), prefixes)
        self.shape: Shape = Shape(catalog, template.shape.automation if template else Automation(catalog))
        self.store: Store = Store(database, connection, catalog, has_tables=template is not None)
        self.engine: Engine = Engine(self.shape, self.store)
        self.faults = self.engine.faults
        self.takes_faults = faults
        self.url = url
        self.usage = Usage(self.now)
        self.started = datetime.now(UTC)
        self.published = threading.Condition()
        """Notified after every commit that may have published events."""
        self.announcements = 0
        self.cursors = Cursors()
        self.closing = threading.Event()
        self._now = now or (lambda: datetime.now(UTC))
        self._offset = timedelta(seconds=float(self.store.setting("clock_offset") or 0))
        self.sessions = Sessions(self.store, self.shape, f"{ORGANIZATION_ID[:15]}!")
        self.passwords = Passwords(self.store)
        seed(self.store, catalog, moment(self.now()))
        self.id = ORGANIZATION_ID
        self._worker = Worker(self) if background else None
        discard_unclaimed(self.store)
        for job_id in unfinished(self) if resume else []:
            self.work_off(job_id)

    @property
    def catalog(self) -> Catalog:
        """Every object as it is at the moment."""
        return self.shape.catalog

    def become(self, catalog: Catalog, automation: Automation) -> None:
        """What the org is from now on; by who is alone with its shape."""
        self.shape.replace(catalog, automation)
        # Describes carry this moment in whole seconds, and an earlier one must not pass for it.
        self.started = max(datetime.now(UTC), self.started + timedelta(seconds=1))

    def now(self) -> datetime:
        """The org's time."""
        return self._now() + self._offset

    def set_clock(self, offset_seconds: float) -> None:
        """Moves the org's time away from the machine's."""
        self.store.set_setting("clock_offset", str(offset_seconds))
        self._offset = timedelta(seconds=offset_seconds)

    def issue_token(self, username: str) -> str:
        """An access token for a user, by name or by kind of seat: `admin`, `integration`, `recruiter` …"""
        return self.sessions.issue(self.user(username).id)

    def issue_refresh_token(self, username: str) -> str:
        """A token that buys access tokens at the token endpoint."""
        return self.sessions.issue(self.user(username).id, refresh=True)

    def expire_token(self, token: str) -> None:
        """Ends a session; its next request is answered with INVALID_SESSION_ID."""
        self.sessions.end(token)

    def user_of_refresh_token(self, token: str) -> User | None:
        """Whose refresh token this is."""
        return self.sessions.user_of(token, refresh=True)

    def register_client(
        self,
        client_id: str,
        *,
        username: str = "integration",
        secret: str | None = None,
        certificate: str | None = None,
    ) -> None:
        """Lets a service log in: with a secret as `username`, or with a PEM certificate as any user it names."""
        with self.store.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO _clients (client_id, secret, certificate, username) VALUES (?, ?, ?, ?)",
                (client_id, secret, certificate, username),
            )

    def client_secret(self, client_id: str) -> str | None:
        """The secret of a registered client, if it has one."""
        with self.store.reading() as connection:
            row = connection.execute("SELECT secret FROM _clients WHERE client_id = ?", (client_id,)).fetchone()
        return row[0] if row else None

    def events_after(self, sequence: int) -> list[dict[str, Any]]:
        """Platform events published after that one, oldest first: {sequence, uuid, event, payload}."""
        release(self.store, self.now())
        return events_after(self.store, sequence)

    def announce(self) -> None:
        """Wakes those who wait for platform events."""
        with self.published:
            self.announcements += 1
            self.published.notify_all()

    def user(self, username: str) -> User:
        """A user by name or kind."""
        name = username if "@" in username else f"{username}@warmbench.local"
        with self.store.reading() as connection:
            found = load_user(connection, self.catalog, user_id_of(connection, name))
        if found is None:
            raise ValueError(f"no active user {name} in this org")
        return found

    def work_off(self, job_id: str) -> None:
        """Sees to a bulk job: in the background when there is a thread for it, else now."""
        if self._worker:
            self._worker.add(job_id)
        else:
            work_off(self, job_id)

    def answer(self, call: Call) -> Reply:
        """Answers a call, refusals included; composite requests come through here for each of their parts."""
        try:
            handler, segments = routes.ROUTER.find(call.method, call.path)
            call.version = segments.pop("version", call.version)
            with during(call.path):
                return handler(call, **segments)
        except ApiError as error:
            return _refused(error, call.method, call.path)
        except SoqlError as error:
            if error.code == "NOT_IMPLEMENTED":
                # Only the reason: the lines before it quote the query, which may name people.
                _tell(f"400 {call.method} {call.path}: {error.message.splitlines()[-1]}")
            return Reply(400, ApiError(400, error.code, error.message).body())
        except RowError as error:
            return Reply(400, error.as_api_error().body())

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            with nullcontext() if _UNHELD.match(request.path) else self.shape.held():
                reply = self._serve(request)
        except ConnectionDropped:
            # Less content than was announced: the server gives up the connection, mostly before its first byte.
            start_response("200 OK", [("Content-Length", "2")])
            return (part for part in (b"{",))
        except Exception as error:
            reply = self._fault(request, error)
        return self._response(reply)(environ, start_response)

    def _serve(self, request: Request) -> Reply:
        if len(request.full_path) > MOST_URI:
            return Reply(414, ApiError(414, "URI_TOO_LONG", "The URI is too long").body())
        try:
            call = self._call(request)
        except ApiError as error:
            return _refused(error, request.method, request.path)
        needs_session = call.path.startswith("/services/data/") and len(call.path.strip("/").split("/")) > 2
        if needs_session and call.user is None:
            return Reply(401, ApiError(401, "INVALID_SESSION_ID", "Session expired or invalid").body())
        fault = self.faults.before(call.path) if needs_session else None
        if fault:
            return Reply(fault.status, fault.body())
        reply = self.answer(call)
        fault = self.faults.after(call.path) if needs_session else None
        if fault:
            return Reply(fault.status, fault.body())
        if needs_session:
            self.usage.count(call.method, call.path)
            reply.headers["Sforce-Limit-Info"] = self.usage.header()
        return reply

    def _call(self, request: Request) -> Call:
        if request.path.startswith("/services/data/"):
            check_formats(request)
        method = method_of(request)
        streamed = is_upload(method, request.path) and not request.headers.get("Content-Encoding")
        body = b"" if streamed else body_of(request)
        return Call(
            self,
            method,
            request.path,
            request.args,
            {name.lower(): value for name, value in request.headers.items()},
            body=body,
            stream=request.stream if streamed else io.BytesIO(body),
            user=self.sessions.user_of(_token(request)),
        )

    def _fault(self, request: Request, error: Exception) -> Reply:
        """A bug of ours, or a full disk: a real org's words for it, and the place on standard error."""
        number = secrets.token_hex(5)
        _tell(f"{request.method} {request.path} failed ({number})")
        traceback.print_exception(error, file=sys.stderr)
        text = f"An unexpected error occurred. Please include this ErrorId if you contact support: {number}"
        return Reply(500, ApiError(500, "UNKNOWN_EXCEPTION", text).body())

    def _response(self, reply: Reply) -> Response:
        headers = dict(reply.headers)
        if isinstance(reply.body, bytes | str | Iterator):
            return Response(reply.body, reply.status, headers, content_type=headers.pop("Content-Type", "text/plain"))
        if reply.body is None:
            return Response(b"", reply.status, headers)
        # A text that was refused may hold half a surrogate pair, which no encoding has.
        text = json.dumps(reply.body, ensure_ascii=False).encode("utf-8", "replace")
        return Response(text, reply.status, headers, content_type="application/json;charset=UTF-8")

    def close(self) -> None:
        """Ends what waits and works, then closes the database."""
        self.closing.set()
        self.announce()
        if self._worker:
            self._worker.stop()
        self.store.close()


def _refused(error: ApiError, method: str, path: str) -> Reply:
    if error.loud:
        _tell(f"{error.status} {method} {path}: {error.message}")
    return Reply(error.status, error.body())


def _token(request: Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() in ("bearer", "oauth") else ""


def _tell(text: str) -> None:
    """One line on standard error; what a client sent may hold half a surrogate pair, which no encoding has."""
    print(f"warmbench org: {text}".encode("utf-8", "backslashreplace").decode(), file=sys.stderr)
