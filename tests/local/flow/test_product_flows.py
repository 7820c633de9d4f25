"""The flows of sf_metadata/ do what their descriptions say."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from integration.local.org.catalog import build
from integration.local.org.flow import FlowRunner
from integration.metadata.read import read

from .conftest import CONTEXT

POOL, PERSON = "a0P000000000001EAA", "a0C000000000001EAA"


@pytest.fixture(scope="module")
def runner():
    return FlowRunner(build(read(Path(__file__).parents[3] / "sf_metadata/main/default")))


def changed(runner, object_name, record):
    runner.before_save(object_name, record, None, CONTEXT)
    return record


def test_membership_gets_its_key_from_both_ids(runner):
    record = changed(runner, "Pool_Membership__c", {"Pool__c": POOL, "Candidate__c": PERSON})
    assert record["Key__c"] == f"{POOL}|{PERSON}"
    assert record["Private__c"] is False


def test_membership_takes_privacy_from_its_pool(runner):
    context = replace(CONTEXT, load=lambda object_name, record_id: {"Id": record_id, "Private__c": True})
    record = {"Pool__c": POOL, "Candidate__c": PERSON}
    runner.before_save("Pool_Membership__c", record, None, context)
    assert record["Private__c"] is True


def test_membership_without_a_pool_gets_no_key(runner):
    assert "Key__c" not in changed(runner, "Pool_Membership__c", {"Pool__c": None, "Candidate__c": PERSON})


@pytest.mark.parametrize(
    ("first", "last", "email", "name"),
    [
        ("Ada", "Lovelace", "ada@x.org", "Ada Lovelace"),
        (None, "Lovelace", None, "Lovelace"),
        (None, None, "ada@x.org", "ada@x.org"),
        (None, None, None, "Unnamed candidate"),
        ("A" * 60, "B" * 60, None, "A" * 60 + " " + "B" * 19),
    ],
)
def test_candidate_is_named(runner, first, last, email, name):
    record = {"First_Name__c": first, "Last_Name__c": last, "Email__c": email}
    assert changed(runner, "Candidate__c", record)["Name"] == name


def command(runner, dml, record, prior, **context):
    runner.after_save("Job_Requisition__c", record, prior, replace(CONTEXT, **context), dml)


def test_command_writes_a_row_and_publishes_its_id(runner, dml):
    command(runner, dml, {"Id": POOL, "Command__c": "Open"}, {"Id": POOL, "Command__c": None})
    row = {"Command__c": "Open", "Object__c": "Job_Requisition__c", "Record_Id__c": POOL}
    assert dml.created == [("Recruiting_Command__c", row | {"Status__c": "New"})]
    event = row | {"Command_Id__c": "new-1", "Org_Id__c": CONTEXT.organization_id}
    assert dml.published == [("Recruiting_Command__e", event)]


@pytest.mark.parametrize("prior", ["Open", None])
def test_command_that_is_cleared_or_unchanged_starts_nothing(runner, dml, prior):
    command(runner, dml, {"Id": POOL, "Command__c": prior}, {"Id": POOL, "Command__c": "Open"})
    assert (dml.created, dml.published) == ([], [])


def test_exhausted_events_never_block_the_save(runner, dml):
    dml.refuse = "Recruiting_Command__e"
    command(runner, dml, {"Id": POOL, "Command__c": "Open"}, {"Id": POOL, "Command__c": None})
    assert len(dml.created) == 1


def test_key_flow_is_cheap_enough_for_bulk_loads(runner):
    rows = [{"Pool__c": POOL, "Candidate__c": str(number)} for number in range(5000)]
    started = time.perf_counter()
    for row in rows:
        runner.before_save("Pool_Membership__c", row, None, CONTEXT)
    # Measured at 2 µs a row; the bound leaves room for a busy machine.
    assert (time.perf_counter() - started) / len(rows) < 100e-6
