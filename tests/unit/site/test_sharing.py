"""What networks show of a page that is passed on, read as their crawlers read it."""

import json
from html.parser import HTMLParser

import pytest

from integration import pages
from integration.records import Brand, LandingPage
from lambdas.site.sharing import locale
from tests.unit.site.pictures import WebOf, png

HERO = {
    "type": "hero",
    "title": "Nights",
    "text": "Calm after dark.",
    "image": "https://x.example/a.png",
    "alt": "Hills",
}


class _Metas(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "meta" and (name := given.get("property") or given.get("name")):
            self.found.setdefault(name, []).append(given["content"])


def metas(answer):
    reader = _Metas()
    reader.feed(answer.text)
    assert {name for name, values in reader.found.items() if len(values) > 1} <= {"og:locale:alternate"}
    return {name: values[0] for name, values in reader.found.items()}


def test_a_landing_page_is_passed_on_with_its_hero(app, desk, visitor):
    app.web = WebOf(a=png())
    page = desk.page(**{LandingPage.BLOCKS: json.dumps([HERO, {"type": "form"}])})
    pages.publish(app, page)
    seen = metas(visitor.get("/p/night-nurses"))
    picture = seen["og:image"]
    assert picture.startswith("https://jobs.warmbench.example/media/")
    assert visitor.get(picture.removeprefix("https://jobs.warmbench.example")).headers["content-type"] == "image/png"
    assert (seen["og:title"], seen["twitter:title"]) == ("Nights that matter", "Nights that matter")
    assert seen["description"] == seen["og:description"] == seen["twitter:description"]
    assert "keep our wards calm" in seen["og:description"]
    assert seen["og:url"] == "https://jobs.warmbench.example/p/night-nurses"
    assert seen["og:locale"] == "en_US"
    assert (seen["twitter:card"], seen["twitter:image"], seen["og:image:alt"]) == (
        "summary_large_image",
        picture,
        "Hills",
    )
    assert int(seen["og:image:width"]) > 0 < int(seen["og:image:height"])


@pytest.mark.parametrize(
    ("intro", "blocks", "words"),
    [
        (None, [{"type": "hero", "title": "Nights", "text": "Calm after\n\ndark."}], "Calm after dark."),
        (None, [{"type": "text", "body": "Words."}], "Nights that matter"),
        ("x" * 400, [{"type": "text", "body": "Words."}], "x" * 154 + "…"),
    ],
)
def test_a_page_without_a_picture_is_passed_on_in_words(app, desk, visitor, intro, blocks, words):
    pages.publish(app, desk.page(**{LandingPage.INTRO: intro, LandingPage.BLOCKS: json.dumps(blocks)}))
    seen = metas(visitor.get("/p/night-nurses"))
    assert seen["og:description"] == seen["description"] == words
    assert seen["twitter:card"] == "summary"
    assert "og:image" not in seen


def test_what_recruiters_wrote_stays_text_in_every_tag(app, desk, visitor):
    nasty = '"><script>alert(1)</script><meta property="og:url" content="https://evil.example">{{7*7}}'
    fields = {LandingPage.HEADLINE: nasty, LandingPage.INTRO: nasty}
    pages.publish(app, desk.page(**fields))
    answer = visitor.get("/p/night-nurses")
    seen = metas(answer)
    assert seen["og:title"] == seen["og:description"] == nasty
    assert seen["og:url"] == "https://jobs.warmbench.example/p/night-nurses"
    assert "<script" not in answer.text


def test_translations_are_named_and_a_draft_is_passed_on_by_nobody(app, desk, visitor):
    original = desk.page()
    other = {LandingPage.SLUG: "nachtdienst", LandingPage.LANGUAGE: "de", LandingPage.TRANSLATION_OF: original}
    translation = desk.page(**other)
    for page in (original, translation):
        pages.publish(app, page)
    seen = metas(visitor.get("/p/nachtdienst"))
    assert (seen["og:locale"], seen["og:locale:alternate"]) == ("de_DE", "en_US")
    draft = metas(visitor.get(pages.preview(app, original).split("jobs.warmbench.example")[1]))
    assert draft["robots"] == "noindex"
    assert not [name for name in draft if name.startswith(("og:", "twitter:"))]


def test_the_front_page_and_a_job_are_described_too(app, desk, visitor):
    desk.live_job()
    front = metas(visitor.get("/"))
    assert front["description"].endswith("1 open job. Find yours, or let us know you.")
    assert front["og:url"] == "https://jobs.warmbench.example/"
    german = metas(visitor.get("/", headers={"Accept-Language": "de"}))
    assert german["og:locale"] == "de_DE"
    assert german["description"] != front["description"]


def test_the_logo_stands_in_when_it_can_be_read_from_outside(app, desk, visitor):
    app.web = WebOf(logo=png())
    brand = desk.brand(**{Brand.LOGO_URL: "https://x.example/logo.png"})
    pages.publish(app, desk.page(**{LandingPage.BRAND: brand}))
    seen = metas(visitor.get("/p/night-nurses"))
    assert (seen["og:image"], seen["twitter:card"]) == ("https://x.example/logo.png", "summary")


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "en_US"), ("de", "de_DE"), ("ar", "ar_AR"), ("he", "he_IL"), ("pt-BR", "pt_BR")]
)
def test_a_language_is_written_as_open_graph_wants_it(language, wanted):
    assert locale(language) == wanted
