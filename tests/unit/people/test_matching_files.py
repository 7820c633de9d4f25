"""`warmbench match`: files as people have them, maps as people write them."""

import csv
import json

import pytest

from integration import cli

ROWS = [
    ("1", "Ann", "Leary", "1984-03-12", "ann.leary@example.com", "12 Quay Street"),
    ("2", "Anne", "Leary", "1984-03-12", "ann.leary@example.com", "12 Quay St"),
    ("3", "Tom", "Byrne", "1990-01-30", "tom.byrne@example.com", "3 Mill Road"),
    ("4", "Tom", "Byrne", "1971-11-02", "tom.byrne71@example.org", "9 Hill Road"),
]
HEADER = ("id", "first_name", "last_name", "birth_date", "email", "street")


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def written(path, rows=ROWS, header=HEADER, delimiter=",", encoding="utf-8"):
    lines = [delimiter.join(row) for row in (header, *rows)]
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return str(path)


def matched(folder, *files, told=None):
    out = folder / "pairs.csv"
    arguments = ["match", *files, "--out", str(out)]
    if told is not None:
        (folder / "map.json").write_text(json.dumps(told))
        arguments += ["--map", str(folder / "map.json")]
    assert cli.main(arguments) == 0
    with out.open(newline="") as file:
        return list(csv.DictReader(file))


def refused(folder, capsys, *files, told=None):
    out = folder / "pairs.csv"
    arguments = ["match", *files, "--out", str(out)]
    if told is not None:
        (folder / "map.json").write_text(told if isinstance(told, str) else json.dumps(told))
        arguments += ["--map", str(folder / "map.json")]
    assert cli.main(arguments) == 2
    assert not out.exists()
    return capsys.readouterr().err


def test_the_file_of_pairs_has_four_columns(folder):
    (pair,) = matched(folder, written(folder / "a.csv"))
    assert list(pair) == ["id_a", "id_b", "score", "decision"]
    assert (pair["id_a"], pair["id_b"], pair["decision"]) == ("1", "2", "merge")
    assert 0.999 <= float(pair["score"]) <= 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_and_encodings_are_recognised(folder, delimiter, encoding):
    rows = [(*row[:2], row[2].replace("Leary", "Müller"), *row[3:]) for row in ROWS]
    header = [name.upper().replace("_", " ") for name in HEADER]
    file = written(folder / "a.csv", rows, header, delimiter, encoding)
    assert [(pair["id_a"], pair["id_b"]) for pair in matched(folder, file)] == [("1", "2")]


def test_two_files_are_linked_with_a_map_for_each(folder):
    one = written(folder / "a.csv", ROWS[:1])
    header = ("Nr", "Vorname", "Nachname", "geb.", "E-Mail-Adresse", "Anschrift")
    other = written(folder / "b.csv", ROWS[1:], header)
    told = {
        "a": {"id": "id", "first_name": "first_name", "last_name": "LAST_NAME", "birth_date": "birth_date"},
        "b": {"id": "Nr", "first_name": "Vorname", "last_name": "Nachname", "birth_date": "geb."},
    }
    assert [(pair["id_a"], pair["id_b"]) for pair in matched(folder, one, other, told=told)] == [("1", "2")]


def test_a_map_may_leave_most_columns_out(folder):
    file = written(folder / "a.csv")
    told = {"first_name": "first_name", "last_name": "last_name"}
    assert all(pair["decision"] == "review" for pair in matched(folder, file, told=told))


def test_birth_dates_in_columns_of_their_own(folder):
    header = ("id", "fname", "lname", "by", "bm", "bd")
    rows = [("1", "Wolfgang", "Ettelsberger", "1962", "3", "7"), ("2", "Wolfgang", "Etelsberger", "1962", "03", "07")]
    assert [pair["decision"] for pair in matched(folder, written(folder / "a.csv", rows, header))] == ["merge"]


