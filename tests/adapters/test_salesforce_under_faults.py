"""The product's client against an org in trouble: every fault it can order, nothing lost and nothing twice."""

import pytest

from integration import soql
from integration.adapters.salesforce import connect
from integration.errors import TryAgain
from integration.records import Candidate, PoolMembership, TalentPool
from tests.org_fixture import CLIENT_ID, CLIENT_SECRET

PASSING = [
    {"kind": "expired", "times": 3, "every": 3},
    {"kind": "unavailable", "times": 3, "every": 2},
    {"kind": "slow", "times": 2, "seconds": 0.01},
    {"kind": "lock", "times": 30, "every": 7},
    {"kind": "partial", "times": 9, "every": 20, "code": "REQUEST_RUNNING_TOO_LONG"},
    {"kind": "commit_delayed", "times": 3, "seconds": 400},
    {"kind": "lost", "times": 2, "path": "/composite/sobjects"},
    {"kind": "dropped", "times": 2, "path": "/composite/sobjects"},
    {"kind": "lost", "times": 2, "path": "/(query|results|successfulResults|failedResults)$"},
    {"kind": "dropped", "times": 2, "path": "/(query|results|unprocessedrecords)$"},
    {"kind": "lost", "path": "/jobs/(ingest|query)$"},
    {"kind": "job_failed", "rows": 333},
    {"kind": "job_failed", "rows": 0},
]
LOST_WRITES = [
    {"kind": kind, "path": path} for kind in ("lost", "dropped") for path in ("/batches$", r"/jobs/ingest/\w+$")
]


@pytest.fixture
def client(org):
    return fresh(org)


def fresh(org):
    secret = {"login_url": org.url, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    return connect(secret, session=org.session, sleep=lambda _: None)


def named(fault):
    return "-".join(str(value).strip("/$") for value in fault.values())


def people(count):
    return [{"Candidate_Key__c": f"K{number:05}", "Last_Name__c": f"Name {number}"} for number in range(count)]


def upsert(client, count):
    return client.upsert_many(Candidate.API_NAME, Candidate.CANDIDATE_KEY, people(count))


def keys(org):
    return [row["Candidate_Key__c"] for row in org.rows("SELECT Candidate_Key__c FROM Candidate__c ORDER BY Name, Id")]


@pytest.mark.parametrize("count", [150, 2_100], ids=["collections", "bulk"])
@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_upserts_pass_through_trouble(client, org, fault, count):
    org.app.faults.add(fault)
    outcomes = upsert(client, count)
    assert {outcome.success for outcome in outcomes} == {True}
    org.app.faults.clear()
    by_key = {row["Candidate_Key__c"]: row["Id"] for row in org.rows("SELECT Id, Candidate_Key__c FROM Candidate__c")}
    assert [by_key[row["Candidate_Key__c"]] for row in people(count)] == [outcome.id for outcome in outcomes]
    assert len(keys(org)) == count


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_reads_pass_through_trouble(client, org, fault):
    made = sorted(outcome.id for outcome in upsert(client, 150))
    org.app.faults.add(fault)
    assert sorted(row["Id"] for row in client.bulk_rows("SELECT Id FROM Candidate__c")) == made
    assert sorted(row["Id"] for row in client.rows("SELECT Id FROM Candidate__c")) == made
    assert [len(rows) for rows in client.together(["SELECT Id FROM Candidate__c"] * 2)] == [150, 150]


@pytest.mark.parametrize("fault", PASSING, ids=named)
def test_changes_and_deletions_pass_through_trouble(client, org, fault):
    made = [outcome.id for outcome in upsert(client, 60)]
    org.app.faults.add(fault)
    for work in (
        lambda: client.update_many(Candidate.API_NAME, [{"Id": one, "City__c": "Cork"} for one in made[:30]]),
        lambda: client.delete_many(Candidate.API_NAME, made[30:]),
    ):
        outcomes = again(work)
        assert [outcome.success for outcome in outcomes] == [True] * 30
    org.app.faults.clear()
    assert {row["City__c"] for row in org.rows("SELECT City__c FROM Candidate__c")} == {"Cork"}
    assert len(keys(org)) == 30


def again(work):
    """As a queue does: until it passes."""
    for _ in range(5):
        try:
            return work()
        except TryAgain:
            continue
    return work()


@pytest.mark.parametrize("fault", LOST_WRITES, ids=named)
def test_bulk_load_whose_answer_is_lost_comes_again_and_counts_once(client, org, fault):
    org.app.faults.add(fault)
    assert {outcome.success for outcome in again(lambda: upsert(client, 2_100))} == {True}
    assert len(keys(org)) == len(set(keys(org))) == 2_100


@pytest.mark.parametrize("kind", ["lost", "dropped"])
def test_rows_with_a_key_of_their_own_are_made_once(client, org, kind):
    pool = client.create(TalentPool.API_NAME, {"Name": "Nurses", "Kind__c": "Static"})
    rows = [{"Pool__c": pool, "Candidate__c": outcome.id, "State__c": "Member"} for outcome in upsert(client, 40)]
    org.app.faults.add({"kind": kind, "times": 2, "path": "composite/sobjects"})
    with pytest.raises(TryAgain):
        client.create_many(PoolMembership.API_NAME, rows)
    outcomes = again(lambda: client.create_many(PoolMembership.API_NAME, rows))
    assert {outcome.success for outcome in outcomes} == {True}
    assert client.count(soql.count(PoolMembership.API_NAME)) == 40


def test_spent_allowance_is_not_hammered_and_loses_nothing(client, org):
    org.app.faults.add({"kind": "limit", "times": None})
    with pytest.raises(TryAgain):
        upsert(client, 10)
    with pytest.raises(TryAgain):
        upsert(client, 10)
    assert org.app.faults.listed()[0]["kind"] == "limit"
    org.app.faults.clear()
    assert {outcome.success for outcome in upsert(fresh(org), 10)} == {True}
    assert len(keys(org)) == 10


@pytest.mark.parametrize("count", [150, 2_100], ids=["collections", "bulk"])
def test_rows_that_fail_for_good_are_named_and_the_others_saved(client, org, count):
    org.app.faults.add({"kind": "partial", "times": 3, "every": 40, "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION"})
    outcomes = upsert(client, count)
    failed = [place for place, outcome in enumerate(outcomes) if not outcome.success]
    assert failed == [39, 79, 119]
    assert {outcomes[place].code for place in failed} == {"FIELD_CUSTOM_VALIDATION_EXCEPTION"}
    assert len(keys(org)) == count - 3
