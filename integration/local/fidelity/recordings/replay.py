"""Sends a recorded request to the org and tells in what its answer differs from the recorded one."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import requests

from integration.local.fidelity._org import ServedOrg
from integration.local.fidelity.recordings.cassettes import Exchange
from integration.local.fidelity.recordings.compare import answer_differences
from integration.local.fidelity.recordings.stage import Stage, StageFailed

VERSION = "v62.0"
_ANY_VERSION = re.compile(r"/services/data/v(xx|\d\d)\.0")
_SINCE = re.compile(r'"If-Modified-Since": "[^"]+"')
_RECORDED_ORG = "00D0xORGID00000000"


@dataclass(frozen=True)
class Answer:
    """What the org said, in the ids of the recording."""

    body: Any
    differences: list[str] = field(default_factory=list)


class Replayer:
    """Replays exchanges one after another, each on a stage of its own."""

    def __init__(self, org: ServedOrg) -> None:
        self._org = org
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {org.token}"
        self._stage = Stage(self._session, f"{org.url}/services/data/{VERSION}")

    def replay(self, exchange: Exchange) -> Answer:
        """Makes the records, asks, compares, clears away."""
        recorded = _parsed(exchange.answer)
        try:
            ids = {_RECORDED_ORG: self._org.org_id, **self._stage.prepare(exchange.path, exchange.body, recorded)}
            reply = self._send(exchange, ids)
        except StageFailed as error:
            return Answer(None, [f"the records it needs cannot be made: {error}"])
        finally:
            self._stage.clear()
        ours = _parsed(_with_ids(_plain(reply.text), {own: other for other, own in ids.items()}))
        differences = []
        if reply.status_code != exchange.status:
            differences.append(f"status {reply.status_code} instead of {exchange.status}: {reply.text[:300]}")
        else:
            differences = answer_differences(_parsed(_plain(exchange.answer)), ours)
        return Answer(ours, differences)

    def _send(self, exchange: Exchange, ids: dict[str, str]) -> requests.Response:
        path = _with_ids(exchange.path.replace("vxx.0", VERSION), ids)
        body = _with_ids(exchange.body.replace("vxx.0", VERSION), ids)
        if '"httpStatusCode" : 304' in exchange.answer:
            # The recorded org had not changed since that day; this one was set up a moment ago.
            body = _SINCE.sub(f'"If-Modified-Since": "{format_datetime(datetime.now(UTC), usegmt=True)}"', body)
        headers = {"Content-Type": "application/json"} if body else {}
        return self._session.request(
            exchange.method, self._org.url + path, data=body.encode() or None, headers=headers, timeout=60
        )


def _plain(text: str) -> str:
    return _ANY_VERSION.sub("/services/data/vxx.0", text)


def _with_ids(text: str, ids: dict[str, str]) -> str:
    for one, other in ids.items():
        text = text.replace(one, other)
    return text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
