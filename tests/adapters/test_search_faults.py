"""What any source may answer instead of people: never a stack trace, always whose fault it is and what to do."""

import re

import pytest
import responses

from integration.errors import Rejected, TryAgain
from integration.model.vocabulary import SearchSource
from tests.adapters.search_fixture import access, connect, found, waits

__all__ = ["access", "waits"]
ANYWHERE = re.compile("https://.*")
SOURCES = ["GitHub", "Stack Exchange", "ORCID", "OpenAlex", "People Data Labs"]


def search(access, source):
    return found(connect(source, access(people_data_labs="k")), "{}" if source == "People Data Labs" else "ada")


@pytest.fixture
def anywhere():
    """`anywhere(...)`: every address answers so."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:

        def answer(**options):
            for method in ("GET", "POST"):
                mocked.add(method, ANYWHERE, **options)

        yield answer


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("body", ["<!DOCTYPE html><h1>Maintenance</h1>", '{"items": [', "", "\xff\xfe", "[" * 50_000])
def test_answer_that_is_no_json_is_asked_for_again_later(access, anywhere, source, body):
    anywhere(body=body)
    with pytest.raises(TryAgain) as again:
        search(access, source)
    assert source in str(again.value)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "body", [{}, {"items": 1, "data": "x", "results": {}, "expanded-result": 7}, {"items": {"a": 1}}]
)
def test_answer_of_an_unknown_form_is_said(access, anywhere, source, body):
    anywhere(json=body)
    with pytest.raises(Rejected) as refused:
        search(access, source)
    assert f"{source} answered in a form" in refused.value.message


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, {"id": None}, {"login": 5, "user_id": [], "orcid-id": {}}])
def test_records_that_are_none_are_left_out(access, anywhere, source, junk):
    lists = {key: [junk] for key in ("items", "data", "results", "expanded-result")}
    anywhere(json={**lists, "total_count": 1, "num-found": 1, "total": 1, "has_more": False, "meta": {"count": 1}})
    assert [hit for hit in search(access, source) if hit.full_name] == []


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_names_the_source_and_the_operator(access, anywhere, source, status):
    anywhere(status=status, json={"message": "no"})
    with pytest.raises(Rejected) as refused:
        search(access, source)
    assert source in refused.value.message
    assert "operator" in refused.value.message


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("status", [400, 422])
def test_refused_query_is_shown_in_the_words_of_the_source(access, anywhere, source, status):
    said = "Query is bad: " + "y" * 1_000
    anywhere(status=status, json={"message": said, "error_message": said, "developer-message": said})
    with pytest.raises(Rejected) as refused:
        search(access, source)
    assert "Query is bad" in refused.value.message
    assert len(refused.value.message) < 500


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_busy_source_is_asked_again_when_it_says(access, anywhere, source, status):
    anywhere(status=status, headers={"Retry-After": "77"}, body="<h1>busy</h1>")
    with pytest.raises(TryAgain) as again:
        search(access, source)
    assert again.value.seconds == 77


@pytest.mark.parametrize("source", SOURCES)
def test_redirect_of_an_api_is_not_followed(access, anywhere, source):
    anywhere(status=302, headers={"Location": "http://169.254.169.254/"})
    with pytest.raises(Rejected) as refused:
        search(access, source)
    assert "moved" in refused.value.message


@pytest.mark.parametrize("source", SOURCES)
def test_control_characters_and_lone_surrogates_do_not_travel(access, anywhere, source):
    name = "Ada\x00\x1b[31m\u202eExample"
    person = {
        "login": "ada", "id": "https://openalex.org/A1", "user_id": 1, "orcid-id": "0000-0001", "name": name,
        "display_name": name, "given-names": name, "full_name": name,
    }  # fmt: skip
    lists = {key: [person] for key in ("items", "data", "results", "expanded-result")}
    anywhere(json={**person, **lists, "total_count": 1, "num-found": 1, "total": 1, "meta": {"count": 1}})
    [hit] = search(access, source)
    assert hit.full_name.isprintable()


def test_unknown_source_is_refused(access):
    with pytest.raises(Rejected):
        connect("MySpace", access())


def test_every_source_that_is_offered_can_be_made(app):
    for source in SearchSource:
        assert app.search_source(source).search


def test_configured_endpoint_is_asked_instead_of_the_public_one(access):
    with responses.RequestsMock() as mocked:
        mocked.get("https://github.company.example/api/v3/search/users", json={"total_count": 0, "items": []})
        made = access(endpoints={"github": "https://github.company.example/api/v3"})
        assert found(connect("GitHub", made), "x") == []
