"""Every kind of page comes in the first round trip of a fresh connection: at most 14 KB of HTML and CSS, packed."""

import re

import pytest

from integration.model import link
from integration.model.link import Purpose
from integration.own_page.gathering import OWN_PAGE
from integration.sending.aliases import person_pk
from lambdas.site.web import create_app
from tests.browser import brands
from tests.browser.conftest import Site
from tests.browser.test_accessibility import HELD
from tests.unit.site.visitor import Visitor

MOST_BYTES = 14 * 1024
MOST_JOBS = 60
PACKED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def visitor(app):
    """A site with as many jobs as the front page shows, and with pages of every kind of block."""
    site = Site(app.config.public_base_url, app)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    names = [f"j{letters[n // 32]}{letters[n % 32]}{'a' * 10}" for n in range(MOST_JOBS)]
    site.put_jobs(
        *({"reference": name, "title": f"Nurse {n}, ward {n * 7 % 60}", "salary": f"EUR {30 + n},000"}
          for n, name in enumerate(names)),
    )  # fmt: skip
    for page in brands.PAGES:
        brands.put(site, page)
    far = int(app.clock.now().timestamp()) + 3_000
    app.people.put({"pk": person_pk("k"), "sk": OWN_PAGE, "page": HELD, "ttl": far})
    return Visitor(create_app(app, cache_seconds=0), app)


def addresses(app):
    token = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: "k"})
    confirm = app.links.sign(Purpose.CONFIRM, {link.CANDIDATE: "k", link.ITEM: "i", link.PURPOSES: "Newsletter"})
    return [
        "/", "/jobs/jaaaaaaaaaaaa", "/jobs/jaaaaaaaaaaaa/apply", *(f"/p/{page['slug']}" for page in brands.PAGES),
        f"/confirm/{confirm}", "/preferences", f"/preferences/{token}", f"/preferences/{token}/data",
        f"/apply/{token}/jaaaaaaaaaaaa", f"/join/{token}/nurses", "/thanks/registration", "/nowhere",
    ]  # fmt: skip


def test_html_and_css_of_every_page_are_light(app, visitor):
    heavy, seen = {}, 0
    for address in addresses(app):
        page = visitor.get(address, headers=PACKED)
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
        assert len(sheets) == 2, address
        answers = [page, *(visitor.get(sheet, headers=PACKED) for sheet in sheets)]
        assert all(answer.status in (200, 404) for answer in answers), address
        weight = sum(len(answer.data) for answer in answers)
        seen += 1
        if weight > MOST_BYTES:
            heavy[address] = weight
    assert heavy == {}
    assert seen == 14


def test_sheets_are_kept_for_ever_and_named_by_what_stands_in_them(visitor):
    page = visitor.get("/p/nurses").text
    for sheet in re.findall(r'<link rel="stylesheet" href="([^"]+)"', page):
        assert visitor.get(sheet).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in visitor.get("/static/site.css").headers["cache-control"]
