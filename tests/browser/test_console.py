"""How the console lays a record's fields out."""

from pathlib import Path

import pytest

from integration.local import console

CSS = (Path(console.__file__).parent / "pages" / "console.css").read_text()
FIELD = """<style>{css}</style><main><section><dl><div><dt>Look on the web</dt><dd><div class="rich">
<p><a href="https://engine.example/?q=nurse">Engine</a></p><ul><li>It cannot say NEAR.</li></ul>
<p><a href="https://other.example/?q=nurse">Other</a></p></div></dd></div></dl></section></main>"""


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    yield page
    page.close()


def test_paragraphs_and_lists_of_rich_text_stand_below_each_other(page):
    page.set_content(FIELD.format(css=CSS))
    first, points, second = (page.locator(f".rich > :nth-child({place})").bounding_box() for place in (1, 2, 3))
    assert first["x"] == points["x"] == second["x"]
    assert first["y"] + first["height"] <= points["y"]
    assert points["y"] + points["height"] <= second["y"]
    label = page.locator("dt").bounding_box()
    assert label["x"] + label["width"] <= first["x"]
