"""QR codes as a phone sees them: the picture that the site gives, drawn by Chromium and read by ZXing."""

import io

import pytest
import zxingcpp
from PIL import Image

from integration.syndication import codes


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("text", ["https://jobs.example/s/jabcdefghijkl", "https://münchen.example/s/" + "k" * 180])
def test_a_phone_reads_what_was_coded_on_any_background(browser, text, dark):
    page = browser.new_page(viewport={"width": 500, "height": 500})
    ground = "#000" if dark else "#fff"
    page.set_content(f'<body style="background:{ground}"><div style="width:420px">{codes.svg(text)}</div>')
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.screenshot())))
    page.close()
    assert found.text == text
