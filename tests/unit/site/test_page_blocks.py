"""Every kind of block on a published page, its pictures kept by us, layouts compared, versions gone back to."""

import json
import re

import pytest

from integration import pages
from integration.errors import Rejected
from integration.model import link, picture, snapshot
from integration.model.link import Purpose
from integration.ports import Queue
from integration.records import Brand, LandingPage
from tests.app_fixture import app_queue_messages
from tests.unit.site.pictures import WebOf, png

ALL_KINDS = [
    {"type": "hero", "title": "Nights that matter", "image": "https://x.example/ward.jpg", "alt": "A ward"},
    {"type": "text", "title": "About", "body": "One.\n\n- two"},
    {"type": "image", "src": "https://x.example/team.png", "alt": "The team", "caption": "In May"},
    {"type": "video", "title": "A night", "src": "https://video.example/watch", "text": "Hello."},
    {"type": "video", "title": "A day", "src": "https://video.example/day.mp4"},
    {"type": "people", "items": [{"text": "I stayed.", "by": "Maeve", "photo": "https://x.example/m.png", "alt": "M"}]},
    {"type": "faq", "items": [{"question": "When?", "answer": "Now."}]},
    {"type": "event", "title": "Open ward", "starts": "2026-05-04T18:00", "ends": "2026-05-04T20:30", "zone": "Cork"},
    {"type": "map", "address": "1 Quay Street, Cork"},
    {"type": "share", "networks": ["linkedin", "email"]},
    {"type": "form"},
]


@pytest.fixture(autouse=True)
def web(app):
    app.web = WebOf(ward=png(1200, 800), team=png(600, 400), m=png(80, 80))
    return app.web


def published(app, desk, blocks, **fields):
    page = desk.page(**fields | {LandingPage.BLOCKS: json.dumps(blocks)})
    pages.publish(app, page)
    return page


def test_every_kind_of_block_is_drawn(app, desk, visitor):
    published(app, desk, ALL_KINDS)
    page = visitor.get("/p/night-nurses")
    text = page.text
    assert "media-src https:;" in page.headers["content-security-policy"]  # else a video is never played
    for words in (
        "<h1>Nights that matter",
        "<li>two</li>",
        "<figcaption>In May",
        'href="https://video.example/watch"',
        "What is said in the video",
        '<video src="https://video.example/day.mp4" controls preload="none"',
        "<strong>Maeve</strong>",
        "<summary>When?",
        "4 May 2026, 18:00 – 20:30 (Cork)",
        "openstreetmap.org/search?query=1%20Quay%20Street%2C%20Cork",
        "share-offsite/?url=https%3A%2F%2Fjobs.warmbench.example%2Fp%2Fnight-nurses",
        "mailto:?subject=Nights%20that%20matter",
    ):
        assert words in text


def test_pictures_are_copied_and_carry_their_size(app, desk, visitor, web):
    published(app, desk, ALL_KINDS)
    images = re.findall(
        r'<img src="(/media/[0-9a-f]{32}\.png)"[^>]* width="(\d+)" height="(\d+)"', visitor.get("/p/night-nurses").text
    )
    assert [size for _, *size in images] == [["1200", "800"], ["600", "400"], ["80", "80"]]
    web.files.clear()  # whatever becomes of the address they came from
    shown = visitor.get(images[0][0])
    assert (shown.status, shown.headers["content-type"], shown.data) == (200, "image/png", png(1200, 800))
    assert shown.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"<html>", "is no PNG, JPEG, GIF or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "is no PNG"),
        (b"MZ\x90\x00", "is no PNG"),
        (b"", "is no PNG"),
        (png() + b"x" * picture.LARGEST_BYTES, "2,000,001 bytes; at most 2,000,000"),
        (png(9000, 1), "9000 × 1 pixels"),
    ],
)
def test_what_is_no_picture_is_refused_by_its_bytes(app, desk, file, words):
    app.web = WebOf(a=file)
    with pytest.raises(Rejected) as refused:
        published(
            app, desk, [{"type": "text", "body": "a"}, {"type": "image", "src": "https://x.example/a.png", "alt": "A"}]
        )
    assert "Block 2 (image), field “src”: the picture “https://x.example/a.png”" in refused.value.message
    assert words in refused.value.message


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"GIF89a\x03\x00\x02\x00", "gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x01\x00\x00", "webp"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f\x02\x40\x00\x00", "webp"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x03\x00\x02\x00", "webp"),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08\x00\x02\x00\x03\x00\x00", "jpg"),
    ],
)
def test_the_size_of_each_kind_is_read(head, kind):
    assert picture.read(head) == picture.Picture(kind, 3, 2)


