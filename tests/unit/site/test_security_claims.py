"""Security claims of feeds, links and tokens, each under its number."""

import json
from datetime import timedelta
from importlib.metadata import version

import pytest

from integration.model import link, snapshot
from integration.model.link import MAX_TOKEN, BadToken, Purpose, Signer
from lambdas.site.web import create_app
from tests.clock import FrozenClock
from tests.unit.site import published
from tests.unit.site.visitor import Visitor

NOW = FrozenClock().now()
KEYS = {"k1": b"1" * 32, "k2": b"2" * 32}
CLAIMS = {link.TARGET: "https://jobs.example/jobs/jabc", link.CHANNEL: "a0B000000000001AAA"}
POLYGLOTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</title><svg/onload=alert(1)>",
    "</script><script>alert(1)</script>",
    "{{7*7}}${7*7}<%=7*7%>",
    "javascript:alert(1)//",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
]


@pytest.fixture
def visitor(app):
    published.put(app)
    return Visitor(create_app(app, cache_seconds=0), app)


@pytest.mark.parametrize("text", POLYGLOTS)
def test_S2_no_text_of_a_job_becomes_markup_on_its_page(app, visitor, text):
    fields = ("title", "company", "department", "employment", "salary", "summary")
    job = published.JOB | dict.fromkeys(fields, text) | {"places": [text], "json_ld": {"title": text}}
    app.site.write(snapshot.job(job["reference"]), json.dumps(job).encode(), content_type="application/json")
    page = visitor.get(f"/jobs/{job['reference']}").text
    for tag in ("<script>", "<img src=x", "<svg/onload", "49"):
        assert tag not in page
    assert page.count("<script") == 1  # the markup for search engines
    assert page.count("</script>") == 1


def test_S9_a_token_opens_the_door_it_was_made_for_and_no_other():
    signer = Signer("k1", KEYS)
    for made in Purpose:
        token = signer.sign(made, CLAIMS)
        for door in Purpose:
            if door is made:
                assert signer.read(door, token, NOW) == CLAIMS
            else:
                with pytest.raises(BadToken):
                    signer.read(door, token, NOW)


@pytest.mark.parametrize("path", ["/sitemap.xml", "/jobs/jabcdefghijkl", "/s/jabcdefghijkl", "/feeds/indeed.xml"])
def test_S11_a_foreign_host_is_refused_on_every_address_of_feeds_and_links(visitor, path):
    assert visitor.get(path, headers={"Host": "evil.example"}).status == 400


@pytest.mark.parametrize(
    "reference",
    ["//evil.example", "%2f%2fevil.example", "https:evil.example", "..%2f..%2fevil", "@evil.example", "\\evil.example",
     "jabc%0d%0aLocation:x", "jabc?next=https://evil.example"],
)  # fmt: skip
def test_S12_a_short_link_leads_nowhere_but_to_ourselves(visitor, reference):
    answer = visitor.get(f"/s/{reference}")
    assert answer.status in (301, 302, 308, 400, 404)
    assert "evil" not in answer.headers.get("location", "").partition("/s/")[0]
    assert "next" not in answer.headers.get("location", "")


def test_S16_any_changed_character_is_noticed():
    signer = Signer("k1", KEYS)
    token = signer.sign(Purpose.LINK, CLAIMS)
    for at in range(len(token)):
        for other in "Ab1-_.":
            if token[at] != other:
                with pytest.raises(BadToken):
                    signer.read(Purpose.LINK, token[:at] + other + token[at + 1 :], NOW)


def test_S16_old_links_live_on_after_the_key_was_changed_until_it_is_dropped():
    token = Signer("k1", KEYS).sign(Purpose.LINK, CLAIMS)
    assert token.startswith("k1.")
    assert Signer("k2", KEYS).read(Purpose.LINK, token, NOW) == CLAIMS
    with pytest.raises(BadToken):
        Signer("k2", {"k2": KEYS["k2"]}).read(Purpose.LINK, token, NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda token: "",
        lambda token: token[:-1],
        lambda token: token[: len(token) // 2],
        lambda token: token + "A",
        lambda token: token + "=",
        lambda token: token.replace("k1.", "k9."),
        lambda token: token.replace("k1.", ""),
        lambda token: "." * 10,
        lambda token: "A" * (MAX_TOKEN + 1),
        lambda token: "\ud800.\udfff.x",
        lambda token: "k1.é.ü",
        lambda token: token.replace(".", "\x00"),
    ],
)
def test_B37_a_broken_token_is_refused_like_any_other(change):
    signer = Signer("k1", KEYS)
    with pytest.raises(BadToken):
        signer.read(Purpose.LINK, change(signer.sign(Purpose.LINK, CLAIMS)), NOW)


def test_B37_an_expired_token_is_refused():
    signer = Signer("k1", KEYS)
    token = signer.sign(Purpose.PREVIEW, CLAIMS, expires=NOW + timedelta(minutes=15))
    signer.read(Purpose.PREVIEW, token, NOW + timedelta(minutes=14))
    with pytest.raises(BadToken):
        signer.read(Purpose.PREVIEW, token, NOW + timedelta(minutes=16))


def test_S19_what_says_where_a_visitor_came_from_is_kept_by_nobody(visitor):
    page = visitor.get("/jobs/jabcdefghijkl", headers={"Referer": "https://www.google.ie/"})
    assert "public" not in page.headers.get("cache-control", "")
    assert visitor.get("/s/jabcdefghijkl").headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(("package", "floor"), [("jinja2", (3, 1, 6)), ("werkzeug", (3, 1, 4)), ("flask", (3, 0, 0))])
def test_S25_packages_are_no_older_than_their_last_hole(package, floor):
    assert tuple(int(part) for part in version(package).split(".")[:3]) >= floor
