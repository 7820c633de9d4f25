"""Which jobs a filter lets through, and how a filter that cannot be meant is refused."""

import json
from datetime import date

import pytest

from integration.model import job_filter, segment
from integration.model.posting import Job, Place
from integration.model.segment import BadRule

CORK, BERLIN = Place("1", "Cork", "Munster", country="IE"), Place("2", "Berlin", "Berlin", country="DE")
POSITIONS = {"Cork": (51.9, -8.5), "Berlin": (52.5, 13.4)}
NURSE = Job(
    "R-1", "Night nurse", "", "Lee", "Nursing", employment_type="FULL_TIME", salary_min=40_000,
    posted_on=date(2026, 3, 1), places=(CORK, BERLIN),
)  # fmt: skip


class Names:
    def pool(self, text):
        if text != "QA Berlin":
            raise BadRule(f"There is no pool “{text}”.")
        return "p1", frozenset({"p1"}), False

    def place(self, text):
        return text, *POSITIONS[text.partition(",")[0]]


def fits(rule, job=NURSE, pools=()):
    read = job_filter.read(rule, Names())
    return job_filter.fits(read, job, pools, lambda place: POSITIONS.get(place.city), date(2026, 3, 10))


def field(name, operator, value):
    return {"field": name, "is": operator, "value": value}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (field("Department", "equals", "nursing"), True),
        (field("department__c", "not equals", "Nursing"), False),
        (field("Title", "contains", "NURSE"), True),
        (field("Title", "contains", "cook"), False),
        (field("Country", "equals", "Germany"), True),
        (field("Country", "in", ["at", "fr"]), False),
        (field("City", "equals", "Dublin"), False),
        (field("Remote", "equals", True), False),
        (field("Employment type", "equals", "full_time"), True),
        (field("Salary from", "at least", 40_000), True),
        (field("Opened on", "in the last", "14 days"), True),
        (field("Valid through", "empty", None), True),
        ({"near": "Cork, IE", "km": 50}, True),
        ({"pool": "QA Berlin"}, False),
        ({"all": [field("Country", "equals", "IE"), field("City", "equals", "Berlin")]}, False),  # not at one place
        ({"any": [field("City", "equals", "Dublin"), field("City", "equals", "Berlin")]}, True),
        ({"not": field("Department", "equals", "Nursing")}, False),
    ],
)
def test_a_job_fits_at_one_of_its_places(rule, expected):
    assert fits(rule) is expected


def test_a_job_leads_to_the_pool_of_its_page():
    assert fits({"pool": "QA Berlin"}, pools={"p1"})


def test_a_job_without_a_place_is_asked_for_the_rest():
    nowhere = Job("R-2", "Cook", "", "Lee", "Kitchen", remote=True)
    assert fits(field("Remote", "equals", True), nowhere)
    assert not fits(field("Country", "equals", "IE"), nowhere)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (field("Departmnt", "equals", "x"), "Do you mean “Department__c”?"),
        (field("Department", "contans", "x"), "Do you mean “contains”?"),
        (field("Country", "equals", "Germny"), "Do you mean “Germany”?"),
        (field("Employment type", "equals", "FULTIME"), "Do you mean “FULL_TIME”?"),
        ({"tag": "python"}, "“tag” is no condition. Use one of: all, any, not, field, pool, near."),
        ({"pool": "QA Berlin", "stage": "Interested"}, "neither stage nor rating"),
        ({"pool": "QA Berln"}, "There is no pool"),
        ([], "A condition is empty"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_nearest_name(rule, words):
    with pytest.raises(BadRule) as refused:
        job_filter.read(rule, Names())
    assert words in str(refused.value), json.dumps(rule)


def test_it_reads_as_a_sentence_about_jobs():
    rule = {"all": [{"pool": "QA Berlin"}, {"near": "Cork, IE", "km": 50}, {"not": field("Country", "is", "germany")}]}
    said = segment.in_words(job_filter.read(rule, Names()))
    assert said == "leads to “p1” and lies within 50 km of Cork, IE and not (Country is DE)"
