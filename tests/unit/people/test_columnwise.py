"""Reading by blocks and columns gives exactly what reading record by record and cell by cell gives."""

import io
import random
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integration.candidates import parsing
from integration.errors import Rejected
from integration.prospecting.imports import blocks as reading_blocks
from integration.prospecting.imports import ready
from integration.prospecting.imports.addresses import Emails
from integration.prospecting.imports.blocks import blocks
from integration.prospecting.imports.columnwise import Plan
from integration.prospecting.imports.layout import Layout
from integration.prospecting.imports.reading import records, text_lines
from integration.prospecting.imports.repeats import Repeats
from integration.prospecting.imports.rows import Reject, RowReader, reject_of, unreadable
from integration.prospecting.imports.splitting import split

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
COLUMNS = {
    "First": "first_name", "Middle": "middle_name", "Last": "last_name", "Mail": "email", "Mail 2": "email",
    "Phone": "phone", "Web": "profile", "Title": "title", "Firm": "employer", "Land": "country",
    "Since": "collected_at", "Kind": "lifecycle", "Out": "do_not_contact", "Notes": "-",
    "Skills": "skills", "Labels": "tags", "More": "tags", "CV": "resume_text",
}  # fmt: skip
NAMED = {"Name": "full_name", "Mail": "email", "Phone": "phone", "Web": "profile"}


def layout(columns=None, **changes):
    return Layout("utf-8", ",", 1, columns or COLUMNS, **changes)


def by_row(data, one):
    """(ready rows, rejects, blank lines), record by record."""
    reader, people, rejects, blank = RowReader(one, "cause", AT), [], [], 0
    fields = Plan(reader).fields
    for line in records(text_lines([data], one.encoding), one.delimiter):
        if line.number <= one.header_line:
            continue
        if line.is_blank:
            blank += 1
        elif line.fault:
            rejects.append(unreadable(line))
        else:
            try:
                people.append(tuple(ready.row_of(line.number, reader.person(line.number, line.cells), fields)))
            except Rejected as rejected:
                rejects.append(reject_of(line.number, rejected))
    return people, sorted(rejects), blank, reader.findings.cleaned


def by_column(data, one):
    reader = RowReader(one, "cause", AT)
    plan, people, rejects, blank = Plan(reader), [], [], 0
    for block in blocks(lambda: [data], one):
        rows = plan.read(block)
        people += zip(*rows.columns, strict=True)
        rejects += rows.rejects
        blank += rows.blank
    return people, sorted(rejects), blank, reader.findings.cleaned


PARTS = {
    "First": ["Ann", " Bob ", "Zoë", "", "n/a", "=1+1", "A\x00n", "'=x", "x" * 81, "—", "\u200fDi", '="Al"', "#REF!"],
    "Middle": ["", "", "Mary", "x" * 60],
    "Last": ["Lee", "May", "O'Hara", "", "van der Berg", "Łódź", "\ufffd", "Smith, Jr", 'The "X"', "a\u2028b"],
    "Mail": ["ann@a.example", "ANN@A.example", "", "a@b", "Ann <ann@a.example>", "x@y.example; z@y.example",
             "a..b@c.example",
             "ann@MÜNCHEN.example", "info@a.example", "a@b.example\nBcc: c@d.example", "a" * 65 + "@b.example",
             "a_b+c@d-e.example", "a@-b.example", "a@b.local", "a@b--c.example", "a@xn--mnchen-3ya.example", "n/a"],
    "Phone": ["", "+353 86 123 4567", "086 123 4567", "+353861234567;+353861234599", "12345", "(302) 555-0100",
              "'+1", "-"],
    "Web": ["", "https://www.linkedin.com/in/ann-lee", "LinkedIn.com/in/Ann/de", "github.com/Ann", "not a page",
            "http://x.example/a,b"],
    "Title": ["", "Tester", "x" * 256, "CEO, CTO", "  "],
    "Firm": ["", "Lee & Sons", "“A”"],
    "Land": ["", "IE", "Germany", "us", "Atlantis"],
    "Since": ["", "2024-03-12", "25/12/2023", "02/03/2024", "31/02/2024", "12 Mar 2024"],
    "Kind": ["", "Prospect", "alumni", "Legend"],
    "Out": ["", "yes", "no", "perhaps"],
    "Skills": ["", "Python; SQL", "x" * 90, "n/a;Go"],
    "Labels": ["", "fair", "a ::: b"],
    "More": ["", "vip"],
    "CV": ["", "Tester since 2001", "Line one\nLine two, 3\r\n\tLine 4", "x\x07y"],
    "Notes": ["", "x", "two\nlines", "a\x07b"],
    "Name": ["Ann Lee", "Lee, Ann", "Dr. Ann Mary van der Berg", "Madonna", "", "=x y", "Ann MD", "Van Berg", "x" * 90,
             "Mr Lee"],
}  # fmt: skip
PARTS["Mail 2"] = ["", *PARTS["Mail"][2:]]


