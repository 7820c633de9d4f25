"""FORMAT: values as people of the user's locale write them."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def person(small_org):
    small_org.add(
        "Person__c",
        Name="Ada",
        Rating__c=1234.5,
        Due_On__c="2026-11-09",
        Seen_At__c="2026-06-09T14:05:00.000Z",
        Window__c="09:30:00.000Z",
        Pay__c=-1234567.5,
        Share__c=12.5,
    )
    return small_org


def formatted(org, field, locale):
    org.asker = type(org.asker)(locale=locale)
    (record,) = org.query(f"SELECT FORMAT({field}) shown FROM Person__c")
    return record["shown"]


@pytest.mark.parametrize(
    ("field", "american", "irish"),
    [
        ("Rating__c", "1,234.5", "1,234.5"),
        ("Due_On__c", "11/9/2026", "09/11/2026"),
        ("Seen_At__c", "6/9/2026, 3:05 PM", "09/06/2026, 15:05"),
        ("Window__c", "9:30 AM", "09:30"),
        ("Pay__c", "-$1,234,567.50", "-€1,234,567.50"),
        ("Share__c", "12.5%", "12.5%"),
    ],
)
def test_value_by_locale(person, field, american, irish):
    assert formatted(person, field, "en_US") == american
    assert formatted(person, field, "en_IE") == irish


def test_blank_stays_blank(small_org):
    small_org.add("Person__c", Name="Ada")
    assert formatted(small_org, "Rating__c", "en_US") is None


def test_key_is_the_field_without_an_alias(person):
    (record,) = person.query("SELECT FORMAT(Due_On__c) FROM Person__c")
    assert record["Due_On__c"] == "11/9/2026"


def test_aggregate_is_formatted(person):
    (record,) = person.query("SELECT FORMAT(MIN(Due_On__c)) first1, FORMAT(SUM(Pay__c)) FROM Person__c")
    assert (record["first1"], record["expr0"]) == ("11/9/2026", "-$1,234,567.50")


def test_text_cannot_be_formatted(small_org):
    with pytest.raises(SoqlError, match="'Name' can not be used in FORMAT"):
        formatted(small_org, "Name", "en_US")


def test_locale_that_is_not_known_fails_loudly(small_org):
    small_org.asker = type(small_org.asker)(locale="de_DE")
    with pytest.raises(SoqlError, match=r"does not implement FORMAT\(\) for the locale de_DE") as refused:
        small_org.query("SELECT FORMAT(Rating__c) FROM Person__c")
    assert refused.value.code == "NOT_IMPLEMENTED"
