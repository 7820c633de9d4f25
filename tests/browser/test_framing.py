"""A draft in a frame, as Chromium decides it: in the org's own pages it is shown, in everybody else's it is not."""

import json

import pytest

from integration.model import link, org_hosts, snapshot
from integration.model.blocks import completed
from integration.model.link import Purpose
from lambdas.site.web import create_app
from tests.browser import brands
from tests.unit.site.visitor import Visitor

pytestmark = pytest.mark.browser

OURS = "https://acme--uat.sandbox.my.salesforce.com"
JOBS = "https://jobs.warmbench.example"


def _around(inner):
    body = f'<!doctype html><title>Around</title><iframe src="{inner}" width="800" height="600"></iframe>'
    return lambda route: route.fulfill(content_type="text/html", body=body)


@pytest.fixture
def shown(browser, app):
    """Whether a page at an address shows the draft, and that draft's headline where it does."""
    page = brands.JOINERS | {"consent": {"text": "", "version": "", "purposes": []}, "requisition": "", "version": 0}
    page |= {"id": "a0I000000000001AAA", "double_opt_in": True, "url": f"{JOBS}/p/tischler"}
    page |= {"blocks": [completed({"type": "hero", "title": page["headline"]})], "frames": org_hosts.origins(OURS)}
    app.site.write(snapshot.preview(page["id"]), json.dumps(page).encode(), content_type="application/json")
    draft = f"{JOBS}/preview/{app.links.sign(Purpose.PREVIEW, {link.PAGE: page['id']})}"
    visitor = Visitor(create_app(app, cache_seconds=0), app)

    def ours(route):
        answer = visitor.get(route.request.url.removeprefix(JOBS))
        route.fulfill(status=answer.status, headers=answer.headers, body=answer.data)

    def look(*around):
        """The draft inside pages at these addresses, the outermost first."""
        context = browser.new_context()
        tab = context.new_page()
        tab.route(f"{JOBS}/**", ours)
        for address, inner in zip(around, [*around[1:], draft], strict=True):
            tab.route(f"{address}/", _around(inner))
        tab.goto(f"{around[0]}/", wait_until="networkidle")
        innermost = tab.frames[-1]
        seen = innermost.locator("h1").all_inner_texts() if innermost.url == draft else []
        context.close()
        return seen

    return look


@pytest.mark.parametrize("address", org_hosts.origins(OURS))
def test_pages_of_the_org_show_its_draft(shown, address):
    assert shown(address) == [brands.JOINERS["headline"]]


def test_a_visualforce_page_within_lightning_shows_it(shown):
    _, lightning, visualforce, _ = org_hosts.origins(OURS)
    assert shown(lightning, visualforce) == [brands.JOINERS["headline"]]


@pytest.mark.parametrize(
    "address",
    [
        "https://other.sandbox.lightning.force.com",
        "https://acme.lightning.force.com",
        "https://acme--uat.sandbox.lightning.force.com.evil.example",
        "https://evil.example",
        "http://acme--uat.sandbox.lightning.force.com",
    ],
)
def test_nobody_else_does(shown, address):
    assert shown(address) == []


def test_nobody_puts_a_page_of_the_org_around_it(shown):
    assert shown("https://evil.example", org_hosts.origins(OURS)[1]) == []
