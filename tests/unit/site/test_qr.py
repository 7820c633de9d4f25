"""QR codes: read back by a reader of the test's own, and equal to codes that another implementation made."""

import hashlib
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.model.qr import MOST_BYTES, QUIET, code, matrix, svg
from integration.model.qr.codewords import _BLOCKS


def read(modules):
    """The text of a code without damage: the mask from the format, then the data blocks in order."""
    size = len(modules)
    version = (size - 17) // 4
    fixed = [[None] * size for _ in range(size)]
    matrix._draw_patterns(fixed, version)
    form = sum(modules[row][8] << bit for bit, row in enumerate((0, 1, 2, 3, 4, 5, 7, 8))) | sum(
        modules[row][8] << bit for bit, row in enumerate(range(size - 7, size), start=8)
    )
    mask = matrix._MASKS[((form ^ 0x5412) >> 10) & 7]
    bits = [modules[row][column] ^ mask(row, column) for row, column in matrix._path(fixed)]
    words = [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    sizes = [length for count, length in _BLOCKS[version][1] for _ in range(count)]
    blocks = [[] for _ in sizes]
    taken = iter(words)
    for row in range(max(sizes)):
        for block, length in zip(blocks, sizes, strict=True):
            if row < length:
                block.append(next(taken))
    data = "".join(f"{word:08b}" for block in blocks for word in block)
    wide = 8 if version < 10 else 16
    assert data[:4] == "0100"
    length = int(data[4 : 4 + wide], 2)
    start = 4 + wide
    return bytes(int(data[start + 8 * at : start + 8 * at + 8], 2) for at in range(length)).decode()


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=100))
def test_a_code_reads_back(text):
    assert read(code(text)) == text


# Of qrcode 8.2, error correction M, byte mode, under the mask that this code chose: the modules as 0 and 1.
KNOWN = {
    "https://jobs.example/s/jabcdefghijkl": "9dd371cc9812a138793a0a34b68794bdc9bfa58f40b2ff16fb29f4ed9257b5fa",
    "a": "2e7add7dfd3288d4ed23295399f43abf38be57f9a3df265ce870eb6fa468237e",
    "https://jobs.warmbench.example/c/k1." + "x" * 180: (
        "ce43d785aea3ae738b321adddaa40fdea96c58de7e636b9f78fc747425180b8a"
    ),
}


def test_the_longest_text_fits_and_no_longer():
    assert read(code("x" * MOST_BYTES)) == "x" * MOST_BYTES
    with pytest.raises(ValueError, match="holds"):
        code("x" * (MOST_BYTES + 1))


@pytest.mark.parametrize("text", sorted(KNOWN))
def test_codes_equal_those_of_another_implementation(text):
    flat = "".join("01"[module] for row in code(text) for module in row)
    assert hashlib.sha256(flat.encode()).hexdigest() == KNOWN[text]


def test_the_picture_shows_the_modules():
    modules = code("https://jobs.example/s/jabc")
    root = ET.fromstring(svg("https://jobs.example/s/jabc", title="Nurse & <porter>"))
    assert root.get("viewBox") == f"0 0 {len(modules) + 2 * QUIET} {len(modules) + 2 * QUIET}"
    assert root.find("{*}title").text == "Nurse & <porter>"
    dark = set()
    for part in root.find("{*}path").get("d").split("M")[1:]:
        place, _, rest = part.partition("h")
        left, top = map(int, place.split(","))
        dark |= {(top - QUIET, left - QUIET + at) for at in range(int(rest.partition("v")[0]))}
    assert dark == {(row, at) for row, line in enumerate(modules) for at, module in enumerate(line) if module}
