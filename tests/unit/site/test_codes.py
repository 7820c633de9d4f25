"""QR codes: what is drawn is plain SVG, whatever the job is called."""

import xml.etree.ElementTree as ET

import pytest

from integration.syndication import codes


def test_the_title_is_text_never_markup():
    root = ET.fromstring(codes.svg("https://jobs.example/s/jabc", title="Nurse & <script>"))
    assert root.find("{*}title").text == "Nurse & <script>"
    assert root.get("width") is None  # a page decides how large it is


def test_a_text_that_fits_no_code_is_refused():
    with pytest.raises(ValueError, match="too large"):
        codes.svg("x" * 5_000)
