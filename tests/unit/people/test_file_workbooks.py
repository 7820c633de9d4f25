"""Workbooks are read as a person sees them, from the sheet that holds people, and opened only when that is safe."""

import csv
import datetime
import io
import zipfile

import pytest

from integration.errors import Rejected
from integration.prospecting import imports
from integration.prospecting.files import archive, workbook
from integration.records import Candidate
from integration.soql import equals, select
from tests.unit.people.importing import load, new_import, rejects, run
from tests.unit.people.workbooks import workbook as made

HEADER = ["First name", "Last name", "E-mail", "Phone", "Title", "Connected On"]


def rows_of(tmp_path, data, sheet=""):
    path = tmp_path / "book.xlsx"
    path.write_bytes(data)
    table = workbook.read(path, sheet)
    return table, list(table.rows)


def candidate(app, email, *fields):
    [row] = app.salesforce.query(select(Candidate.API_NAME, fields, where=equals(Candidate.EMAIL, email)))
    return [row[field] for field in fields]


def test_a_workbook_is_imported_like_a_text(app):
    data = made(
        ("Read me", [["A list of people"], ["made for the fair"]]),
        (
            "People",
            [
                ["Fair 2024"],
                [],
                HEADER,
                ["Ann", "Lee", "ann@a.example", 353861234567, "Tester", datetime.datetime(2024, 3, 5)],
                [],
                ["Bob", "May", "bob@b", "", "Baker", datetime.date(2024, 3, 6)],
            ],
        ),
    )
    import_id = new_import(app, data, name="people.xlsx")
    told = imports.preview(app, import_id)
    assert "workbook, sheet “People”, header in row 3" in told
    assert "Other sheets: Read me" in told
    assert run(app, import_id) == (2, 1, 0, 0, 1)
    assert candidate(app, "ann@a.example", Candidate.PHONE, Candidate.COLLECTED_AT) == [
        "+353861234567",
        "2024-03-05T12:00:00.000+0000",
    ]
    [row] = csv.DictReader(io.StringIO(rejects(app, import_id)))
    assert (row["Line"], row["Column"], row["E-mail"]) == ("6", "E-mail", "bob@b")


def test_the_recruiter_chooses_another_sheet(app):
    data = made(
        ("2023", [HEADER[:3], ["Ann", "Lee", "ann@a.example"]]), ("2024", [HEADER[:3], ["Bob", "May", "bob@b.example"]])
    )
    assert load(app, data, Mapping__c='{"sheet": " 2024"}')[0] == (1, 1, 0, 0, 0)
    assert candidate(app, "bob@b.example", Candidate.LAST_NAME) == ["May"]
    with pytest.raises(Rejected, match=r"no sheet “2025”. It has “2023”, “2024”"):
        imports.preview(app, new_import(app, data, Mapping__c='{"sheet": "2025"}'))


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (353861234567, "353861234567"),
        (1.23e10, "12300000000"),
        (0.5, "0.5"),
        (True, "TRUE"),
        (datetime.datetime(2024, 3, 5), "2024-03-05"),
        (datetime.datetime(2024, 3, 5, 9, 30), "2024-03-05 09:30"),
        (datetime.time(9, 30), "09:30"),
        ("00123", "00123"),
        ("two\nlines", "two\nlines"),
        (None, ""),
    ],
)
def test_cells_as_a_person_sees_them(tmp_path, value, seen):
    _, rows = rows_of(tmp_path, made(("S", [["E-mail", "X", "Y"], ["ann@a.example", value, "end"]])))
    assert rows[0].cells == ["ann@a.example", seen, "end"]


def test_the_plus_that_excel_took_from_a_phone_is_given_back(tmp_path):
    _, rows = rows_of(tmp_path, made(("S", [["Phone", "Id"], [353861234567, 353861234567], [5551234, 1]])))
    assert [row.cells for row in rows] == [["+353861234567", "353861234567"], ["5551234", "1"]]


def test_row_numbers_are_those_of_the_sheet(tmp_path):
    table, rows = rows_of(tmp_path, made(("S", [[], [], [], [None, "E-mail"], [], [None, "a@a.example"]])))
    assert table.header.number == 4
    assert [row.number for row in rows if any(row.cells)] == [6]


