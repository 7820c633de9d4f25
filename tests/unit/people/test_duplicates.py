"""Pairs of records that may be one person, in the embedded org."""

from datetime import UTC, datetime

import pytest

from integration.candidates import Origin, Person, State, find_or_create
from integration.candidates.completion import complete
from integration.candidates.pairs import keep_apart, pair_key
from integration.errors import Rejected
from integration.model.identity import Name, email, phone, profile
from integration.records import Candidate, ContactPoint, DuplicatePair
from integration.soql import select

ORIGIN = Origin(datetime(2026, 3, 2, 9, 0, tzinfo=UTC), collected_from="A test")
FIELDS = [
    DuplicatePair.ID,
    DuplicatePair.KEY,
    DuplicatePair.STATUS,
    DuplicatePair.SCORE,
    DuplicatePair.REASONS,
    DuplicatePair.FOUND_BY,
]


def load(app, *people):
    return find_or_create(app, people, ORIGIN)


def person(cause, first, last, *addresses, **facts):
    return Person(cause, Name(first, last), addresses, facts)


def pairs(app):
    return app.salesforce.query(select(DuplicatePair.API_NAME, FIELDS))


def test_a_phone_with_an_incompatible_name_goes_to_review(app, org):
    ann, zoe = load(
        app,
        person("r1", "Ann", "Lee", phone("+353861234567")),
        person("r2", "Zoe", "Hart", phone("+353861234567")),
    )
    [pair] = pairs(app)
    assert (ann.state, zoe.state) == (State.CREATED, State.CREATED)
    assert pair[DuplicatePair.KEY] == pair_key(zoe.id, ann.id)
    assert (pair[DuplicatePair.STATUS], pair[DuplicatePair.SCORE]) == ("Open", 0.5)
    assert "phone" in pair[DuplicatePair.REASONS]
    assert pair[DuplicatePair.FOUND_BY] == "A test"


def test_an_address_of_somebody_else_makes_a_pair_and_stays_where_it_is(app, org):
    [bob] = load(app, person("r1", "Bob", "May", profile("github.com/bob")))
    [ann] = load(app, person("r2", "Ann", "Lee", email("ann@a.example")))
    load(app, person("r3", "Ann", "Lee", email("ann@a.example"), profile("github.com/bob")))
    [pair] = pairs(app)
    assert pair[DuplicatePair.KEY] == pair_key(ann.id, bob.id)
    owner = "SELECT Candidate__c FROM Contact_Point__c WHERE Key__c = 'profile:github.com/bob'"
    assert app.salesforce.query(owner)[0][ContactPoint.CANDIDATE] == bob.id


def test_an_address_that_a_recruiter_gave_to_two_people_makes_a_pair(app, org):
    [ann] = load(app, person("r1", "Ann", "Lee", email("ann@a.example")))
    second = app.salesforce.create(Candidate.API_NAME, {Candidate.LAST_NAME: "Li", Candidate.EMAIL: "ann@a.example"})
    for _ in range(2):
        complete(app, [second])
    [pair] = pairs(app)
    assert pair[DuplicatePair.KEY] == pair_key(ann.id, second)
    assert pair[DuplicatePair.FOUND_BY] == "Entered by hand"


def test_different_people_is_sticky(app, org):
    both = (
        person("r1", "Ann", "Lee", phone("+353861234567")),
        person("r2", "Zoe", "Hart", phone("+353861234567")),
    )
    load(app, *both)
    keep_apart(app, pairs(app)[0][DuplicatePair.ID])
    load(app, *both)
    load(app, person("r3", "Zoe", "Hart", phone("+353861234567"), email("zoe@z.example")))
    assert [pair[DuplicatePair.STATUS] for pair in pairs(app)] == ["Different people"]


def test_a_merged_pair_is_not_kept_apart(app, org):
    pair = app.salesforce.create(DuplicatePair.API_NAME, {DuplicatePair.KEY: "a|b", DuplicatePair.STATUS: "Merged"})
    with pytest.raises(Rejected, match="Unmerge them first"):
        keep_apart(app, pair)


