"""JSON Resume, alone, as a list or by the line, and lists of objects with names of their own."""

import json

import pytest

from integration.errors import Rejected
from integration.prospecting import imports
from integration.prospecting.files import json_people
from integration.records import Candidate
from integration.soql import equals, select
from tests.unit.people.importing import load, new_import, run


def resume(first="Ann", **basics):
    return {
        "basics": {
            "name": f"{first} Lee",
            "email": f"{first.lower()}@a.example",
            "phone": "+353 86 123 4567",
            "label": "Tester",
            "location": {"city": "Dublin", "countryCode": "IE"},
            "profiles": [{"network": "GitHub", "url": f"https://github.com/{first.lower()}lee"}],
            **basics,
        },
        "work": [{"name": "Acme", "position": "Tester", "summary": "Tested rockets.\nAnd more."}],
        "skills": [{"name": "Languages", "keywords": ["Python", "SQL"]}, {"name": "Welding"}],
    }


def table_of(tmp_path, text):
    path = tmp_path / "people.json"
    path.write_text(text, encoding="utf-8")
    table = json_people.read(path)
    return table, [
        (row.number, dict(zip(table.header.cells, row.cells, strict=False)), row.fault) for row in table.rows
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(resume()),
        json.dumps([resume()], indent=2),
        json.dumps({"candidates": [resume()]}),
        json.dumps(resume()) + "\n\n",
        "\ufeff" + json.dumps(resume(), ensure_ascii=False),
    ],
)
def test_one_resume_however_it_is_wrapped(tmp_path, text):
    [(_, found, fault)] = table_of(tmp_path, text)[1]
    assert fault == ""
    assert (found["Full name"], found["Employer"], found["Country"]) == ("Ann Lee", "Acme", "IE")
    assert found["Skills"] == "Python ::: SQL ::: Welding"
    assert found["Profile"] == "https://github.com/annlee"
    assert "Tested rockets." in found["Resume text"]


def test_a_bad_line_costs_only_itself(tmp_path):
    text = "\n".join([json.dumps(resume("Ann")), '{"basics": ', json.dumps({"x": 1}), json.dumps(resume("Bob"))])
    rows = table_of(tmp_path, text)[1]
    assert [(number, bool(fault)) for number, _, fault in rows] == [(1, False), (2, True), (3, True), (4, False)]


@pytest.mark.parametrize("wrong", [{"email": ["x"]}, {"location": "Dublin"}, {"profiles": "none"}, {"phone": None}])
def test_parts_of_a_wrong_type_count_as_missing(tmp_path, wrong):
    assert table_of(tmp_path, json.dumps(resume(**wrong)))[1][0][2] == ""


def test_objects_with_names_of_their_own_are_columns(app):
    people = [
        {
            "first_name": "Ann",
            "last_name": "Lee",
            "emails": [{"type": "work", "value": "ann@a.example"}],
            "job": {"title": "Tester"},
        },
        {"first_name": "Bob", "last_name": "May", "emails": ["bob@b.example"], "active": True},
    ]
    import_id = new_import(app, json.dumps({"meta": {"page": 1}, "data": people}), name="export.json")
    assert "job title → Title" in imports.preview(app, import_id)
    assert run(app, import_id) == (2, 2, 0, 0, 0)


def test_json_resumes_are_imported(app):
    assert load(app, json.dumps([resume("Ann"), resume("Bob", phone="")]), name="r.json")[0] == (2, 2, 0, 0, 0)
    [ann] = app.salesforce.query(
        select(
            Candidate.API_NAME, [Candidate.TITLE, Candidate.RESUME_TEXT], where=equals(Candidate.EMAIL, "ann@a.example")
        )
    )
    assert ann[Candidate.TITLE] == "Tester"
    assert "Tested rockets.\nAnd more." in ann[Candidate.RESUME_TEXT].replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "empty"),
        ('{"basics": ', "not valid JSON"),
        ('["a", "b"]', "no people"),
        ('[{"x":' * 50_000, "nested too deeply|not valid JSON"),
    ],
)
def test_json_that_holds_nobody_says_so(tmp_path, text, told):
    with pytest.raises(Rejected, match=told):
        table_of(tmp_path, text)
