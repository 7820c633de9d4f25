"""The preview says what each column becomes and why; the mapping is kept as a profile for the next such file."""

import json

import pytest

from integration.errors import Rejected
from integration.prospecting import imports
from integration.prospecting.imports.evidence import by_values
from integration.prospecting.imports.reading import Line
from integration.records import Candidate, CandidateImport, ImportProfile
from integration.soql import equals, select
from tests.unit.people.importing import field, load, new_import, run

ODD = (
    "Namn,K2,,Nätprofil,Tillagd när,Hemland,Kundnr\n"
    "Åsa Lund,asa@a.example,+46 70 123 45 67,linkedin.com/in/asa,2024-03-02,Sweden,12345678\n"
    "Bo Ek,bo@b.example,070-123 45 68,https://www.linkedin.com/in/bo,2024-05-06,Sweden,12345679\n"
)


def shown(app, import_id):
    return field(app, import_id, CandidateImport.PREVIEW)


def row_of(page, header):
    return next(row for row in page.split("<tr>") if row.startswith(f"<td>{header}</td>"))


def test_columns_are_recognised_by_their_values_and_that_is_said(app):
    import_id = new_import(app, ODD, Mapping__c='{"columns": {"Namn": "full_name"}, "country": "SE"}')
    told = imports.preview(app, import_id)
    page = shown(app, import_id)
    for header, meaning in (
        ("K2", "E-mail"),
        ("Column 3", "Phone"),
        ("Nätprofil", "Profile"),
        ("Tillagd när", "Collected on"),
        ("Hemland", "Country"),
    ):
        assert f"<b>{meaning}</b>" in row_of(page, header)
        assert "found by its values" in row_of(page, header)
    assert "left out" in row_of(page, "Kundnr")
    assert "as Mapping says" in row_of(page, "Namn")
    assert "Found by their values: K2 → E-mail" in told
    assert run(app, import_id) == (2, 2, 0, 0, 0)
    [asa] = app.salesforce.query(
        select(Candidate.API_NAME, [Candidate.PHONE, Candidate.COUNTRY], where=equals(Candidate.EMAIL, "asa@a.example"))
    )
    assert asa == {Candidate.PHONE: "+46701234567", Candidate.COUNTRY: "SE"}


@pytest.mark.parametrize(
    ("header", "values", "key"),
    [
        ("x", ["ann@a.example", "Bob <bob@b.example>", "n/a"] + ["c@c.example"] * 6, "email"),
        ("x", ["ann@a.example", "none", "none"], ""),
        ("x", ["+353 86 123 4567", "(086) 123-4567", "00353861234567"], "phone"),
        ("Customer id", ["0861234567", "0861234568"], ""),
        ("x", ["123456789", "223456789"], ""),
        ("x", ["linkedin.com/in/a", "https://github.com/b"], "profile"),
        ("x", ["https://acme.example", "https://b.example"], ""),
        ("x", ["Germany", "Frankreich", "Ireland"], "country"),
        ("x", ["DE", "CA", "IN"], ""),
        ("x", ["2024-01-02", "03.04.2024", "5 May 2023"], "collected_at"),
        ("Date of birth", ["1990-01-02", "1991-03-04"], ""),
        ("Available from", ["2024-01-02", "2024-03-04"], ""),
        ("x", ["ann@a.example"], "email"),
        ("x", ["", ""], ""),
    ],
)
def test_what_values_say_and_what_they_do_not(header, values, key):
    lines = [Line(number, (value,)) for number, value in enumerate(values, start=2)]
    assert by_values([header], lines).get(0, "") == key


def test_a_column_that_its_header_names_is_not_judged_by_its_values(app):
    data = "Name,E-mail,Title\nAnn Lee,ann@a.example,x@x.example\nBob May,bob@b.example,y@y.example\n"
    import_id = new_import(app, data)
    imports.preview(app, import_id)
    assert "<b>Title</b>" in row_of(shown(app, import_id), "Title")


def test_the_preview_shows_three_samples_and_what_would_be_rejected(app):
    rows = "".join(f"Ann {n},ann{n}@a.example\n" for n in (1, 1, 2, 3, 4))
    import_id = new_import(app, "Name,E-mail\n" + rows + "Bad,nowhere\n")
    imports.preview(app, import_id)
    page = shown(app, import_id)
    assert "ann1@a.example<br>ann2@a.example<br>ann3@a.example</td>" in page
    assert "ann4@a.example" not in page
    assert "line 7, E-mail: “nowhere” is not an e-mail address" in page