def quoted(chance, cell):
    if chance.random() < 0.1 or any(sign in cell for sign in ',"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def table(chance, columns, rows, plain):
    lines = [",".join(columns)]
    for _ in range(rows):
        cells = [PARTS[name][0] if chance.random() < plain else chance.choice(PARTS[name]) for name in columns]
        if chance.random() < 0.03:
            cells = cells[: chance.randrange(len(cells))] if chance.random() < 0.5 else [*cells, "more"]
        lines.append(",".join(quoted(chance, cell) for cell in cells))
        if chance.random() < 0.01:
            lines.append(chance.choice(["", " ", '"never closed', 'a"b,c']))
    return ("\n".join(lines) + chance.choice(["", "\n", "\n\n"])).encode()


@pytest.mark.parametrize("columns", [COLUMNS, NAMED], ids=["parts of names", "whole names"])
@pytest.mark.parametrize(("plain", "country"), [(0.9, ""), (0.6, "IE")])
def test_columns_give_what_rows_give(columns, plain, country):
    chance = random.Random(plain)
    for _ in range(12):
        data = table(chance, list(columns), 120, plain)
        if chance.random() < 0.3:
            data = data.replace(b"\n", b"\r\n")
        one = layout(columns, country=country)
        assert by_column(data, one) == by_row(data, one)


CELLS = st.text(alphabet='ab",\n\r;\x00\u2028é@.', max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8), st.integers(8, 64))
@example([['"', "b"], ["a"]], 8)
def test_blocks_give_what_records_give(rows, size):
    """Whatever the bytes and wherever the blocks are cut."""
    data = "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
    one = Layout("utf-8", ",", 1, {"A": "first_name", "B": "email"})
    wanted = [(line.number, line.cells, line.fault) for line in records(text_lines([data], "utf-8"), ",")]
    found = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading_blocks, "BLOCK_BYTES", size)
        for block in blocks(lambda: [data[start : start + 16] for start in range(0, len(data), 16)], one):
            found += [(number, tuple(block.cells(place)), "") for place, number in enumerate(block.numbers)]
            found += [(line.number, (), line.fault) for line in block.faults]
    # A blank line has no value or an empty one: the same to everybody.
    assert [(n, cells if any(cells) else (), fault) for n, cells, fault in sorted(found)] == [
        (n, cells if any(cells) else (), fault) for n, cells, fault in wanted if n > 1
    ]


LOCALS = st.text(alphabet="abzAZ09._+-'!é", min_size=1, max_size=12)
DOMAINS = st.text(alphabet="abzAZ09.-é", min_size=1, max_size=14)


@settings(max_examples=300, deadline=None)
@given(LOCALS, DOMAINS)
@example("a" * 65, "b.example")
@example("a" * 60, "b" * 30 + ".example")
@example("a", "b.test")
@example("a", "xn--mnchen-3ya.example")
def test_a_usual_address_is_what_the_library_makes_of_it(local, domain):
    text = f"{local}@{domain}"
    [quick], hard = Emails().column([text.encode()])
    assert hard or quick.decode() == parsing.email(text).value


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["", "https://", "http://", "HTTPS://"]),
    st.sampled_from(["www.", "de.", ""]),
    st.sampled_from(["linkedin.com/in/", "github.com/", "linkedin.com/pub/"]),
    st.text(alphabet="aZ9-_/?é %", max_size=8),
)
def test_a_usual_profile_is_what_the_rules_make_of_it(scheme, www, host, rest):
    quick = parsing.usual_profile(text := scheme + www + host + rest)
    assert not quick or quick == parsing.profile(text).value


WORDS = ["Ann", "Dr", "Van", "Mary", "And", "Jr", "Esq", "Lee", "De", "Sir", "King", "Von", "Phd", "Mac", "Bin", "Abu"]


@given(st.sampled_from(WORDS), st.sampled_from(WORDS))
def test_a_usual_name_is_what_the_library_makes_of_it(first, last):
    quick = parsing.usual_name(f"{first} {last}")
    assert quick is None or quick == parsing.name(f"{first} {last}")


MARKS = st.lists(
    st.tuples(st.sampled_from(["", "a", "b", "c", "d"]), st.sampled_from(["", "x", "y", "z"])), max_size=30
)


@given(MARKS, st.integers(1, 7))
def test_a_repeat_is_a_row_with_a_mark_of_an_earlier_row(rows, size):
    seen, wanted = set(), []
    for row in rows:
        marks = {mark for mark in row if mark}
        wanted.append(int(bool(marks & seen)))
        seen |= marks
    rows = [tuple(map(hash, row)) for row in rows]
    repeats = Repeats()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("integration.prospecting.imports.repeats.HELD", 1)
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            repeats.note(len(some), zip(*some, strict=True))
    assert list(repeats.flags()) == wanted
    repeats.close()


def test_a_ready_row_is_the_same_person_again():
    one = layout()
    reader = RowReader(one, "cause", AT)
    data = (
        b'h\nAnn,Mary,"Lee, Jr",ann@a.example,lee@a.example,+353861234567,linkedin.com/in/ann,"Say ""hi""",Firm,IE,'
        b'2024-03-12,Alumni,yes,,SQL; Go,vip,,"Line one\nLine two"\n'
    )
    put = {}
    found = split(lambda: [data], reader, put.__setitem__, lambda rows: None, io.BytesIO())
    [(line, person)] = ready.people(put[0].decode(), "cause")
    cells = next(line.cells for line in records(text_lines([data], "utf-8"), ",") if line.number == 2)
    assert (line, person) == (2, RowReader(one, "cause", AT).person(2, cells))
    assert (found.rows, found.people, found.rejected, found.chunks) == (1, 1, 0, 1)


def test_every_row_is_a_person_a_reject_or_blank():
    chance = random.Random(4)
    data = table(chance, list(COLUMNS), 3_000, 0.8)
    put = {}
    rejects = io.BytesIO()
    found = split(lambda: [data], RowReader(layout(), "cause", AT), put.__setitem__, lambda rows: None, rejects)
    assert len(rejects.getvalue().splitlines()) == found.rejected
    assert found.rows == found.people + found.rejected
    assert sum(len(list(ready.people(text.decode(), ""))) for text in put.values()) == found.people
    assert isinstance(Reject(1, "", "", "", ""), tuple)