def test_a_hidden_sheet_is_not_taken_for_the_list(tmp_path):
    data = made(
        ("Old", [HEADER, *[["x"] * 6] * 9]), ("New", [HEADER[:3], ["Ann", "Lee", "ann@a.example"]]), hidden=["Old"]
    )
    assert rows_of(tmp_path, data)[0].about.sheet == "New"


def test_a_value_over_merged_rows_belongs_to_each(tmp_path):
    data = made(
        ("S", [["Company", "E-mail"], ["Acme", "a@a.example"], [None, "b@a.example"], [None, "c@a.example"]]),
        merged={"S": ["A2:A3"]},
    )
    assert [row.cells[0] for row in rows_of(tmp_path, data)[1]] == ["Acme", "Acme", ""]


def test_a_formula_counts_by_its_result(tmp_path):
    data = made(("S", [["E-mail", "Title"], ["ann@a.example", '=CONCATENATE("Te","ster")']]))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    # As Excel writes it: the formula with the result that it computed.
    parts["xl/worksheets/sheet1.xml"] = (
        sheet.replace('<c r="B2">', '<c r="B2" t="str">')
        .replace("<v />", "<v>Tester</v>")
        .replace("<v></v>", "<v>Tester</v>")
    ).encode()
    assert rows_of(tmp_path, zipped(parts))[1][0].cells == ["ann@a.example", "Tester"]


def zipped(parts, **options):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content, **options)
    return data.getvalue()


def test_b24_a_workbook_that_is_a_bomb_is_refused_by_what_it_declares(app):
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": bytes(60_000_000),
    }
    with pytest.raises(Rejected, match=r"refused: it unpacks to far more than it should.*times its size"):
        imports.preview(app, new_import(app, zipped(parts), name="bomb.xlsx"))


def test_b24_a_bomb_that_lies_about_its_size_is_refused_while_it_unpacks():
    data = bytearray(zipped({"word/document.xml": bytes(3_000_000)}))
    # The central directory says that the entry has one byte.
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (1).to_bytes(4, "little")
    with pytest.raises(Rejected, match="damaged"):
        _unpacked(bytes(data))


def _unpacked(data):
    with archive.opened(io.BytesIO(data)) as packed:
        archive.check(packed, 1_000_000)
        archive.check_unpacked(packed, 1_000_000)


def test_b25_entities_of_a_workbook_are_not_read(app):
    with zipfile.ZipFile(io.BytesIO(made(("S", [["E-mail", "First name"], ["ann@a.example", "Ann"]])))) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    for name in [name for name, part in parts.items() if b"Ann" in part]:
        head, end, rest = parts[name].decode().partition("?>")
        parts[name] = (head + end + doctype + rest if end else doctype + head).replace("Ann", "&e;").encode()
    import_id = new_import(app, zipped(parts), name="xxe.xlsx")
    try:
        told = imports.preview(app, import_id)
    except Rejected as refused:
        told = refused.message
    assert "root:" not in told


@pytest.mark.parametrize("name", ["EncryptedPackage", "WordDocument"])
def test_b28_a_locked_or_old_office_file_is_named(app, name):
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + f"{name}\0".encode("utf-16-le") + bytes(512)
    with pytest.raises(Rejected, match=r"password|old Word"):
        imports.preview(app, new_import(app, data, name="people.xlsx"))


def test_a_damaged_workbook_is_told_not_raised(app):
    parts = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook"}
    with pytest.raises(Rejected, match=r"damaged"):
        imports.preview(app, new_import(app, zipped(parts), name="people.xlsx"))


def test_an_empty_sheet_is_told(app):
    with pytest.raises(Rejected, match=r"empty|no sheet with rows"):
        imports.preview(app, new_import(app, made(("S", [])), name="people.xlsx"))


def test_a_sheet_that_claims_billions_of_cells_costs_only_its_reader(app):
    data = made(("S", [["E-mail", "First name"], ["ann@a.example", "Ann"]]))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].decode().replace("</sheetData>", far).encode()
    with pytest.raises(Rejected, match=r"memory|damaged"):
        imports.preview(app, new_import(app, zipped(parts), name="people.xlsx"))
