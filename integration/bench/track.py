"""A click in a mail: the tracker's plain handler against Zappa and Flask, and against the bare check of its signatures.

Both sides are given the same event of an HTTP API, check the same two tokens, write the same message to a queue (in
memory: what the network costs is the same for both) and answer with the same redirect.

All recipients of a mail share its links, so the tracker checks a link's half once and keeps it. The row of new links
is the click whose link was never seen, and the check of the signatures that of both, with nothing kept.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from typing import Any

from integration.adapters.sigv4 import _as_text
from integration.app import App
from integration.bench._frame import Row, cpu_seconds, interleaved
from integration.config import Config
from integration.model import hit, link
from integration.model.link import Purpose, Signer
from integration.ports import Queue
from lambdas import track

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TARGET = "https://elsewhere.example/jobs/7"
CLICKS, PEER_CLICKS = 20_000, 2_000
NEW_LINKS = 4_000  # in a circle: more than the tracker keeps, so that none is known when it comes again
PEER_GOAL, VERIFY_GOAL = 1 / 15, 3.0

Click = Callable[[], object]


class _Clock:
    def now(self) -> datetime:
        return AT

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class _Queues:
    """Takes messages as the tracker's own client does, as JSON, and keeps the last."""

    last = ""

    def send(self, queue: Queue, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
        self.send_text(queue, _as_text(message))

    def send_text(self, queue: Queue, body: str) -> None:
        self.last = body

    def send_many(self, queue: Queue, messages: Iterable[Mapping[str, Any]], *, delay_seconds: int = 0) -> None:
        for message in messages:
            self.send(queue, message)


def run(runs: int) -> list[Row]:
    """Row 5 of the goals."""
    app, event, tokens = _app(), *_request()
    ours: Click = partial(track.answer, app, event)
    theirs = _peer(app, event)
    assert_same(ours, theirs, app)
    verify = partial(_verify, app.links, *tokens)
    events = cycle([_request(number)[0] for number in range(NEW_LINKS)])
    unseen: Click = lambda: track.answer(app, next(events))  # noqa: E731
    sides = ((ours, CLICKS), (theirs, PEER_CLICKS), (verify, CLICKS), (unseen, CLICKS))
    mine, peer, checked, new = interleaved(runs, *(partial(_cost, click, times) for click, times in sides))
    return [
        Row("a click, against Zappa and Flask", "us CPU", mine, PEER_GOAL, peer),
        Row("a click, against the check of its two signatures", "us CPU", mine, VERIFY_GOAL, checked),
        Row("a click on a link never seen, against Zappa and Flask", "us CPU", new, None, peer),
    ]


def _cost(click: Click, times: int) -> float:
    def all_of_them() -> None:
        for _ in range(times):
            click()

    return cpu_seconds(all_of_them) / times * 1_000_000


def _app() -> App:
    app = App(Config(stage="bench", public_base_url="https://jobs.warmbench.example", org_id="00D000000000001EAA"))
    app.clock, app.queues = _Clock(), _Queues()
    app.links = Signer("k1", {"k1": b"a key for nothing but this bench"}, b"salt")
    return app


def _request(number: int = 0) -> tuple[dict[str, Any], tuple[str, str]]:
    links = _app().links
    mail = {link.CAMPAIGN: "a0C000000000001AAA", link.STEP: "a0D000000000001AAA"}
    target = links.sign(Purpose.LINK, {link.TARGET: TARGET, link.NUMBER: f"{number:010}", **mail})
    person = links.sign(Purpose.MAIL, {**mail, link.VERSION: "1", link.CANDIDATE: "01BENCH0000000000000000001"})
    path = f"/c/{target}/{person}"
    headers = {"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/143.0", "accept-language": "de", "host": "jobs.example"}
    http = {"method": "GET", "path": path, "sourceIp": "203.0.113.7", "protocol": "HTTP/1.1"}
    event = {
        "version": "2.0", "rawPath": path, "rawQueryString": "", "headers": headers, "isBase64Encoded": False,
        "requestContext": {"http": http, "domainName": "jobs.example", "stage": "$default"},
    }  # fmt: skip
    return event, (target, person)


def _verify(links: Signer, target: str, person: str) -> None:
    links.read(Purpose.LINK, target, AT)
    links.read(Purpose.MAIL, person, AT)


def _peer(app: App, event: dict[str, Any]) -> Click:
    """The same click as one would write it: a view of Flask behind Zappa, tokens of itsdangerous."""
    from uuid import uuid4

    from flask import Flask, redirect, request
    from itsdangerous import URLSafeSerializer
    from werkzeug.wrappers import Response
    from zappa.wsgi import create_wsgi_request

    web, serializer = Flask("bench"), URLSafeSerializer(b"a key for nothing but this bench")
    tokens = [app.links.read(purpose, token, AT) for purpose, token in zip(
        (Purpose.LINK, Purpose.MAIL), event["rawPath"].split("/")[2:], strict=True)]  # fmt: skip
    path = "/c/" + "/".join(str(serializer.dumps(claims)) for claims in tokens)
    context = {**event["requestContext"], "http": {**event["requestContext"]["http"], "path": path}}
    theirs = {**event, "rawPath": path, "requestContext": context}

    @web.get("/c/<target>/<person>")
    def click(target: str, person: str) -> Any:
        claims = {**serializer.loads(target), **serializer.loads(person)}
        message = {
            "id": str(uuid4()), "kind": "click", "at": AT.isoformat(), "campaign": claims[link.CAMPAIGN],
            "step": claims[link.STEP], "version": claims[link.VERSION], "candidate": claims[link.CANDIDATE],
            "link": claims[link.NUMBER], "target": claims[link.TARGET], "method": request.method,
            "user_agent": request.headers["User-Agent"], "network": request.remote_addr,
        }  # fmt: skip
        app.queues.send(Queue.EVENTS, message)
        return redirect(claims[link.TARGET])

    def through_zappa() -> dict[str, Any]:
        environ = create_wsgi_request(theirs, binary_support=True)
        response = Response.from_app(web, environ, buffered=True)
        return {"statusCode": response.status_code, "headers": dict(response.headers), "body": response.get_data(True)}

    return through_zappa


def assert_same(ours: Click, theirs: Click, app: App) -> None:
    """Both lead to the same place, and tell the queue the same."""
    answers, told = [], []
    for click in (ours, theirs):
        answer: Any = click()
        answers.append((answer["statusCode"], {k.lower(): v for k, v in answer["headers"].items()}["location"]))
        message = json.loads(app.queues.last)  # type: ignore[attr-defined]
        told.append(hit.event_of(message).as_message() if hit.TOKENS in message else message)
    if (
        answers[0] != answers[1]
        or told[0]["target"] != told[1]["target"]
        or told[0]["candidate"] != told[1]["candidate"]
    ):
        raise AssertionError(f"{answers}\n{told}")