def test_a_picture_of_salesforce_needs_no_address(app, desk, visitor):
    page = desk.page()
    file = app.salesforce.attach_file(page, "ward.png", png(30, 20))
    app.salesforce.update(
        LandingPage.API_NAME, page, {LandingPage.BLOCKS: json.dumps([{"type": "image", "src": file, "alt": "A"}])}
    )
    pages.publish(app, page)
    assert 'width="30" height="20"' in visitor.get("/p/night-nurses").text


def test_jobs_are_chosen_by_department_place_and_words(app, desk, visitor):
    desk.live_job()
    desk.requisition(title="Cook")
    shown = {
        "department": "nursing", "place": "cork", "words": "nurse night",
    }  # fmt: skip
    published(app, desk, [{"type": "jobs", **shown}])
    assert "Night nurse" in visitor.get("/p/night-nurses").text
    for name, other in (("department", "Kitchen"), ("place", "Lima"), ("words", "cook")):
        blocks = [{"type": "text", "body": "a"}, {"type": "jobs", **shown, name: other}]
        published(app, desk, blocks, **{LandingPage.SLUG: f"other-{name}"})
        assert "Night nurse" not in visitor.get(f"/p/other-{name}").text


def test_rolling_back_shows_the_version_before_byte_for_byte(app, desk, visitor):
    page = published(app, desk, [{"type": "text", "body": "First words."}])
    first = app.site.read("pages/p/night-nurses/1.json")
    app.salesforce.update(
        LandingPage.API_NAME, page, {LandingPage.BLOCKS: json.dumps([{"type": "text", "body": "Second words."}])}
    )
    pages.publish(app, page)
    assert pages.roll_back(app, page).startswith("Version 1 is live again.")
    assert "First words." in visitor.get("/p/night-nurses").text
    assert app.site.read("pages/p/night-nurses/1.json") == first
    assert desk.read(LandingPage.API_NAME, page, LandingPage.LIVE_VERSION) == "1"
    assert "Version 3 is live" in pages.publish(app, page)
    with pytest.raises(Rejected, match="no version before 1"):
        pages.roll_back(app, published(app, desk, [{"type": "text", "body": "a"}], **{LandingPage.SLUG: "new"}))


LAYOUTS = {
    LandingPage.BLOCKS: json.dumps([{"type": "text", "body": "First layout."}, {"type": "form"}]),
    LandingPage.BLOCKS_B: json.dumps([{"type": "text", "body": "Second layout."}, {"type": "form"}]),
}


def test_a_visitor_always_sees_the_same_layout_and_half_see_each(app, desk, visitor):
    pages.publish(app, desk.page(**LAYOUTS))
    seen = {}
    for number in range(24):
        visitor.ip = f"203.{number}.113.9"
        answers = {"Second layout." in visitor.get("/p/night-nurses").text for _ in range(3)}
        assert len(answers) == 1
        seen[number] = answers.pop()
    assert 5 <= sum(seen.values()) <= 19
    events = app_queue_messages(app, Queue.EVENTS)
    assert sum(event.get("version") == "b" for event in events) == 3 * sum(seen.values())


def test_who_registers_is_counted_for_the_layout_that_was_shown(app, desk, visitor):
    pages.publish(app, desk.page(**LAYOUTS, **{LandingPage.DOUBLE_OPT_IN: False}))
    visitor.ip = next(
        f"203.{number}.113.9" for number in range(60)
        if "Second layout." in visitor.ask("GET", "/p/night-nurses", source_ip=f"203.{number}.113.9").text
    )  # fmt: skip
    app_queue_messages(app, Queue.EVENTS)
    visitor.fill("/p/night-nurses", ticked=["Talent community"], first_name="A", last_name="B", email="a@x.example")
    desk.work()
    versions = [(event["kind"], event.get("version")) for event in app_queue_messages(app, Queue.EVENTS)]
    assert versions == [("visit", "b"), ("registered", "b")]


def test_layouts_must_ask_for_the_same_consent(app, desk):
    other = json.dumps([{"type": "form", "purposes": ["Newsletter"]}])
    with pytest.raises(Rejected, match="Second layout: its form must ask for the same purposes"):
        pages.publish(app, desk.page(**LAYOUTS | {LandingPage.BLOCKS_B: other}))


