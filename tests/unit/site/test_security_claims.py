"""The security claims about pages, forms, uploads and tokens, each under its number (docs/security.md)."""

import html
import json
import re
import time
from html.parser import HTMLParser
from statistics import median

import pytest

from integration import pages
from integration.errors import Rejected
from integration.model import link, resume_file
from integration.model.link import Purpose, Signer
from integration.ports import Queue
from integration.records import LandingPage
from lambdas.site.forms import TRAP
from tests.app_fixture import app_queue_messages
from tests.unit.site import published
from tests.unit.site.pictures import WebOf, png

PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@x.example", "consent": ["Talent community"]}
PAYLOADS = [
    "{{7*7}}", "{{ config }}", "{% for x in range(9) %}x{% endfor %}", "{{ ''.__class__.__mro__ }}", "${7*7}",
    "{{ cycler.__init__.__globals__.os.environ }}", "{{ self._TemplateReference__context }}", "<%= 7*7 %>", "#{7*7}",
    "{{ request.application.__globals__ }}", "{{ brand.look }}", "{% include 'site.css' %}", "{{ lipsum.__globals__ }}",
]  # fmt: skip
POLYGLOTS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "</title><svg onload=alert(1)>",
    "javascript:alert(1)", "<iframe srcdoc='<script>alert(1)</script>'>", "\" autofocus onfocus=alert(1) x=\"",
    "</textarea><script>alert(1)</script>", "<!--><script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;",
]  # fmt: skip


