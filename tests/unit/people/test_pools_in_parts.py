"""A large dynamic pool is refreshed in parts, by messages; small ones are answered at once."""

import pytest

from integration import pools
from integration.errors import TryAgain
from integration.pools import history, in_parts
from integration.ports import Queue
from integration.records import Candidate, TalentPool
from tests.app_fixture import app_queue_messages
from tests.unit.people.pooling import CORK, dynamic, members, person, work_off

SHOWN = (TalentPool.STATUS, TalentPool.MESSAGE, TalentPool.PROGRESS, TalentPool.MEMBER_COUNT)


@pytest.fixture
def small_parts(monkeypatch):
    """As if four people were many, and two a part."""
    monkeypatch.setattr(in_parts, "MOST_AT_ONCE", 3)
    monkeypatch.setattr(in_parts, "PER_PART", 2)


@pytest.fixture
def people(app):
    """Five in Cork and two elsewhere, in turn."""
    return [person(app, City__c="Kerry" if number in (1, 5) else "Cork") for number in range(7)]


def shown(app, pool):
    row = app.salesforce.get(TalentPool.API_NAME, pool, SHOWN)
    return tuple(row[name] for name in SHOWN)


def in_cork(people):
    return {one for number, one in enumerate(people) if number not in (1, 5)}


def parts(app):
    """The messages of refreshes; what else waits in the queue is put aside."""
    return [message for message in app_queue_messages(app, Queue.CHANGES) if "refresh" in message]


def test_a_large_pool_is_answered_at_once_and_worked_out_part_by_part(handled, small_parts, people):
    pool = dynamic(handled, CORK)
    assert pools.refresh(handled, pool) == ""
    told = "7 candidates are being looked at, part by part. The pool says when it is done."
    assert shown(handled, pool)[:3] == ("Refreshing", told, 0)
    assert members(handled, pool) == set()
    work_off(handled)
    assert members(handled, pool) == in_cork(people)
    assert shown(handled, pool) == ("Ready", "5 members. 5 joined, 0 left.", 100, 5)


def test_progress_stands_on_the_pool_after_each_part(app, small_parts, people):
    pool, seen = dynamic(app, CORK), []
    pools.refresh(app, pool)
    while waiting := parts(app):
        for message in waiting:
            pools.refresh_part(app, message)
            seen.append(shown(app, pool)[2])
    assert seen == [28, 57, 85, 100]


def test_who_no_longer_fits_leaves_and_a_second_refresh_changes_nothing(handled, small_parts, people):
    pool = dynamic(handled, CORK)
    pools.refresh(handled, pool)
    work_off(handled)
    handled.salesforce.update(Candidate.API_NAME, people[0], {"City__c": "Kerry"})
    for said in ("4 members. 0 joined, 1 left.", "4 members. 0 joined, 0 left."):
        pools.refresh(handled, pool)
        work_off(handled)
        assert shown(handled, pool)[:2] == ("Ready", said)
    assert members(handled, pool) == in_cork(people) - {people[0]}


def test_a_part_that_comes_twice_is_done_once(app, small_parts, people):
    pool = dynamic(app, CORK)
    pools.refresh(app, pool)
    [first] = parts(app)
    pools.refresh_part(app, first)
    pools.refresh_part(app, first)
    assert [message["part"] for message in parts(app)] == [1]


def test_a_worker_that_dies_after_its_part_was_passed_on_goes_on_where_it_stopped(
    app, small_parts, people, monkeypatch
):
    """The next message is out, the mark is not written: the next part waits for the mark, the part itself is redone."""
    pool = dynamic(app, CORK)
    pools.refresh(app, pool)
    [first] = parts(app)
    with monkeypatch.context() as dying:
        dying.setattr(in_parts, "asdict", dies)
        with pytest.raises(Died):
            pools.refresh_part(app, first)
    [second] = parts(app)
    with pytest.raises(TryAgain):
        pools.refresh_part(app, second)
    pools.refresh_part(app, first)
    waiting = [second, *parts(app)]
    while waiting:
        for message in waiting:
            pools.refresh_part(app, message)
        waiting = parts(app)
    assert members(app, pool) == in_cork(people)
    assert shown(app, pool)[0::3] == ("Ready", 5)


class Died(BaseException):
    """The process is gone."""


def dies(*_, **__):
    raise Died


def test_a_newer_command_takes_the_place_of_the_one_under_way(app, small_parts, people):
    pool = dynamic(app, CORK)
    pools.refresh(app, pool)
    [old] = parts(app)
    app.clock.move(seconds=1)
    pools.refresh(app, pool)
    [new] = parts(app)
    pools.refresh_part(app, old)
    assert members(app, pool) == set()
    pools.refresh_part(app, new)
    assert members(app, pool) == {people[0]}


def test_a_rule_that_was_broken_meanwhile_ends_the_refresh_in_words(app, small_parts, people):
    pool = dynamic(app, CORK)
    pools.refresh(app, pool)
    app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.RULE: '{"field": "Citty__c", "is": "set"}'})
    pools.refresh_part(app, *parts(app))
    status, message, _, _ = shown(app, pool)
    assert (status, "Citty__c" in message) == ("Failed", True)
    assert parts(app) == []


def test_a_pool_that_was_deleted_meanwhile_ends_quietly(app, small_parts, people):
    pool = dynamic(app, CORK)
    pools.refresh(app, pool)
    app.salesforce.delete_many(TalentPool.API_NAME, [pool])
    pools.refresh_part(app, *parts(app))
    assert parts(app) == []


def test_a_small_pool_is_answered_directly(app, people):
    assert pools.refresh(app, dynamic(app, CORK)) == "5 members. 5 joined, 0 left."


def test_a_rule_that_reads_few_people_is_answered_directly_among_many(app, small_parts, people):
    kerry = {"field": "City__c", "is": "equals", "value": "Kerry"}
    assert pools.refresh(app, dynamic(app, kerry)) == "2 members. 2 joined, 0 left."


@pytest.mark.parametrize("most", [3, 20_000])
def test_a_membership_whose_candidate_was_deleted_goes_and_the_history_keeps_it(
    handled, small_parts, people, most, monkeypatch
):
    """In parts and in one go; the platform empties the lookup when it deletes the person."""
    monkeypatch.setattr(in_parts, "MOST_AT_ONCE", most)
    pool = dynamic(handled, CORK)
    pools.refresh(handled, pool)
    work_off(handled)
    yesterday = handled.clock.now().date()
    handled.clock.move(days=1)
    handled.salesforce.delete_many(Candidate.API_NAME, [people[0], people[2]])
    said = pools.refresh(handled, pool)
    work_off(handled)
    assert members(handled, pool) == in_cork(people) - {people[0], people[2]}
    status, message, _, count = shown(handled, pool)
    assert (status, said or message, count) == ("Ready", "3 members. 0 joined, 2 left.", 3)
    assert handled.salesforce.query("SELECT Id FROM Pool_Membership__c WHERE Candidate__c = null") == []
    assert set(history.members_on(handled, pool, yesterday)) == in_cork(people)
