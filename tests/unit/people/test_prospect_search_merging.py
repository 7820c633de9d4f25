"""Which hits are one person."""

from hypothesis import given
from hypothesis import strategies as st

from integration.ports import Hit
from integration.prospecting.searches.known import same
from integration.prospecting.searches.prospects import merged

EMAILS = [f"p{number}@people.example" for number in range(4)]


def hit(source="ORCID", source_id="1", **values):
    return Hit(source, source_id, **values)


def groups(*hits):
    return [len(one.hits) for one in merged(hits, same(hits))]


def test_one_address_or_profile_makes_one_person():
    one = hit(full_name="Ada Lovelace", emails=("Ada@People.example",))
    other = hit("OpenAlex", full_name="A. Lovelace", emails=("ada@people.example",), profiles=("github.com/ada",))
    third = hit("GitHub", full_name="ada", profiles=("https://github.com/Ada/",))
    [person] = merged([one, other, third])
    assert person.sources == ("ORCID", "OpenAlex", "GitHub")
    assert (person.name.first, person.name.last) == ("Ada", "Lovelace")


def test_a_shared_mailbox_makes_nobody_one():
    assert groups(
        hit(full_name="Ada Lovelace", emails=("info@people.example",)),
        hit("GitHub", full_name="Ben Byrne", emails=("info@people.example",)),
    ) == [1, 1]


def test_a_phone_needs_a_compatible_name():
    phone = "+353861234567"
    ada = hit(full_name="Ada Lovelace", phones=(phone,))
    assert groups(ada, hit("GitHub", full_name="A Lovelace", phones=("+353 86 123 4567",))) == [2]
    assert groups(ada, hit("GitHub", full_name="Ben Byrne", phones=(phone,))) == [1, 1]


def test_namesakes_stay_two_people():
    assert groups(hit(full_name="Ann Lee"), hit("GitHub", full_name="Ann Lee")) == [1, 1]


def test_the_same_id_at_two_sources_is_no_key():
    assert groups(hit("ORCID", "7", full_name="Ann Lee"), hit("GitHub", "7", full_name="Bo Chu")) == [1, 1]


def test_broken_addresses_are_left_out():
    [person] = merged([hit(full_name="Ada Lovelace", emails=("no address",), phones=("12",), profiles=("nowhere",))])
    assert person.addresses == ()


@given(
    st.lists(st.tuples(st.sampled_from(["ORCID", "GitHub", "OpenAlex"]), st.sets(st.sampled_from(EMAILS))), max_size=8)
)
def test_merging_keeps_every_hit_once_and_does_not_depend_on_order(found):
    hits = [
        hit(source, str(number), full_name=f"Person {number}", emails=tuple(sorted(emails)))
        for number, (source, emails) in enumerate(found)
    ]
    people = merged(hits)
    assert sorted(each.source_id for one in people for each in one.hits) == sorted(each.source_id for each in hits)
    again = merged(list(reversed(hits)))
    assert {frozenset(one.keys) for one in people} == {frozenset(one.keys) for one in again}
