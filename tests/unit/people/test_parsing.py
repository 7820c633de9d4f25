"""Addresses, names and countries as people write them."""

import pytest

from integration.candidates import parsing
from integration.errors import Rejected
from integration.model.identity import Name


@pytest.mark.parametrize(
    "text",
    [
        "a" * 65 + "@example.com",
        "ann@example.com.",
        '"ann lee"@example.com',
        "ann@@example.com",
        "a@b",
        "ann(home)@example.com",
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com, bob@example.com",
        "ann lee@example.com",
        "@example.com",
        "ann@",
        "",
    ],
)
def test_bad_emails_are_refused_by_name(text):
    with pytest.raises(Rejected) as refused:
        parsing.email(text)
    assert refused.value.field == "E-mail"
    assert "Correct it" in refused.value.message
    assert "\n" not in refused.value.message


def test_an_international_address_has_one_spelling():
    assert parsing.email("ANN@xn--mnchen-3ya.example") == parsing.email("ann@MÜNCHEN.example")


def test_an_email_longer_than_the_field_tells_its_length():
    with pytest.raises(Rejected, match="85 characters"):
        parsing.email("a" * 60 + "@" + "b" * 20 + ".com")


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+353 86 123 4567", "", "+353861234567"),
        ("00353 86 123 4567", "", "+353861234567"),
        ("086 123 4567", "IE", "+353861234567"),
        ("(01) 234 5678 ext. 12", "IE", "+35312345678"),
        ("030/901820", "DE", "+4930901820"),
    ],
)
def test_phones_become_one_number(text, country, number):
    assert parsing.phone(text, country).value == number


@pytest.mark.parametrize("text", ["call after 5", "12", "+999 12345", "086 123 4567", "+353 86 123 4567 8901 2345"])
def test_phone_junk_is_refused_by_name(text):
    with pytest.raises(Rejected) as refused:
        parsing.phone(text)
    assert refused.value.field == "Phone"


@pytest.mark.parametrize("text", ["javascript:alert(1)", "not a page", "<b>x</b>", "in/ann"])
def test_profiles_that_are_no_address_are_refused(text):
    with pytest.raises(Rejected):
        parsing.profile(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann Lee", Name("Ann", "Lee")),
        ("Lee, Ann", Name("Ann", "Lee")),
        ("Dr. Ann Mary van der Berg", Name("Ann Mary", "van der Berg")),
        ("Madonna", Name("", "Madonna")),
    ],
)
def test_full_names_are_taken_apart(text, name):
    assert parsing.name(text) == name


@pytest.mark.parametrize(("text", "code"), [("Ireland", "IE"), ("ie", "IE"), ("Deutschland", "DE"), ("U.S.A.", "US")])
def test_countries_by_name_and_code(text, code):
    assert parsing.country(text) == code


def test_an_unknown_country_is_named():
    with pytest.raises(Rejected, match="Atlantis"):
        parsing.country("Atlantis")
