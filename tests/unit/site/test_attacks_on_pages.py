"""Texts that attack pages as templates, files that attack as uploads, posts that bomb an address."""

import html
import json
import re

import pytest

from integration import pages
from integration.model import snapshot
from integration.model.blocks import completed
from integration.model.link import Purpose
from integration.model.resume_file import TYPES
from integration.ports import Queue
from integration.records import LandingPage
from tests.app_fixture import app_queue_messages
from tests.unit.mail.test_templates import ATTACKS
from tests.unit.site import published
from tests.unit.site.routes import claims
from tests.unit.site.test_page_blocks import PERSON, with_file
from tests.unit.site.test_registering import confirm_address

CANARY = "canary-of-the-environment"


def page_of(text):
    """A page in whose every text this one stands."""
    block = {"type": "text", "title": text, "body": text}
    question = {"type": "faq", "title": text, "items": [{"question": text, "answer": text}]}
    hero = {"type": "hero", "title": text, "text": text}
    form = {"type": "form", "title": text, "text": text, "fields": ["phone"], "purposes": [], "button": text}
    consent = {"text": text, "version": "en-1", "purposes": ["Talent community"]}
    brand = published.BRAND | {"name": text, "postal_address": text}
    blocks = [completed(one) for one in (hero, block, question, form)]
    return published.PAGE | {
        "headline": text, "intro": text, "blocks": blocks, "consent": consent, "brand": brand,
        "id": "a0I000000000001AAA",
    }  # fmt: skip


def test_S1_no_text_of_a_landing_page_or_its_preview_is_run_as_a_template(app, visitor, monkeypatch):
    """The same corpus that mail refuses: pages take it, as words."""
    monkeypatch.setenv("WARMBENCH_CANARY", CANARY)
    assert len(ATTACKS) >= 60
    published.put(app)
    preview = f"/preview/{app.links.sign(Purpose.PREVIEW, claims())}"
    for attack in ATTACKS:
        page = json.dumps(page_of(attack)).encode()
        for key in (snapshot.page_version("nurses", 1), snapshot.preview("a0I000000000001AAA")):
            app.site.write(key, page, content_type="application/json")
        for address in ("/p/nurses", preview):
            answer = visitor.get(address)
            assert answer.status == 200, attack
            shown = html.unescape(re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.DOTALL)[1])
            assert " ".join(shown.split()) == " ".join(attack.split())
            assert CANARY not in answer.text
            assert "root:" not in answer.text


@pytest.mark.parametrize("data", [b"%PDF-1.4 <script>alert(1)</script>", b"PK\x03\x04<svg onload=alert(1)>"])
def test_S8_an_upload_lies_under_a_random_name_and_no_address_shows_it(app, desk, visitor, data):
    desk.brand()
    pages.publish(app, desk.page(**{LandingPage.BLOCKS: json.dumps([{"type": "form", "fields": ["resume"]}])}))
    keys = set()
    for _ in range(2):
        assert with_file(visitor, "/p/night-nurses", data, **PERSON).status == 303
        keys |= set(app.data.keys("uploads/"))
    assert len(keys) == 2  # the very same file and person, yet another name
    for key in keys:
        name = key.partition("/")[2]
        assert re.fullmatch(r"[0-9A-Za-z_-]{20,}", name)
        assert app.site.read(key) is None  # not in the bucket that the site reads
        for address in (f"/{key}", f"/media/{name}", f"/media/{name}.pdf", f"/feeds/{name}.xml", "/media/cv.php"):
            answer = visitor.get(address)
            assert (answer.status, answer.headers["x-content-type-options"]) == (404, "nosniff")
    assert "image/svg+xml" not in TYPES.values()
    assert "text/html" not in TYPES.values()


@pytest.fixture
def live_page(app, desk):
    desk.brand()
    desk.live_job()
    page = desk.page(**{LandingPage.BLOCKS: json.dumps([{"type": "form", "fields": ["phone"]}])})
    pages.publish(app, page)
    desk.work()
    return page


SPELLINGS = ["ann@example.org", "Ann@Example.org", " ann@example.org ", "ANN@EXAMPLE.ORG"]


def opt_ins(app):
    return [message for message in app_queue_messages(app, Queue.MAIL) if message["step"] == "optin"]


@pytest.mark.parametrize("posts", [24, pytest.param(1_000, marks=pytest.mark.slow)])
def test_S13_posts_for_one_address_at_every_door_are_one_mail_a_day(app, org, desk, visitor, live_page, posts):
    """By landing page and job, from networks all over, each third one sent twice."""
    [posting] = org.rows("SELECT Reference__c FROM Job_Posting__c")
    doors = ["/p/night-nurses", f"/jobs/{posting['Reference__c']}/apply"]
    taken = 0
    for number in range(posts):
        visitor.ip = f"{100 + number // 250}.{number % 250}.7.9"
        door = doors[number % 2]
        form = visitor.get(door).forms[-1]
        app.clock.move(seconds=5)
        who = {"first_name": f"Ann {number}", "last_name": "Lee", "email": SPELLINGS[number % 4]}
        for _ in range(2 if number % 3 == 0 else 1):
            fields = {**form["hidden"], **who, "consent": ["Talent community"]}
            taken += visitor.post(door, fields).status == 303
    assert taken >= posts
    desk.work()
    assert len(opt_ins(app)) == 1
    app.clock.move(days=1)
    visitor.fill("/p/night-nurses", ticked=["Talent community"], first_name="A", last_name="L", email=SPELLINGS[0])
    desk.work()
    assert len(opt_ins(app)) == 1


def test_S14_only_the_button_of_the_mail_makes_a_member(app, org, desk, visitor, live_page):
    """Scanners fetch the address of the mail by GET and HEAD, and all that stands on its page."""
    visitor.fill("/p/night-nurses", ticked=["Talent community"], first_name="A", last_name="L", email=SPELLINGS[0])
    desk.work()
    address = confirm_address(app)
    for _ in range(3):
        page = visitor.get(address)
        for found in (address, *re.findall(r'(?:href|src)="(/[^"]*)"', page.text)):
            for method in ("GET", "HEAD", "OPTIONS"):
                visitor.ask(method, found)
    desk.work()
    assert org.rows("SELECT State__c FROM Pool_Membership__c") == [{"State__c": "Proposed"}]
    assert org.rows("SELECT State__c FROM Consent__c") == [{"State__c": "Pending"}]
    visitor.post(address, {})
    desk.work()
    assert org.rows("SELECT State__c FROM Pool_Membership__c") == [{"State__c": "Member"}]
