"""Pools in the embedded org: dynamic, review-first, nested, in folders."""

import json
from datetime import timedelta

import pytest

from integration import events, pools, rollup, sweep
from integration.errors import Rejected, TryAgain
from integration.model.event import Event, Kind
from integration.model.vocabulary import AddedBy, MembershipState, Touch
from integration.pools import judging
from integration.ports import Queue
from integration.records import (
    CampaignStep,
    Candidate,
    CandidateTag,
    PoolMembership,
    RecruitingCampaign,
    TalentPool,
    Touchpoint,
)
from tests.app_fixture import app_queue_messages
from tests.unit.people.importing import new_pool
from tests.unit.people.pooling import CORK, dynamic, members, membership, person, tag, work_off

# Incremental


def test_a_changed_candidate_joins_and_leaves_with_the_time(app):
    one, pool = person(app, City__c="Kerry"), dynamic(app, CORK)
    pools.changed(app, [one], [])
    assert members(app, pool) == set()
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Cork"})
    app.clock.move(hours=1)
    pools.changed(app, [one], [])
    assert membership(app, pool, one)[PoolMembership.JOINED_AT].startswith("2026-03-02T10:00:00")
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Kerry"})
    app.clock.move(hours=1)
    pools.changed(app, [one], [])
    assert members(app, pool, "Left") == {one}
    assert membership(app, pool, one)[PoolMembership.LEFT_AT].startswith("2026-03-02T11:00:00")


def test_a_change_touches_only_the_rules_that_name_the_changed_field(app, monkeypatch):
    one = person(app, City__c="Cork", Rating__c=4)
    cities = dynamic(app, CORK, "Cork")
    rated = dynamic(app, {"field": "Rating__c", "is": "at least", "value": 4}, "Rated")
    pools.changed(app, [one], [])
    assert members(app, cities) == members(app, rated) == {one}
    asked = []
    real = judging.apply
    monkeypatch.setattr(
        judging, "apply", lambda app, pool, *rest, **more: asked.append(pool["Id"]) or real(app, pool, *rest, **more)
    )
    pools.changed(app, [one], [])
    assert asked == []
    app.salesforce.update(Candidate.API_NAME, one, {"Rating__c": 5, "Title__c": "Boss"})
    pools.changed(app, [one], [])
    assert asked == [rated]


def test_a_pool_of_pools_follows_at_once_and_without_loops(app):
    first = dynamic(app, CORK, "First")
    folder = new_pool(app, "Folder", kind="Folder")
    app.salesforce.update(TalentPool.API_NAME, first, {TalentPool.PARENT: folder})
    third = dynamic(
        app, {"all": [{"pool": folder}, {"not": {"field": "Title__c", "is": "equals", "value": "x"}}]}, "Third"
    )
    fourth = dynamic(app, {"not": {"pool": third}}, "Fourth")
    one = person(app, City__c="Kerry")
    pools.changed(app, [one], [])
    assert (members(app, first), members(app, third), members(app, fourth)) == (set(), set(), {one})
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Cork"})
    pools.changed(app, [one], [])
    assert (members(app, first), members(app, third), members(app, fourth)) == ({one}, {one}, set())


def test_a_member_added_by_hand_enters_the_pools_that_name_the_pool(handled):
    app = handled
    inner, one = new_pool(app, "Inner"), person(app)
    outer = dynamic(app, {"pool": inner, "stage": "Interested"}, "Outer")
    made = app.salesforce.create(PoolMembership.API_NAME, {"Pool__c": inner, "Candidate__c": one, "State__c": "Member"})
    pools.changed(app, [], [made])
    assert members(app, outer) == set()
    app.salesforce.update(PoolMembership.API_NAME, made, {PoolMembership.STAGE: "Interested"})
    pools.changed(app, [], [made])
    assert members(app, outer) == {one}
    pools.count_marked(app)
    work_off(app)
    assert app.salesforce.get(TalentPool.API_NAME, inner, [TalentPool.MEMBER_COUNT])[TalentPool.MEMBER_COUNT] == 1


def test_joins_are_written_within_five_seconds_of_the_change_message(handled):
    """Fifty candidates at once, by the function: the product's clock stands still, so this reads the machine's."""
    from time import perf_counter

    app = handled
    people = [person(app, City__c="Cork") for _ in range(50)]
    pool = dynamic(app, CORK)
    app.queues.send(Queue.CHANGES, {"candidates": people})
    began = perf_counter()
    work_off(app)
    assert members(app, pool) == set(people)
    assert perf_counter() - began < 5


