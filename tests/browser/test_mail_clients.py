"""The example mails as people see them: phone, tablet, wide window, light and dark. Pictures of all are kept."""

import email
import email.policy

import pytest

from tests.unit.mail.samples import NAMES, sample, written

pytestmark = pytest.mark.browser

WIDTHS = (320, 600, 1200)
LEAST_CONTRAST = 4.5
DOT = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='500'>"
    b"<rect width='1200' height='500' fill='#7a9'/></svg>"
)

WEAK = """least => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const colour = rgb(getComputedStyle(element).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || element.closest('style')) continue;
    const [one, other] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < least) weak.push(walker.currentNode.textContent.trim().slice(0, 40) + ' ' + ratio.toFixed(2));
  }
  return weak;
}"""
WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5 && getComputedStyle(one).display !== 'none')
  .map(one => one.tagName + ' ' + one.textContent.slice(0, 40))"""
PALE = {"Primary_Color__c": "#ffd400", "Background_Color__c": "#223344", "Text_Color__c": "#cccccc"}


def page_of(raw):
    return email.message_from_bytes(raw, policy=email.policy.default).get_body(("html",)).get_content()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Where the screenshots are kept; pytest keeps the last three runs."""
    return tmp_path_factory.mktemp("mails", numbered=False)


@pytest.fixture(params=["light", "dark"])
def reader(request, browser):
    """A mail program: no scripts of the mail run; every picture arrives."""
    context = browser.new_context(color_scheme=request.param)
    page = context.new_page()
    page.scheme = request.param
    page.route("**/*", lambda route: route.fulfill(body=DOT, content_type="image/svg+xml"))
    yield page
    context.close()


def faults(page):
    """What a reader would complain of."""
    return {
        "too wide": page.evaluate(WIDE),
        "scrolls": page.evaluate("document.documentElement.scrollWidth > innerWidth"),
        "too pale": page.evaluate(WEAK, LEAST_CONTRAST),
        "without alt": page.evaluate("[...document.images].filter(one => !one.hasAttribute('alt')).length"),
        "picture missing": page.evaluate("[...document.images].filter(one => !one.naturalWidth).length"),
    }


NONE = {"too wide": [], "scrolls": False, "too pale": [], "without alt": 0, "picture missing": 0}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("person", ["longest", "emptiest"])
def test_example_can_be_read_everywhere(reader, pictures, name, person):
    reader.set_content(page_of(written(sample(name), person)), wait_until="load")
    for width in WIDTHS:
        reader.set_viewport_size({"width": width, "height": 800})
        reader.screenshot(path=pictures / f"{name}-{person}-{width}-{reader.scheme}.png", full_page=True)
        assert faults(reader) == NONE, width


def test_brand_with_weak_colours_can_be_read(reader):
    reader.set_viewport_size({"width": 600, "height": 800})
    reader.set_content(page_of(written(sample("newsletter", **PALE), "longest")), wait_until="load")
    assert faults(reader) == NONE


def test_faults_are_seen(reader):
    body = "<div style='color:#888;background:#777;width:700px'>pale and wide</div><img src='https://x.example/a'>"
    reader.set_viewport_size({"width": 600, "height": 800})
    reader.set_content(f"<html><body>{body}</body></html>", wait_until="load")
    seen = faults(reader)
    assert (seen["scrolls"], seen["without alt"], len(seen["too pale"])) == (True, 1, 1)
    assert seen["too wide"]
