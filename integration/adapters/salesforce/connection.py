"""One signed-in connection: runs calls, signs in again once when the session ended, repeats what may be repeated."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import IO, Any, TypeVar

import requests
from simple_salesforce.api import Salesforce as Client
from simple_salesforce.exceptions import SalesforceError, SalesforceExpiredSession
from simple_salesforce.util import exception_handler

from integration.adapters.salesforce.faults import LimitReached, Passing, SalesforceFault, meaning_of
from integration.adapters.salesforce.login import sign_in
from integration.adapters.salesforce.transport import Transport

T = TypeVar("T")
Call = Callable[[Client], T]
Sleep = Callable[[float], None]

ATTEMPTS = 5
PATIENCE_SECONDS = 20.0  # of waiting in all; after that the queue's own retry is the better wait
PROBE_SECONDS = 60.0  # once the day's calls are used up, the org is asked at most this often


class Connection:
    """Calls to one org. `run` takes a function of a simple-salesforce client."""

    def __init__(self, secret: Mapping[str, str], transport: Transport, *, sleep: Sleep = time.sleep) -> None:
        self.transport = transport
        self.sleep = sleep
        self._secret = secret
        self._client: Client | None = None
        self._signing_in = Lock()
        self._limited_until = float("-inf")

    def run(self, call: Call[T], *, repeatable: bool) -> T:
        """The call's result. `repeatable` says that doing it twice is as good as once (a read, an upsert)."""
        waits = backoff(ATTEMPTS - 1)
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return self._attempt(call)
            except Passing as fault:
                wait = max(next(waits, PATIENCE_SECONDS), fault.pause)
                if not (repeatable or fault.unprocessed) or time.monotonic() + wait >= give_up:
                    raise
            self.sleep(wait)

    def response(
        self,
        method: str,
        path: str,
        *,
        repeatable: bool,
        headers: Mapping[str, str] | None = None,
        body: IO[bytes] | None = None,
        **options: Any,
    ) -> requests.Response:
        """A raw answer, for what simple-salesforce would hold in memory; `path` is below /services/data/vNN.0/."""

        def call(client: Client) -> requests.Response:
            if body is not None:
                body.seek(0)
            answer = self.transport.request(
                method, client.base_url + path, headers={**client.headers, **(headers or {})}, data=body, **options
            )
            if answer.status_code >= 300:
                exception_handler(answer)
            return answer

        return self.run(call, repeatable=repeatable)

    def _attempt(self, call: Call[T]) -> T:
        if time.monotonic() < self._limited_until:
            raise LimitReached("the org takes no more calls for now", seconds=int(PROBE_SECONDS))
        client = self._signed_in()
        try:
            return _translated(call, client)
        except LimitReached:
            self._limited_until = time.monotonic() + PROBE_SECONDS
            raise
        except SalesforceExpiredSession:
            pass  # and out of this block: what is raised below must not carry the refused address along
        fresh = self._signed_in(instead_of=client)
        try:
            return _translated(call, fresh)
        except SalesforceExpiredSession:
            raise SalesforceFault("a fresh session was refused; check the integration user and its app") from None

    def _signed_in(self, instead_of: Client | None = None) -> Client:
        """The present client; a new one where there is none or the present one is `instead_of`."""
        with self._signing_in:
            if self._client is None or self._client is instead_of:
                self._client = None
                self._client = sign_in(self._secret, self.transport)
            return self._client


def backoff(times: int, first: float = 0.5) -> Iterator[float]:
    """Doubling waits, each between half and all of its length so that workers do not return together."""
    for attempt in range(times):
        yield first * 2**attempt * random.uniform(0.5, 1.0)  # noqa: S311


def _translated(call: Call[T], client: Client) -> T:
    """Runs a call; simple-salesforce's errors hold the address with its query and never travel further."""
    try:
        return call(client)
    except SalesforceExpiredSession:
        raise
    except SalesforceError as error:
        if error.status == 403 and "Bad_OAuth_Token" in str(error.content):  # what /services/oauth2 says instead of 401
            raise SalesforceExpiredSession("", 401, "", b"") from None
        raise meaning_of(error) from None
    except requests.exceptions.JSONDecodeError:
        raise Passing("Salesforce sent half an answer") from None
