"""Journey 3: from a Boolean query over the org and outside sources to candidates in a pool, on the whole stack."""

import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import requests

from integration import soql
from integration.demo.recruiter import Recruiter
from integration.local import clock
from integration.model.vocabulary import SearchStatus
from integration.records import Candidate, PoolMembership, ProspectResult, ProspectSearch, TalentPool, parent

pytestmark = [pytest.mark.stack, pytest.mark.slow]
QUERY = '(nurse OR engines OR "software engineer") AND location:(cork OR porto) NOT dublin'
SOURCES = "Salesforce;Directory;GitHub;People Data Labs"
OUTSIDE = {"Directory", "GitHub", "People Data Labs"}
COUNTS = (ProspectSearch.FOUND, ProspectSearch.NEW, ProspectSearch.KNOWN, ProspectSearch.LOADED)
PATIENCE = 120
SOON = timedelta(seconds=5)
"""What a join or a leave may take after the change."""


@dataclass
class Found:
    """A search, and how it and its results stood when it had ended."""

    id: str
    row: dict
    results: list


@pytest.fixture(scope="module")
def recruiter(stack):
    return Recruiter(stack.status)


@pytest.fixture(scope="module")
def pool(recruiter):
    return recruiter.create(TalentPool.API_NAME, {"Name": "Carers and coders", TalentPool.KIND: "Static"})


@pytest.fixture(scope="module")
def known(recruiter):
    """Somebody whom we know already."""
    ours = {Candidate.FIRST_NAME: "Ada", Candidate.LAST_NAME: "Known", Candidate.TITLE: "Nurse", Candidate.CITY: "Cork"}
    return recruiter.create(Candidate.API_NAME, ours)


@pytest.fixture(scope="module")
def search(recruiter, pool, known):
    """A search that has ended."""
    values = {
        "Name": "Nurses and engineers in Ireland",
        ProspectSearch.QUERY: QUERY,
        ProspectSearch.SOURCES: SOURCES,
        ProspectSearch.POOL: pool,
        ProspectSearch.REPEAT: "Daily",
        ProspectSearch.RANK: True,
    }
    record = recruiter.create(ProspectSearch.API_NAME, values)
    assert "Nobody was asked yet" in recruiter.command(ProspectSearch.API_NAME, record, "Check")
    recruiter.command(ProspectSearch.API_NAME, record, "Search")
    ended(recruiter, record)
    fields = (ProspectSearch.STATUS, ProspectSearch.SOURCE_STATUS, ProspectSearch.TRANSLATIONS, *COUNTS)
    return Found(record, recruiter.get(ProspectSearch.API_NAME, record, *fields), results(recruiter, record))


def ended(recruiter, record):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        row = recruiter.get(ProspectSearch.API_NAME, record, ProspectSearch.STATUS, ProspectSearch.SOURCE_STATUS)
        if row[ProspectSearch.STATUS] in (SearchStatus.DONE, SearchStatus.FAILED):
            return row
        time.sleep(0.3)
    raise AssertionError(f"not ended: {row}")


def results(recruiter, record):
    """All rows, best first."""
    fields = ["Id", "Name", ProspectResult.SOURCE, ProspectResult.SCORE, ProspectResult.SCORE_REASONS,
              ProspectResult.DECISION, ProspectResult.CANDIDATE, ProspectResult.PROVENANCE]  # fmt: skip
    where = soql.equals(ProspectResult.SEARCH, record)
    return recruiter.query(soql.select(ProspectResult.API_NAME, fields, where=where, order_by=["-Score__c"]))


def test_a_search_asks_the_org_and_outside_sources_and_tells_of_each(search):
    row = search.row
    assert row["Status__c"] == "Done"
    told = dict(line.split(": ", 1) for line in row["Source_Status__c"].splitlines())
    assert set(told) == {"Salesforce", *OUTSIDE}
    for source in told:
        assert "fit the whole query" in told[source], told
        assert f"{source}: " in row["Translations__c"]
    assert (row[ProspectSearch.FOUND], row[ProspectSearch.KNOWN]) == (len(search.results), 1)


