"""Publishing, versions, drafts and renames of landing pages, and what a recruiter is told."""

import json
import re

import pytest

from integration import pages
from integration.errors import Gone, Rejected
from integration.records import Brand, LandingPage
from tests.unit.site.pictures import WebOf, png

TEXT = json.dumps([{"type": "text", "title": "About", "body": "One.\n\n- two"}, {"type": "form"}])


def published(app, desk, **fields):
    page = desk.page(**fields)
    message = pages.publish(app, page)
    desk.work()
    return page, message


def test_a_page_without_blocks_shows_headline_jobs_and_form(app, desk, visitor):
    desk.live_job()
    page, message = published(app, desk)
    answer = visitor.get("/p/night-nurses")
    assert message == "Version 1 is live at https://jobs.warmbench.example/p/night-nurses."
    assert answer.status == 200
    for words in ("Nights that matter", "keep our wards calm", "Night nurse", "We keep your details for two years."):
        assert words in answer.text
    fields = (LandingPage.STATUS, LandingPage.LIVE_VERSION, LandingPage.URL)
    assert desk.read(LandingPage.API_NAME, page, *fields) == (
        "Live",
        "1",
        "https://jobs.warmbench.example/p/night-nurses",
    )
    assert "Nights that matter" in visitor.get("/").text
    assert "/p/night-nurses<" in visitor.get("/sitemap.xml").text


def test_versions_are_kept_as_they_were(app, desk, visitor):
    page, _ = published(app, desk)
    first = app.site.read("pages/p/night-nurses/1.json")
    app.salesforce.update(LandingPage.API_NAME, page, {LandingPage.HEADLINE: "New words"})
    assert "Version 2 is live" in pages.publish(app, page)
    assert "nothing had changed" in pages.publish(app, page)
    assert "New words" in visitor.get("/p/night-nurses").text
    assert app.site.read("pages/p/night-nurses/1.json") == first
    assert app.site.read("pages/p/night-nurses/3.json") is None


def test_unpublished_means_not_there(app, desk, visitor):
    page, _ = published(app, desk)
    pages.unpublish(app, page)
    desk.work()
    assert visitor.get("/p/night-nurses").status == 404
    assert "night-nurses" not in visitor.get("/sitemap.xml").text
    assert desk.read(LandingPage.API_NAME, page, LandingPage.STATUS, LandingPage.LIVE_VERSION) == ("Unpublished", None)
    assert "Version 2 is live" in pages.publish(app, page)  # numbers are never used again
    assert visitor.get("/p/night-nurses").status == 200


def test_a_draft_is_seen_by_its_signed_address_only(app, desk, visitor):
    page = desk.page(**{LandingPage.BLOCKS: TEXT})
    address = pages.preview(app, page).split("jobs.warmbench.example")[1]
    draft = visitor.get(address)
    assert "This is a draft" in draft.text
    assert "About" in draft.text
    assert visitor.get("/p/night-nurses").status == 404
    app.clock.move(minutes=16)
    late = visitor.get(address)
    assert late.status == 404
    assert late.headers["content-security-policy"].endswith("frame-ancestors 'none'")


def test_a_renamed_page_sends_visitors_on(app, desk, visitor):
    page, _ = published(app, desk)
    app.salesforce.update(LandingPage.API_NAME, page, {LandingPage.SLUG: "night-people"})
    pages.publish(app, page)
    moved = visitor.get("/p/night-nurses?wb=x.y.z")
    assert (moved.status, moved.headers["location"]) == (301, "/p/night-people?wb=x.y.z")
    assert visitor.get("/p/night-people").status == 200


def test_the_brands_colours_and_name_are_on_the_page(app, desk, visitor):
    brand = desk.brand(**{Brand.PRIMARY_COLOR: "#7a1f5c", Brand.FONT: "serif"})
    published(app, desk, **{LandingPage.BRAND: brand})
    text = visitor.get("/p/night-nurses").text
    assert "/static/look/7a1f5c-ffffff-1c2b33-serif.css" in text
    css = visitor.get("/static/look/7a1f5c-ffffff-1c2b33-serif.css").text
    assert "--primary:#7a1f5c" in css
    assert "--on-primary:#ffffff" in css
    assert "<strong>Lee Hospitals</strong><br>1 Quay Street, Cork" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({LandingPage.BLOCKS: "[{]"}, "not JSON"),
        ({LandingPage.BLOCKS: '[{"type":"hero"}]'}, "Block 1 (hero), field “title”: missing"),
        ({LandingPage.HEADLINE: None}, "headline is empty"),
        ({LandingPage.CONSENT_TEXT: None}, "consent text is empty"),
        ({LandingPage.POOL: None}, "no pool"),
    ],
)
def test_a_page_that_cannot_go_out_says_why(app, desk, visitor, fields, words):
    page = desk.page(**fields)
    with pytest.raises(Rejected, match=words.replace("(", r"\(").replace(")", r"\)")):
        pages.publish(app, page)
    assert visitor.get("/p/night-nurses").status == 404


def test_a_weak_colour_blocks_publishing(app, desk):
    brand = desk.brand(**{Brand.PRIMARY_COLOR: "#ffd400"})
    with pytest.raises(Rejected, match=r"contrast of 1\.4"):
        pages.publish(app, desk.page(**{LandingPage.BRAND: brand}))


def test_a_page_without_a_form_needs_no_consent(app, desk, visitor):
    blocks = json.dumps([{"type": "text", "body": "Only words."}])
    published(app, desk, **{LandingPage.BLOCKS: blocks, LandingPage.CONSENT_TEXT: None, LandingPage.POOL: None})
    page = visitor.get("/p/night-nurses")
    assert "Only words." in page.text
    assert page.forms == []
    assert visitor.post("/p/night-nurses", {"email": "a@x.example"}).status == 404


def test_blocks_are_text_and_never_markup(app, desk, visitor):
    app.web = WebOf(a=png())
    nasty = "<script>alert(1)</script>{{ 7*7 }}"
    blocks = [
        {
            "type": "hero",
            "title": nasty,
            "text": nasty,
            "image": "https://x.example/a.jpg",
            "alt": f'" onload="{nasty}',
        },
        {"type": "text", "title": nasty, "body": nasty},
        {"type": "quote", "text": nasty, "by": nasty},
        {"type": "faq", "title": nasty, "items": [{"question": nasty, "answer": nasty}]},
        {"type": "image", "src": "https://x.example/a.jpg", "alt": nasty, "caption": nasty},
        {"type": "form", "title": nasty, "text": nasty, "button": nasty[:40]},
    ]
    text = {LandingPage.HEADLINE: nasty, LandingPage.INTRO: nasty, LandingPage.CONSENT_TEXT: nasty}
    published(app, desk, **text | {LandingPage.BLOCKS: json.dumps(blocks)})
    shown = re.sub(r"/media/\w+", "", visitor.get("/p/night-nurses").text)
    assert "<script" not in shown
    assert "49" not in shown.replace("&#34;", "")
    assert ' onload="' not in shown


def test_a_deleted_page_is_gone(app, desk):
    page = desk.page()
    app.salesforce.delete_many(LandingPage.API_NAME, [page])
    with pytest.raises(Gone):
        pages.publish(app, page)
