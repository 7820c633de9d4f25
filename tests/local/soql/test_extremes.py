"""Queries that are very long, very deep or about numbers and days that are none."""

import pytest

from integration.local.org.soql import SoqlError

NINES = "9" * 20


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (f"LIMIT {NINES}", "NUMBER_OUTSIDE_VALID_RANGE"),
        (f"LIMIT {NINES * 300}", "NUMBER_OUTSIDE_VALID_RANGE"),
        (f"OFFSET {NINES}", "NUMBER_OUTSIDE_VALID_RANGE"),
        (f"WHERE Due_On__c = LAST_N_DAYS:{NINES}", "MALFORMED_QUERY"),
        (f"WHERE Due_On__c = LAST_N_DAYS:{NINES * 300}", "NUMBER_OUTSIDE_VALID_RANGE"),
        ("WHERE Due_On__c = NEXT_N_YEARS:99999", "MALFORMED_QUERY"),
        ("WHERE Due_On__c = N_YEARS_AGO:3000", "MALFORMED_QUERY"),
        ("WHERE Due_On__c = LAST_N_DAYS:-3", "NOT_IMPLEMENTED"),
        ("WHERE Seen_At__c = 0001-01-01T00:00:00+14:00", "MALFORMED_QUERY"),
        ("WHERE Seen_At__c = 9999-12-31T23:59:59-14:00", "MALFORMED_QUERY"),
        ("WHERE Due_On__c = 0000-01-01", "MALFORMED_QUERY"),
        ("WHERE Window__c = 25:00:00Z", "MALFORMED_QUERY"),
        (r"WHERE Name = '\ud800'", "MALFORMED_QUERY"),
        (f"WHERE {'(' * 2000}Name = 'a'{')' * 2000}", "QUERY_TOO_COMPLICATED"),
        (f"WHERE {'NOT (' * 500}Name = 'a'{')' * 500}", "QUERY_TOO_COMPLICATED"),
        (f"ORDER BY {', '.join(['Name'] * 3000)}", "QUERY_TOO_COMPLICATED"),
    ],
)
def test_what_goes_too_far_is_refused(small_org, end, code):
    with pytest.raises(SoqlError) as refused:
        small_org.query(f"SELECT Id FROM Person__c {end}")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "items",
    [
        ", ".join(f"MAX(Name) a{number}" for number in range(3000)),
        "FORMAT(" * 300 + "Name" + ")" * 300,
        "(SELECT " * 200 + "Id" + " FROM Memberships__r)" * 200,
    ],
)
def test_too_much_to_select_is_refused(small_org, items):
    with pytest.raises(SoqlError) as refused:
        small_org.query(f"SELECT {items} FROM Person__c")
    assert refused.value.code == "QUERY_TOO_COMPLICATED"


@pytest.mark.parametrize(
    "where",
    [
        " OR ".join(["Name = 'ADA'"] * 6000),
        f"Name IN ({','.join(['null'] * 5000)}, 'ADA')",
        f"Rating__c IN ({','.join('5' * 45000)})",
        "Topics__c INCLUDES (" + ",".join(["'x'"] * 20000) + ")",
        f"{'(' * 90}Name = 'ada'{')' * 90}",
        r"Name != '\ud83d\ude00'",
    ],
)
def test_long_conditions_are_answered(small_org, where):
    small_org.add("Person__c", Name="Ada", Rating__c=5.0, Topics__c="x")
    assert small_org.names(where) == ["Ada"]


def test_half_of_a_character_and_the_whole(small_org):
    small_org.add("Person__c", Name="\U0001f600")
    assert small_org.names(r"Name = '\ud83d\ude00'") == ["\U0001f600"]


@pytest.mark.parametrize("field", ["Bio__c", "Name", "Do_Not_Contact__c"])
def test_label_of_what_has_none_is_refused(small_org, field):
    for text in (f"SELECT toLabel({field}) FROM Person__c", f"SELECT Id FROM Person__c WHERE toLabel({field}) = 'x'"):
        if field == "Name":
            assert small_org.query(text).total_size == 0
            continue
        with pytest.raises(SoqlError, match=f"field '{field}' does not support toLabel"):
            small_org.query(text)
