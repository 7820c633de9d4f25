"""The twelve nasty CSV files of real spreadsheets and exports import right; delimited text is read to the letter."""

import csv
import io
import json

import pytest

from integration.errors import Rejected
from integration.prospecting import imports
from integration.prospecting.imports.layout import detect
from integration.prospecting.imports.reading import encoding_of, records, text_lines
from integration.records import Candidate
from integration.soql import select
from tests.unit.people.importing import load, new_import

ROWS = [("Zoë", "Müller", "zoe@a.example"), ("Bob", "May", "bob@b.example")]
PLAIN = "First name,Last name,E-mail\nZoë,Müller,zoe@a.example\nBob,May,bob@b.example\n"

NASTY = {
    "byte_order_mark": PLAIN.encode("utf-8-sig"),
    "semicolons": PLAIN.replace(",", ";").encode(),
    "crlf": PLAIN.replace("\n", "\r\n").encode(),
    "cr_only": PLAIN.replace("\n", "\r").encode(),
    "quotes": (
        '"First name","Last name","E-mail","Title"\n"Zoë","Müller","zoe@a.example","Says ""hi"", often"\n'
        '"Bob","May","bob@b.example","Baker,\nthen chef"\n'
    ).encode(),
    "utf_16": PLAIN.replace(",", "\t").encode("utf-16"),
    "windows_1252": PLAIN.encode("cp1252"),
    "blank_lines": ("\n\n" + PLAIN.replace("\n", "\n\n,,\n") + "\n\n").encode(),
    "one_column": b"E-mail\nZo\xc3\xab M\xc3\xbcller <zoe@a.example>\nbob.may@b.example\n",
    "excel_sep_line": ("sep=;\r\n" + PLAIN.replace(",", ";").replace("\n", "\r\n")).encode("cp1252"),
    "preamble": ('Notes:\n"When exporting, some ""things"" are missing."\n\n' + PLAIN).encode(),
    "no_end_of_line_and_spaces": (
        " First name , Last name , E-mail \n Zoë , Müller , zoe@a.example \nBob,May,bob@b.example".encode()
    ),
}


def everybody(app):
    fields = [Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.EMAIL]
    return {tuple(row.values()) for row in app.salesforce.query(select(Candidate.API_NAME, fields))}


@pytest.mark.parametrize("name", NASTY)
def test_row_15_the_twelve_nasty_files_import_right(app, name):
    assert load(app, NASTY[name])[0] == (2, 2, 0, 0, 0)
    wanted = set(ROWS)
    if name == "one_column":
        wanted = {("Zoë", "Müller", "zoe@a.example"), ("Bob", "May", "bob.may@b.example")}
    assert everybody(app) == wanted


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":"])
def test_any_usual_delimiter_is_found(app, delimiter):
    assert load(app, PLAIN.replace(",", delimiter))[0] == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("delimiter", ["!", "#", "\x1c"])
def test_any_other_sign_can_be_named(app, delimiter):
    mapping = json.dumps({"delimiter": delimiter})
    assert load(app, PLAIN.replace(",", delimiter), Mapping__c=mapping)[0] == (2, 2, 0, 0, 0)


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "cp1252",
        "mac-roman",
    ],
)
def test_western_letters_survive_every_encoding(encoding):
    text = (
        "First name,Last name,E-mail\n"
        + "Zoë,Müller,zoe@a.example\nÅsa,Lünd,asa@a.example\nFrançois,Noël,f@a.example\n" * 6
    )
    assert _read(text.encode(encoding)) == list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1250", "Łukasz,Wójcik;Grażyna,Śliwińska;Zdeněk,Dvořák"),
        ("cp1251", "Ольга,Смирнова;Дмитрий,Кузнецов;Анастасия,Попова"),
        ("cp932", "田中,太郎;佐藤,花子;山田,一郎"),
        ("gb18030", "王小明,李娜;张伟,刘洋;陈静,杨帆"),
    ],
)
def test_letters_of_other_scripts_survive(encoding, names):
    rows = [name.split(",") for name in names.split(";")] * 12
    text = "First name,Last name\n" + "".join(f"{first},{last}\n" for first, last in rows)
    assert _read(text.encode(encoding))[1:] == rows


