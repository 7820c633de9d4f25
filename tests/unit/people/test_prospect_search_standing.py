"""Standing searches repeat by themselves and bring only new people."""

from collections import Counter
from datetime import timedelta

import pytest

import lambdas.prospect
from integration.adapters import aws
from integration.ports import Hit, Queue
from integration.prospecting import searches
from integration.prospecting.searches import seen
from integration.prospecting.searches.prospects import merged
from integration.prospecting.searches.runs import current
from integration.records import ProspectResult, ProspectSearch
from tests.app_fixture import app_queue_messages
from tests.unit.people.searching import (
    Outside,
    decide,
    new_search,
    outside,
    researcher,
    results,
    run,
    shown,
    work,
)


@pytest.fixture
def world():
    with outside() as mocked:
        yield Outside(mocked)


def later(app, **by):
    """Moves the clock, then the tick and all that follows."""
    app.clock.move(**by)
    searches.tick(app)
    work(app)


def names(app, record):
    return sorted(row["Name"] for row in results(app, record))


def test_a_standing_search_brings_exactly_the_one_new_person(app, world):
    world.orcid = [researcher(1), researcher(2, "Ben", "Byrne")]
    record = new_search(app, "harbour", repeat="Daily")
    run(app, record)
    world.orcid.append(researcher(3, "Cy", "Cole"))
    later(app, hours=23)
    assert names(app, record) == ["Ada Example", "Ben Byrne"]
    later(app, hours=1)
    assert names(app, record) == ["Ada Example", "Ben Byrne", "Cy Cole"]
    assert "3 people fit the whole query: 1 new" in shown(app, record, "message")
    assert "2 were brought or rejected before and are not listed again." in shown(app, record, "message")