def test_a_newer_view_is_not_overwritten_by_an_older_one(app, monkeypatch):
    one, pool = person(app, City__c="Cork"), dynamic(app, CORK)
    real = judging.facts_of

    def slow(app, ids, *rest):
        facts = real(app, ids, *rest)
        monkeypatch.setattr(judging, "facts_of", real)
        app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Kerry"})
        pools.changed(app, [one], [])
        return facts

    monkeypatch.setattr(judging, "facts_of", slow)
    with pytest.raises(TryAgain, match="another worker"):
        pools.changed(app, [one], [])
    pools.changed(app, [one], [])
    assert members(app, pool) == set()


def test_what_was_not_written_is_judged_again(app, monkeypatch):
    one, pool = person(app, City__c="Cork"), dynamic(app, CORK)

    def dies(*rest, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(judging, "apply", dies)
        with pytest.raises(KeyboardInterrupt):
            pools.changed(app, [one], [])
    pools.changed(app, [one], [])
    assert members(app, pool) == {one}


def test_marks_of_facts_hold_no_personal_data(app):
    one = person(app, City__c="Cork", Email__c="ann@a.example")
    dynamic(app, {"any": [CORK, {"field": "Email__c", "is": "contains", "value": "ann"}]})
    pools.changed(app, [one], [])
    item = app.people.get(f"candidate#{one}", judging.JUDGED)
    assert set(item["facts"]) == {"City__c", "Email__c"}
    assert all(isinstance(mark, int) for mark in item["facts"].values())
    judging.forget(app, [one])
    assert app.people.get(f"candidate#{one}", judging.JUDGED) is None


def test_a_rule_relative_to_today_changes_when_its_day_comes(handled):
    app = handled
    recent = dynamic(app, {"field": "Collected_At__c", "is": "in the last", "value": "10 days"}, "Recent")
    due = dynamic(app, {"field": "Notice_Due_On__c", "is": "in the next", "value": "1 week"}, "Due")
    clicked = dynamic(app, {"engaged": "clicked", "in_the_last": "3 days"}, "Clicked")
    one = person(app, Collected_At__c="2026-03-01T12:00:00Z", Notice_Due_On__c="2026-03-14")
    touch = {Touchpoint.KEY: "k", Touchpoint.CANDIDATE: one, Touchpoint.KIND: Touch.FIRST_CLICK}
    app.salesforce.create(Touchpoint.API_NAME, {**touch, Touchpoint.AT: "2026-03-02T08:00:00Z"})
    other = person(app, Collected_At__c="2026-02-25T12:00:00Z")
    pools.changed(app, [one, other], [])
    app_queue_messages(app, Queue.CHANGES)
    sweep.sweep(app)
    work_off(app)
    assert (members(app, recent), members(app, due), members(app, clicked)) == ({one, other}, set(), {one})
    inside = {recent: {}, due: {}, clicked: {}}
    for day in range(1, 15):
        app.clock.move(days=1)
        pools.turn_of_day(app)
        work_off(app)
        for pool in inside:
            inside[pool][day] = members(app, pool)
    assert [day for day, found in inside[recent].items() if other in found] == [1, 2, 3, 4, 5]
    assert [day for day, found in inside[recent].items() if one in found] == list(range(1, 10))
    assert [day for day, found in inside[due].items() if one in found] == list(range(5, 13))
    assert [day for day, found in inside[clicked].items() if one in found] == [1, 2, 3]


def test_the_turn_of_the_day_looks_at_nobody_whose_date_it_did_not_pass(handled):
    app = handled
    pool = dynamic(app, {"field": "Collected_At__c", "is": "in the last", "value": "90 days"})
    for day in range(1, 20):
        person(app, Collected_At__c=f"2026-02-{day:02}T12:00:00Z")
    pools.turn_of_day(app)
    app.clock.move(days=1)
    assert (pools.turn_of_day(app), pools.turn_of_day(app)) == (1, 0)
    [message] = app_queue_messages(app, Queue.CHANGES)
    pools.turned(app, message["turned"], message["then"], message["now"])
    assert app_queue_messages(app, Queue.CHANGES) == []
    assert members(app, pool) == set()


def test_who_was_added_by_hand_does_not_leave(app):
    one, pool = person(app, City__c="Kerry"), dynamic(app, CORK)
    pools.join(app, pool, [one], AddedBy.MANUAL)
    pools.refresh(app, pool)
    assert members(app, pool) == {one}


def test_a_tag_set_by_a_person_is_seen_by_the_sweep(handled, org):
    app, one = handled, None
    one = person(app)
    made = tag(app, one, "python")
    pool = dynamic(app, {"tag": "python"})
    app.salesforce.delete_many(CandidateTag.API_NAME, [made])
    pools.refresh(app, pool)
    sweep.sweep(app)
    work_off(app)
    tag_id = org.rows("SELECT Id FROM Tag__c")[0]["Id"]
    org.client("recruiter").Candidate_Tag__c.create({"Candidate__c": one, "Tag__c": tag_id})
    app.clock.move(minutes=1)
    sweep.sweep(app)
    work_off(app)
    assert members(app, pool) == {one}


def test_a_radius_follows_the_city_and_respects_coordinates_that_somebody_set(app):
    pool = dynamic(app, {"near": "Cork, IE", "km": 40})
    one, exact = person(app, City__c="Cork", Country__c="IE"), person(app, City__c="Cork", Geo__Latitude__s=53.3501,
                                                                      Geo__Longitude__s=-6.2601)  # fmt: skip
    pools.changed(app, [one, exact], [])
    assert members(app, pool) == {one}
    where = [Candidate.ID, "Geo__Latitude__s"]
    assert app.salesforce.get(Candidate.API_NAME, one, where)["Geo__Latitude__s"] == pytest.approx(51.9, abs=0.01)
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "München", "Country__c": "DE"})
    pools.changed(app, [one, exact], [])
    assert members(app, pool) == set()
    assert app.salesforce.get(Candidate.API_NAME, exact, where)["Geo__Latitude__s"] == 53.3501
    assert pools.refresh(app, dynamic(app, {"near": "Munich, Germany", "km": 10}, "Munich")).startswith("1 member.")


