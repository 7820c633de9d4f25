"""Between API Gateway and Flask, and between Flask and the files: what comes in odd, large or not at all."""

import json

import pytest

from integration.errors import TryAgain
from integration.model import snapshot
from lambdas.site.bridge import answer, environ_of
from tests.unit.site import published
from tests.unit.site.visitor import http_event


@pytest.fixture(autouse=True)
def files(app):
    published.put(app)


@pytest.mark.parametrize(
    "event",
    [
        {"raw_command": "open('/tmp/warmbench-canary', 'w')"},
        {"command": "os.getcwd"},
        {"manage": "check"},
        {**http_event("GET", "/"), "raw_command": "1"},
        {**http_event("GET", "/"), "command": "1"},
        {**http_event("GET", "/"), "version": "1.0"},
        {"httpMethod": "GET", "path": "/", "headers": {}},
        {"Records": [{"eventSource": "aws:sqs", "body": "x"}]},
        {"version": "2.0", "requestContext": {"http": {}}},
        {"version": "2.0", "requestContext": []},
        {},
        [],
        None,
        "GET /",
    ],
)
def test_S22_what_is_no_web_request_is_refused(visitor, event):
    assert answer(visitor.web, event)["statusCode"] == 400


def test_headers_cannot_break_the_bridge(visitor):
    for value in ("caf\u00e9", "\U0001f319", "a\r\nb: c", "\ud800", "x" * 20_000):
        assert visitor.get("/health", headers={"x-odd": value, "user-agent": value}).status == 200


def test_the_address_is_the_gateways_not_the_visitors(visitor):
    event = http_event("GET", "/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"}, source_ip="192.0.2.44")
    assert environ_of(event, "https://jobs.warmbench.example")["REMOTE_ADDR"] == "192.0.2.44"


def test_cookies_pass_once_each_way(app):
    from flask import Flask, make_response, request

    web = Flask("cookies")
    web.config["PUBLIC_BASE_URL"] = "https://jobs.warmbench.example"

    @web.get("/")
    def home():
        response = make_response("|".join(f"{name}={value}" for name, value in sorted(request.cookies.items())))
        response.set_cookie("one", "1")
        response.set_cookie("two", "2")
        return response

    reply = answer(web, http_event("GET", "/", cookies=["a=1", "b=2"]))
    assert reply["body"] == "a=1|b=2"
    assert [cookie.split(";")[0] for cookie in reply["cookies"]] == ["one=1", "two=2"]
    assert "set-cookie" not in reply["headers"]


def test_files_that_cannot_be_read_say_try_again(app, visitor):
    class Broken:
        def read(self, key):
            raise TryAgain("no bucket")

    from lambdas.site.web import create_app

    working, app.site = app.site, Broken()
    visitor.web = create_app(app, cache_seconds=0)
    page = visitor.get("/p/nurses")
    assert page.status == 503
    assert "try again" in page.text
    app.site = working


def test_the_last_reading_is_shown_while_files_cannot_be_read(app, visitor):
    from lambdas.site.snapshots import Snapshots

    class Flaky:
        broken = False

        def read(self, key):
            if self.broken:
                raise TryAgain("no bucket")
            return b'{"a": 1}'

    files = Flaky()
    snapshots = Snapshots(files, 0)
    assert snapshots.json("x") == {"a": 1}
    files.broken = True
    assert snapshots.json("x") == {"a": 1}
    with pytest.raises(TryAgain):
        snapshots.json("y")


def test_a_large_feed_is_fetched_from_the_bucket(app, visitor):
    pointer = {
        "etag": "e",
        "file": "feeds/big/a.xml",
        "size": 9_000_000,
        "packed": "feeds/big/a.xml.gz",
        "packed_size": 50,
    }
    app.site.write(snapshot.feed("big"), json.dumps(pointer).encode(), content_type="application/json")
    app.site.write("feeds/big/a.xml.gz", b"packed", content_type="application/gzip")
    plain = visitor.get("/feeds/big.xml")
    assert plain.status == 302
    assert "/feeds/big/a.xml" in plain.headers["location"]
    packed = visitor.get("/feeds/big.xml", headers={"accept-encoding": "gzip"})
    assert packed.data == b"packed"
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"


def test_a_page_travels_packed_and_small(visitor):
    packed = visitor.get("/p/nurses", headers={"accept-encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "<h2>Stay in touch</h2>" in packed.text
    style = visitor.get("/static/site.css", headers={"accept-encoding": "gzip"})
    assert len(packed.data) + len(style.data) <= 14_000
    assert "content-encoding" not in visitor.get("/p/nurses").headers
    assert "content-encoding" not in visitor.get("/health", headers={"accept-encoding": "gzip"}).headers
