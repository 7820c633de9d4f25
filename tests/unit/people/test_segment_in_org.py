"""Rules asked of the embedded org: what its queries find is whom the rule fits, and nobody can be asked for more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integration import pools
from integration.errors import Rejected
from integration.model.segment_parsing import parse
from integration.model.vocabulary import AddedBy, Touch
from integration.pools.directory import Directory
from integration.pools.facts import facts_of
from integration.pools.fields import fields_of
from integration.pools.fitting import fitting
from integration.records import (
    CampaignEnrollment,
    Candidate,
    Channel,
    PoolMembership,
    RecruitingCampaign,
    TalentPool,
    Touchpoint,
)
from tests.unit.people.importing import new_pool
from tests.unit.people.pooling import CORK, dynamic, members, membership, person, tag

HOSTILE = [
    "' OR Id != null OR City__c = '", "\\' OR Id != null --", "%", "_", "\\", "'", '"', "a\nb", "x' LIMIT 1",
    "') UNION SELECT Id FROM User --", "\u2019 OR 1=1", "{!Id}", "\x08\x0c", "Straße", "ſ", "K",
]  # fmt: skip


def rule(app, value):
    return parse(value, fields_of(app), Directory(app))


def test_every_filterable_field_of_a_candidate_can_be_asked_for(app):
    fields = fields_of(app)
    described = {one.name: one for one in app.salesforce.fields(Candidate.API_NAME)}
    left_out = {name for name, one in described.items() if name.endswith("__c") and one.filterable} - set(fields)
    assert left_out == {"Do_Not_Rehire__c", "Leaving_Reason__c", "Geo__c"}  # kept from some people; asked for by “near”
    assert not any(described[name].type in ("location", "longtextarea") for name in fields)
    assert fields["Lifecycle__c"].words[0] == "Prospect"
    assert (fields["Collected_At__c"].kind, fields["Notice_Due_On__c"].is_moment) == ("date", False)
    assert {fields[name].kind for name in ("First_Source__c", "OwnerId")} == {"reference"}


@pytest.fixture
def crowd(app):
    """People who differ in everything a rule may ask for; and the leaves that tell them apart."""
    channel = app.salesforce.create(Channel.API_NAME, {"Name": "Indeed", "Kind__c": "Job board", "Key__c": "indeed"})
    campaign = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "Spring", "Kind__c": "Blast"})
    people = [
        person(app, City__c="Cork", Country__c="IE", Rating__c=4, Lifecycle__c="Alumni", First_Source__c=channel),
        person(app, City__c="CORK", Collected_At__c="2026-03-01T00:00:00Z", Last_Source__c=channel),
        person(app, City__c="Kerry%", Rating__c=2, Collected_At__c="2025-12-02T00:00:00Z"),
        person(app, Rating__c=5, Geo__Latitude__s=51.9, Geo__Longitude__s=-8.5, Notice_Due_On__c="2026-03-20"),
        person(app, City__c="Dublin", Country__c="IE", Do_Not_Contact__c=True, Title__c="O'Neill \\ 100%"),
        *(person(app, City__c=text) for text in HOSTILE if text.strip()),
    ]
    tag(app, people[0], "python", "Skill")
    tag(app, people[2], "vip")
    pool = new_pool(app, "Inner")
    pools.join(app, pool, people[:2], AddedBy.MANUAL)
    row = membership(app, pool, people[1])["Id"]
    app.salesforce.update(PoolMembership.API_NAME, row, {PoolMembership.STAGE: "Interested", "Rating__c": 4})
    enrolled = {CampaignEnrollment.CAMPAIGN: campaign, CampaignEnrollment.HUMAN_OPENS: 1}
    app.salesforce.create(CampaignEnrollment.API_NAME, {**enrolled, CampaignEnrollment.CANDIDATE: people[0]})
    machine = {CampaignEnrollment.CAMPAIGN: campaign, CampaignEnrollment.MACHINE_EVENTS: 9}
    app.salesforce.create(CampaignEnrollment.API_NAME, {**machine, CampaignEnrollment.CANDIDATE: people[3]})
    for key, one, at in (("a", 1, "2026-02-25T10:00:00Z"), ("b", 2, "2025-01-01T10:00:00Z")):
        touch = {Touchpoint.KEY: key, Touchpoint.CANDIDATE: people[one], Touchpoint.KIND: Touch.FIRST_CLICK}
        app.salesforce.create(Touchpoint.API_NAME, {**touch, Touchpoint.AT: at, Touchpoint.CAMPAIGN: campaign})
    return people


FIELD = {"City__c": ["Cork", "cork", "Dublin", *HOSTILE], "Title__c": ["O'Neill", "100%", "\\"]}
LEAVES = [
    *({"field": name, "is": operator, "value": value}
      for name, values in FIELD.items() for value in values if value.strip()
      for operator in ("equals", "not equals", "contains", "not contains", "starts with", "ends with")),
    *({"field": "Rating__c", "is": operator, "value": 4}
      for operator in ("equals", "not equals", "greater", "not greater", "less", "at least", "not at most")),
    *({"field": "Collected_At__c", "is": operator, "value": "2026-03-01"}
      for operator in ("on", "not on", "after", "before", "at least", "at most", "not at most")),
    {"field": "City__c", "is": "in", "value": ["cork", "Kerry%"]},
    {"field": "City__c", "is": "not in", "value": ["cork", "Kerry%"]},
    {"field": "Rating__c", "is": "between", "value": [2, 4]},
    {"field": "Rating__c", "is": "not between", "value": [2, 4]},
    {"field": "Rating__c", "is": "empty"},
    {"field": "City__c", "is": "not empty"},
    {"field": "City__c", "is": "equals", "value": "k"},
    {"field": "City__c", "is": "contains", "value": "sse"},
    {"field": "City__c", "is": "ends with", "value": "S"},
    {"field": "Lifecycle__c", "is": "not equals", "value": "Alumni"},
    {"field": "Do_Not_Contact__c", "is": "equals", "value": True},
    {"field": "Do_Not_Contact__c", "is": "not equals", "value": True},
    {"field": "Collected_At__c", "is": "in the last", "value": "90 days"},
    {"field": "Collected_At__c", "is": "more than ago", "value": "1 day"},
    {"field": "Notice_Due_On__c", "is": "in the next", "value": "30 days"},
    {"field": "Notice_Due_On__c", "is": "not between", "value": ["2026-03-20", "2026-03-21"]},
    {"source": "first", "channel": "Indeed"},
    {"source": "either", "channel": "indeed"},
    {"near": "Cork, IE", "km": 30},
    {"tag": "Python"},
    {"skill": "vip"},
    {"pool": "Inner"},
    {"pool": "Inner", "stage": "Interested", "rating": 4},
    {"engaged": "opened", "campaign": "Spring"},
    {"engaged": "clicked"},
    {"engaged": "clicked", "in_the_last": "30 days"},
]  # fmt: skip
RULE = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
    ),
    max_leaves=6,
)


def test_S3_the_orgs_answer_equals_the_rule_asked_of_each_person(app, crowd):
    """Field, tag, lifecycle, engagement, source, radius, dates and pools; hostile values among them (S3)."""
    today = app.clock.now().date()
    needed = frozenset().union(*(pools.needs(rule(app, value)) for value in LEAVES))
    facts = facts_of(app, crowd, needed, today)
    assert len(facts) == len(crowd)

    def agrees(value):
        parsed = rule(app, value)
        assert fitting(app, parsed, today) == {one for one, known in facts.items() if parsed.matches(known)}, value

    for value in LEAVES:
        agrees(value)

    @settings(max_examples=40, deadline=None)
    @given(RULE)
    def composed(value):
        agrees(value)

    composed()


def test_machines_are_nobody(app, crowd):
    """“Clicked” and “opened” come from human verdicts; a scanner's nine events make no member."""
    for word in ("opened", "clicked"):
        assert crowd[3] not in fitting(app, rule(app, {"engaged": word}), app.clock.now().date())


