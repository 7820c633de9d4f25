"""Rules of dynamic pools, as values and in the embedded org."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import pools
from integration.errors import Rejected
from integration.model.segment import BadRule, Facts, circle, parse
from integration.model.vocabulary import AddedBy, MembershipState
from integration.pools import worker
from integration.pools.rules import FIELDS, fitting
from integration.ports import Queue
from integration.records import Candidate, CandidateTag, PoolMembership, Tag, TalentPool
from integration.soql import equals, select
from tests.app_fixture import app_queue_messages
from tests.unit.people.importing import new_pool

CORK = {"field": "City__c", "is": "equals", "value": "Cork"}
SENIOR = {"field": "Rating__c", "is": "greater", "value": 3}
SINCE_MARCH = {"field": "Collected_At__c", "is": "greater", "value": "2026-03-01"}
PYTHON = {"tag": "Python"}


@pytest.mark.parametrize(
    ("rule", "facts", "fits"),
    [
        (CORK, {"City__c": "cork"}, True),
        (CORK, {"City__c": "Corkscrew"}, False),
        (CORK, {}, False),
        ({"not": CORK}, {}, True),
        ({"field": "City__c", "is": "in", "value": ["Cork", "Kerry"]}, {"City__c": "KERRY"}, True),
        ({"field": "Title__c", "is": "contains", "value": "100%_test"}, {"Title__c": "a 100%_Tester"}, True),
        ({"field": "Title__c", "is": "contains", "value": "100%"}, {"Title__c": "100 tests"}, False),
        (SENIOR, {"Rating__c": 4.0}, True),
        (SENIOR, {"Rating__c": 3}, False),
        ({"field": "Rating__c", "is": "less", "value": 3}, {}, False),
        ({"field": "Rating__c", "is": "empty"}, {"Rating__c": None}, True),
        (SINCE_MARCH, {"Collected_At__c": "2026-03-02T01:00"}, True),
        (SINCE_MARCH, {"Collected_At__c": "2026-03-01T23:00"}, False),
        ({"field": "Do_Not_Contact__c", "is": "equals", "value": False}, {"Do_Not_Contact__c": False}, True),
        ({"all": [CORK, {"any": [SENIOR, PYTHON]}]}, {"City__c": "Cork", "Rating__c": 1}, True),
        ({"pool": "P1"}, {}, True),
        ({"pool": "P2"}, {}, False),
    ],
)  # fmt: skip
def test_rules_match(rule, facts, fits):
    assert parse(rule, FIELDS).matches(Facts(facts, frozenset({"python"}), frozenset({"P1"}))) is fits


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (None, "empty"),
        ({}, "empty"),
        ({"all": []}, "“all” is empty"),
        ({"nor": []}, "“nor” is no condition"),
        ({"field": "Citty__c", "is": "equals", "value": "x"}, "Do you mean City__c"),
        ({"field": "Resume_Text__c", "is": "contains", "value": "x"}, "not a field"),
        ({"field": "Id) OR (Id != null", "is": "equals", "value": "x"}, "not a field"),
        ({"field": "City__c", "is": "like", "value": "x"}, "“like” cannot be asked"),
        ({"field": "City__c", "is": "greater", "value": "x"}, "does not fit City__c"),
        ({"field": "Rating__c", "is": "greater", "value": "x"}, "it needs a number"),
        ({"field": "Rating__c", "is": "equals", "value": True}, "it needs a number"),
        ({"field": "City__c", "is": "in", "value": "Cork"}, "list of values"),
        ({"field": "Collected_At__c", "is": "less", "value": "soon"}, "a date like"),
        ({"tag": 7}, "tag needs a text"),
        ({"any": [CORK] * 51}, "more than 50"),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(rule, told):
    with pytest.raises(BadRule, match=told.replace("(", r"\(")):
        parse(rule, FIELDS)


def test_a_rule_that_is_too_deep_is_refused():
    rule = CORK
    for _ in range(9):
        rule = {"not": rule}
    with pytest.raises(BadRule, match="nested"):
        parse(rule, FIELDS)


def test_a_rule_in_words():
    rule = parse({"all": [CORK, {"any": [SENIOR, PYTHON]}, {"not": {"pool": "P1"}}]}, FIELDS)
    assert rule.in_words() == ("City is Cork and (Rating is above 3 or has the tag Python) and not (is a member of P1)")


@pytest.mark.parametrize(
    ("refers", "way"),
    [({"a": ["b"], "b": ["c"]}, []), ({"a": ["a"]}, ["a", "a"]), ({"a": ["x", "b"], "b": ["a"]}, ["a", "b", "a"])],
)
def test_circles_are_found(refers, way):
    assert circle("a", refers) == way


# In the org


def person(app, **values):
    return app.salesforce.create(Candidate.API_NAME, {Candidate.LAST_NAME: "Lee", **values})


def tag(app, candidate, name):
    made = app.salesforce.create(Tag.API_NAME, {"Name": name, "Key__c": name.lower()})
    app.salesforce.create(CandidateTag.API_NAME, {CandidateTag.CANDIDATE: candidate, CandidateTag.TAG: made})


def dynamic(app, rule, **values):
    return new_pool(app, kind="Dynamic", Rule__c=json.dumps(rule), **values)


def members(app, pool, state="Member"):
    where = equals(PoolMembership.POOL, pool)
    fields = [PoolMembership.CANDIDATE, PoolMembership.STATE]
    rows = app.salesforce.query(select(PoolMembership.API_NAME, fields, where=where))
    return {row[PoolMembership.CANDIDATE] for row in rows if row[PoolMembership.STATE] == state}


LEAF = st.sampled_from(
    [
        CORK,
        SENIOR,
        PYTHON,
        {"field": "City__c", "is": "contains", "value": "%"},
        {"field": "City__c", "is": "in", "value": ["cork", "Kerry"]},
        {"field": "Rating__c", "is": "empty"},
        {"field": "Collected_At__c", "is": "greater", "value": "2026-03-01"},
    ]
)
RULE = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    ),
    max_leaves=5,
)


def test_the_orgs_answer_equals_the_rules(app):
    """The ids found by queries are those of the people whom the rule fits one by one."""
    people = [
        person(app, City__c="Cork", Rating__c=4),
        person(app, City__c="CORK", Collected_At__c="2026-03-05T00:00:00Z"),
        person(app, City__c="Kerry%", Rating__c=2),
        person(app, Rating__c=5),
        person(app),
    ]
    tag(app, people[0], "python")
    facts = dict(pools.rules._facts(app, people))

    @given(RULE)
    def agrees(rule):
        parsed = parse(rule, FIELDS)
        assert fitting(app, parsed) == {one for one, known in facts.items() if parsed.matches(known)}

    agrees()


def test_refresh_joins_and_leaves(app):
    cork, kerry = person(app, City__c="Cork"), person(app, City__c="Kerry")
    pool = dynamic(app, CORK)
    assert pools.refresh(app, pool) == "1 members. 1 joined, 0 left."
    app.salesforce.update(Candidate.API_NAME, cork, {"City__c": "Kerry"})
    app.salesforce.update(Candidate.API_NAME, kerry, {"City__c": "Cork"})
    assert pools.refresh(app, pool) == "1 members. 1 joined, 1 left."
    assert members(app, pool) == {kerry}
    row = app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.RULE_TEXT, TalentPool.MEMBER_COUNT])
    assert row == {TalentPool.RULE_TEXT: "City is Cork", TalentPool.MEMBER_COUNT: 1}


def test_a_changed_candidate_joins_and_leaves_by_the_worker(app):
    one, pool = person(app, City__c="Kerry"), dynamic(app, CORK)
    worker.changed(app, [one], [])
    assert members(app, pool) == set()
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Cork"})
    worker.changed(app, [one], [])
    assert members(app, pool) == {one}
    app.salesforce.update(Candidate.API_NAME, one, {"City__c": "Kerry"})
    worker.changed(app, [one], [])
    assert members(app, pool, "Left") == {one}


def test_who_was_added_by_hand_does_not_leave(app):
    one, pool = person(app, City__c="Kerry"), dynamic(app, CORK)
    pools.join(app, pool, [one], AddedBy.MANUAL)
    pools.refresh(app, pool)
    assert members(app, pool) == {one}


def test_review_first_proposes_and_a_rejection_sticks(app):
    one, pool = person(app, City__c="Cork"), dynamic(app, CORK, Review__c="Review first")
    assert pools.refresh(app, pool) == "0 members. 1 proposed, 0 left."
    assert members(app, pool, "Proposed") == {one}
    [row] = app.salesforce.query(select(PoolMembership.API_NAME, [PoolMembership.ID]))
    app.salesforce.update(PoolMembership.API_NAME, row["Id"], {PoolMembership.STATE: MembershipState.REJECTED.value})
    assert pools.refresh(app, pool) == "0 members. 0 proposed, 0 left."
    assert members(app, pool, "Rejected") == {one}


def test_a_pool_of_a_pool(app):
    one, other = person(app), person(app)
    inner = new_pool(app)
    pools.join(app, inner, [one], AddedBy.MANUAL)
    outer = dynamic(app, {"pool": inner})
    pools.refresh(app, outer)
    assert members(app, outer) == {one}
    assert other not in members(app, outer)


def test_a_circular_pool_is_refused(app):
    pool = dynamic(app, CORK)
    second = dynamic(app, {"pool": pool})
    app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.RULE: json.dumps({"not": {"pool": second}})})
    with pytest.raises(Rejected, match="refers to its own pool: Bench → Bench → Bench"):
        pools.refresh(app, pool)
    assert app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.STATUS])[TalentPool.STATUS] == "Failed"


def test_a_broken_rule_does_not_stop_the_other_pools(app):
    one = person(app, City__c="Cork")
    new_pool(app, kind="Dynamic", Rule__c="{")
    pool = dynamic(app, CORK)
    pools.changed(app, [one], [])
    assert members(app, pool) == {one}


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
    [membership] = pools.join(app, pool, [one], AddedBy.MANUAL).created
    pools.leave(app, [membership])
    assert pools.join(app, pool, [one], AddedBy.IMPORT).stayed_out == (one,)
    assert pools.join(app, pool, [one], AddedBy.LANDING_PAGE, again=True).stayed_out == ()
    assert members(app, pool) == {one}
