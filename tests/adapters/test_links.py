"""The link check against servers of this process: what opens, what does not, and what is never asked."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from integration.adapters import links
from integration.adapters.links import WebLinks


class Pages(BaseHTTPRequestHandler):
    """/200, /404 and so on; /nohead knows GET only; /to?x leads to x; /circle to itself; /slow is too slow."""

    asked: list[str]

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.asked.append(f"{self.command} {self.path}")
        kind, _, target = self.path.strip("/").partition("?")
        if kind == "slow":
            self.server.let_go.wait(3)
        status = {"nohead": 405 if self.command == "HEAD" else 200, "to": 302, "circle": 302, "slow": 200}.get(
            kind
        ) or int(kind)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", target or self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    """(address, what was asked)."""
    asked = []
    made = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Pages,), {"asked": asked}))
    made.daemon_threads, made.let_go = True, threading.Event()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}", asked
    made.let_go.set()
    made.shutdown()
    thread.join()
    made.server_close()


def trusting(address):
    return WebLinks([("127.0.0.1", int(address.rpartition(":")[2]))])


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/200", ""),
        ("/nohead", ""),
        ("/404", "answers with 404"),
        ("/500", "answers with 500"),
        ("/403", ""),
        ("/to?/200", ""),
        ("/to?/410", "answers with 410"),
    ],
)
def test_a_link_that_does_not_open_is_told_from_one_that_does(server, path, fault):
    address, _ = server
    assert trusting(address).fault(address + path) == fault


def test_a_circle_of_redirects_ends(server):
    address, asked = server
    assert trusting(address).fault(f"{address}/circle") == "is redirected more than 5 times"
    assert len(asked) <= 7


def test_a_server_that_does_not_answer_holds_nothing_up(server, monkeypatch):
    monkeypatch.setattr(links, "SECONDS", (0.2, 0.2))
    assert trusting(server[0]).fault(f"{server[0]}/slow") == "did not answer in time"


@pytest.mark.parametrize("spelling", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
def test_S7_nothing_inside_a_private_network_is_asked(server, spelling):
    address, asked = server
    port = address.rpartition(":")[2]
    assert "private network" in WebLinks().fault(f"http://{spelling}:{port}/200")
    assert asked == []


@pytest.mark.parametrize("target", ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://192.168.1.1/"])
def test_S7_a_redirect_into_a_private_network_is_not_followed(server, target):
    address, asked = server
    assert "private network" in trusting(address).fault(f"{address}/to?{target}")
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["ftp://x.example/a", "http://user:word@x.example/", "http:///nowhere"])
def test_what_is_no_address_of_the_web_is_not_asked(url):
    assert "no web address" in WebLinks().fault(url)