def test_people_of_one_role_mailbox_are_no_pair(app, org):
    load(
        app,
        person("r1", "Ann", "Lee", email("info@a.example")),
        person("r2", "Zoe", "Hart", email("info@a.example")),
    )
    assert pairs(app) == []


def test_a_switchboard_number_makes_few_pairs(app, org):
    people = [person(f"r{n}", first, "Lee", phone("+353861234567")) for n, first in enumerate("ABCDEFGHIJKL")]
    load(app, *people)
    assert len(pairs(app)) == 5


def test_a_batch_without_suspicion_costs_no_call(app, org):
    load(app, person("r1", "Ann", "Lee", email("ann@a.example")))
    before = app.salesforce.api_usage[0]
    load(app, person("r1", "Ann", "Lee", email("ann@a.example")))
    assert app.salesforce.api_usage[0] - before == 1


def test_likely_matches_make_a_pair_with_score_and_reasons(app, org):
    [ann] = load(
        app, person("r1", "Catherine", "Meyer", email("c.meyer@a.example"), City__c="Cork", Employer__c="Mill")
    )
    [kat] = load(
        app, person("r2", "Catherine", "Meier", email("c.meyer@b.example"), City__c="Cork", Employer__c="Mill")
    )
    [pair] = pairs(app)
    assert (ann.state, kat.state) == (State.CREATED, State.CREATED)
    assert pair[DuplicatePair.KEY] == pair_key(ann.id, kat.id)
    assert 0.3 <= pair[DuplicatePair.SCORE] < 1
    assert pair[DuplicatePair.REASONS]


def test_likely_matches_within_one_batch_make_one_pair(app, org):
    load(
        app,
        person("r1", "Catherine", "Meyer", email("c.meyer@a.example"), City__c="Cork", Employer__c="Mill"),
        person("r2", "Catherine", "Meyer", email("c.meyer@b.example"), City__c="Cork", Employer__c="Mill"),
    )
    assert len(pairs(app)) == 1
    assert app.salesforce.count("SELECT COUNT() FROM Candidate__c") == 2


def test_two_people_who_share_only_a_name_never_merge_nor_bother_anybody(app, org):
    one, other = load(
        app,
        person("r1", "John", "Smith", email("john@a.example"), City__c="Cork"),
        person("r2", "John", "Smith", email("smith77@b.example"), City__c="Kiel"),
    )
    assert one.id != other.id
    assert pairs(app) == []


def test_likeness_costs_a_new_batch_one_call(app, org, monkeypatch):
    calls = []
    together = app.salesforce.together
    monkeypatch.setattr(app.salesforce, "together", lambda soqls: calls.append(soqls) or together(soqls))
    last_names = [f"{a}{b}son" for a in "BCDFGKLM" for b in "abcdefghijklmnopqrstuvwxyz"][:200]
    load(app, *(person(f"r{n}", "Ann", name, email(f"p{n}@x.example")) for n, name in enumerate(last_names)))
    asked = [soqls for soqls in calls if Candidate.NAME_KEY + " IN" in soqls[0]]
    assert len(asked) == 1
    assert len(asked[0]) <= 5
    load(app, *(person(f"r{n}", "Ann", name, email(f"p{n}@x.example")) for n, name in enumerate(last_names)))
    assert len([soqls for soqls in calls if Candidate.NAME_KEY + " IN" in soqls[0]]) == 1  # nobody new, no call


def test_a_person_made_by_hand_is_found_by_name_too(app, org):
    values = {Candidate.FIRST_NAME: "Catherine", Candidate.LAST_NAME: "Meyer", Candidate.EMAIL: "c.meyer@a.example"}
    by_hand = app.salesforce.create(Candidate.API_NAME, {**values, Candidate.CITY: "Cork", Candidate.EMPLOYER: "Mill"})
    complete(app, [by_hand])
    [kat] = load(
        app, person("r2", "Catherine", "Meyer", email("c.meyer@b.example"), City__c="Cork", Employer__c="Mill")
    )
    assert [pair[DuplicatePair.KEY] for pair in pairs(app)] == [pair_key(by_hand, kat.id)]
