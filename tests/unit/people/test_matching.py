"""Who may be who: pairs of people by name, as families, namesakes and careless typists make them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.matching import Decision, Profile, judge, pairs

ANN = Profile(
    id="1",
    first_name="Ann",
    last_name="Leary",
    birth_date="1984-03-12",
    emails=("ann.leary@example.com",),
    phones=("+353 87 123 4568",),
    street=("12 Quay Street",),
    city="Cork",
    postcode="T12 X8Y0",
)


def test_one_mailbox_is_one_person():
    verdict = judge(ANN, Profile(first_name="Annie", last_name="O'Leary", emails=("Ann.Leary@Example.com",)))
    assert verdict.decision is Decision.MERGE
    assert "same e-mail address" in verdict.reasons


def test_a_role_mailbox_merges_nobody():
    one = Profile(first_name="Ann", last_name="Leary", emails=("jobs@example.com",))
    other = Profile(first_name="Tom", last_name="Byrne", emails=("jobs@example.com",))
    assert judge(one, other).decision is Decision.DIFFERENT


def test_a_phone_merges_only_with_a_compatible_name():
    phone = ("087 123 4568",)
    same = judge(ANN, Profile(first_name="Ann", last_name="Leary", phones=phone))
    other = judge(ANN, Profile(first_name="Tom", last_name="Leary", phones=phone))
    nameless = judge(ANN, Profile(phones=phone))
    assert same.decision is Decision.MERGE
    assert other.decision is not Decision.MERGE
    assert nameless.decision is Decision.REVIEW


def test_two_people_who_share_a_name_never_merge():
    one = Profile(first_name="John", last_name="Smith", city="Leeds", employer="Acme", title="Nurse", country="GB")
    assert judge(one, one).decision is not Decision.MERGE


@pytest.mark.parametrize("first", ["Mary", "Tom"])
def test_a_family_mailbox_does_not_merge_the_family(first):
    household = {"last_name": "Leary", "emails": ("theleary.family@example.com",), "phones": ("+353 21 555 1234",)}
    one, other = Profile(first_name="Ann", **household), Profile(first_name=first, **household)
    assert judge(one, other).decision is Decision.REVIEW


def test_a_verdict_tells_its_reasons():
    one = Profile(first_name="Jon", last_name="Murphy", birth_date="12/03/1984", city="Cork")
    other = Profile(first_name="John", last_name="Murphy", birth_date="1984-03-12", city="Cork")
    verdict = judge(one, other)
    assert {"same date of birth", "first names alike: Jon / John"} <= set(verdict.reasons)
    assert 0 <= verdict.score <= 1


def test_pairs_are_found_in_one_list_and_between_two():
    again = Profile(id="2", first_name="Anne", last_name="Leary", emails=("ann.leary@example.com",))
    stranger = Profile(id="3", first_name="Tom", last_name="Byrne", emails=("tom@example.com",))
    assert [(p.id_a, p.id_b, p.decision) for p in pairs([ANN, again, stranger])] == [("1", "2", "merge")]
    assert [(p.id_a, p.id_b) for p in pairs([stranger, ANN], [again])] == [("1", "2")]


_PROFILES = st.builds(
    Profile,
    first_name=st.sampled_from(["", "Ann", "Anne", "Jon", "John", "n/a", "Ann-Marie", "J"]),
    last_name=st.sampled_from(["", "Lee", "Leigh", "O'Brien", "John", "Smith-Jones", "Smith"]),
    birth_date=st.sampled_from(["", "1984-03-12", "12.03.1984", "1984", "1900-01-01", "13/13/1984", "soon"]),
    emails=st.lists(st.sampled_from(["", "a.lee@example.com", "jobs@example.com", "@"])).map(tuple),
    phones=st.lists(st.sampled_from(["", "000000", "+353871234568", "0871234568", "x"])).map(tuple),
    street=st.lists(st.sampled_from(["", "1 Quay St", "Quay Street 1", "Flat 2"])).map(tuple),
    city=st.sampled_from(["", "Cork", "Corck"]),
)


@given(_PROFILES, _PROFILES)
def test_a_verdict_is_the_same_from_both_sides(one, other):
    forth, back = judge(one, other), judge(other, one)
    assert (forth.score, forth.decision) == (back.score, back.decision)
