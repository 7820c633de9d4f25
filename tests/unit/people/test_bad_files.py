"""Bad inputs B1–B23: each is refused or cleaned with a message that names it, and the rest of the file goes on."""

import csv
import io

import pytest

from integration.errors import Rejected
from integration.model.address import sendable
from integration.prospecting import imports
from integration.prospecting.imports.reading import records, text_lines
from integration.prospecting.imports.splitting import CHUNK_ROWS
from integration.records import Candidate, CandidateImport
from integration.soql import equals, select
from tests.unit.people.importing import counts, field, load, message, new_import, rejects, run, work

HEADER = "First name,Last name,E-mail,Phone,Title\n"
ANN = "Ann,Lee,ann@a.example,+353861234567,Tester\n"
BOB = "Bob,May,bob@b.example,,Baker\n"


def candidate(app, email):
    fields = [Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.TITLE, Candidate.PHONE, Candidate.COLLECTED_AT]
    rows = app.salesforce.query(select(Candidate.API_NAME, fields, where=equals(Candidate.EMAIL, email)))
    return rows[0] if rows else None


def one_bad_row(app, bad, header=HEADER, good=BOB):
    """The reason why one row of two was rejected; the good one stands in the org."""
    import_id = new_import(app, header + bad + good)
    assert run(app, import_id) == (2, 1, 0, 0, 1)
    line = next(csv.DictReader(io.StringIO(rejects(app, import_id))))
    return line["Line"], line["Column"], f"{line['Reason']} {line['Remedy']}"


@pytest.mark.parametrize("command", [imports.preview, imports.load])
def test_b1_empty_file(app, command):
    import_id = new_import(app, "\n")
    with pytest.raises(Rejected, match="empty"):
        command(app, import_id)
    assert field(app, import_id, CandidateImport.STATUS) == "Failed"


def test_b2_header_only(app):
    with pytest.raises(Rejected, match="no rows below"):
        imports.load(app, new_import(app, HEADER))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_b3_encodings(app, encoding):
    result, _ = load(app, (HEADER + "Zoë,Müller,zoe@a.example,,Façade\n").encode(encoding))
    assert result == (1, 1, 0, 0, 0)
    assert candidate(app, "zoe@a.example")[Candidate.LAST_NAME] == "Müller"


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_b4_delimiters(app, delimiter):
    result, _ = load(app, (HEADER + ANN).replace(",", delimiter))
    assert result == (1, 1, 0, 0, 0)


def test_b5_a_row_that_is_too_long_is_rejected_a_short_one_padded(app):
    line, _, reason = one_bad_row(
        app, "Ann,Lee,ann@a.example,+353861234567,Tester, senior\n", good="Bob,May,bob@b.example\n"
    )
    assert line == "2"
    assert "6 values, the header has 5 columns" in reason
    assert "quotation marks" in reason


def test_b6_unclosed_quote_costs_one_row(app):
    line, _, reason = one_bad_row(app, 'Ann,"Lee,ann@a.example,,Tester\n')
    assert line == "2"
    assert "is opened and not closed" in reason


def test_b7_nul_bytes_are_taken_out(app):
    result, told = load(app, HEADER + "Ann\0,Lee,ann@a.example,,Tester\n")
    assert result == (1, 1, 0, 0, 0)
    assert candidate(app, "ann@a.example")[Candidate.FIRST_NAME] == "Ann"
    assert "control characters" in told


def test_b8_giant_field(app):
    _, _, reason = one_bad_row(app, f"Ann,Lee,ann@a.example,,{'x' * 140_000}\n")
    assert "131,072 characters" in reason


def test_b9_duplicate_header_uses_the_first_and_says_so(app):
    import_id = new_import(app, "First name,Last name,E-mail,Title,Title\nAnn,Lee,ann@a.example,Tester,Baker\n")
    assert "Left out: Title (2)." in imports.preview(app, import_id)
    assert run(app, import_id) == (1, 1, 0, 0, 0)
    assert candidate(app, "ann@a.example")[Candidate.TITLE] == "Tester"


def test_b10_missing_column_is_named_with_the_nearest(app):
    with pytest.raises(Rejected) as refused:
        imports.load(app, new_import(app, "First name,Last name,E-Mail-Adr.\nAnn,Lee,on request\n"))
    assert "No column holds an address" in refused.value.message
    assert "Is it “E-Mail-Adr.”?" in refused.value.message
    with pytest.raises(Rejected, match=r"No column holds a name.*Add such a column, or say in Mapping which one it is"):
        imports.load(app, new_import(app, "Foo,Bar\n1,2\n"))


