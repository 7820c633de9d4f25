"""A change whose message was lost reaches the pools by the next night, without a command."""

from integration import pools
from integration.pools import reconciling
from integration.ports import Queue
from integration.records import Candidate, CandidateTag
from tests.app_fixture import app_queue_messages
from tests.unit.people.pooling import CORK, dynamic, members, person, tag, work_off


def lost(app):
    """Whatever was announced never arrives."""
    app_queue_messages(app, Queue.CHANGES)


def night(app):
    app.clock.move(days=1)
    pools.reconcile_nightly(app)
    work_off(app)


def settled(app):
    pools.reconcile_nightly(app)
    work_off(app)


def test_a_lost_change_joins_and_leaves_by_the_next_night(handled):
    app = handled
    pool, comes, goes = dynamic(app, CORK), person(app, City__c="Kerry"), person(app, City__c="Cork")
    settled(app)
    assert members(app, pool) == {goes}
    app.clock.move(hours=5)
    app.salesforce.update(Candidate.API_NAME, comes, {Candidate.CITY: "Cork"})
    app.salesforce.update(Candidate.API_NAME, goes, {Candidate.CITY: "Kerry"})
    lost(app)
    work_off(app)
    assert members(app, pool) == {goes}
    night(app)
    assert members(app, pool) == {comes}


def test_a_lost_tag_is_found_by_its_own_row(handled):
    app = handled
    one = person(app)
    pool = dynamic(app, {"tag": "welder"})
    settled(app)
    app.clock.move(hours=5)
    tag(app, one, "Welder")
    lost(app)
    night(app)
    assert members(app, pool) == {one}
    assert app.salesforce.query(f"SELECT Id FROM {CandidateTag.API_NAME}")


def test_a_night_comes_once_and_changes_nothing_more(handled):
    app = handled
    pool, one = dynamic(app, CORK), person(app, City__c="Cork")
    settled(app)
    assert pools.reconcile_nightly(app) == 0
    before = app.salesforce.query("SELECT Id, State__c, Joined_At__c FROM Pool_Membership__c")
    night(app)
    night(app)
    assert app.salesforce.query("SELECT Id, State__c, Joined_At__c FROM Pool_Membership__c") == before
    assert members(app, pool) == {one}


def test_many_changes_are_read_in_parts_and_an_interrupted_night_goes_on(handled, monkeypatch):
    app = handled
    monkeypatch.setattr(reconciling, "PER_PART", 3)
    pool = dynamic(app, CORK)
    people = {person(app, City__c="Cork") for _ in range(8)}
    assert pools.reconcile_nightly(app) == len(reconciling.SOURCES)
    first, *_ = app_queue_messages(app, Queue.CHANGES)
    assert first["reconcile"] == Candidate.API_NAME
    for _ in range(2):  # the same part twice, as a queue may hand it out
        pools.reconcile(app, first)
    parts = [message for message in app_queue_messages(app, Queue.CHANGES) if "reconcile" in message]
    assert parts[0]["after"] == parts[1]["after"] > ""
    app.clock.move(days=1)
    app.people.delete(*reconciling.PLACE)
    night(app)
    assert members(app, pool) == people
