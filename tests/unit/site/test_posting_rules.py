"""What makes a job fit for search engines and boards, as a table."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.google_jobs import advice
from integration.model.posting import (
    Job,
    Place,
    employment_type,
    employment_words,
    findings,
    json_ld,
    plain,
    reference_at,
    reference_of,
    salary_text,
    salary_unit,
    script,
)

TODAY = date(2026, 3, 2)
CORK = Place("a05000000000001AAA", "Cork", "Munster", "T12", "IE", "1 Quay Street")
GOOD = Job(
    requisition="R-1",
    title="Night nurse",
    description="<p>You look after our patients at night, together with two colleagues.</p>"
    "<p>Experience on a ward is a must, as is calm.</p>",
    company="Lee Hospitals",
    employment_type="FULL_TIME",
    salary_min=40000,
    salary_max=45000,
    salary_currency="EUR",
    salary_unit="YEAR",
    posted_on=TODAY,
    places=(CORK,),
)


URL = "https://jobs.example/jobs/j1"


def test_a_good_job_has_no_findings():
    assert findings(GOOD, TODAY) == []
    assert advice(GOOD, TODAY, url=URL) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "Title"),
        ({"description": "<p> </p>"}, "Description"),
        ({"description": "<p>Night nurse</p>"}, "Description"),
        ({"places": ()}, "Locations"),
        ({"places": (), "remote": True}, "Locations"),
        ({"places": (replace(CORK, country=""),)}, "Country"),
        ({"places": (replace(CORK, country="Ireland"),)}, "Country"),
        ({"places": (replace(CORK, city=""),)}, "City"),
        ({"salary_min": 50000}, "Salary"),
        ({"salary_min": -1}, "Salary"),
        ({"valid_through": date(2026, 3, 1)}, "Valid through"),
        ({"posted_on": date(2026, 4, 1)}, "Opened on"),
        ({"company": ""}, "Company"),
    ],
)
def test_each_fault_that_blocks_is_named_with_its_field(change, field):
    for found in (findings(replace(GOOD, **change), TODAY), advice(replace(GOOD, **change), TODAY, url=URL)):
        [finding] = found
        assert (finding.field, finding.blocks) == (field, True)
        assert finding.message.endswith((".", "!"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "NIGHT NURSE WANTED"}, "Title"),
        ({"title": "Nurse!!"}, "Title"),
        ({"title": "Nurse €50k"}, "Title"),
        ({"title": "Nurse 50k"}, "Title"),
        ({"title": "Nurse REQ-20345"}, "Title"),
        ({"title": "Night nurse in Cork"}, "Title"),
        ({"title": "n" * 151}, "Title"),
        ({"description": "<p>Come.</p>"}, "Description"),
        ({"description": "word " * 60}, "Description"),
        ({"salary_min": None, "salary_max": None}, "Salary"),
        ({"salary_currency": "€"}, "Salary"),
        ({"salary_unit": ""}, "Salary"),
        ({"employment_type": ""}, "Employment type"),
        ({"employment_type": "Sometimes"}, "Employment type"),
        ({"remote": True}, "Description"),
        ({"places": (Place("1", "Cork", "", "", "IE"),)}, "Locations"),
    ],
)
def test_advice_holds_nothing_back(change, field):
    [finding] = advice(replace(GOOD, **change), TODAY, url=URL)
    assert (finding.field, finding.blocks) == (field, False)
    assert finding.message.endswith((".", "!"))


def test_a_remote_job_names_countries_instead_of_a_place():
    data = json_ld(replace(GOOD, remote=True, places=(CORK, replace(CORK, id="2"))), url="u", identifier="R-1")
    assert data["jobLocationType"] == "TELECOMMUTE"
    assert data["applicantLocationRequirements"] == [{"@type": "Country", "name": "IE"}]
    assert "jobLocation" not in data


def test_json_ld_leaves_out_what_is_unknown():
    bare = replace(GOOD, salary_currency="", employment_type="", posted_on=None)
    data = json_ld(bare, url="https://x.example/jobs/j1", identifier="R-1")
    assert not {"baseSalary", "employmentType", "datePosted", "validThrough"} & data.keys()
    assert data["jobLocation"][0]["address"] == {
        "@type": "PostalAddress",
        "streetAddress": "1 Quay Street",
        "addressLocality": "Cork",
        "addressRegion": "Munster",
        "postalCode": "T12",
        "addressCountry": "IE",
    }


def test_one_salary_is_a_value_and_two_are_a_range():
    def value(job):
        return json_ld(job, url="u", identifier="i")["baseSalary"]["value"]

    assert value(replace(GOOD, salary_min=40000.0, salary_max=None))["value"] == 40000.0
    assert value(GOOD)["minValue"] == 40000


@given(st.text())
def test_json_in_a_script_cannot_end_it(text):
    written = script({"title": text, "nested": [text]})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"title": text, "nested": [text]}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Full time", "FULL_TIME"),
        ("full-time", "FULL_TIME"),
        ("CONTRACT", "CONTRACTOR"),
        ("Per diem", "PER_DIEM"),
        ("Internship", "INTERN"),
        ("", ""),
        ("Sometimes", ""),
    ],
)
def test_employment_types_are_googles(word, code):
    assert employment_type(word) == code


@pytest.mark.parametrize(("word", "said"), [("FULL_TIME", "Full-time"), ("INTERN", "Intern"), ("OTHER", ""), ("", "")])
def test_employment_is_said_in_words(word, said):
    assert employment_words(word) == said


@pytest.mark.parametrize(
    ("word", "unit"), [("Year", "YEAR"), ("per hour", "HOUR"), ("daily", "DAY"), ("monthly", "MONTH"), ("piece", "")]
)
def test_salary_units_are_googles(word, unit):
    assert salary_unit(word) == unit


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "EUR 40,000 to 45,000 a year"),
        ({"salary_min": 21.5, "salary_max": 21.5, "salary_unit": "HOUR"}, "EUR 21.50 an hour"),
        ({"salary_min": None}, "EUR 45,000 a year"),
        ({"salary_currency": ""}, ""),
        ({"salary_min": None, "salary_max": None}, ""),
    ],
)
def test_salaries_in_words(change, text):
    assert salary_text(replace(GOOD, **change)) == text


def test_references_come_from_the_record_alone():
    one, other = reference_of("a03000000000001AAA"), reference_of("a03000000000002AAA")
    assert one == reference_of("a03000000000001AAA") != other
    assert reference_at(one, CORK) == reference_at(one, replace(CORK, city="Corcaigh"))
    assert reference_at(one, CORK).startswith(f"{one}-")
    assert len(reference_at(one, CORK)) <= 40  # LinkedIn takes no longer one


def test_plain_text_of_html():
    assert plain("<p>Rounds &amp; hand<b>over</b></p>\n<ul><li>x</li></ul>") == "Rounds & hand over x"