def test_a_standing_search_with_auto_load_loads_exactly_the_one_new_person(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour", repeat="Hourly", auto_load=True)
    run(app, record)
    world.orcid.append(researcher(3, "Cy", "Cole"))
    later(app, hours=1)
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2
    assert "Loaded 1: 1 new" in shown(app, record, "message")


@pytest.mark.parametrize(("repeat", "hours"), [("Hourly", 1), ("Every 6 hours", 6), ("Daily", 24), ("Weekly", 7 * 24)])
def test_a_search_repeats_when_it_is_due_and_not_before(app, world, repeat, hours):
    record = new_search(app, "harbour", repeat=repeat)
    run(app, record)
    first = current(app, record).id
    later(app, hours=hours, minutes=-1)
    assert current(app, record).id == first
    next_run = shown(app, record, "next_run_at")
    assert next_run[:16] == (app.clock.now() + timedelta(minutes=1)).isoformat()[:16]
    later(app, minutes=1)
    assert current(app, record).id != first


def test_whoever_was_rejected_or_purged_does_not_come_back(app, world):
    world.orcid = [researcher(1), researcher(2, "Ben", "Byrne")]
    record = new_search(app, "harbour", repeat="Daily")
    run(app, record)
    decide(app, next(row for row in results(app, record) if row["Name"] == "Ben Byrne"), "Rejected")
    later(app, days=31)
    assert names(app, record) == []
    later(app, days=1)
    assert names(app, record) == []
    run(app, record)
    assert names(app, record) == ["Ada Example"]


def test_nothing_that_names_a_person_is_remembered(app, world):
    world.orcid = [researcher(1, email=["ada@people.example"])]
    record = new_search(app, "harbour")
    run(app, record)
    shards = range(seen.SHARDS)
    kept = [str(item) for shard in shards for item in app.claims.query(seen.partition(record, shard))]
    assert len([item for item in kept if "who#" in item]) == 3
    assert not any("ada" in item.lower() or "0000-0002" in item for item in kept)


def test_many_people_are_remembered_in_few_writes_spread_over_partitions(app, calls):
    found = [prospect(number) for number in range(60)]
    seen.Memory(app, "a0S1", found).remember("run", found)
    assert calls == {"BatchWriteItem": 8}  # 180 items, 25 at a time
    again = seen.Memory(app, "a0S1", found)
    assert {again.brought_by(one) for one in found} == {"run"}
    again.remember("run 2", found)
    assert calls == {"BatchWriteItem": 8}
    held = [len(list(app.claims.query(seen.partition("a0S1", shard)))) for shard in range(seen.SHARDS)]
    assert sum(held) == 180
    assert max(held) < 40


def prospect(number):
    hit = Hit("ORCID", str(number), full_name=f"Ann Lee{number}", emails=(f"ann{number}@people.example",))
    return merged([hit])[0]


@pytest.fixture
def calls(app):
    """How often each writing operation of DynamoDB was called."""
    counted = Counter()
    names = ("BatchWriteItem", "PutItem", "TransactWriteItems")
    handlers = {name: lambda name=name, **_: counted.update([name]) for name in names}
    for name, handler in handlers.items():
        aws.dynamodb().meta.events.register_first(f"before-send.dynamodb.{name}", handler)
    yield counted
    for name, handler in handlers.items():
        aws.dynamodb().meta.events.unregister(f"before-send.dynamodb.{name}", handler)


def test_loaded_results_are_kept(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour", auto_load=True)
    run(app, record)
    later(app, days=31)
    assert [row[ProspectResult.DECISION] for row in results(app, record)] == ["Loaded"]


def test_stop_repeating_stops(app, world):
    record = new_search(app, "harbour", repeat="Hourly")
    run(app, record)
    first = current(app, record).id
    assert searches.stop_repeating(app, record) == "The search is not repeated any more. What it found stays."
    later(app, days=1)
    assert current(app, record).id == first
    assert shown(app, record, "repeat", "next_run_at") == ("Off", None)


def test_two_ticks_start_one_run(app, world):
    record = new_search(app, "harbour", repeat="Hourly")
    run(app, record)
    app.clock.move(hours=1)
    searches.tick(app)
    searches.tick(app)
    assert len(app_queue_messages(app, Queue.SEARCHES)) == 1


def test_a_run_whose_messages_were_lost_is_taken_up_again(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour", repeat="Hourly")
    run(app, record)
    app.clock.move(hours=1)
    searches.tick(app)
    assert len(app_queue_messages(app, Queue.SEARCHES)) == 1  # and the worker dies with it
    later(app, minutes=31)
    assert shown(app, record, "status") == "Done"
    assert not current(app, record).is_open


def test_a_single_search_whose_messages_were_lost_is_taken_up_again_too(app, world):
    world.orcid = [researcher(1)]
    record = new_search(app, "harbour")
    searches.search(app, record)
    assert len(app_queue_messages(app, Queue.SEARCHES)) == 1
    later(app, minutes=31)
    assert shown(app, record, "status", "found") == ("Done", 1)


def test_a_standing_search_that_cannot_run_any_more_says_why(app, world):
    record = new_search(app, "harbour", repeat="Hourly")
    run(app, record)
    app.salesforce.update(ProspectSearch.API_NAME, record, {ProspectSearch.QUERY: "harbour AND ("})
    later(app, hours=1)
    status, message = shown(app, record, "status", "message")
    assert status == "Failed"
    assert "parenthesis is never closed" in message
    app.salesforce.update(ProspectSearch.API_NAME, record, {ProspectSearch.QUERY: "harbour"})
    later(app, hours=1)
    assert shown(app, record, "status") == "Done"


def test_a_search_never_commanded_is_not_started_by_the_schedule(app, world):
    record = new_search(app, "harbour", repeat="Hourly")
    later(app, days=1)
    assert shown(app, record, "status") == "Draft"


def test_the_function_works_on_messages_and_on_its_schedule(handled, world):
    world.orcid = [researcher(1)]
    record = new_search(handled, "harbour", repeat="Hourly")
    searches.search(handled, record)
    body = '{{"search_id": "{search_id}", "run": "{run}", "source": "{source}"}}'
    records = [
        {"messageId": "1", "body": body.format(**message)} for message in app_queue_messages(handled, Queue.SEARCHES)
    ]
    assert lambdas.prospect.handler({"Records": records}, None) == {"batchItemFailures": []}
    assert names(handled, record) == ["Ada Example"]
    handled.clock.move(hours=1)
    assert lambdas.prospect.handler({}, None) == {"batchItemFailures": []}
    assert len(app_queue_messages(handled, Queue.SEARCHES)) == 1
