"""Headers, hosts, tokens, robots and bad input, on every route and through real HTTP API events."""

import base64
import re

import pytest

from integration.errors import TryAgain
from integration.model import link
from integration.model.link import Purpose
from integration.ports import Queue
from lambdas.site.forms import TRAP
from tests.app_fixture import app_queue_messages
from tests.unit.site import published
from tests.unit.site.published import PAGE

PRIVATE = ("/confirm/", "/preferences/", "/preview/", "/address/", "/apply/", "/place/", "/check-in/")
PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@x.example", "consent": ["Talent community"]}


@pytest.fixture(autouse=True)
def files(app):
    published.put(app)


def token(app, purpose, **claims):
    return app.links.sign(purpose, {link.CANDIDATE: "01J00000000000000000000000", link.ITEM: "01JX", **claims})


def every_route(app):
    return [
        "/", "/jobs/jabcdefghijkl", "/jobs/jabcdefghijkl/apply", "/jobs/jnothing", "/p/nurses", "/p/none",
        f"/confirm/{token(app, Purpose.CONFIRM)}", f"/preferences/{token(app, Purpose.PREFERENCES)}",
        f"/preferences/{token(app, Purpose.PREFERENCES)}/data", f"/address/{token(app, Purpose.ADDRESS, d='old')}",
        f"/preferences/{token(app, Purpose.PREFERENCES)}/data.json", "/media/x.png",
        f"/apply/{token(app, Purpose.PREFERENCES)}/jabcdefghijkl", "/events/open-day",
        f"/place/{token(app, Purpose.PLACE, d='open-day')}", f"/check-in/{token(app, Purpose.CHECK_IN, n='1')}",
        f"/check-in/{token(app, Purpose.CHECK_IN, n='1')}/people", "/check-in/app.js",
        f"/recommend/{token(app, Purpose.PREFERENCES)}", f"/invited/{token(app, Purpose.INVITATION, m='x')}",
        "/confirm/x", "/preferences", "/static/confirm.js",
        "/preview/x", "/thanks/registration", "/thanks/x", "/feeds/indeed.xml", "/sitemap.xml",
        "/robots.txt", "/health", "/static/site.css", "/static/look/0b5a6b-ffffff-1c2b33-sans.css", "/nowhere",
    ]  # fmt: skip


def test_S19_every_route_is_dressed(app, visitor):
    for address in every_route(app):
        page = visitor.get(address)
        headers = page.headers
        assert "set-cookie" not in headers
        assert headers["x-content-type-options"] == "nosniff", address
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        # Two pages have a script of ours; what stands inside a page runs nowhere.
        assert (
            "script-src 'self'" if address.startswith(("/confirm/", "/check-in/")) else "default-src 'none'; style-src"
        ) in policy
        assert policy.startswith("default-src 'none'")
        assert "frame-ancestors 'none'" in policy or address.startswith("/preview")
        assert headers["strict-transport-security"]
        assert not re.search(
            r"\sstyle=|<style|\son\w+=|<script(?! type=\"application/ld| src=\"/(static|check-in)/)", page.text
        ), address


def test_S19_pages_of_a_person_are_private(app, visitor):
    for address in every_route(app):
        headers = visitor.get(address).headers
        if address.startswith(
            (
                "/confirm/",
                "/preferences/",
                "/preview/",
                "/address/",
                "/apply/",
                "/place/",
                "/check-in/",
                "/recommend/",
                "/invited/",
            )
        ):
            assert headers["cache-control"] == "private, no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-robots-tag"] == "noindex"
    for address in ("/p/nurses", "/jobs/jabcdefghijkl/apply", "/jobs/jabcdefghijkl?wb=x"):
        assert visitor.get(address).headers["cache-control"] == "private, no-store"


def test_S14_looking_changes_nothing(app, visitor):
    for address in every_route(app):
        for method in ("GET", "HEAD"):
            visitor.ask(method, address)
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []
    kinds = {message["kind"] for message in app_queue_messages(app, Queue.EVENTS)}
    assert kinds == {"visit"}


