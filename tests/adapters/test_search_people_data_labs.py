"""People Data Labs as a source of prospects: what is paid for, with answers in the shape of its person search."""

import json

import pytest
import responses

from integration.errors import Rejected, TryAgain
from integration.ports import Translation
from tests.adapters.search_fixture import access, connect, found, waits

__all__ = ["access", "waits"]
URL = "https://api.peopledatalabs.com/v5/person/search"
QUERY = json.dumps({"bool": {"must": [{"match": {"job_title": "nurse"}}]}})


def person(number, **values):
    return {
        "id": f"pdl-{number}",
        "full_name": "ada example",
        "first_name": "ada",
        "last_name": "example",
        "linkedin_url": f"linkedin.com/in/ada-{number}",
        "work_email": f"ada{number}@work.example",
        "personal_emails": ["ada@home.example"],
        "mobile_phone": None,
        "phone_numbers": ["+353871234567"],
        "job_title": "registered nurse",
        "job_company_name": "example hospital",
        "location_name": "cork, ireland",
        "location_country": "ireland",
        "skills": ["icu", "paediatrics"],
        "summary": "Twelve years in intensive care",
        **values,
    }


def page(*numbers, total=None, token=None):
    body = {"status": 200, "data": [person(n) for n in numbers], "total": total or len(numbers)}
    return {**body, "scroll_token": token} if token else body


@responses.activate
def test_person_becomes_a_hit_with_provenance(access, app):
    responses.post(URL, json=page(7))
    [hit] = found(connect("People Data Labs", access(people_data_labs="key-of-tests")), QUERY)
    assert (hit.source_id, hit.full_name, hit.country) == ("pdl-7", "Ada Example", "IE")
    assert hit.emails == ("ada7@work.example", "ada@home.example")
    assert (hit.phones, hit.skills) == (("+353871234567",), ("icu", "paediatrics"))
    assert (hit.url, hit.title) == ("https://linkedin.com/in/ada-7", "registered nurse")
    sent = responses.calls[0].request
    assert sent.headers["X-Api-Key"] == "key-of-tests"
    assert json.loads(sent.body)["query"] == json.loads(QUERY)


@responses.activate
def test_hidden_contact_fields_are_no_addresses(access):
    hidden = dict.fromkeys(("work_email", "personal_emails", "mobile_phone", "phone_numbers", "emails"), True)
    responses.post(URL, json={"data": [person(1, **hidden)], "total": 1})
    [hit] = found(connect("People Data Labs", access(people_data_labs="k")), QUERY)
    assert (hit.emails, hit.phones) == ((), ())


@responses.activate
def test_pages_follow_the_scroll_token_and_ask_for_no_more_than_wanted(access):
    responses.post(URL, json=page(*range(100), total=500, token="t1"))
    responses.post(URL, json=page(*range(100, 150), total=500, token="t2"))
    source = connect("People Data Labs", access(people_data_labs="k"))
    assert len(found(source, QUERY, limit=150)) == 150
    asked = [json.loads(call.request.body) for call in responses.calls]
    assert [(each["size"], each.get("scroll_token")) for each in asked] == [(100, None), (50, "t1")]


@responses.activate
def test_spend_is_shown(access):
    responses.post(URL, json=page(1, 2, 3))
    source = connect("People Data Labs", access(people_data_labs="k", people_data_labs_monthly_cap="500"))
    found(source, QUERY)
    assert source.notes == ["People Data Labs charged 3 people for this search; 3 of 500 this month."]


@responses.activate
def test_search_that_runs_again_pays_nothing_twice(access):
    responses.post(URL, json=page(1, 2))
    first = connect("People Data Labs", access(people_data_labs="k"))
    again = connect("People Data Labs", access(people_data_labs="k"))
    assert found(first, QUERY) == found(again, QUERY)
    assert len(responses.calls) == 1
    assert "charged 0 people" in again.notes[0]


@responses.activate
def test_month_has_a_hard_cap(access):
    responses.post(URL, json=page(*range(3), total=90, token="t"))
    source = connect("People Data Labs", access(people_data_labs="k", people_data_labs_monthly_cap="3"))
    assert len(found(source, QUERY, limit=50)) == 3
    assert json.loads(responses.calls[0].request.body)["size"] == 3
    with pytest.raises(Rejected) as refused:
        found(source, '{"match": {"job_title": "midwife"}}')
    assert "3 people" in refused.value.message
    assert "raise the cap" in refused.value.message
    assert len(responses.calls) == 1


@responses.activate
def test_cap_is_free_again_in_the_next_month(access, app):
    responses.post(URL, json=page(1))
    capped = access(people_data_labs="k", people_data_labs_monthly_cap="1")
    found(connect("People Data Labs", capped), QUERY, limit=1)
    app.clock.move(days=31)
    found(connect("People Data Labs", capped), QUERY, limit=1)
    assert len(responses.calls) == 2


@responses.activate
def test_throttle_spends_nothing_and_a_lost_answer_counts_as_spent(access, app):
    capped = access(people_data_labs="k", people_data_labs_monthly_cap="500")
    responses.post(URL, status=429, headers={"Retry-After": "60"})
    source = connect("People Data Labs", capped)
    with pytest.raises(TryAgain):
        found(source, QUERY, limit=10)
    assert "0 of 500" in source.notes[0]
    app.clock.move(minutes=2)
    responses.reset()
    responses.post(URL, body=ConnectionResetError())
    with pytest.raises(TryAgain):
        found(source, QUERY, limit=10)
    assert "10 of 500" in source.notes[0]


@responses.activate
def test_nobody_is_an_empty_result_and_costs_nothing(access):
    said = {"status": 404, "error": {"type": "not_found", "message": "No records were found matching your search"}}
    responses.post(URL, status=404, json=said)
    source = connect("People Data Labs", access(people_data_labs="k"))
    assert found(source, QUERY) == []
    assert "charged 0" in source.notes[0]


@responses.activate
def test_account_without_credit_is_said(access):
    responses.post(
        URL, status=402, json={"error": {"type": "payment_required", "message": "Your account is out of credit"}}
    )
    with pytest.raises(Rejected) as refused:
        found(connect("People Data Labs", access(people_data_labs="k")), QUERY)
    assert "out of credit" in refused.value.message


def test_search_without_a_key_says_what_is_missing(access):
    with pytest.raises(Rejected) as refused:
        found(connect("People Data Labs", access()), QUERY)
    assert "“people_data_labs”" in refused.value.message


@responses.activate
def test_statement_of_sql_is_sent_as_one(access):
    responses.post(URL, json=page(1))
    source = connect("People Data Labs", access(people_data_labs="k"))
    list(source.search(Translation("People Data Labs", "SELECT * FROM person WHERE job_title='nurse'"), limit=5))
    assert json.loads(responses.calls[0].request.body) == {
        "sql": "SELECT * FROM person WHERE job_title='nurse'",
        "size": 5,
    }


def test_query_that_is_neither_json_nor_sql_is_refused(access):
    with pytest.raises(Rejected):
        found(connect("People Data Labs", access(people_data_labs="k")), "nurse AND cork")
