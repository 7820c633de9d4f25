"""vCards of every version become rows; a bad card is a rejected row with its line, the others go on."""

import csv
import io

import pytest

from integration.errors import Rejected
from integration.prospecting import imports
from integration.prospecting.files import cards
from integration.records import Candidate
from integration.soql import equals, select
from tests.unit.people.importing import load, new_import, rejects, run

OLD = """BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Zo=C3=AB;;;\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB =\r
M=C3=BCller\r
TEL;CELL;PREF:+353861234567\r
TEL;WORK;FAX:+353861234568\r
EMAIL;INTERNET:zoe@a.example\r
ADR;HOME;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:;;Stra=DFe 1;K=F6ln;;50667;Germany\r
NOTE;ENCODING=QUOTED-PRINTABLE:line one=0D=0A=\r
BEGIN of line two\r
END:VCARD\r
"""
APPLE = """BEGIN:VCARD
VERSION:3.0
N:Lee;Ann;Mary;Dr.;
FN:Dr. Ann Mary Lee
item1.EMAIL;type=INTERNET;type=pref:ann@a.example
item1.X-ABLabel:_$!<Work>!$_
EMAIL;TYPE=HOME:ann.lee@home.example
ORG:Acme\\, Inc.;R&D
TITLE:Tester
item2.ADR;TYPE=WORK:;;1 Street\\nFloor 2;Dublin;Leinster;D01;Ireland
item3.URL:https\\://www.linkedin.com/in/ann-lee
CATEGORIES:Bench,Dublin
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Bob May
N:May;Bob;;;
TEL;VALUE=uri;TYPE="voice,cell":tel:+353-86-123-4570
EMAIL:bob@b.exam
 ple
END:VCARD
"""


def rows_of(tmp_path, data):
    path = tmp_path / "people.vcf"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    table = cards.read(path)
    return [(row.number, dict(zip(table.header.cells, row.cells, strict=True)), row.fault) for row in table.rows]


def one(tmp_path, data):
    [(_, values, fault)] = rows_of(tmp_path, data)
    assert fault == ""
    return {name: value for name, value in values.items() if value}


def test_quoted_printable_with_soft_breaks_and_code_pages(tmp_path):
    assert one(tmp_path, OLD) == {
        "Full name": "Zoë Müller",
        "First name": "Zoë",
        "Last name": "Müller",
        "E-mail": "zoe@a.example",
        "Phone": "+353861234567",
        "City": "Köln",
        "Country": "Germany",
    }


def test_grouped_properties_and_several_values(tmp_path):
    found = one(tmp_path, APPLE)
    assert found["E-mail"] == "ann@a.example ::: ann.lee@home.example"
    assert (found["Employer"], found["City"], found["Tags"]) == ("Acme, Inc.", "Dublin", "Bench,Dublin")
    assert found["Profile"] == "https://www.linkedin.com/in/ann-lee"


def test_folded_lines_and_telephone_addresses(tmp_path):
    found = one(tmp_path, NEW)
    assert (found["E-mail"], found["Phone"]) == ("bob@b.example", "+353-86-123-4570")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_card_files_of_any_encoding(tmp_path, encoding):
    text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Müller;Zoë;;;\r\nEMAIL:zoe@a.example\r\nEND:VCARD\r\n"
    assert one(tmp_path, text.encode(encoding))["Full name"] == "Zoë Müller"


def test_a_bad_picture_costs_nothing(tmp_path):
    picture = "PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQ!!! not base64 at all\nzzzz$$$\n\n"
    found = one(tmp_path, APPLE.replace("TITLE:", picture + "TITLE:"))
    assert (found["Title"], found["E-mail"][:13]) == ("Tester", "ann@a.example")


def test_a_card_inside_a_card_is_not_a_person(tmp_path):
    agent = "AGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:The assistant\nEND:VCARD\n"
    found = one(tmp_path, OLD.replace("TEL;CELL", agent.replace("\n", "\r\n") + "TEL;CELL"))
    assert (found["Full name"], found["Phone"]) == ("Zoë Müller", "+353861234567")


def test_a_cut_off_card_costs_only_itself(tmp_path):
    rows = rows_of(tmp_path, NEW.replace("END:VCARD\n", "") + APPLE)
    assert [(number, bool(fault)) for number, _, fault in rows] == [(1, True), (8, False)]
    assert "no END:VCARD" in rows[0][2]


def test_a_line_that_is_no_property_costs_only_itself(tmp_path):
    assert one(tmp_path, NEW.replace("FN:", "this is no property\nFN:"))["Full name"] == "Bob May"


def test_cards_are_imported_and_bad_ones_come_back_with_their_line(app):
    group = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:The team\nEND:VCARD\n"
    nobody = "BEGIN:VCARD\nVERSION:3.0\nFN:Cy Poe\nEMAIL:cy@@c\nEND:VCARD\n"
    import_id = new_import(app, APPLE + group + nobody + NEW, name="contacts.vcf")
    assert "vCards" in imports.preview(app, import_id)
    assert run(app, import_id) == (4, 2, 0, 0, 2)
    bad = list(csv.DictReader(io.StringIO(rejects(app, import_id))))
    assert [row["Line"] for row in bad] == ["14", "19"]
    assert "not a person" in bad[0]["Reason"]
    [ann] = app.salesforce.query(
        select(
            Candidate.API_NAME,
            [Candidate.FIRST_NAME, Candidate.COUNTRY],
            where=equals(Candidate.EMAIL, "ann@a.example"),
        )
    )
    assert ann == {Candidate.FIRST_NAME: "Ann Mary", Candidate.COUNTRY: "IE"}


def test_the_same_cards_again_make_nobody(app):
    assert load(app, APPLE + NEW, name="a.vcf")[0] == (2, 2, 0, 0, 0)
    assert load(app, APPLE + NEW, name="b.vcf")[0] == (2, 0, 2, 0, 0)


def test_an_empty_card_is_told(tmp_path):
    [(_, _, fault)] = rows_of(tmp_path, "BEGIN:VCARD\nEND:VCARD\n")
    assert "cannot be read" in fault


def test_a_file_that_only_starts_like_cards_is_refused(tmp_path):
    with pytest.raises(Rejected, match="no vCard"):
        rows_of(tmp_path, "begin:vcards of mine\n")
