"""SQS and SSM by the standard library alone, for the function that must start in a blink.

Signature Version 4 as AWS documents it; a test compares the Authorization header byte for byte with botocore's.
"""

import hashlib
import hmac
import http.client
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from integration.errors import TryAgain
from integration.ports import Message, Queue


class Access(Protocol):
    """Credentials of this process, its region, and an endpoint other than AWS's own (empty: AWS's)."""

    @property
    def key_id(self) -> str: ...
    @property
    def secret(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def endpoint(self) -> str: ...


_TIMEOUT_SECONDS = 3.0
_CACHE_SECONDS = 300.0


@lru_cache(maxsize=8)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    """The same for a whole day: four of the five hashes of a signature are saved."""
    key = ("AWS4" + secret).encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key


def authorization(access: Access, service: str, headers: Mapping[str, str], path: str, body: bytes) -> str:
    """The Authorization header of a POST without query; `headers` are lower-case and hold x-amz-date and host."""
    stamp = headers["x-amz-date"]
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    request = f"POST\n{path}\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{stamp[:8]}/{access.region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(
        _signing_key(access.secret, stamp[:8], access.region, service), text.encode(), hashlib.sha256
    ).hexdigest()
    return f"AWS4-HMAC-SHA256 Credential={access.key_id}/{scope}, SignedHeaders={names}, Signature={signature}"


class Endpoint:
    """One AWS JSON service over one kept-alive connection."""

    def __init__(self, access: Access, service: str, target: str, version: str) -> None:
        self._access, self._service, self._target = access, service, target
        self._content_type = f"application/x-amz-json-{version}"
        self._address = urlsplit(access.endpoint or f"https://{service}.{access.region}.amazonaws.com")
        self._connection: http.client.HTTPConnection | None = None

    def call(self, action: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON answer. A stale connection is opened anew once; any other trouble is TryAgain."""
        data = json.dumps(body).encode()
        reused = self._connection is not None
        try:
            status, answer = self._post(action, data)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            if not reused:
                raise TryAgain(f"{self._service} did not answer: {type(error).__name__}") from error
            return self._again(action, data)
        return self._understood(status, answer)

    def _again(self, action: str, data: bytes) -> dict[str, Any]:
        try:
            status, answer = self._post(action, data)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise TryAgain(f"{self._service} did not answer: {type(error).__name__}") from error
        return self._understood(status, answer)

    def _understood(self, status: int, answer: bytes) -> dict[str, Any]:
        if status != 200:
            raise TryAgain(f"{self._service} answered {status}")
        answered: dict[str, Any] = json.loads(answer or b"{}")
        return answered

    def _post(self, action: str, data: bytes) -> tuple[int, bytes]:
        if self._connection is None:
            secure = self._address.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = kind(self._address.netloc, timeout=_TIMEOUT_SECONDS)
        self._connection.request("POST", "/", data, self._headers(action, data))
        response = self._connection.getresponse()
        return response.status, response.read()

    def _headers(self, action: str, data: bytes) -> dict[str, str]:
        # Signing uses the machine's time, not the stage's clock: AWS refuses a signature from another day.
        signed = {
            "content-type": self._content_type,
            "host": self._address.netloc,
            "x-amz-date": datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ"),
            "x-amz-target": f"{self._target}.{action}",
        }
        if self._access.token:
            signed["x-amz-security-token"] = self._access.token
        return {**signed, "authorization": authorization(self._access, self._service, signed, "/", data)}

    def close(self) -> None:
        """Ends the connection; the next call opens another."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


_as_text: Callable[[Message], str] = json.JSONEncoder(separators=(",", ":")).encode


class SignedQueues:
    """ports.Queues for single small messages."""

    def __init__(self, access: Access, urls: Mapping[Queue, str]) -> None:
        self._sqs, self._urls = Endpoint(access, "sqs", "AmazonSQS", "1.0"), urls

    def close(self) -> None:
        self._sqs.close()

    def send(self, queue: Queue, message: Message, *, delay_seconds: int = 0) -> None:
        self.send_text(queue, _as_text(message), delay_seconds=delay_seconds)

    def send_text(self, queue: Queue, body: str, *, delay_seconds: int = 0) -> None:
        request: dict[str, Any] = {"QueueUrl": self._urls[queue], "MessageBody": body}
        if delay_seconds:
            request["DelaySeconds"] = delay_seconds
        self._sqs.call("SendMessage", request)

    def send_many(self, queue: Queue, messages: Iterable[Message], *, delay_seconds: int = 0) -> None:
        for message in messages:
            self.send(queue, message, delay_seconds=delay_seconds)


class SignedSecrets:
    """ports.Secrets for SSM parameters only."""

    def __init__(self, access: Access, now: Callable[[], float]) -> None:
        self._ssm, self._now = Endpoint(access, "ssm", "AmazonSSM", "1.1"), now
        self._cached: dict[str, tuple[float, str]] = {}

    def close(self) -> None:
        self._ssm.close()

    def secret(self, name: str) -> dict[str, str]:
        raise LookupError(f"{name}: the tracker reads parameters only, no secrets")

    def parameter(self, name: str, *, max_age_seconds: float = _CACHE_SECONDS) -> str:
        read_at, value = self._cached.get(name, (float("-inf"), ""))
        if self._now() - read_at > max_age_seconds:
            answer = self._ssm.call("GetParameter", {"Name": name, "WithDecryption": True})
            value = str(answer["Parameter"]["Value"])
            self._cached[name] = (self._now(), value)
        return value
