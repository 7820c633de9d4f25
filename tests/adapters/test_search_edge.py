"""The way out to sources: no private address by whatever spelling, sizes, times, throttles."""

import gzip
import http.server
import json
import socket
import threading
from datetime import timedelta
from email.utils import format_datetime
from typing import ClassVar

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from integration.adapters.searches import edge as edges
from integration.adapters.searches.addresses import checked_url, is_public, resolved
from integration.adapters.searches.web import CheckedWeb
from integration.errors import Rejected, TryAgain
from integration.model.pace import Allowance
from tests.adapters.search_fixture import access, waits

__all__ = ["access", "waits"]
URL = "https://api.example/people"
OFTEN = Allowance(6_000, burst=100)


class Serving(http.server.BaseHTTPRequestHandler):
    """A server inside: what it was asked for, and answers by path."""

    answers: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}

    def do_GET(self):
        self.server.asked.append(self.path)
        status, headers, body = self.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        """Silent."""


@pytest.fixture
def inside():
    """A web server on this machine, which searches must not reach unless the operator says so."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Serving)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ask(edge, url=URL, **options):
    return edge.ask(url, allowance=OFTEN, **options)


def read(web, url, most=1_000_000):
    with web.read(url, most=most) as download:
        return b"".join(download.pieces)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"],
)
def test_S7_address_inside_is_refused_however_it_is_spelled(access, inside, host):
    port = inside.server_address[1]
    with pytest.raises(Rejected) as refused:
        read(CheckedWeb(access().edge("Directory")), f"http://{host}:{port}/staff.csv")
    assert "private network" in refused.value.message
    assert inside.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255"),
        *("224.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
        *("::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::"),
    ],
)
def test_S7_private_and_special_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_private_address_stays_private_however_it_is_wrapped(address):
    for wrapped in (f"{address}", f"::ffff:{address}", f"64:ff9b::{address}"):
        assert not is_public(wrapped)


def test_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    told = [(socket.AF_INET, 1, 6, "", (ip, 443)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: told)
    with pytest.raises(Rejected):
        resolved("people.example", 443)


def test_S7_name_that_turns_private_after_the_check_is_not_connected_to(access, inside, monkeypatch):
    """DNS rebinding: the address that is connected to is the one that was checked, asked for once."""
    port, real, asked = inside.server_address[1], socket.getaddrinfo, []

    def answers(host, *arguments, **options):
        asked.append(host)
        public = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return real(public, *arguments, **options)

    def refused(self, place):
        assert place[0] == "93.184.216.34"
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr(socket.socket, "connect", refused)
    with pytest.raises(TryAgain):
        ask(access().edge("GitHub"), f"http://rebinding.example:{port}/")
    assert asked == ["rebinding.example"]
    assert inside.asked == []


def test_S7_redirect_to_a_private_address_is_not_followed(access, inside):
    port = inside.server_address[1]
    Serving.answers = {"/away": (302, {"Location": "http://10.0.0.1/latest/meta-data/"}, b"")}
    trusted = access(private_hosts=(f"127.0.0.1:{port}",))
    with pytest.raises(Rejected) as refused:
        read(CheckedWeb(trusted.edge("Directory")), f"http://127.0.0.1:{port}/away")
    assert "private network" in refused.value.message


def test_redirect_without_end_is_given_up(access, inside):
    port = inside.server_address[1]
    Serving.answers = {"/round": (302, {"Location": "/round"}, b"")}
    trusted = access(private_hosts=(f"127.0.0.1:{port}",))
    with pytest.raises(Rejected) as refused:
        read(CheckedWeb(trusted.edge("Directory")), f"http://127.0.0.1:{port}/round")
    assert "without end" in refused.value.message
    assert inside.asked.count("/round") == 4


def test_host_that_the_operator_names_may_be_private(access, inside):
    port = inside.server_address[1]
    Serving.answers = {"/staff.csv": (200, {}, b"name\nAda\n")}
    web = CheckedWeb(access(private_hosts=(f"127.0.0.1:{port}",)).edge("Directory"))
    assert read(web, f"http://127.0.0.1:{port}/staff.csv") == b"name\nAda\n"
    with pytest.raises(Rejected):
        read(web, f"http://localhost:{port}/staff.csv")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "gopher://127.0.0.1:70/x",
            "file:///etc/passwd",
            "ftp://people.example/x",
            "//people.example/x",
            "people.csv",
        ),
        *("https://", "http://user:password@people.example/", "http://people.example:22/", "https://people.example:x/"),
        *("javascript:alert(1)", "https://people.example/" + "a" * 3_000, "", "http://[::1", "data:text/csv,name"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_before_any_request(url):
    with pytest.raises(Rejected) as refused:
        checked_url(url)
    assert len(refused.value.message) < 300


@responses.activate
def test_password_does_not_follow_a_redirect_to_another_host(access):
    responses.get("https://a.example/x", status=302, headers={"Location": "https://b.example/y"})
    responses.get("https://b.example/y", body="name\n")
    edge = access().edge("Directory")
    with edge.read("https://a.example/x", allowance=OFTEN, most=100, headers={"Authorization": "Bearer x"}) as found:
        assert b"".join(found[1]) == b"name\n"
    assert "Authorization" not in responses.calls[1].request.headers


@responses.activate
def test_redirect_from_https_to_http_is_refused(access):
    responses.get("https://a.example/x", status=302, headers={"Location": "http://a.example/x"})
    with (
        pytest.raises(Rejected) as refused,
        access().edge("Directory").read("https://a.example/x", allowance=OFTEN, most=100),
    ):
        pass
    assert "not encrypted" in refused.value.message


@responses.activate
def test_huge_page_is_left_at_its_limit(access, monkeypatch):
    monkeypatch.setattr(edges, "MOST_BYTES", 1_048_576)
    responses.get(URL, body=b"x" * 2_000_000)
    with pytest.raises(Rejected) as refused:
        ask(access().edge("GitHub"))
    assert "more than 1 MB" in refused.value.message


def test_compressed_bomb_is_left_at_its_limit(access, inside):
    port = inside.server_address[1]
    Serving.answers = {"/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 50_000_000))}
    web = CheckedWeb(access(private_hosts=(f"127.0.0.1:{port}",)).edge("Directory"))
    with pytest.raises(Rejected) as refused:
        read(web, f"http://127.0.0.1:{port}/bomb", most=1_048_576)
    assert "more than 1 MB" in refused.value.message


def test_answer_that_is_cut_off_is_asked_for_again_later(access, inside):
    port = inside.server_address[1]
    Serving.answers = {"/cut": (200, {"Content-Length": "1000"}, b"half")}
    edge = access(endpoints={"github": f"http://127.0.0.1:{port}"}).edge("GitHub")
    with pytest.raises(TryAgain):
        ask(edge, f"http://127.0.0.1:{port}/cut")


@responses.activate
def test_retry_after_as_a_date_is_honoured(access, app):
    at = app.clock.now() + timedelta(minutes=2)
    responses.get(URL, status=503, headers={"Retry-After": format_datetime(at, usegmt=True)})
    with pytest.raises(TryAgain) as refused:
        ask(access().edge("ORCID"))
    assert refused.value.seconds == 120


@responses.activate
@pytest.mark.parametrize("said", ["soon", "-5", "nan", "inf", "", "Wed, 99 Foo 2026"])
def test_retry_after_that_makes_no_sense_waits_the_usual_time(access, said):
    responses.get(URL, status=429, headers={"Retry-After": said})
    with pytest.raises(TryAgain) as refused:
        ask(access().edge("ORCID"))
    assert refused.value.seconds == 30


@responses.activate
def test_short_wait_is_waited_and_the_answer_taken(access, waits):
    responses.get(URL, status=503, headers={"Retry-After": "3"})
    responses.get(URL, json={})
    assert ask(access().edge("ORCID")).status == 200
    assert waits == pytest.approx([3.0], abs=0.01)


@responses.activate
def test_source_is_named_in_every_fault_and_no_key_is(access):
    responses.get(URL, body=ConnectionResetError("https://api.example/people?key=secret"))
    with pytest.raises(TryAgain) as refused:
        ask(access().edge("ORCID"), params={"key": "secret"})
    assert "ORCID did not answer" in str(refused.value)
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None


@responses.activate
def test_we_say_who_we_are(access):
    responses.get(URL, json={})
    ask(access(contact="https://careers.example").edge("ORCID"))
    assert responses.calls[0].request.headers["User-Agent"] == "Warmbench/1.0 (+https://careers.example)"


def test_many_workers_together_keep_one_rate(access, app):
    """Turns that several workers take at once never stand closer than the rate allows."""
    turns = [access().edge("ORCID").turns for _ in range(4)]
    start, went = app.clock.now().timestamp(), []
    for number in range(20):
        turns[number % 4].take("search", Allowance(60, burst=3))
        went.append(app.clock.now().timestamp() - start)
    assert went[:3] == pytest.approx([0, 0, 0], abs=0.01)
    for second in range(18):
        assert sum(second <= at < second + 1 - 0.01 for at in went[3:]) <= 1


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60), st.integers(1, 10), st.floats(1, 600))
def test_no_window_holds_more_than_burst_and_rate_allow(pauses, burst, per_minute):
    allowance, used_until, now, went = Allowance(per_minute, burst), 0.0, 1_000.0, []
    for pause in pauses:
        now += pause
        start, used_until = allowance.next(used_until, now)
        now = start
        went.append(start)
    for first in went:
        inside_window = sum(first <= at < first + 60 for at in went)
        assert inside_window <= burst + per_minute + 1


def test_quota_is_never_spent_twice_and_unspent_comes_back(access):
    turns = access().edge("People Data Labs").turns
    assert [turns.spend("2026-03", 60, 100) for _ in range(3)] == [60, 40, 0]
    turns.give_back("2026-03", 30)
    assert turns.used("2026-03") == 70
    assert turns.spend("2026-03", 60, 100) == 30


def test_body_that_is_json_is_sent_as_json(access):
    with responses.RequestsMock() as mocked:
        mocked.post(URL, json={})
        ask(access().edge("People Data Labs"), body={"size": 1})
        assert json.loads(mocked.calls[0].request.body) == {"size": 1}