def test_b11_a_long_file_is_read_as_a_stream():
    chunks = (b"ann,lee\n" * 1_000 for _ in range(100))
    lines = records(text_lines(chunks, "utf-8"), ",")
    assert next(lines).number == 1
    # Nothing but the first buffers was read so far.
    assert sum(1 for _ in chunks) > 80


def test_b12_the_same_person_many_times(app):
    rows = ANN + "Ann,Lee,ANN@A.example,,\n" + "A.,Lee,,+353 86 123 4567,\n" + BOB + ANN
    result, _ = load(app, HEADER + rows)
    assert result == (5, 2, 0, 3, 0)


def test_b12_the_same_person_in_two_chunks(app):
    others = "".join(f"P{n},Q,p{n}@a.example,,\n" for n in range(CHUNK_ROWS))
    result, _ = load(app, HEADER + ANN + others + ANN)
    assert result == (CHUNK_ROWS + 2, CHUNK_ROWS + 1, 0, 1, 0)


@pytest.mark.parametrize(
    "bad",
    ["a@b", "ann@@a.example", "ann@a.example.", '"""ann lee""@a.example"', "a" * 65 + "@a.example", "ann(x)@a.example"],
)
def test_b13_bad_emails(app, bad):
    line, column, reason = one_bad_row(app, f"Ann,Lee,{bad},,\n")
    assert (line, column) == ("2", "E-mail")
    assert "is not an e-mail address" in reason


def test_b14_role_addresses_are_told_and_match_by_name_only(app):
    result, told = load(app, HEADER + "Ann,Lee,info@a.example,,\nBob,May,info@a.example,,\nAnn,Lee,info@a.example,,\n")
    assert result == (3, 2, 0, 1, 0)
    assert "several people may read" in told


def test_b14_throw_away_addresses_are_told_by_line(app):
    rows = "Ann,Lee,ann@mailinator.com,,\nBob,May,bob@b.example,,\nCy,Poe,cy@eu.Mailinator.com,,\n"
    result, told = load(app, HEADER + rows)
    assert result == (3, 3, 0, 0, 0)
    assert "2 rows have a throw-away e-mail address, which may reach nobody: lines 2, 4." in told


def test_b15_formula_cells(app):
    _, column, reason = one_bad_row(app, 'Ann,"=HYPERLINK(""http://evil"")",ann@a.example,,\n')
    assert column == "Last name"
    assert "is a formula" in reason


def test_b15_the_rejects_file_runs_nothing(app):
    import_id = new_import(app, HEADER + '"=cmd|calc",Lee,@SUM(1),+1,-2+3\n' + BOB)
    run(app, import_id)
    row = list(csv.reader(io.StringIO(rejects(app, import_id))))[1]
    assert row[:5] == ["'=cmd|calc", "Lee", "'@SUM(1)", "'+1", "'-2+3"]


@pytest.mark.parametrize("day", ["31/02/2024", "2024-02-30", "32.01.2024", "tomorrow", "2199-01-01"])
def test_b16_impossible_dates(app, day):
    _, column, reason = one_bad_row(
        app, f"Ann,Lee,ann@a.example,{day}\n", "First name,Last name,E-mail,Connected On\n", "Bob,May,bob@b.example,\n"
    )
    assert column == "Connected On"
    assert "2026-03-31" in reason


def test_b16_ambiguous_dates(app):
    header = "First name,Last name,E-mail,Connected On\n"
    _, _, reason = one_bad_row(app, "Ann,Lee,ann@a.example,02/03/2024\n", header, "Bob,May,bob@b.example,2024-03-02\n")
    assert "two ways" in reason
    result, _ = load(app, header + "Cy,Poe,cy@c.example,02/03/2024\nDi,Fox,di@d.example,25/12/2023\n")
    assert result == (2, 2, 0, 0, 0)
    assert candidate(app, "cy@c.example")[Candidate.COLLECTED_AT][:10] == "2024-03-02"


@pytest.mark.parametrize("bad", ["call after 5", "12345", "086 123 4567", "+999 1234"])
def test_b17_phone_junk(app, bad):
    line, column, reason = one_bad_row(app, f"Ann,Lee,ann@a.example,{bad},\n")
    assert (line, column) == ("2", "Phone")
    assert bad in reason


def test_b18_unknown_picklist_value(app):
    header = "First name,Last name,E-mail,Lifecycle\n"
    _, column, reason = one_bad_row(app, "Ann,Lee,ann@a.example,Legend\n", header, "Bob,May,bob@b.example,alumni\n")
    assert column == "Lifecycle"
    assert "Legend" in reason
    assert "Prospect, Applicant" in reason


