"""The stand-ins for outside sources, asked by the product's own adapters over HTTP."""

import dataclasses
import json
import threading

import pytest
import requests
from werkzeug.serving import make_server

from integration.errors import Rejected, TryAgain
from integration.local.parts import STAND_INS
from integration.local.sources.elastic import BadQuery, matches
from integration.local.sources.people import everybody, people_of
from integration.local.sources.server import Sources
from integration.local.sources.terms import BadTerms, read
from tests.adapters.search_fixture import access, connect, found, waits

__all__ = ["access", "waits"]


@pytest.fixture
def stand_ins():
    """Their address."""
    server = make_server("127.0.0.1", 0, Sources(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def reach(access, stand_ins):
    """`reach("GitHub")`: the source, at the stand-ins."""
    endpoints = {name: f"{stand_ins}/{name}" for name in STAND_INS}
    keys = {"github": "stand-in", "people_data_labs": "stand-in"}
    return lambda source: connect(source, access(endpoints=endpoints, rate=1e6, **keys))


def test_github_is_searched_page_by_page(reach):
    hits = found(reach("GitHub"), "location:Ireland")
    assert {hit.source_id for hit in hits} == {
        str(100_000 + person.number) for person in people_of("github") if person.code == "IE"
    }
    assert any(hit.emails for hit in hits)
    assert not all(hit.emails for hit in hits)


def test_stack_exchange_is_searched_by_tags_and_by_name(reach):
    both = {hit.source_id for hit in found(reach("Stack Exchange"), tagged="linux;go")}
    assert both
    assert both < {hit.source_id for hit in found(reach("Stack Exchange"), tagged="linux")}
    person = people_of("stack_exchange")[0]
    assert person.name in {hit.full_name for hit in found(reach("Stack Exchange"), inname=person.last.lower())}


def test_orcid_is_searched_by_fields(reach):
    hits = found(
        reach("ORCID"), '(keyword:Compilers OR keyword:Spark) AND affiliation-org-name:"University of Example"'
    )
    assert all(hit.employer == "University of Example" for hit in hits)
    assert {hit.source for hit in found(reach("ORCID"), "*:*")} == {"ORCID"}


def test_openalex_is_searched_by_name_country_and_institution(reach):
    hits = found(reach("OpenAlex"), filter="last_known_institutions.country_code:DE|FR", institution="Northwind")
    assert {hit.country for hit in hits} <= {"DE", "FR"}
    person = people_of("openalex")[0]
    assert person.name in {hit.full_name for hit in found(reach("OpenAlex"), person.last)}


def test_people_data_labs_is_searched_and_counted(reach):
    source = reach("People Data Labs")
    query = {"bool": {"must": [{"wildcard": {"job_title": {"value": "*nurse*"}}}]}}
    hits = found(source, json.dumps(query))
    assert hits
    assert all("nurse" in hit.title for hit in hits)
    assert f"charged {len(hits)} people" in source.notes[0]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_directory_is_read_in_both_forms_and_once(app, stand_ins, form):
    host = stand_ins.removeprefix("http://")
    app.config = dataclasses.replace(app.config, search_private_hosts=(host,))
    for _ in range(2):
        hits = found(app.search_source("Directory"), url=f"{stand_ins}/directory.{form}")
        assert len(hits) == len(people_of("directory"))
        assert hits[0].skills
        assert hits[0].emails
    asked = requests.get(f"{stand_ins}/asked", timeout=5).json()
    assert [each["path"] for each in asked].count("/robots.txt") == 1


def test_same_person_is_in_several_sources(reach):
    by_github = {hit.url for hit in found(reach("GitHub"), "location:Ireland")}
    query = json.dumps({"term": {"location_country": "ireland"}})
    by_labs = {profile for hit in found(reach("People Data Labs"), query) for profile in hit.profiles}
    assert by_github & by_labs


def test_ordered_rate_limit_is_waited_out(reach, stand_ins, waits):
    fault = {"github": {"status": 429, "retry_after": 4, "times": 1}}
    requests.post(f"{stand_ins}/faults", json=fault, timeout=5).raise_for_status()
    assert found(reach("GitHub"), "location:Cork", limit=1)
    assert 4.0 in [round(wait, 1) for wait in waits]


def test_ordered_outage_and_page_are_passing_faults(reach, stand_ins):
    for fault in ({"status": 503, "retry_after": 60}, {"status": 200, "page": True}):
        requests.post(f"{stand_ins}/faults", json={"orcid": fault}, timeout=5).raise_for_status()
        with pytest.raises(TryAgain):
            found(reach("ORCID"), "rust")


def test_what_the_stand_ins_do_not_know_is_refused_by_name(reach):
    for source, query in (("GitHub", "followers:>5"), ("ORCID", "shoe-size:9"), ("People Data Labs", '{"fuzzy": {}}')):
        with pytest.raises(Rejected) as refused:
            found(reach(source), query)
        assert "refuses this query" in refused.value.message


def test_other_pages_may_not_steer_the_stand_ins(stand_ins):
    foreign = {"Origin": "https://evil.example"}
    assert requests.post(f"{stand_ins}/faults", json={}, headers=foreign, timeout=5).status_code == 403


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("rust", True), ("RUST", True), ("java", False), ("rust AND java", False), ("rust OR java", True),
        ("rust -java", True), ("rust NOT linux", False), ("(java OR rust) cork", True), ("job:Engin*", True),
        ('"storage engines"', True), ('"engines storage"~3', True),
        ("job:(nurse OR engineer)", True), (r"c\+\+", False),
    ],
)  # fmt: skip
def test_terms_are_understood(text, is_found):
    document = {"title": "Software engineer", "location": "Cork", "text": "Rust, Linux, storage engines"}
    assert read(text, {"job": ("title",)})(document) is is_found


@pytest.mark.parametrize("text", ["(", "a AND", "OR", "a)", "unknown:b", "()", '"'])
def test_terms_that_are_none_are_refused(text):
    with pytest.raises(BadTerms):
        read(text, {})


@pytest.mark.parametrize(
    "query", [None, [], {}, {"fuzzy": {"a": 1}}, {"bool": []}, {"bool": {"maybe": []}}, {"a": 1, "b": 2}]
)
def test_elastic_queries_that_are_none_are_refused(query):
    with pytest.raises(BadQuery):
        matches(query, {})


def test_nobody_of_the_stand_ins_is_real():
    assert all(person.email.endswith(".example") for person in everybody())
    assert len({person.login for person in everybody()}) == len(everybody())
