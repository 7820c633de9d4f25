"""What gives one person away in a text, and tables from which a person is taken while every other row stays."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration.model.identity import Name, email, phone, profile
from integration.model.traces import traces_of
from integration.prospecting.imports import forgetting
from integration.prospecting.imports.reading import encoding_of, records, text_lines

ANN = traces_of(
    [email("ann.lee@a.example"), email("info@a.example"), phone("+353861234567"), profile("linkedin.com/in/ann-lee")],
    [Name("Ann Marie", "Lee")],
    ["01CANDIDATE0000000000000KEY"],
)


@pytest.mark.parametrize(
    "text",
    [
        "Ann;Lee;ANN.LEE@A.EXAMPLE;",
        "<mailto:ann.lee@a.example>",
        "see https://www.linkedin.com/in/ann-lee/?x=1",
        "Lee, Ann; 086 123 4567",
        "A. Lee, +353 (0)86-123.4567",
        "LEE ANN MARIE (0861234567)",
        "Ann Lee,info@a.example",
        '{"candidate": "01CANDIDATE0000000000000KEY"}',
    ],
)
def test_an_address_of_the_person_is_found_in_any_spelling(text):
    assert ANN.in_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "joann.lee@a.example",
        "ann.lee@a.example.org",
        "ann.lee@a.example-x",
        "linkedin.com/in/ann-leeson",
        "Oscar Lee, 086 123 4567",  # the family's telephone
        "Bob May,info@a.example",
        "Ann Lee",  # a namesake, for all we know
        "",
    ],
)
def test_somebody_else_is_not_taken_for_the_person(text):
    assert not ANN.in_text(text)


def test_in_a_sentence_of_ours_the_whole_name_is_enough():
    assert ANN.in_words("“Lee, Ann Marie” has no address.")
    assert not ANN.in_words("“Ann Leeson” has no address.")


CELLS = st.text(alphabet=st.sampled_from('abä;,"\n x'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.sampled_from([";", ","]), st.data())
def test_a_table_without_a_person_keeps_every_other_row_at_its_line(rows, encoding, delimiter, data):
    """Whatever stands in the rows: line breaks, quotes, any encoding."""
    rows[data.draw(st.integers(0, len(rows) - 1))][1] = "ann.lee@a.example"
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    whole = ("First;Mail;Note\n" + "\n".join(quoted) + "\n").encode(encoding)

    def read(content):
        opened = lambda: iter([content])  # noqa: E731
        return opened, list(records(text_lines(opened(), encoding_of(opened)), delimiter))

    opened, before = read(whole)
    lines = forgetting.lines_holding(opened, delimiter, ANN.in_text)
    assert lines == {line.number for line in before if "ann.lee@a.example" in "".join(line.cells)}
    _, after = read(b"".join(forgetting.table_without(opened, delimiter, lines)))
    kept = [line for line in before if line.number not in lines and not line.is_blank]
    assert [line for line in after if not line.is_blank] == kept