def test_S2_nothing_of_a_file_is_markup_in_the_preview(app):
    data = 'Name,E-mail,"<img src=x onerror=alert(1)>"\n<script>alert(1)</script>,ann@a.example,<b>x</b>\n'
    import_id = new_import(app, data, name="<i>people</i>.csv")
    imports.preview(app, import_id)
    page = shown(app, import_id)
    assert not any(sign in page for sign in ("<script", "<img", "<i>", "<b>x"))
    assert "&lt;script&gt;" in page


def test_a_file_of_hundreds_of_columns_still_has_a_preview(app):
    headers = ["Name", "E-mail", *(f"Extra {n} {'x' * 100}" for n in range(500))]
    import_id = new_import(app, ",".join(headers) + "\nAnn Lee,ann@a.example" + ",y" * 500 + "\n")
    imports.preview(app, import_id)
    assert len(shown(app, import_id)) < 32_768


def test_a_saved_profile_is_used_by_itself_for_the_same_columns(app):
    data = "Who;Box;Since\nAnn Lee;ann@a.example;x\n"
    first = new_import(app, data, Mapping__c='{"columns": {"Who": "full_name", "Box": "email", "Since": "-"}}')
    imports.preview(app, first)
    assert "Saved as profile “A list”" in imports.save_profile(app, first)
    assert imports.save_profile(app, first)  # twice is once
    assert app.salesforce.count("SELECT COUNT() FROM Import_Profile__c") == 1
    assert field(app, first, CandidateImport.PROFILE)
    # The same columns, in another order and between commas.
    second = new_import(app, "Since,BOX,Who\nx,bob@b.example,Bob May\n".replace("BOX", "Box"))
    told = imports.preview(app, second)
    assert "that of the profile “A list”, which was saved for a file with these columns" in told
    assert "by the profile “A list”" in row_of(shown(app, second), "Who")
    assert run(app, second) == (1, 1, 0, 0, 0)


def test_other_columns_do_not_get_the_profile(app):
    first = new_import(
        app, "Who,Box\nAnn Lee,ann@a.example\n", Mapping__c='{"columns": {"Who": "full_name", "Box": "email"}}'
    )
    imports.preview(app, first)
    imports.save_profile(app, first)
    with pytest.raises(Rejected, match="No column holds a name"):
        imports.preview(app, new_import(app, "Who,Box,More\nAnn Lee,ann@a.example,x\n"))


def test_the_chosen_profile_is_changed_by_saving_again(app):
    profile = app.salesforce.create(ImportProfile.API_NAME, {"Name": "Fair"})
    mapping = '{"columns": {"Who": "full_name", "Box": "email"}, "existing": "overwrite"}'
    import_id = new_import(app, "Who,Box\nAnn Lee,ann@a.example\n", Profile__c=profile, Mapping__c=mapping)
    assert "Saved as profile “Fair”" in imports.save_profile(app, import_id)
    row = app.salesforce.get(ImportProfile.API_NAME, profile, [ImportProfile.MAPPING, ImportProfile.KEY])
    assert json.loads(row[ImportProfile.MAPPING]) == json.loads(mapping)
    assert len(row[ImportProfile.KEY]) == 32


def test_two_profiles_never_stand_for_the_same_columns(app):
    mapping = '{"columns": {"Who": "full_name", "Box": "email"}}'
    first = new_import(app, "Who,Box\nAnn,ann@a.example\n", Mapping__c=mapping)
    imports.save_profile(app, first)
    other = app.salesforce.create(ImportProfile.API_NAME, {"Name": "Other"})
    with pytest.raises(Rejected, match="“A list” stands for a file with these columns already"):
        imports.save_profile(app, new_import(app, "x", Mapping__c=mapping, Profile__c=other))


def test_there_is_nothing_to_save_before_a_preview(app):
    with pytest.raises(Rejected, match="Command Preview first"):
        imports.save_profile(app, new_import(app, "Name,E-mail\nAnn,ann@a.example\n"))


def test_a_profile_that_was_broken_by_hand_is_told(app):
    profile = app.salesforce.create(ImportProfile.API_NAME, {"Name": "Bad", "Mapping__c": "{"})
    with pytest.raises(Rejected, match="not valid JSON"):
        load(app, "Name,E-mail\nAnn,ann@a.example\n", Profile__c=profile)
