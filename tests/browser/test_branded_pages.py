"""Pages of three brands as pictures, large and on a phone, left to right and right to left: artefacts to look at."""

import pytest

from integration.local.places import TOOLS
from tests.browser import brands

pytestmark = pytest.mark.browser

SCREENS = TOOLS.parent / "screens"


@pytest.fixture
def branded(site):
    site.put_jobs(
        {"reference": "jaaaaaaaaaaaa"},
        {"reference": "jbbbbbbbbbbbb", "title": "Charge nurse, emergency", "salary": "", "places": ["Limerick, IE"]},
        {"reference": "jcccccccccccc", "title": "Care assistant", "employment": "Part-time", "requisition": "r3"},
    )
    for page in brands.PAGES:
        brands.put(site, page)
    return site


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", brands.PAGES, ids=lambda page: page["language"])
def test_a_branded_page_is_drawn_whole_and_within_the_screen(browser, branded, page, width):
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=True)
    tab = context.new_page()
    failed = []
    tab.on("console", lambda message: failed.append(message.text))
    tab.on("requestfailed", lambda request: failed.append(request.url))
    tab.goto(f"{branded.url}/p/{page['slug']}")
    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SCREENS / f"{page['slug']}-{width}.png", full_page=True)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.evaluate("document.documentElement.dir") == ("rtl" if page["language"] == "ar" else "ltr")
    assert tab.evaluate("[...document.images].every(image => image.loading === 'lazy' || image.naturalWidth > 0)")
    assert failed == []
    context.close()
