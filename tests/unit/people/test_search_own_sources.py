"""The org and its applicants as sources of prospects."""

import pytest

from integration import soql
from integration.errors import Rejected
from integration.ports import Translation
from integration.prospecting.sources import org as org_source
from integration.records import Candidate
from tests.unit.people.searching import new_search, run, shown


def candidate(app, last, **values):
    row = {Candidate.FIRST_NAME: "Ada", Candidate.LAST_NAME: last, **values}
    return app.salesforce.create(Candidate.API_NAME, row)


def search(app, source, query="", limit=1_000, **parameters):
    made = app.search_source(source)
    return list(made.search(Translation(source, query, parameters), limit=limit)), made


def test_org_is_searched_in_the_text_of_resumes(app):
    wanted = candidate(app, "Lovelace", Resume_Text__c="Wrote the first program in Rust.", Country__c="IE")
    candidate(app, "Byron", Resume_Text__c="Poet")
    [hit], _ = search(app, "Salesforce", "rust AND program")
    assert (hit.source_id, hit.last, hit.country) == (wanted, "Lovelace", "IE")
    assert "first program" in hit.text


def test_org_search_is_narrowed_by_its_condition(app):
    candidate(app, "Cork", Title__c="Nurse", City__c="Cork")
    candidate(app, "Lyon", Title__c="Nurse", City__c="Lyon")
    hits, _ = search(app, "Salesforce", "nurse", where=soql.equals(Candidate.CITY, "Cork").text)
    assert [hit.last for hit in hits] == ["Cork"]


def test_org_is_queried_where_no_word_is_sought(app):
    candidate(app, "Cork", City__c="Cork")
    candidate(app, "Lyon", City__c="Lyon")
    hits, _ = search(app, "Salesforce", where=soql.equals(Candidate.CITY, "Lyon").text)
    assert [hit.last for hit in hits] == ["Lyon"]


def test_cap_of_rows_is_shown_when_not_more_are_wanted(app, monkeypatch):
    monkeypatch.setattr(org_source, "MOST_ROWS", 4)
    for number in range(6):
        candidate(app, f"Nurse {number}")
    hits, source = search(app, "Salesforce", "nurse", limit=4)
    assert len(hits) == 4
    assert "Narrow the query" in source.notes[0]


def test_cap_of_rows_is_narrowed_until_everybody_is_found_once(app, monkeypatch):
    monkeypatch.setattr(org_source, "MOST_ROWS", 4)
    ids = {candidate(app, f"Nurse {number}") for number in range(15)}
    hits, source = search(app, "Salesforce", "nurse", limit=100)
    assert len(hits) == 15
    assert {hit.source_id for hit in hits} == ids
    assert "in parts" in source.notes[0]


def test_hit_of_the_org_carries_its_addresses_and_tags(app):
    one = candidate(app, "Lovelace", Email__c="ada@work.example")
    app.salesforce.create(
        "Contact_Point__c",
        {"Candidate__c": one, "Kind__c": "Phone", "Value__c": "+353871234567", "Key__c": "phone:+353871234567"},
    )
    tag = app.salesforce.create("Tag__c", {"Name": "Rust", "Key__c": "skill:rust", "Kind__c": "Skill"})
    app.salesforce.create("Candidate_Tag__c", {"Candidate__c": one, "Tag__c": tag})
    [hit], _ = search(app, "Salesforce", "lovelace")
    assert (hit.emails, hit.phones, hit.skills) == (("ada@work.example",), ("+353871234567",), ("Rust",))


@pytest.mark.parametrize("query", ["nurse} RETURNING User", "a{b", "\\"])
def test_query_cannot_leave_its_braces(app, query):
    with pytest.raises(Rejected):
        search(app, "Salesforce", query)


def test_word_too_short_for_salesforce_is_said(app):
    with pytest.raises(Rejected) as refused:
        search(app, "Salesforce", "x")
    assert "two letters" in refused.value.message


def test_applicants_are_those_with_an_application_and_show_how_far_they_came(app):
    applied, _ = candidate(app, "Applied", Title__c="Nurse"), candidate(app, "Never", Title__c="Nurse")
    job = app.salesforce.create("Job_Requisition__c", {"Name": "Theatre nurse"})
    app.salesforce.create(
        "Application__c",
        {
            "Candidate__c": applied,
            "Requisition__c": job,
            "Stage__c": "Rejected",
            "Applied_At__c": "2026-02-01T08:00:00Z",
            "Key__c": "application:1",
        },
    )
    [hit], _ = search(app, "Past applicants", "nurse")
    assert hit.source_id == applied
    assert hit.text.startswith("Applied on 2026-02-01 for Theatre nurse: Rejected")
    assert search(app, "Past applicants", "nurse", stage="Hired")[0] == []


def test_only_who_fits_counts_against_the_limit_of_a_search_in_the_org(app):
    """Salesforce finds the word in any field; the ones who have it in the right one are not crowded out."""
    for number in range(6):
        candidate(app, f"Wren {number}", Resume_Text__c="Worked beside a nurse")
    candidate(app, "Nightingale", Title__c="Nurse")
    record = new_search(app, "title:nurse", "Salesforce", limit=2)
    run(app, record)
    assert shown(app, record, "found") == 1
    assert "Salesforce: 7 found, 1 fit the whole query." in shown(app, record, "source_status")