def test_american_dates_are_read_by_their_column(folder):
    rows = [
        ("1", "Wolfgang", "Ettelsberger", "03/07/1962", "", ""),
        ("2", "Wolfgang", "Ettelsberger", "3/7/1962", "", ""),
        ("3", "Mei", "Tan", "12/31/1980", "", ""),
    ]
    iso = [("9", "Wolfgang", "Ettelsberger", "1962-03-07", "", "")]
    files = written(folder / "a.csv", rows), written(folder / "b.csv", iso)
    assert {pair["decision"] for pair in matched(folder, *files)} == {"merge"}


def test_an_unknown_column_is_refused_with_the_nearest(folder, capsys):
    said = refused(folder, capsys, written(folder / "a.csv"), told={"first_name": "frist_name"})
    assert "no column “frist_name”" in said
    assert "“first_name”?" in said


def test_an_unknown_key_is_refused_with_the_nearest(folder, capsys):
    said = refused(folder, capsys, written(folder / "a.csv"), told={"frist_nam": "first_name"})
    assert "unknown key “frist_nam”" in said
    assert "“first_name”?" in said


@pytest.mark.parametrize("told", ["", "[]", "{", '{"id": 3}', '{"id": {"x": "y"}}', '{"email": [1]}'])
def test_a_map_that_is_none_is_refused(folder, capsys, told):
    assert "map" in refused(folder, capsys, written(folder / "a.csv"), told=told)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"a,b,c\n1,2,3\n", b"\x00\x01\x02"])
def test_a_file_without_people_is_refused(folder, capsys, content):
    (folder / "a.csv").write_bytes(content)
    assert "a.csv" in refused(folder, capsys, str(folder / "a.csv"))


def test_a_missing_file_is_named(folder, capsys):
    assert "missing.csv cannot be read" in refused(folder, capsys, str(folder / "missing.csv"))


def test_three_files_are_too_many(folder, capsys):
    file = written(folder / "a.csv")
    assert "one file, or two" in refused(folder, capsys, file, file, file)


def test_the_result_never_overwrites_what_is_read(folder, capsys):
    file = written(folder / "a.csv")
    assert cli.main(["match", file, "--out", file]) == 2
    assert "one of the files to read" in capsys.readouterr().err


def test_a_header_alone_gives_no_pairs(folder):
    assert matched(folder, written(folder / "a.csv", [])) == []


def test_ragged_and_blank_rows_are_read_as_far_as_they_go(folder):
    file = folder / "a.csv"
    written(
        file, [*ROWS, ("",), ("5", "Ann"), ("6", "Ann", "Leary", "1984-03-12", "ann.leary@example.com", "x", "y", "z")]
    )
    found = {(pair["id_a"], pair["id_b"]) for pair in matched(folder, str(file)) if pair["decision"] == "merge"}
    assert found == {("1", "2"), ("1", "6"), ("2", "6")}


def test_rows_with_one_id_are_one_record(folder):
    file = written(folder / "a.csv", [*ROWS, ROWS[0], ROWS[1]])
    assert [(pair["id_a"], pair["id_b"]) for pair in matched(folder, file)] == [("1", "2")]


def test_rows_without_an_id_are_named_by_their_line(folder):
    file = written(folder / "a.csv", [("", *row[1:]) for row in ROWS])
    assert [(pair["id_a"], pair["id_b"]) for pair in matched(folder, file)] == [("line 2", "line 3")]


def test_words_for_nothing_are_no_evidence(folder):
    nothing = ("n/a", "unknown", "1900-01-01", "none@none.com", "---")
    rows = [(str(number), *nothing) for number in range(20)]
    assert matched(folder, written(folder / "a.csv", rows)) == []


def test_reasons_are_told_when_asked_for(folder):
    out = folder / "pairs.csv"
    assert cli.main(["match", written(folder / "a.csv"), "--out", str(out), "--reasons"]) == 0
    assert "same date of birth" in out.read_text()