def test_head_is_no_visit(app, visitor):
    assert visitor.ask("HEAD", "/jobs/jabcdefghijkl").data == b""
    assert app_queue_messages(app, Queue.EVENTS) == []


@pytest.mark.parametrize(
    "host", ["evil.example", "jobs.warmbench.example.evil.example", "", "x.execute-api.evil.example"]
)
def test_S11_a_foreign_host_is_refused(visitor, host):
    page = visitor.get("/", headers={"host": host})
    assert page.status == 400
    assert "evil" not in page.text


def test_S11_links_never_come_from_a_header(visitor):
    evil = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "http", "forwarded": "host=evil.example"}
    for address in ("/", "/sitemap.xml", "/robots.txt", "/jobs/jabcdefghijkl"):
        assert "evil" not in visitor.get(address, headers=evil).text


def test_the_gateways_own_name_is_accepted(visitor):
    assert visitor.get("/health", headers={"host": "abc123.execute-api.eu-west-1.amazonaws.com"}).status == 200
    assert visitor.get("/health", headers={"host": "abc123.execute-api.localhost:4566"}).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"origin": "https://jobs.warmbench.example"}, 303),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://evil.example", "sec-fetch-site": "same-origin-ish"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://jobs.warmbench.example"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(app, visitor, headers, status):
    address = f"/confirm/{token(app, Purpose.CONFIRM)}"
    assert visitor.post(address, {}, headers=headers).status == status
    assert len(app_queue_messages(app, Queue.REGISTRATIONS)) == (status == 303)


@pytest.mark.parametrize("door", ["confirm", "preferences", "preview"])
def test_S9_B37_bad_tokens_all_look_alike(app, visitor, door):
    purpose = {"confirm": Purpose.CONFIRM, "preferences": Purpose.PREFERENCES, "preview": Purpose.PREVIEW}[door]
    good = token(app, purpose)
    key, payload, signature = good.split(".")
    expired = app.links.sign(purpose, {link.CANDIDATE: "x"}, expires=app.clock.now().replace(year=2020))
    bad = [
        good[:-3], good + "A", f"{key}.{payload}", f"k9.{payload}.{signature}", f"{key}.{payload[:-2]}AA.{signature}",
        token(app, Purpose.MAIL), token(app, Purpose.SOURCE), expired, "x" * 10_000, "%ff%fe", "..", "a.b.c", "🌙",
        f"{key}.{base64.urlsafe_b64encode(b'[1]').decode()}.{signature}",
    ]  # fmt: skip
    answers = {(page.status, page.text) for page in (visitor.get(f"/{door}/{wrong}") for wrong in bad)}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404
    assert visitor.post(f"/{door}/{bad[0]}", {}).status in (404, 405)


def test_S16_every_flipped_bit_is_noticed(app, visitor):
    good = token(app, Purpose.PREFERENCES)
    for position in range(0, len(good), 7):
        other = "A" if good[position] != "A" else "B"
        assert visitor.get(f"/preferences/{good[:position]}{other}{good[position + 1 :]}").status == 404


def test_a_person_who_takes_their_time_gets_in(app, visitor):
    form = visitor.get("/p/nurses").forms[-1]
    app.clock.move(seconds=3)
    assert visitor.post("/p/nurses", {**form["hidden"], **PERSON}).status == 303
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    assert message["fields"]["email"] == "ann@x.example"


@pytest.mark.parametrize("trick", [{TRAP: "filled in"}, {"seconds": 1}])
def test_robots_are_thanked_and_forgotten(app, visitor, trick):
    form = visitor.get("/p/nurses").forms[-1]
    app.clock.move(seconds=trick.pop("seconds", 30))
    page = visitor.post("/p/nurses", {**form["hidden"], **PERSON, **trick})
    assert (page.status, page.headers["location"]) == (303, "/thanks/registration?page=nurses")
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


