"""Rows that come back: their codes, what to do, nothing to run in them, and the whole file in after correction."""

import csv
import io

import pytest

from integration.candidates import Found, State
from integration.model.reject import Code
from integration.prospecting.imports import chunk, rejects
from integration.prospecting.imports.places import load_of
from integration.prospecting.imports.rows import Reject
from integration.records import Candidate, CandidateImport
from tests.unit.people.importing import load, message, new_import, run
from tests.unit.people.importing import rejects as text_of_rejects

HEADER = "First name,Last name,E-mail,Phone,Title,Country,Profile,Language,Lifecycle,Added on,Opted out\n"
GOOD = "Bob,May,bob@b.example,,,,,,,,\n"


def came_back(app, import_id):
    return list(csv.DictReader(io.StringIO(text_of_rejects(app, import_id))))


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("Ann,Lee,ann@@a.example,,,,,,,,", Code.EMAIL_INVALID, "E-mail"),
        (f"Ann,Lee,{'a' * 60}@{'b' * 30}.example,,,,,,,,", Code.TOO_LONG, "E-mail"),
        ("Ann,Lee,ann@a.example,12345,,IE,,,,,", Code.PHONE_INVALID, "Phone"),
        ("Ann,Lee,ann@a.example,086 123 4567,,,,,,,", Code.PHONE_WITHOUT_COUNTRY, "Phone"),
        (f"Ann,Lee,ann@a.example,,{'x' * 256},,,,,,", Code.TOO_LONG, "Title"),
        ("Ann,Lee,ann@a.example,,,Atlantis,,,,,", Code.COUNTRY_UNKNOWN, "Country"),
        ("Ann,Lee,ann@a.example,,,,not a page,,,,", Code.PROFILE_INVALID, "Profile"),
        ("Ann,Lee,ann@a.example,,,,,Klingonese,,,", Code.LANGUAGE_INVALID, "Language"),
        ("Ann,Lee,ann@a.example,,,,,,Alumnus,,", Code.PICKLIST_UNKNOWN, "Lifecycle"),
        ("Ann,Lee,ann@a.example,,,,,,,31/02/2024,", Code.DATE_INVALID, "Added on"),
        ("Ann,Lee,ann@a.example,,,,,,,02/03/2024,", Code.DATE_AMBIGUOUS, "Added on"),
        ("Ann,Lee,ann@a.example,,,,,,,,perhaps", Code.YES_NO_UNKNOWN, "Opted out"),
        ("Ann,=1+1,ann@a.example,,,,,,,,", Code.FORMULA, "Last name"),
        ("Ann,Lee,ann@a.example,,#REF!,,,,,,", Code.SPREADSHEET_ERROR, "Title"),
        ("Ann,L\ufffde,ann@a.example,,,,,,,,", Code.UNREADABLE_CHARACTERS, "Last name"),
        (",,ann@a.example,,,,,,,,", Code.NO_NAME, "Last name"),
        ("Ann,Lee,,,,,,,,,", Code.NO_ADDRESS, "E-mail"),
        ("Ann,Lee,ann@a.example,,,,,,,,,more", Code.TOO_MANY_VALUES, ""),
        ('Ann,Lee,"ann@a.example,,,,,,,,', Code.UNCLOSED_QUOTE, ""),
    ],
)
def test_every_rejected_row_has_line_column_code_reason_and_remedy(app, row, code, column):
    import_id = new_import(app, HEADER + GOOD + row + "\n")
    assert run(app, import_id) == (2, 1, 0, 0, 1)
    [back] = came_back(app, import_id)
    assert (back["Line"], back["Column"], back["Code"]) == ("3", column, code)
    assert back["Reason"].endswith((".", "?"))
    assert back["Remedy"].endswith(".")
    assert back["Remedy"] not in back["Reason"]
    assert back["Reason"] in message(app, import_id)


def test_b18_the_nearest_word_of_a_picklist_is_named(app):
    import_id = new_import(app, HEADER + GOOD + "Ann,Lee,ann@a.example,,,,,,Aplicant,,\n")
    run(app, import_id)
    assert "Is it “Applicant”?" in came_back(app, import_id)[0]["Reason"]


def test_a_row_that_salesforce_refuses_keeps_its_code(app):
    ours = "First name,Last name,E-mail,ATS id\n"
    load(app, ours + "Ann,Lee,ann@a.example,A-1\n")
    import_id = new_import(app, ours + "Bob,May,bob@b.example,A-1\n")
    run(app, import_id)
    [back] = came_back(app, import_id)
    assert (back["Code"], back["Column"]) == ("DUPLICATE_VALUE", "ATS id")
    assert back["First name"] == "Bob"
    assert "Correct it" in back["Remedy"]


def test_an_erased_person_comes_back_without_personal_data(app):
    """However the refusal is worded: neither the row nor the reason tells who it was."""
    import_id = new_import(app, HEADER + "Ann,Lee,ann@a.example,,,,,,,,\n" + GOOD)
    run(app, import_id)
    one = load_of(app, import_id)
    refused = Found(State.REFUSED, reason="ann@a.example is erased", field=Candidate.EMAIL, code="erased")
    reject = chunk.reject_of(2, refused, "E-mail")
    assert isinstance(reject, Reject)
    text = b"".join(rejects.rejects_file(app, one, [reject])).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    assert (row["Line"], row["Code"]) == ("2", Code.ERASED)
    assert "ann" not in text.casefold().replace("cannot", "")
    assert "Lee" not in text


def test_a_file_without_one_good_row_ends_with_all_of_them_back(app):
    import_id = new_import(app, HEADER + "Ann,Lee,a@b,,,,,,,,\n,,,,,,,,,,x\n")
    assert run(app, import_id) == (2, 0, 0, 0, 2)
    assert app.salesforce.get(CandidateImport.API_NAME, import_id, [CandidateImport.STATUS])["Status__c"] == "Done"
    assert [row["Code"] for row in came_back(app, import_id)] == [Code.EMAIL_INVALID, Code.NO_ADDRESS]


def ten_thousand(bad):
    for number in range(10_000):
        wrong = number % 73 == 0 and number // 73 < bad
        yield f"P{number},Q,p{number}@{'@' if wrong else ''}x.example,,,,,,,,\n"


@pytest.mark.slow
def test_ten_thousand_rows_with_137_bad_ones_are_all_in_after_correction(app):
    import_id = new_import(app, HEADER + "".join(ten_thousand(137)))
    assert run(app, import_id) == (10_000, 9_863, 0, 0, 137)
    back = text_of_rejects(app, import_id)
    assert len(list(csv.DictReader(io.StringIO(back)))) == 137
    assert load(app, back.replace("@@", "@").encode())[0] == (137, 137, 0, 0, 0)
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 10_000
    # The whole file, corrected and loaded once more, changes nothing.
    assert load(app, HEADER + "".join(ten_thousand(0)))[0] == (10_000, 0, 10_000, 0, 0)