def _read(data):
    def open_file():
        return iter([data[start : start + 1000] for start in range(0, len(data), 1000)])

    return [list(line.cells) for line in records(text_lines(open_file(), encoding_of(open_file)), ",")]


# As RFC 4180 says, and as programs write that have not read it.
CONFORMANCE = {
    "comma_in_quotes": ('a,b\n"x, y",z\n', [["a", "b"], ["x, y", "z"]]),
    "empty": ('a,b,c\n1,"",""\n2,3,4\n', [["a", "b", "c"], ["1", "", ""], ["2", "3", "4"]]),
    "empty_crlf": ('a,b,c\r\n1,"",""\r\n2,3,4\r\n', [["a", "b", "c"], ["1", "", ""], ["2", "3", "4"]]),
    "escaped_quotes": ('a,b\n1,"ha ""ha"" ha"\n', [["a", "b"], ["1", 'ha "ha" ha']]),
    "json": (
        'k,v\n1,"{""t"": ""Point"", ""c"": [1.0, 2.0]}"\n',
        [["k", "v"], ["1", '{"t": "Point", "c": [1.0, 2.0]}']],
    ),
    "newlines": ('a,b\n"1\n2",3\n', [["a", "b"], ["1\n2", "3"]]),
    "newlines_crlf": ('a,b\r\n"1\r\n2",3\r\n', [["a", "b"], ["1\r\n2", "3"]]),
    "quotes_and_newlines": ('a,b\n1,"ha\n""ha""\nha"\n', [["a", "b"], ["1", 'ha\n"ha"\nha']]),
    "simple": ("a,b,c\n1,2,3\n", [["a", "b", "c"], ["1", "2", "3"]]),
    "no_last_newline": ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    "utf8": ("a,b\n1,ʤ\n", [["a", "b"], ["1", "ʤ"]]),
    "quote_inside": ('a,b\n6" pipe,2\n', [["a", "b"], ['6" pipe', "2"]]),
    "quoted_comma_crlf": ('a,"b"\r\n"x,y",""\r\n', [["a", "b"], ["x,y", ""]]),
}


@pytest.mark.parametrize("name", CONFORMANCE)
def test_delimited_text_is_read_as_it_was_meant(name):
    text, wanted = CONFORMANCE[name]
    assert _read(text.encode()) == wanted


def test_a_sep_line_is_not_taken_for_a_header(app):
    layout = detect(lambda: [b"sep=^\nName^E-mail\nAnn Lee^ann@a.example\n"], {})
    assert (layout.delimiter, layout.header_line, list(layout.columns)) == ("^", 2, ["Name", "E-mail"])


def test_a_file_without_a_header_says_what_to_write(app):
    data = "Ann,Lee,ann@a.example\nBob,May,bob@b.example\n"
    with pytest.raises(Rejected, match=r"no header line; it has 3 columns.*\"header_line\": 0"):
        imports.preview(app, new_import(app, data))
    mapping = '{"header_line": 0, "columns": {"Column 1": "first_name", "Column 2": "last_name"}}'
    assert load(app, data, Mapping__c=mapping)[0] == (2, 2, 0, 0, 0)
    assert everybody(app) == {("Ann", "Lee", "ann@a.example"), ("Bob", "May", "bob@b.example")}


def test_only_addresses_get_names_from_what_stands_before_the_at(app):
    data = "E-mail\nann.lee@a.example\nbob@b.example\nj_o'brien@c.example\nDi May <di@d.example>\n"
    assert load(app, data)[0][1] == 4
    assert everybody(app) == {
        ("Ann", "Lee", "ann.lee@a.example"),
        (None, "bob", "bob@b.example"),
        (None, "j_o'brien", "j_o'brien@c.example"),
        ("Di", "May", "di@d.example"),
    }


def test_a_text_is_never_held_as_a_whole():
    pulled = 0

    def chunks():
        nonlocal pulled
        yield b"First name,E-mail\n"
        for _ in range(1000):
            pulled += 1
            yield b"Ann,ann@a.example\n" * 100

    lines = records(text_lines(chunks(), "utf-8"), ",")
    next(lines)
    assert pulled < 100
