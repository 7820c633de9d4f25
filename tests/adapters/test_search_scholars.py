"""ORCID and OpenAlex as sources of prospects, with answers in the shape of their APIs."""

import pytest
import responses
from responses import matchers

from tests.adapters.search_fixture import access, connect, found, waits

__all__ = ["access", "waits"]
ORCID = "https://pub.orcid.org/v3.0/expanded-search/"
AUTHORS = "https://api.openalex.org/authors"
INSTITUTIONS = "https://api.openalex.org/institutions"


def researcher(number, **values):
    return {
        "orcid-id": f"0000-0002-1825-{number:04}",
        "given-names": "Ada",
        "family-names": f"Example {number}",
        "credit-name": None,
        "other-name": ["A. Example"],
        "email": [],
        "institution-name": ["University of Example"],
        **values,
    }


def author(number, **values):
    return {
        "id": f"https://openalex.org/A{number}",
        "orcid": f"https://orcid.org/0000-0002-1825-{number:04}",
        "display_name": f"Ada Example {number}",
        "display_name_alternatives": ["A. Example"],
        "works_count": 12,
        "cited_by_count": 3_400,
        "last_known_institutions": [
            {"id": "https://openalex.org/I1", "display_name": "University of Example", "country_code": "IE"}
        ],
        "topics": [{"id": "https://openalex.org/T1", "display_name": "Compilers"}],
        **values,
    }


def at(**query):
    return [matchers.query_param_matcher(query, strict_match=False)]


@responses.activate
def test_researcher_becomes_a_hit_with_provenance(access, app):
    responses.get(ORCID, json={"expanded-result": [researcher(97, email=["ada@uni.example"])], "num-found": 1})
    [hit] = found(connect("ORCID", access(orcid="token-of-tests")), "keyword:compilers AND family-name:Example")
    assert (hit.source_id, hit.url) == ("0000-0002-1825-0097", "https://orcid.org/0000-0002-1825-0097")
    assert (hit.full_name, hit.first, hit.last) == ("Ada Example 97", "Ada", "Example 97")
    assert (hit.employer, hit.emails) == ("University of Example", ("ada@uni.example",))
    assert hit.seen_at == app.clock.now().isoformat()
    assert responses.calls[0].request.headers["Authorization"] == "Bearer token-of-tests"


@responses.activate
def test_researcher_of_several_institutions_has_none_guessed_as_employer(access):
    responses.get(ORCID, json={"expanded-result": [researcher(1, **{"institution-name": ["A", "B"]})], "num-found": 1})
    [hit] = found(connect("ORCID", access()), "x")
    assert hit.employer == ""
    assert hit.text == "A\nB\nA. Example"


@responses.activate
def test_orcid_is_read_by_start_and_rows_to_the_end(access):
    everybody = [researcher(number) for number in range(450)]
    for start in (0, 200, 400):
        page = {"expanded-result": everybody[start : start + 200], "num-found": 450}
        responses.get(ORCID, json=page, match=at(start=str(start), rows="200"))
    assert len({hit.source_id for hit in found(connect("ORCID", access()), "x", limit=1_000)}) == 450


@responses.activate
def test_nobody_in_orcid_is_an_empty_result(access):
    responses.get(ORCID, json={"expanded-result": None, "num-found": 0})
    assert found(connect("ORCID", access()), "x") == []


@responses.activate
def test_author_becomes_a_hit_with_provenance(access):
    responses.get(AUTHORS, json={"meta": {"count": 1, "next_cursor": None}, "results": [author(7)]})
    [hit] = found(connect("OpenAlex", access(contact="sourcing@careers.example")), "ada", filter="works_count:>5")
    assert (hit.source_id, hit.url, hit.country) == ("A7", "https://openalex.org/A7", "IE")
    assert (hit.full_name, hit.employer, hit.skills) == ("Ada Example 7", "University of Example", ("Compilers",))
    assert hit.profiles == ("https://orcid.org/0000-0002-1825-0007", "https://openalex.org/A7")
    assert hit.emails == ()
    sent = responses.calls[0].request.params
    assert (sent["search"], sent["filter"], sent["mailto"]) == ("ada", "works_count:>5", "sourcing@careers.example")


@responses.activate
def test_openalex_is_read_by_cursor_to_the_end(access):
    for cursor, following, numbers in (("*", "c1", range(200)), ("c1", "c2", range(200, 400)), ("c2", None, [400])):
        page = {"meta": {"count": 401, "next_cursor": following}, "results": [author(n) for n in numbers]}
        responses.get(AUTHORS, json=page, match=at(cursor=cursor))
    assert len({hit.source_id for hit in found(connect("OpenAlex", access()), "x", limit=1_000)}) == 401


@responses.activate
def test_cursor_that_stands_still_does_not_go_round_for_ever(access):
    responses.get(AUTHORS, json={"meta": {"count": 9_999, "next_cursor": "*"}, "results": [author(1)]})
    assert len(found(connect("OpenAlex", access()), "x", limit=1_000)) == 1


@responses.activate
def test_institution_is_looked_up_first_and_another_name_is_said(access):
    university = {"id": "https://openalex.org/I42", "display_name": "University of Example"}
    responses.get(INSTITUTIONS, json={"meta": {"count": 1}, "results": [university]}, match=at(search="uni example"))
    responses.get(
        AUTHORS,
        json={"meta": {"count": 1}, "results": [author(1)]},
        match=at(filter="works_count:>5,last_known_institutions.id:I42"),
    )
    source = connect("OpenAlex", access())
    assert len(found(source, institution="uni example", filter="works_count:>5")) == 1
    assert source.notes == ["OpenAlex was asked for University of Example."]


@responses.activate
def test_unknown_institution_finds_nobody_and_says_so(access):
    responses.get(INSTITUTIONS, json={"meta": {"count": 0}, "results": []})
    source = connect("OpenAlex", access())
    assert found(source, institution="Nowhere") == []
    assert "Nowhere" in source.notes[0]


@responses.activate
@pytest.mark.parametrize("wrong", [None, 7, {"a": 1}, "text"])
def test_values_of_the_wrong_type_are_left_out_and_the_person_stays(access, wrong):
    names = ("display_name", "orcid", "last_known_institutions", "topics", "works_count", "display_name_alternatives")
    responses.get(AUTHORS, json={"meta": {"count": 1}, "results": [author(7, **dict.fromkeys(names, wrong)), wrong]})
    [hit] = found(connect("OpenAlex", access()), "x")
    assert hit.source_id == "A7"