# Review first


def test_review_first_proposes_and_a_rejection_sticks(app):
    """Also after re-evaluation, a change, an import and a search."""
    one, pool = person(app, City__c="Cork"), dynamic(app, CORK, Review__c="Review first")
    assert pools.refresh(app, pool) == "0 members. 1 proposed, 0 left."
    assert members(app, pool, "Proposed") == {one}
    row = membership(app, pool, one)["Id"]
    app.salesforce.update(PoolMembership.API_NAME, row, {PoolMembership.STATE: MembershipState.REJECTED.value})
    assert pools.refresh(app, pool) == "0 members. 0 proposed, 0 left."
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Kerry"})
    pools.changed(app, [one], [])
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Cork"})
    pools.changed(app, [one], [])
    for added_by in (AddedBy.IMPORT, AddedBy.SEARCH, AddedBy.LANDING_PAGE):
        assert pools.join(app, pool, [one], added_by, again=True).stayed_out == (one,)
    assert members(app, pool, "Rejected") == {one}


def test_a_proposal_that_no_longer_fits_is_withdrawn(app):
    one, pool = person(app, City__c="Cork"), dynamic(app, CORK, Review__c="Review first")
    pools.refresh(app, pool)
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Kerry"})
    pools.changed(app, [one], [])
    assert members(app, pool, "Left") == {one}


# Circles and folders


def test_B41_a_circular_rule_is_refused_with_the_circle_named(app):
    pool = dynamic(app, CORK, "Cork")
    second = dynamic(app, {"pool": pool}, "Second")
    app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.RULE: json.dumps({"not": {"pool": second}})})
    with pytest.raises(Rejected, match="refers to its own pool: Cork → Second → Cork"):
        pools.refresh(app, pool)
    assert app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.STATUS])[TalentPool.STATUS] == "Failed"
    pools.changed(app, [person(app)], [])
    assert members(app, pool) == members(app, second) == set()


def test_a_rule_that_asks_for_the_folder_of_its_own_pool_is_refused(app):
    folder = new_pool(app, "Folder", kind="Folder")
    pool = dynamic(app, {"pool": "Folder"}, "Own", Parent__c=folder)
    with pytest.raises(Rejected, match="refers to its own pool: Own → Own"):
        pools.refresh(app, pool)


def test_folders_that_lie_in_each_other_are_refused_with_the_circle_named(app):
    first, second = new_pool(app, "First", kind="Folder"), new_pool(app, "Second", kind="Folder")
    app.salesforce.update(TalentPool.API_NAME, first, {TalentPool.PARENT: second})
    app.salesforce.update(TalentPool.API_NAME, second, {TalentPool.PARENT: first})
    with pytest.raises(Rejected, match="lie in each other: First → Second → First"):
        pools.refresh(app, first)
    inside = new_pool(app, "Inside", Parent__c=first)
    with pytest.raises(Rejected, match="lie in each other: First → Second → First"):
        pools.refresh(app, inside)