@pytest.mark.parametrize(("column", "length"), [("Title", 255), ("Last name", 80)])
def test_b19_text_over_length_tells_its_length(app, column, length):
    values = {"Title": "Tester", "Last name": "Lee"} | {column: "x" * (length + 1)}
    _, named, reason = one_bad_row(app, f"Ann,{values['Last name']},ann@a.example,,{values['Title']}\n")
    assert named == column
    assert f"{length + 1} characters" in reason
    assert f"may have {length}" in reason


@pytest.mark.parametrize("name", ["🦊", "عبد‎الله", "Zo\u200de", "e\u0301va", "Ñandú", "王小明"])
def test_b20_names_are_kept_exactly(app, name):
    load(app, HEADER + f"{name},Lee,ann@a.example,,\n")
    assert candidate(app, "ann@a.example")[Candidate.FIRST_NAME] == name


def test_b21_control_characters_in_names_become_blanks(app):
    result, told = load(app, HEADER + '"Ann\r\nBcc: eve@e.example","Lee\x07",ann@a.example,,\n')
    assert result == (1, 1, 0, 0, 0)
    row = candidate(app, "ann@a.example")
    assert row[Candidate.FIRST_NAME] == "Ann Bcc: eve@e.example"
    assert row[Candidate.LAST_NAME] == "Lee"
    assert "1 rows had control characters" in told


def test_b22_no_address_of_an_import_can_add_a_recipient(app):
    _, column, _ = one_bad_row(app, '"Ann","Lee","ann@a.example\nBcc: eve@e.example",,\n')
    assert column == "E-mail"
    assert sendable("ann@a.example\nBcc: eve@e.example") == ""


def test_b23_loading_the_same_file_again_makes_nobody(app):
    data = HEADER + ANN + BOB + "Cy,Poe,info@c.example,,\nDi,Fox,,+353861234599,\n"
    assert load(app, data)[0] == (4, 4, 0, 0, 0)
    assert load(app, data)[0] == (4, 0, 4, 0, 0)
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 4


def test_corrected_rejects_load_as_they_come_back(app):
    import_id = new_import(app, HEADER + "Ann,Lee,ann@a.example,+1,Tester\n" + BOB)
    run(app, import_id)
    corrected = rejects(app, import_id).replace("'+1", "'+353861234567")
    assert load(app, corrected.encode())[0] == (1, 1, 0, 0, 0)
    assert candidate(app, "ann@a.example")[Candidate.PHONE] == "+353861234567"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04rest", "damaged"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "a picture"),
        (bytes(range(256)) * 20, "no text.*CSV UTF-8"),
    ],
)
def test_a_file_that_is_no_text_is_named(app, data, what):
    with pytest.raises(Rejected, match=what):
        imports.preview(app, new_import(app, data))


def test_a_word_of_the_mapping_that_means_nothing_is_told(app):
    import_id = new_import(app, HEADER + ANN)
    app.salesforce.update(CandidateImport.API_NAME, import_id, {CandidateImport.MAPPING: '{"E-mail": "Shoe"}'})
    with pytest.raises(Rejected, match=r"“E-mail” means nothing in Mapping.*columns"):
        imports.load(app, import_id)


def test_an_import_without_a_file_says_so(app):
    import_id = app.salesforce.create(CandidateImport.API_NAME, {"Name": "Nothing"})
    with pytest.raises(Rejected, match="Attach a list"):
        imports.preview(app, import_id)


def test_what_the_org_refuses_is_a_reject_too(app):
    ours = "First name,Last name,E-mail,ATS id\n"
    load(app, ours + "Ann,Lee,ann@a.example,A-1\n")
    import_id = new_import(app, ours + "Bob,May,bob@b.example,A-1\nCy,Poe,cy@c.example,A-2\n")
    assert run(app, import_id) == (2, 1, 0, 0, 1)
    row = next(csv.DictReader(io.StringIO(rejects(app, import_id))))
    assert (row["Line"], row["Column"]) == ("2", "ATS id")
    assert "ATS Id" in row["Reason"]


def test_progress_and_message_while_loading(app):
    rows = "".join(f"P{n},Q,p{n}@a.example,,\n" for n in range(CHUNK_ROWS + 1))
    import_id = new_import(app, HEADER + rows)
    imports.load(app, import_id)
    assert message(app, import_id).startswith("Loading 1,001 rows")
    work(app)
    assert field(app, import_id, CandidateImport.PROGRESS) == 100
    assert counts(app, import_id) == (1001, 1001, 0, 0, 0)