def test_refresh_joins_and_leaves_and_says_the_rule_in_words(app):
    cork, kerry = person(app, City__c="Cork"), person(app, City__c="Kerry")
    pool = dynamic(app, CORK)
    assert pools.refresh(app, pool) == "1 member. 1 joined, 0 left."
    app.salesforce.update(Candidate.API_NAME, cork, {"City__c": "Kerry"})
    app.salesforce.update(Candidate.API_NAME, kerry, {"City__c": "Cork"})
    assert pools.refresh(app, pool) == "1 member. 1 joined, 1 left."
    assert members(app, pool) == {kerry}
    row = app.salesforce.get(TalentPool.API_NAME, pool, [TalentPool.RULE_TEXT, TalentPool.MEMBER_COUNT])
    assert row == {TalentPool.RULE_TEXT: "City is Cork", TalentPool.MEMBER_COUNT: 1}


def test_names_stand_for_ids_in_the_words(app):
    inner = new_pool(app, "Inner")
    channel = app.salesforce.create(Channel.API_NAME, {"Name": "Indeed", "Kind__c": "Job board", "Key__c": "indeed"})
    campaign = app.salesforce.create(RecruitingCampaign.API_NAME, {"Name": "Spring", "Kind__c": "Blast"})
    rule = [{"pool": inner}, {"source": "last", "channel": channel}, {"engaged": "replied", "campaign": campaign}]
    outer = dynamic(app, {"all": rule}, "Outer")
    pools.refresh(app, outer)
    text = app.salesforce.get(TalentPool.API_NAME, outer, [TalentPool.RULE_TEXT])[TalentPool.RULE_TEXT]
    assert text == "is a member of Inner and Last source is Indeed and replied to the campaign Spring"


def test_a_tag_that_nobody_has_is_refused_with_the_nearest(app):
    tag(app, person(app), "Python")
    with pytest.raises(Rejected, match=r"There is no tag “Pyton”. Do you mean “Python”"):
        pools.refresh(app, dynamic(app, {"tag": "Pyton"}))


def test_a_pool_or_campaign_that_is_not_there_is_refused_with_the_nearest(app):
    new_pool(app, "Engineers")
    for value, told in [
        ({"pool": "Enginers"}, "Do you mean “Engineers”"),
        ({"source": "first", "channel": "x"}, "no channel"),
    ]:
        with pytest.raises(Rejected, match=told):
            pools.refresh(app, dynamic(app, value))


def test_two_pools_of_one_name_are_told_apart_by_id(app):
    first, _ = new_pool(app, "Twin"), new_pool(app, "Twin")
    with pytest.raises(Rejected, match="2 pools are called “twin”"):
        pools.refresh(app, dynamic(app, {"pool": "twin"}, "Asks"))
    assert pools.refresh(app, dynamic(app, {"pool": first}, "Asks")).startswith("0 members")
