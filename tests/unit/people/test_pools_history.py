"""Who was in a pool on a day."""

import csv
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import pools
from integration.errors import Rejected
from integration.model.membership import Happened, members_at, standing_at
from integration.model.vocabulary import AddedBy, MembershipState
from integration.pools import history
from integration.records import Candidate, PoolMembership, TalentPool
from tests.unit.people.importing import new_pool
from tests.unit.people.pooling import CORK, dynamic, members, membership, person, work_off

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEP = st.tuples(st.sampled_from("abc"), st.sampled_from(list(MembershipState)))


@given(st.lists(STEP, max_size=30), st.integers(0, 999).map(Random), st.integers(0, 31))
def test_a_pool_rebuilt_from_its_events_equals_the_snapshot_of_that_moment(steps, chance, minute):
    """In whatever order the events come back, and however often."""
    events, now, snapshots = [], {}, [{}]
    for number, (who, state) in enumerate(steps, start=1):
        events.append(Happened(who, state.value, START + timedelta(minutes=number)))
        now = {**now, who: state.value}
        snapshots.append(now)
    kept = events + chance.sample(events, len(events) // 2)
    chance.shuffle(kept)
    at = min(minute, len(steps))
    standing = standing_at(kept, START + timedelta(minutes=at))
    assert {who: event.state for who, event in standing.items()} == snapshots[at]
    inside = {who for who, state in snapshots[at].items() if state == "Member"}
    assert set(members_at(kept, START + timedelta(minutes=at))) == inside


def test_membership_since_is_the_join_not_the_last_edit():
    events = [Happened("a", "Member", START), Happened("a", "Member", START + timedelta(days=3))]
    assert members_at(events, START + timedelta(days=9))["a"].at == START


def test_the_members_on_a_day_are_those_that_stood_in_the_org(handled):
    """By rule, by hand, by import; joining, leaving, proposed, rejected: the events equal each evening's snapshot."""
    app = handled
    pool, other = dynamic(app, CORK), new_pool(app, "Other")
    people = [person(app, City__c="Cork" if number % 2 else "Kerry") for number in range(6)]
    evenings = {}

    def evening():
        work_off(app)
        evenings[app.clock.now().date()] = members(app, pool)
        app.clock.move(days=1)

    pools.changed(app, people, [])
    evening()
    pools.join(app, pool, [people[0]], AddedBy.IMPORT)
    pools.join(app, other, [people[2]], AddedBy.IMPORT)
    app.salesforce.update(Candidate.API_NAME, people[1], {"City__c": "Kerry"})
    pools.changed(app, [people[1]], [])
    evening()
    row = membership(app, pool, people[3])["Id"]
    app.salesforce.update(PoolMembership.API_NAME, row, {PoolMembership.STATE: "Rejected"})
    pools.changed(app, [], [row])
    app.salesforce.update(Candidate.API_NAME, people[1], {"City__c": "Cork"})
    pools.changed(app, [people[1]], [])
    evening()
    pools.leave(app, [membership(app, pool, people[0])["Id"]])
    evening()
    evening()
    assert len(set(map(frozenset, evenings.values()))) == 4
    for day, snapshot in evenings.items():
        assert set(pools.members_on(app, pool, day)) == snapshot
    assert pools.members_on(app, pool, min(evenings) - timedelta(days=1)) == {}


def test_what_recruiters_do_by_hand_is_kept_with_time_and_actor(app, org):
    recruiter = org.client("recruiter")
    pool, one = new_pool(app), person(app)
    made = recruiter.Pool_Membership__c.create({"Pool__c": pool, "Candidate__c": one, "State__c": "Member"})["id"]
    pools.changed(app, [], [made])
    app.clock.move(days=1)
    recruiter.Pool_Membership__c.update(made, {"State__c": "Left"})
    pools.changed(app, [], [made])
    app.clock.move(days=1)
    recruiter.Pool_Membership__c.update(made, {"State__c": "Member", "Rating__c": 3})
    pools.changed(app, [], [made])
    inside = [one in pools.members_on(app, pool, date(2026, 3, day)) for day in (1, 2, 3, 4)]
    assert inside == [False, True, False, True]
    user = org.rows(f"SELECT LastModifiedById FROM Pool_Membership__c WHERE Id = '{made}'")[0]["LastModifiedById"]
    assert {event.by for event in history.events(app, pool)} == {user}


def test_a_message_that_comes_twice_keeps_one_event(app):
    pool, one = new_pool(app), person(app)
    [made] = pools.join(app, pool, [one], AddedBy.SEARCH).created
    for _ in range(3):
        pools.changed(app, [], [made])
    [event] = history.events(app, pool)
    assert (event.candidate, event.state, event.cause) == (one, "Member", "Search")


def test_history_holds_no_personal_data(app):
    pool, one = new_pool(app), person(app, First_Name__c="Zebedee", Email__c="zebedee@a.example")
    pools.changed(app, [], pools.join(app, pool, [one], AddedBy.MANUAL).created)
    kept = b"".join(app.data.read(key) for key in app.data.keys(history.prefix(pool)))
    assert kept
    assert b"ebedee" not in kept


def test_the_list_of_a_day_is_attached_to_the_pool(app):
    pool = new_pool(app)
    one, gone = person(app, First_Name__c="=cmd()"), person(app)
    pools.changed(app, [], pools.join(app, pool, [one, gone], AddedBy.MANUAL).created)
    app.salesforce.delete_many(Candidate.API_NAME, [gone])
    app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.AS_OF: "2026-03-02"})
    told = pools.list_members_on(app, pool)
    assert told == "1 person was a member on 2026-03-02. The list is attached: “Members on 2026-03-02.csv”."
    version, name = app.salesforce.attached_file(pool)
    rows = list(csv.reader(b"".join(app.salesforce.read_file(version)).decode("utf-8-sig").splitlines()))
    assert name == "Members on 2026-03-02.csv"
    assert rows[0] == ["Candidate", "Candidate id", "Member since", "Added by"]
    assert rows[1:] == [
        ["'=cmd() Lee", one, "2026-03-02T09:00:00+00:00", "Manual"],
    ]


@pytest.mark.parametrize(("day", "told"), [(None, "Enter the day"), ("2026-03-03", "is not over yet")])
def test_a_day_that_cannot_be_listed_is_refused(app, day, told):
    pool = new_pool(app, As_Of__c=day)
    with pytest.raises(Rejected, match=told):
        pools.list_members_on(app, pool)


def test_members_from_before_the_history_are_there_and_deleted_ones_leave_when_it_is_noticed(app):
    pool, one, gone = new_pool(app), person(app), person(app)
    pools.join(app, pool, [one, gone], AddedBy.IMPORT)  # no message is worked off
    assert set(pools.members_on(app, pool, date(2026, 3, 2))) == {one, gone}
    app.clock.move(days=1)
    app.salesforce.delete_many(PoolMembership.API_NAME, [membership(app, pool, gone)["Id"]])
    assert set(pools.members_on(app, pool, date(2026, 3, 3))) == {one}
    assert set(pools.members_on(app, pool, date(2026, 3, 2))) == {one, gone}
    kept = list(app.data.keys(history.prefix(pool)))
    pools.members_on(app, pool, date(2026, 3, 3))
    assert list(app.data.keys(history.prefix(pool))) == kept