def test_a_folder_counts_each_person_once(app):
    top = new_pool(app, "Top", kind="Folder")
    inner = new_pool(app, "Inner", kind="Folder", Parent__c=top)
    one, other = person(app), person(app)
    first, second = new_pool(app, "First", Parent__c=inner), new_pool(app, "Second", Parent__c=top)
    pools.join(app, first, [one, other], AddedBy.MANUAL)
    pools.join(app, second, [one], AddedBy.MANUAL)
    assert pools.refresh(app, top) == "2 members in 2 pools, each person counted once."
    assert pools.refresh(app, second) == "1 member."
    fields = [TalentPool.MEMBER_COUNT]
    assert app.salesforce.get(TalentPool.API_NAME, top, fields) == {TalentPool.MEMBER_COUNT: 2}


def test_a_move_in_the_tree_keeps_ids_members_and_sharing(app, org):
    private = new_pool(app, "Private", Private__c=True)
    one = person(app)
    pools.join(app, private, [one], AddedBy.MANUAL)
    before = org.rows("SELECT Id, OwnerId, Private__c, Pool__c FROM Pool_Membership__c")
    folder = new_pool(app, "Folder", kind="Folder")
    app.salesforce.update(TalentPool.API_NAME, private, {TalentPool.PARENT: folder})
    pools.refresh(app, folder)
    assert org.rows("SELECT Id, OwnerId, Private__c, Pool__c FROM Pool_Membership__c") == before


def test_a_broken_rule_does_not_stop_the_other_pools(app):
    one = person(app, City__c="Cork")
    for broken in ("{", "[" * 5000, '{"field": "Shoe__c", "is": "equals", "value": 1}', '{"pool": "nowhere"}'):
        new_pool(app, kind="Dynamic", Rule__c=broken)
    pool = dynamic(app, CORK)
    pools.changed(app, [one], [])
    assert members(app, pool) == {one}


@pytest.mark.parametrize("text", ["{", "[" * 5000, "null", '""', "{}", '{"all": []}'])
def test_an_empty_or_unreadable_rule_is_refused(app, text):
    with pytest.raises(Rejected):
        pools.refresh(app, new_pool(app, kind="Dynamic", Rule__c=text))


# Memberships


def test_joining_twice_is_once_and_announced(app):
    one, pool = person(app), new_pool(app)
    first = pools.join(app, pool, [one, one], AddedBy.MANUAL)
    again = pools.join(app, pool, [one], AddedBy.IMPORT)
    assert first.memberships == again.memberships
    assert (len(first.created), len(again.created)) == (1, 0)
    announced = app_queue_messages(app, Queue.CHANGES)
    # The second attempt tells again, in case the first one died before it could.
    assert announced == [{"memberships": list(first.created)}] * 2


def test_who_left_comes_back_only_when_asked(app):
    one, pool = person(app), new_pool(app)
    [row] = pools.join(app, pool, [one], AddedBy.MANUAL).created
    pools.leave(app, [row])
    assert pools.join(app, pool, [one], AddedBy.IMPORT).stayed_out == (one,)
    assert pools.join(app, pool, [one], AddedBy.LANDING_PAGE, again=True).stayed_out == ()
    assert members(app, pool) == {one}


def test_a_human_click_brings_its_person_into_the_pool_and_a_scanners_does_not(handled):
    """From the event to the membership: the rollup judges and tells, the pool follows."""
    app = handled
    campaign = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "Spring", "Kind__c": "Blast"})
    step = app.salesforce.create(CampaignStep.API_NAME, {CampaignStep.CAMPAIGN: campaign, CampaignStep.ORDER: 1})
    human, scanner = (person(app, Candidate_Key__c=key) for key in ("K1", "K2"))
    plan = {"pk": f"campaign#{campaign}", "sk": "plan", "audience": 2, "chunks": 1}
    app.sends.put({**plan, "steps": [{"id": step, "version": "1"}]})
    pool = dynamic(app, {"engaged": "clicked", "campaign": "Spring", "in_the_last": "7 days"})
    for key, agent in (("K1", "Mozilla/5.0 (X11; Linux) Firefox/140.0"), ("K2", "Barracuda Sentinel")):
        mail = {"campaign": campaign, "step": step, "version": "1", "candidate": key}
        clicked = {**mail, "method": "GET", "user_agent": agent, "link": "1", "target": "https://a.example/"}
        now, later = (app.clock.now() + timedelta(minutes=minutes) for minutes in (0, 5))
        told = [
            Event(id=f"d{key}", kind=Kind.DELIVERY, at=now.isoformat(), **mail),
            Event(id=f"c{key}", kind=Kind.CLICK, at=later.isoformat(), **clicked),
        ]
        assert events.receive(app, [(event.id, event) for event in told]) == []
    app.clock.move(minutes=10)
    rollup.run(app)
    work_off(app)
    assert members(app, pool) == {human}
    assert scanner not in members(app, pool, "Left")