class _Live(HTMLParser):
    """What of a page would run: scripts that are not ours, handlers, frames, addresses that are scripts."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        data = tag == "script" and values.get("type") == "application/ld+json"
        ours = tag == "script" and (values.get("src") or "").startswith("/static/")
        if (tag in ("script", "iframe", "object", "embed") and not data and not ours) or any(
            name.startswith("on") or (value or "").lower().startswith(("javascript:", "data:text"))
            for name, value in attrs
            if name in ("href", "src", "action", "formaction", "poster") or name.startswith("on")
        ):
            self.found.append((tag, attrs))


def live(text):
    parser = _Live()
    parser.feed(text)
    return parser.found


def shown_with(app, desk, visitor, text):
    blocks = [{"type": "hero", "title": text}, {"type": "text", "body": text}, {"type": "form", "title": text}]
    fields = {LandingPage.HEADLINE: text, LandingPage.INTRO: text, LandingPage.CONSENT_TEXT: text}
    page = desk.page(**fields, **{LandingPage.BLOCKS: json.dumps(blocks)})
    address = pages.preview(app, page).partition("jobs.warmbench.example")[2]
    pages.publish(app, page)
    return visitor.get(address).text + visitor.get("/p/night-nurses").text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_s1_nothing_that_a_page_says_is_run_as_a_template(app, desk, visitor, payload):
    text = shown_with(app, desk, visitor, payload)
    assert text.count(">49<") == 0
    assert "environ(" not in text
    assert html.escape(payload).replace("&#x27;", "&#39;") in text


@pytest.mark.parametrize("payload", POLYGLOTS)
def test_s2_nothing_that_a_page_or_visitor_says_is_run_as_a_script(app, desk, visitor, payload):
    assert live(shown_with(app, desk, visitor, payload)) == []
    answer = visitor.fill("/p/night-nurses", first_name=payload, last_name=payload, email=payload)
    assert answer.status == 400
    assert live(answer.text) == []
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "address",
    ["http://x.example/a.png", "https://user@x.example/a", "file:///etc/passwd",
     "gopher://x.example/", "data:image/png;base64,AAAA", "//x.example/a.png"],
)  # fmt: skip
def test_s7_a_picture_comes_from_a_plain_public_address_only(app, desk, address):
    app.web = WebOf(a=png())
    blocks = json.dumps([{"type": "image", "src": address, "alt": "A"}])
    with pytest.raises(Rejected, match="no safe address"):
        pages.publish(app, desk.page(**{LandingPage.BLOCKS: blocks}))
    assert app.web.asked == []


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1/a.png", "https://127.1/a.png", "https://2130706433/a.png", "https://0x7f.1/a.png",
     "https://[::ffff:127.0.0.1]/a.png", "https://169.254.169.254/latest/meta-data", "https://10.0.0.8/a.png"],
)  # fmt: skip
def test_s7_a_picture_is_never_fetched_inside_a_private_network(app, desk, address):
    blocks = json.dumps([{"type": "image", "src": address, "alt": "A"}])
    with pytest.raises(Rejected):
        pages.publish(app, desk.page(**{LandingPage.BLOCKS: blocks}))


def test_s8_an_upload_is_named_by_us_and_never_served(app, visitor):
    published.put(app)
    key = resume_file.key("01JX")
    app.data.write(key, b"%PDF-1.4", content_type=resume_file.TYPES["pdf"])
    for address in (f"/{key}", f"/media/{key}", "/media/../uploads/01JX", "/uploads/01JX"):
        assert visitor.get(address).status == 404
    assert resume_file.kind(b"<?php") is None
    assert resume_file.kind(b"<html>%PDF-") is None


def test_s9_a_token_opens_its_own_door_for_its_own_person_only(app, visitor):
    published.put(app)
    doors = {
        Purpose.CONFIRM: ["/confirm/{}"],
        Purpose.PREFERENCES: ["/preferences/{}", "/preferences/{}/data"],
        Purpose.ADDRESS: ["/address/{}"],
    }
    claims = {link.CANDIDATE: "k", link.ITEM: "i", link.DOOR: "old", link.PAGE: "p"}
    for own in doors:
        token = app.links.sign(own, claims)
        for other, addresses in doors.items():
            for address in addresses:
                assert visitor.get(address.format(token)).status == (200 if own is other else 404), (own, address)


def test_s9_a_wrong_token_takes_as_long_as_another(app, visitor):
    published.put(app)
    good = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "k"})
    wrong = [good[:-2] + "AA", "k9" + good[2:], "k1.e30." + "A" * 22]
    times = {token: [] for token in wrong}
    for _ in range(15):
        for token in wrong:
            start = time.process_time()
            visitor.get(f"/preferences/{token}")
            times[token].append(time.process_time() - start)
    middle = sorted(median(values) for values in times.values())
    assert middle[-1] < middle[0] * 1.5


@pytest.mark.slow
def test_s13_a_thousand_posts_for_one_address_are_one_mail_a_day(app, org, desk, visitor):
    desk.brand()
    pages.publish(app, desk.page())
    form = visitor.get("/p/night-nurses").forms[-1]
    app.clock.move(seconds=20)
    statuses = []
    for number in range(1_000):
        visitor.ip = f"198.{number // 200}.{number % 200}.7"
        # Each post differs, so that none is taken for a repetition of another.
        person = {**PERSON, "last_name": f"L{number % 30}"}
        statuses.append(visitor.post("/p/night-nurses", {**form["hidden"], **person}).status)
        if number % 40 == 39:
            desk.work()
    assert set(statuses) == {303}
    mails = [message for message in app_queue_messages(app, Queue.MAIL) if message["campaign"] == "optin"]
    assert len(mails) == 1


def test_s13_one_network_sends_twenty_forms_an_hour_at_every_door(app, visitor):
    published.put(app)
    statuses = []
    for number in range(12):
        for door in ("/p/nurses", "/jobs/jabcdefghijkl/apply", "/preferences"):
            person = {**PERSON, "email": f"a{number}@x.example"}
            ticked = person.pop("consent")
            statuses.append(visitor.fill(door, ticked=ticked, seconds=3, **person).status)
    assert statuses.count(303) == 20
    assert set(statuses[20:]) == {429}


def test_s13_a_hundred_robots_make_no_candidate(app, org, desk, visitor):
    desk.brand()
    pages.publish(app, desk.page())
    form = visitor.get("/p/night-nurses").forms[-1]
    app.clock.move(seconds=30)
    for number in range(100):
        visitor.post("/p/night-nurses", {**form["hidden"], **PERSON, "email": f"b{number}@x.example", TRAP: "x"})
    desk.work()
    assert org.rows("SELECT Id FROM Candidate__c") == []
    assert app_queue_messages(app, Queue.MAIL) == []


def test_s16_links_live_on_when_the_key_is_rotated(app, visitor):
    published.put(app)
    old = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "k"})
    app.links = Signer("k2", {"k2": b"n" * 32, **app.links.keys}, app.links.salt)
    new = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "k"})
    assert [visitor.get(f"/preferences/{token}").status for token in (old, new)] == [200, 200]
    assert "ann" not in old.lower()


def test_known_people_are_not_revealed(app, org, desk, visitor):
    """The same answer for an address that we know and one that we do not, at every door."""
    desk.brand()
    pages.publish(app, desk.page(**{LandingPage.DOUBLE_OPT_IN: False}))
    visitor.fill("/p/night-nurses", ticked=["Talent community"], **{**PERSON, "consent": ["Talent community"]})
    desk.work()
    answers = []
    for email in ("ann@x.example", "nobody@x.example"):
        person = {"first_name": "A", "last_name": "B", "email": email}
        for door, typed in (("/p/night-nurses", person), ("/preferences", {"email": email})):
            answer = visitor.fill(door, ticked=["Talent community"], **typed)
            answers.append((door, answer.status, answer.headers["location"], answer.data))
    assert answers[:2] == answers[2:]


def test_pages_are_served_while_the_org_is_down(app, desk, visitor):
    desk.live_job()
    pages.publish(app, desk.page())
    desk.work()

    class Down:
        def __getattr__(self, name):
            raise ConnectionError("the org is down")

    app.salesforce = Down()
    reference = re.search(r"/jobs/(\w+)", visitor.get("/").text)[1]
    for address in ("/", "/p/night-nurses", f"/jobs/{reference}", f"/jobs/{reference}/apply", "/preferences"):
        assert visitor.get(address).status == 200
    person = {name: value for name, value in PERSON.items() if name != "consent"}
    assert visitor.fill("/p/night-nurses", ticked=["Talent community"], **person).status == 303
    assert len(app_queue_messages(app, Queue.REGISTRATIONS)) == 1
