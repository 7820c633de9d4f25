"""The HTTP session to Salesforce: a time-out on every request, our headers on every request, faults in our words."""

import re
from typing import Any

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import NewConnectionError

from integration.adapters.salesforce.faults import Passing

TIMEOUT = (5, 60)  # seconds to connect, and between two bytes
HEADERS = {
    # Our name on every change, so that change events we caused ourselves can be told apart.
    "Sforce-Call-Options": "client=warmbench",
    # A duplicate rule that only warns must not let the service save what a recruiter would be asked about.
    "Sforce-Duplicate-Rule-Header": "allowSave=false",
}
_BUSY = {429, 502, 503, 504}
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")


class Transport(requests.Session):
    """A session of requests whose faults are TryAgain, with the adapters of another where one is given."""

    def __init__(self, like: requests.Session | None = None) -> None:
        super().__init__()
        for prefix, adapter in (like.adapters if like else {}).items():
            self.mount(prefix, adapter)
        self.headers.update(HEADERS)
        self.api_usage: tuple[int, int] | None = None

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.setdefault("timeout", TIMEOUT)
        try:
            response = super().request(*args, **kwargs)
        except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
            raise lost(error) from None  # the cause's text holds the address with its query
        if usage := _USAGE.search(response.headers.get("Sforce-Limit-Info", "")):
            self.api_usage = int(usage[1]), int(usage[2])
        if response.status_code in _BUSY:
            raise _busy(response)
        return response

    def allow_plain_http(self, host: str) -> None:
        """simple-salesforce writes https:// before every host; an org on this machine speaks http."""
        self.mount(f"https://{host}/", _PlainHttp(self))

    def origin(self, host: str) -> str:
        """The host with the scheme that it is really spoken to in."""
        secure = f"https://{host}"
        return f"http://{host}" if isinstance(self.get_adapter(f"{secure}/"), _PlainHttp) else secure


class _PlainHttp(BaseAdapter):
    def __init__(self, session: requests.Session) -> None:
        super().__init__()
        self._session = session

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        request.url = "http://" + str(request.url).removeprefix("https://")
        return self._session.get_adapter(request.url).send(request, **kwargs)

    def close(self) -> None:
        """The session closes the adapter that does the work."""


def lost(error: Exception) -> Passing:
    """A connection that was never made is proof that nothing happened; a lost answer is not."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    unprocessed = isinstance(error, requests.ConnectTimeout) or isinstance(reason, NewConnectionError)
    return Passing(f"Salesforce did not answer ({type(error).__name__})", unprocessed=unprocessed)


def _busy(response: requests.Response) -> Passing:
    after = response.headers.get("Retry-After", "")
    refused = response.status_code == 429 or "SERVER_UNAVAILABLE" in response.text
    return Passing(
        f"Salesforce is busy (HTTP {response.status_code})",
        unprocessed=refused,
        pause=float(after) if after.isdigit() else 0.0,
    )