def test_a_hundred_robots_leave_no_trace(app, visitor):
    form = visitor.get("/p/nurses").forms[-1]
    app.clock.move(seconds=30)
    for number in range(100):
        visitor.post("/p/nurses", {**form["hidden"], **PERSON, "email": f"b{number}@x.example", TRAP: "x"})
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


@pytest.mark.parametrize("wrong", ["", "x", "other door", "too old"])
def test_a_form_that_is_not_ours_keeps_what_was_typed(app, visitor, wrong):
    door = "/jobs/jabcdefghijkl/apply" if wrong == "other door" else "/p/nurses"
    value = visitor.get(door).forms[-1]["hidden"]["form"] if wrong in ("other door", "too old") else wrong
    app.clock.move(hours=25 if wrong == "too old" else 1)
    page = visitor.post("/p/nurses", {**PERSON, "form": value})
    assert page.status == 400
    assert 'value="ann@x.example"' in page.text
    assert "send it once more" in page.text
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


def test_wrong_answers_are_listed_and_linked(app, visitor):
    page = visitor.fill("/p/nurses", first_name="", last_name="Lee", email="nonsense", phone="x")
    assert page.status == 400
    assert "Please check 4 answers" in page.text
    for name in ("first_name", "email", "phone", "consent"):
        assert f'href="#{name}"' in page.text
        assert f'id="{name}"' in page.text
        assert f'id="{name}-problem"' in page.text
    assert "<title>Error: " in page.text


@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "{{7*7}}{% raw %}", "' onfocus=alert(1) x='", "<!--", "\x00\x1b[31m"]
)
def test_what_people_type_comes_back_as_text(visitor, text):
    page = visitor.fill("/p/nurses", first_name=text, last_name=text, email=text, phone=text)
    assert page.status == 400
    assert "<script>alert" not in page.text
    assert "49" not in re.sub(r'value="[^"]*"', "", page.text)
    assert not re.search(r" onfocus", re.sub(r'value="[^"]*"', "", page.text))


def test_the_queue_comes_before_the_thanks(app, visitor):
    class Broken:
        def send(self, queue, message, *, delay_seconds=0):
            raise TryAgain("no queue")

    form = visitor.get("/p/nurses").forms[-1]
    app.clock.move(seconds=20)
    working, app.queues = app.queues, Broken()
    page = visitor.post("/p/nurses", {**form["hidden"], **PERSON})
    assert page.status == 503
    assert 'value="ann@x.example"' in page.text
    again = page.forms[-1]["hidden"]
    app.queues = working
    app.clock.move(seconds=20)
    assert visitor.post("/p/nurses", {**again, **PERSON}).status == 303
    assert len(app_queue_messages(app, Queue.REGISTRATIONS)) == 1


def test_a_page_view_never_fails_for_its_event(app, visitor):
    class Broken:
        def send(self, queue, message, *, delay_seconds=0):
            raise RuntimeError("a fault")

    app.queues = Broken()
    assert visitor.get("/p/nurses").status == 200


def test_S13_S28_a_network_has_twenty_places_an_hour(app, visitor):
    statuses = []
    for number in range(25):
        form = visitor.get("/p/nurses").forms[-1]
        app.clock.move(seconds=5)
        visitor.ip = f"203.0.113.{number}"  # one network, whatever the household
        person = {**PERSON, "email": f"a{number}@x.example"}
        headers = {"x-forwarded-for": f"198.51.{number}.1, 10.0.0.{number}"}  # and whatever it claims
        statuses.append(visitor.post("/p/nurses", {**form["hidden"], **person}, headers=headers).status)
    assert statuses == [303] * 20 + [429] * 5
    assert len(app_queue_messages(app, Queue.REGISTRATIONS)) == 20
    visitor.ip = "192.0.2.1"
    assert (
        visitor.fill("/p/nurses", ticked=PERSON["consent"], first_name="A", last_name="B", email="o@x.example").status
        == 303
    )
    app.clock.move(hours=1)
    visitor.ip = "203.0.113.9"
    assert (
        visitor.fill("/p/nurses", ticked=PERSON["consent"], first_name="A", last_name="B", email="n@x.example").status
        == 303
    )


