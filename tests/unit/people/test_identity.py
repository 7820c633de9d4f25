"""Keys of addresses and exact matching."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.identity import (
    Name,
    candidate_key,
    compatible,
    email,
    is_role_address,
    lookup_keys,
    normalised_email,
    normalised_name,
    normalised_profile,
    phone,
    profile,
)

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(st.text(max_size=80))
def test_normalising_an_email_twice_changes_nothing(text):
    assert normalised_email(normalised_email(text)) == normalised_email(text)


@given(st.from_regex(r"(https?://)?[a-zA-Z]{1,8}\.(com|org)(/[a-zA-Z0-9._~-]{1,10}){0,3}/?(\?a=b)?", fullmatch=True))
def test_normalising_a_profile_twice_changes_nothing(text):
    assert normalised_profile(normalised_profile(text)) == normalised_profile(text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_a_name_is_compatible_with_itself_in_any_case(first, last):
    name = Name(first, last)
    assert compatible(name, Name(first.upper(), last.upper())) == bool(normalised_name(name)) or (
        normalised_name(Name(first.upper(), last.upper())) != normalised_name(name)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.linkedin.com/in/Ann-Lee/", "linkedin.com/in/ann-lee"),
        ("https://uk.linkedin.com/in/ann-lee?trk=x", "http://linkedin.com/in/ann-lee/de"),
        ("https://github.com/AnnLee", "github.com/annlee/"),
        ("HTTPS://Example.org/Ann", "example.org/Ann"),
    ],
)
def test_spellings_of_a_profile_meet(one, other):
    assert profile(one).key == profile(other).key


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("Ann", "Lee"), ("ANN", "LEE"), True),
        (("Ann", "Lee"), ("A.", "Lee"), True),
        (("Ann", "Lee"), ("Ann Mary", "Lee"), True),
        (("José", "García"), ("Jose", "Garcia"), True),
        (("Lee", "Ann"), ("Ann", "Lee"), True),
        (("", "Ann Lee"), ("Ann", "Lee"), True),
        (("Ann", "Lee"), ("Bob", "Lee"), False),
        (("Ann", "Lee"), ("Ann", "Leigh"), False),
        (("", "Lee"), ("Ann", "Lee"), False),
        (("", ""), ("Ann", "Lee"), False),
        (("", ""), ("", ""), False),
        (("प्रिया", "शर्मा"), ("प्रियो", "शर्मा"), False),
    ],
)
def test_compatible_names(one, other, same):
    assert compatible(Name(*one), Name(*other)) is same
    assert compatible(Name(*other), Name(*one)) is same


@pytest.mark.parametrize("address", ["info@a.example", "Jobs@a.example", "jobs.uk@a.example", "no-reply@a.b"])
def test_role_addresses_identify_nobody(address):
    assert is_role_address(address)
    assert not email(address).identifies


@pytest.mark.parametrize(
    "address", ["ann.lee@a.example", "jobson@a.example", "talent7@a.example", "ann+jobs@a.example"]
)
def test_personal_addresses_identify(address):
    assert email(address).identifies


def test_a_phone_is_looked_up_alone_and_with_the_name():
    keys = list(lookup_keys((phone("+353861234567"), email("ann@a.example")), Name("Ann", "Lee")))
    assert keys == ["email:ann@a.example", "phone:+353861234567|ann lee", "phone:+353861234567"]


def test_a_candidate_key_is_a_ulid_of_its_cause():
    key = candidate_key("import|7", AT)
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", key)
    assert key == candidate_key("import|7", AT)
    assert key != candidate_key("import|8", AT)
    assert key[:10] == candidate_key("import|8", AT)[:10]
