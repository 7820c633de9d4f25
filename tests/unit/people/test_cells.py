"""Cells in and out of spreadsheets."""

import codecs
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.errors import Rejected
from integration.model.cells import neutral
from integration.prospecting.imports.cells import address_of, clean, day, many, yes_or_no
from integration.prospecting.imports.reading import encoding_of, records, text_lines

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＠x", '"=1', "\u00a0=1", "\ufeff=1"],
)
def test_S10_what_a_spreadsheet_might_run_is_neutral(cell):
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Ann", "O'Hara", "a=b", "1-2", "", "ann@a.example"])
def test_what_is_no_formula_stays(cell):
    assert neutral(cell) == cell


@given(st.from_regex(r"[=+@-][A-Za-z0-9]{1,9}", fullmatch=True))
def test_what_we_marked_comes_back_unmarked(cell):
    assert clean(neutral(cell)) == cell


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('="00123"', "00123"),
        (" Ann \u00a0", "Ann"),
        ("A\x00n\x07n", "A n n"),
        ("n/a", ""),
        ("N/A", ""),
        ("—", ""),
        ("O'Hara", "O'Hara"),
        ("'Ann'", "'Ann'"),
    ],
)
def test_cells_are_cleaned(cell, value):
    assert clean(cell) == value


def test_several_values_in_a_cell():
    assert many("* a@a.example ::: b@b.example; n/a\nc@c.example") == ["a@a.example", "b@b.example", "c@c.example"]


@pytest.mark.parametrize(
    "text", ["ann@a.example", "Ann Lee <ann@a.example>", "mailto:ann@a.example", "<ann@a.example>"]
)
def test_addresses_as_mail_programs_copy_them(text):
    assert address_of(text) == "ann@a.example"


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("2024-03-12", "", "2024-03-12"),
        ("2024-03-12T10:00:00Z", "", "2024-03-12"),
        ("12 Mar 2024", "", "2024-03-12"),
        ("7-Feb-22", "", "2022-02-07"),
        ("March 12, 2024", "", "2024-03-12"),
        ("12.03.2024", "", "2024-03-12"),
        ("25/12/2023", "", "2023-12-25"),
        ("12/25/2023", "", "2023-12-25"),
        ("02/03/2024", "day first", "2024-03-02"),
        ("02/03/2024", "month first", "2024-02-03"),
        ("03/03/24", "", "2024-03-03"),
    ],
)
def test_dates(text, order, wanted):
    assert day(text, "Added", order, TODAY).date().isoformat() == wanted


@pytest.mark.parametrize("text", ["31/02/2024", "2024-13-01", "02/03/2024", "1/1", "1899-12-31", "2026-03-03"])
def test_dates_that_cannot_be_meant(text):
    with pytest.raises(Rejected) as refused:
        day(text, "Added", "", TODAY)
    assert refused.value.field == "Added"


def test_yes_and_no_in_several_languages():
    assert [yes_or_no(text, "Opted out") for text in ("Yes", "ja", "X", "no", "", "FALSE")] == [True] * 3 + [False] * 3
    with pytest.raises(Rejected, match="neither yes nor no"):
        yes_or_no("perhaps", "Opted out")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Name\nJürgen Müller\nZoë\n"),
        ("cp1252", "Name;Ort\nFrançois;Orléans\n"),
        ("cp1250", "Name\nWałęsa\nŻółć Łódź\n"),
        ("cp1251", "Имя\nИван Петров\nМария Сидорова\n"),
        ("cp932", "名前,会社\n山田太郎,株式会社\n鈴木花子,東京\n"),
    ],
)
def test_encodings_without_a_mark(encoding, text):
    assert encoding_of(lambda: [text.encode(encoding)]) == encoding


def test_a_letter_cut_by_a_chunk_is_still_utf_8():
    data = ("a," * 40_000 + "Zoë\n").encode()
    assert encoding_of(lambda: [data[:-3], data[-3:]]) == "utf-8-sig"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_by_its_mark(mark):
    assert encoding_of(lambda: [mark + b"a\0"]) == "utf-16"


@given(st.lists(st.lists(st.text(alphabet='ab",\n\r;', max_size=5), min_size=1, max_size=4), max_size=6))
def test_reading_loses_no_line_and_always_ends(table):
    text = "\n".join(",".join(row) for row in table)
    lines = list(records(text_lines([text.encode()], "utf-8"), ","))
    numbers = [line.number for line in lines]
    assert numbers == sorted(set(numbers))
    physical = sum(1 for _ in text_lines([text.encode()], "utf-8"))
    assert not numbers or numbers[-1] <= physical


def test_lines_behind_an_unclosed_quote_are_read():
    text = 'a,b\n1,2\nx,"3\n' + "4,5\n" * 2_000
    lines = list(records(text_lines([text.encode()], "utf-8"), ","))
    assert [line.number for line in lines if line.fault] == [3]
    assert len(lines) == 2_003