def test_the_source_travels_in_the_form(app, visitor):
    claims = {link.CHANNEL: "a0C000000000001AAA", link.POSTING: "a0J000000000001AAA", link.AT: "1772370000"}
    source = app.links.sign(Purpose.SOURCE, claims)
    form = visitor.get(f"/p/nurses?wb={source}").forms[-1]
    assert form["hidden"]["wb"] == source
    app.clock.move(days=0.5)
    visitor.post("/p/nurses", {**form["hidden"], **PERSON})
    [message] = app_queue_messages(app, Queue.REGISTRATIONS)
    assert message["source"]["channel"] == "a0C000000000001AAA"
    assert message["source"]["at"] == "2026-03-01T13:00:00+00:00"
    [visit] = app_queue_messages(app, Queue.EVENTS)
    assert (visit["channel"], visit["page"], visit["network"]) == ("a0C000000000001AAA", PAGE["id"], "203.0.113.0/24")


@pytest.mark.parametrize("source", ["x", "k1.e30.AAAA", "%00", "a" * 5000])
def test_a_forged_source_says_nothing_and_breaks_nothing(app, visitor, source):
    assert visitor.get(f"/p/nurses?wb={source}").status == 200
    [visit] = app_queue_messages(app, Queue.EVENTS)
    assert "channel" not in visit


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        ("first_name=" + "a" * 20_000_000, "application/x-www-form-urlencoded", 413),
        ("&".join(f"a{n}=1" for n in range(50_000)), "application/x-www-form-urlencoded", 413),
        ("{", "application/json", 400),
        ("[" * 10_000, "application/json", 400),
        ("x", "text/plain", 400),
        ("", "application/x-www-form-urlencoded", 400),
        ("a=%ff%fe%zz&b", "application/x-www-form-urlencoded", 400),
        ('--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' * 300, "multipart/form-data; boundary=b", 400),
        ('--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n' * 10_000, "multipart/form-data; boundary=b", 413),
    ],
)
def test_B38_B39_bodies_that_are_no_form_get_a_friendly_page(app, visitor, body, content_type, status):
    page = visitor.ask("POST", "/p/nurses", body=body, headers={"content-type": content_type})
    assert page.status in (status, 413)
    assert "Traceback" not in page.text
    assert "<h1>" in page.text
    assert app_queue_messages(app, Queue.REGISTRATIONS) == []


@pytest.mark.parametrize(
    "address",
    ["/p/../../etc/passwd", "/p/%2e%2e%2flive", "/jobs/..%2f..%2fx", "/jobs/JABC", "/p/a%00b", "/feeds/..%2fx.xml",
     "/feeds/UPPER.xml", "/p/%f0%28%8c%28", "/static/look/zzzzzz-ffffff-000000-sans.css",
     "/static/look/000000-ffffff-000000-evil.css", "/static/../web.py", "/jobs/" + "a" * 5000, "//evil.example/p"],
)  # fmt: skip
def test_odd_addresses_are_not_found(visitor, address):
    assert visitor.get(address).status in (404, 308)


def test_a_post_where_none_is_taken_is_told_so(visitor):
    page = visitor.post("/jobs/jabcdefghijkl", {})
    assert page.status == 405
    assert page.headers["allow"] == "GET, HEAD, OPTIONS"
    assert "not possible here" in page.text


def test_S17_logs_hold_no_address_or_name(app, visitor, capsys):
    visitor.fill(
        "/p/nurses", ticked=PERSON["consent"], first_name="Canaryname", last_name="Q", email="canary@x.example"
    )
    visitor.fill("/p/nurses", first_name="Canaryname", last_name="Q", email="canary@x")
    visitor.get(f"/confirm/{token(app, Purpose.CONFIRM)}")
    written = capsys.readouterr().err
    assert "registration.accepted" in written
    assert "canary" not in written.lower()
