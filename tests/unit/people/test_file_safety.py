"""Whatever the bytes are, a file is read, or refused in words: no reader crashes, hangs or follows what a file says."""

import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integration.errors import Rejected
from integration.prospecting import imports
from integration.prospecting.files import cards, isolation, json_people, web_table
from integration.prospecting.files.kinds import Kind, kind_of, shown_name
from integration.prospecting.files.resume_facts import facts_of
from integration.prospecting.files.resume_text import ResumeText
from integration.prospecting.files.table import MARK, About, Row, Table, lines_of
from integration.prospecting.imports.reading import Line, records
from tests.unit.people.importing import field, new_import

WORDS = st.sampled_from(
    [
        "BEGIN:VCARD",
        "END:VCARD",
        "VERSION:2.1",
        "N:Lee;Ann",
        "FN;ENCODING=QUOTED-PRINTABLE:=C3=",
        "TEL:+1",
        " folded",
        "=",
        "AGENT:",
        "PHOTO;ENCODING=BASE64:",
        "EMAIL:a@a.example",
        "\\",
        ";;;",
        ":",
        "item1.",
        "KIND:group",
    ]
)
CARD_LINES = st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=12)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.sampled_from(["basics", "name", "email", "work", "skills", "profiles", "location", "x"]), inner
        ),
    ),
    max_leaves=12,
)
ROWS = st.lists(
    st.tuples(st.integers(0, 10**9), st.lists(st.text(max_size=20), min_size=1, max_size=4), st.text(max_size=10)),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(lines=CARD_LINES)
@example(lines=["BEGIN:VCARD", "BEGIN:VCARD", "END:VCARD"])
def test_any_text_is_read_as_cards_or_refused(tmp_path_factory, lines):
    path = tmp_path_factory.mktemp("cards") / "c.vcf"
    path.write_text("BEGIN:VCARD\n" + "\n".join(lines), encoding="utf-8", errors="replace")
    rows = list(cards.read(path).rows)
    assert all(len(row.cells) == len(cards.HEADER) for row in rows)


@settings(max_examples=60, deadline=None)
@given(value=JSON)
def test_any_json_is_read_or_refused(tmp_path_factory, value):
    path = tmp_path_factory.mktemp("json") / "p.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    try:
        table = json_people.read(path)
    except Rejected:
        return
    assert all(isinstance(cell, str) for row in table.rows for cell in row.cells)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200))
def test_any_bytes_have_a_kind_or_are_refused(data):
    assert _kind_or_refusal(data)


def _kind_or_refusal(data):
    try:
        return kind_of(data)
    except Rejected as refused:
        return refused.message


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.text(max_size=60), max_size=10), name=st.text(max_size=30))
@example(lines=["a " * 500, "(" * 300, "1" * 3_000, "@" * 200, "A-" * 400], name="x" * 500)
def test_any_text_is_read_as_a_resume(lines, name):
    facts = facts_of(ResumeText(lines), shown_name(name))
    assert len(facts.phones) <= 2


@settings(max_examples=60, deadline=None)
@given(rows=ROWS)
def test_the_one_form_gives_back_what_was_put_in(rows):
    plain = [
        (number, [c.replace("\ud800", "") for c in cells], fault.replace(MARK, "")) for number, cells, fault in rows
    ]
    table = Table(About("json", "x"), Row(0, ["A", "B"]), [Row(*row) for row in plain])
    text = "".join(lines_of(table)).encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    found = list(records(text.splitlines(keepends=True) if "\r" not in text else _lines(text), ","))
    assert found == [Line(0, ("A", "B")), *(Line(number, tuple(cells), fault) for number, cells, fault in plain)]


def _lines(text):
    return iter(io.StringIO(text, newline=""))


def test_a_text_that_pretends_to_be_converted_is_refused(app):
    with pytest.raises(Rejected, match="no text"):
        imports.preview(app, new_import(app, f"{MARK}0,Name,E-mail\nnot a number,Ann,ann@a.example\n"))


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"\x7fELF", "program"),
        (b"{\\rtf1 text}", "RTF"),
        (b"<?xml version='1.0'?><people/>", "XML"),
        (b"SQLite format 3\x00", "database"),
        (b"", "0 bytes"),
    ],
)
def test_other_files_are_named_with_what_to_do(start, told):
    with pytest.raises(Rejected, match=told):
        kind_of(start)


@pytest.mark.parametrize("start", [b"MZ,Name\nx,Ann\n", b"BM;E-mail\n", b"#!Name,E-mail\n", b"{Name},E-mail\n"])
def test_a_text_that_begins_like_something_else_stays_a_text(start):
    assert kind_of(start) is Kind.TEXT


def test_a_web_page_without_a_table_says_so(tmp_path):
    path = tmp_path / "page.xls"
    path.write_text("<html><body>Please sign in</body></html>")
    with pytest.raises(Rejected, match="without a table"):
        web_table.read(path)


def test_the_reading_process_gets_none_of_our_settings(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    path = tmp_path / "people.json"
    path.write_text('[{"name": "Ann"}]')
    seen = {}
    real = isolation.subprocess.Popen

    def noted(*arguments, **options):
        seen.update(options["env"])
        return real(*arguments, **options)

    monkeypatch.setattr(isolation.subprocess, "Popen", noted)
    list(isolation.read_apart("json", path, {}))
    assert set(seen) == {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE"}


def test_a_file_that_cannot_be_opened_leaves_the_import_failed_and_nothing_behind(app):
    import_id = new_import(app, b"PK\x03\x04 broken", name="people.xlsx")
    with pytest.raises(Rejected, match="damaged"):
        imports.preview(app, import_id)
    assert field(app, import_id, "Status__c") == "Failed"
    assert [key for key in app.data.keys(f"imports/{import_id}/") if key.endswith(".csv")] == []


def test_a_fault_of_a_reader_is_told_by_its_place_without_words_of_the_file():
    errors = "Traceback (most recent call last):\n  File \"/x/cards.py\", line 12, in read\nKeyError: 'ann@a.example'\n"
    fault = isolation.failed(1, errors)
    assert str(fault) == "the reader of files failed: KeyError ← cards.py:12"