def test_results_are_merged_ranked_and_say_where_from(search, known):
    rows = search.results
    found_by = [set(row[ProspectResult.SOURCE].split(";")) for row in rows]
    assert set.union(*found_by) >= OUTSIDE
    assert any(len(sources) > 1 for sources in found_by)
    for row, sources in zip(rows, found_by, strict=True):
        assert {line.split(" ")[0] for line in row[ProspectResult.PROVENANCE].splitlines()} <= {
            source.split(" ")[0] for source in sources
        }
        assert row[ProspectResult.SCORE_REASONS]
    scores = [row[ProspectResult.SCORE] for row in rows]
    assert scores == sorted(scores, reverse=True)
    [ours] = [row for row in rows if row[ProspectResult.DECISION] == "Known"]
    assert (ours["Name"], ours[ProspectResult.CANDIDATE]) == ("Ada Known", known)


def test_ticked_results_become_candidates_in_the_pool(recruiter, search, pool):
    ticked = [row for row in search.results if row[ProspectResult.DECISION] == "New"][:3]
    for row in ticked:
        recruiter.update(ProspectResult.API_NAME, row["Id"], {ProspectResult.DECISION: "Ticked"})
    assert recruiter.command(ProspectSearch.API_NAME, search.id, "Load ticked") == "Loaded 3: 3 new, 0 known already."
    fields = [parent("Candidate__c", name) for name in ("Name", Candidate.COLLECTED_FROM, Candidate.LAWFUL_BASIS)]
    members = recruiter.query(
        soql.select(PoolMembership.API_NAME, [PoolMembership.ADDED_BY, *fields[1:]], where=soql.equals("Pool__c", pool))
    )
    assert [row[PoolMembership.ADDED_BY] for row in members] == ["Search"] * 3
    for row in members:
        assert row["Candidate__r"][Candidate.COLLECTED_FROM].startswith("Search: ")
        assert row["Candidate__r"][Candidate.LAWFUL_BASIS] == "Legitimate interest"


@pytest.fixture
def rule_pool(recruiter):
    """A dynamic pool for whoever lives in one town."""
    rule = {"field": Candidate.CITY, "is": "equals", "value": "Kinsale"}
    values = {"Name": "Kinsale", TalentPool.KIND: "Dynamic", TalentPool.RULE: json.dumps(rule)}
    return recruiter.create(TalentPool.API_NAME, values)


def moved(stack, recruiter, candidate, pool, city, state):
    """(when a recruiter changed somebody's town, the membership that came of it), by the org's own stamps."""
    recruiter.update(Candidate.API_NAME, candidate, {Candidate.CITY: city})
    changed = recruiter.get(Candidate.API_NAME, candidate, Candidate.STAMP)[Candidate.STAMP]
    clock.run(stack.status, "sweep")
    fields = [PoolMembership.STATE, PoolMembership.JOINED_AT, PoolMembership.LEFT_AT, PoolMembership.STAMP]
    query = soql.select(PoolMembership.API_NAME, fields, where=soql.equals(PoolMembership.KEY, f"{pool}|{candidate}"))
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for row in recruiter.query(query):
            if row[PoolMembership.STATE] == state:
                return datetime.fromisoformat(changed), row
        time.sleep(0.2)
    raise AssertionError(f"not {state} after the move to {city}")


def test_joins_and_leaves_are_written_within_five_seconds_of_the_change(stack, recruiter, rule_pool):
    early, late = (
        recruiter.create(Candidate.API_NAME, {Candidate.LAST_NAME: name, Candidate.CITY: "Cobh"})
        for name in ("Early", "Late")
    )
    moved(stack, recruiter, early, rule_pool, "Kinsale", "Member")  # the functions are warm from here on
    took = {}
    for city, state, at in (("Kinsale", "Member", PoolMembership.JOINED_AT), ("Cobh", "Left", PoolMembership.LEFT_AT)):
        changed, row = moved(stack, recruiter, late, rule_pool, city, state)
        took[state] = [datetime.fromisoformat(row[field]) - changed for field in (at, PoolMembership.STAMP)]
    assert all(each <= SOON for both in took.values() for each in both), took


def test_the_standing_search_brings_exactly_the_one_new_person(stack, recruiter, search):
    before = {row["Id"] for row in results(recruiter, search.id)}
    newcomer = {"first": "Nova", "last": "Newcomer", "title": "Registered nurse", "city": "Cork", "country": "Ireland"}
    requests.post(f"{stack.status.sources}/newcomers", json=newcomer, timeout=30).raise_for_status()
    clock.advance(stack.status, clock.duration("1d1m"))
    ended(recruiter, search.id)
    new = [row for row in results(recruiter, search.id) if row["Id"] not in before]
    assert [row["Name"] for row in new] == ["Nova Newcomer"]
    assert new[0][ProspectResult.DECISION] == "New"