def test_one_address_speaks_the_visitors_language(app, desk, visitor):
    first = desk.page()
    pages.publish(app, first)
    for code, slug, words in (("de", "nachtpflege", "Nächte, die zählen"), ("ar", "layl", "ليالٍ مهمة")):
        other = desk.page(
            **{
                LandingPage.SLUG: slug,
                LandingPage.LANGUAGE: code,
                LandingPage.HEADLINE: words,
                LandingPage.TRANSLATION_OF: first,
            }
        )
        pages.publish(app, other)
    shown = {
        asked: visitor.get("/p/night-nurses", headers={"accept-language": asked}).text
        for asked in ("de-AT,de;q=0.9,en;q=0.5", "ar", "fr", "en")
    }
    assert '<html lang="de" dir="ltr">' in shown["de-AT,de;q=0.9,en;q=0.5"]
    assert "Nächte, die zählen" in shown["de-AT,de;q=0.9,en;q=0.5"]
    assert '<html lang="ar" dir="rtl">' in shown["ar"]
    assert "Nights that matter" in shown["fr"]
    assert f'<link rel="alternate" hreflang="de" href="{app.config.public_base_url}/p/nachtpflege">' in shown["en"]
    assert "Nights that matter" in visitor.get("/p/night-nurses?lang=en", headers={"accept-language": "de"}).text
    assert "ليالٍ" in visitor.get("/p/layl", headers={"accept-language": "en"}).text
    written_to_a_german = app.links.sign(Purpose.SOURCE, {link.CANDIDATE: "k", link.LANGUAGE: "de"})
    for address, words in (("", "Nächte, die zählen"), ("&lang=ar", "ليالٍ")):  # the address, the person, the browser
        address = f"/p/night-nurses?wb={written_to_a_german}{address}"
        assert words in visitor.get(address, headers={"accept-language": "en"}).text
    assert 'rel="canonical" href="https://jobs.warmbench.example/p/layl"' in shown["ar"]
    pages.unpublish(app, other)
    assert 'hreflang="ar"' not in visitor.get("/p/night-nurses").text


def test_a_logo_of_no_safe_address_keeps_a_page_back(app, desk):
    with pytest.raises(Rejected, match="logo address is not safe"):
        pages.publish(app, desk.page(**{LandingPage.BRAND: desk.brand(**{Brand.LOGO_URL: "http://x.example/l.png"})}))


def test_S8_no_picture_is_shown_by_a_name_that_is_not_ours(app, visitor):
    app.site.write(snapshot.LISTING, b"{}", content_type="application/json")
    for name in ("../listing.json", "a" * 32 + ".svg", "A" * 32 + ".png", "x.png"):
        assert visitor.get(f"/media/{name}").status == 404


def with_file(visitor, address, data, **typed):
    """Sends the form as a browser sends one that holds a file."""
    form = visitor.get(address).forms[-1]
    visitor.app.clock.move(seconds=20)
    fields = {**form["hidden"], **typed}
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    parts.append('--b\r\nContent-Disposition: form-data; name="resume"; filename="../../cv.php"\r\n\r\n')
    body = "".join(parts).encode() + data + b"\r\n--b--\r\n"
    headers = {"content-type": "multipart/form-data; boundary=b"}
    return visitor.ask("POST", form["action"], body=body, headers=headers)


PERSON = {"first_name": "Ann", "last_name": "Lee", "email": "ann@x.example", "consent": "Talent community"}


def test_a_resume_waits_for_the_confirmation_and_is_then_attached(app, desk, visitor):
    desk.brand()
    pages.publish(app, desk.page(**{LandingPage.BLOCKS: json.dumps([{"type": "form", "fields": ["resume"]}])}))
    assert with_file(visitor, "/p/night-nurses", b"%PDF-1.4 no more", **PERSON).status == 303
    desk.work()
    [key] = app.data.keys("uploads/")
    [person] = app.salesforce.query("SELECT Id, Candidate_Key__c FROM Candidate__c")
    assert app.salesforce.attached_file(person["Id"]) is None
    claims = {link.CANDIDATE: person["Candidate_Key__c"], link.ITEM: key.partition("/")[2], link.DOOR: "night-nurses"}
    visitor.post(f"/confirm/{app.links.sign(Purpose.CONFIRM, claims)}", {})
    desk.work()
    assert app.salesforce.attached_file(person["Id"])[1] == "resume.pdf"
    assert list(app.data.keys("uploads/")) == []


@pytest.mark.parametrize("data", [b"<?php system('id');", b"MZ\x90\x00", b"\x89PNG\r\n", b"#!/bin/sh"])
def test_S8_a_file_that_is_no_resume_is_refused_whatever_it_is_called(app, desk, visitor, data):
    pages.publish(app, desk.page(**{LandingPage.BLOCKS: json.dumps([{"type": "form", "fields": ["resume"]}])}))
    app_queue_messages(app, Queue.EVENTS)
    page = with_file(visitor, "/p/night-nurses", data, **PERSON)
    assert page.status == 400
    assert "That is no PDF or Word file." in page.text
    assert list(app.data.keys("uploads/")) == []
