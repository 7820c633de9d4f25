"""Counting, grouping, adding up."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def people(small_org):
    for name, stage, rating, seen in (
        ("Ada", "New", 5.0, "2026-01-31T23:30:00.000Z"),
        ("Bob", "New", 2.0, "2026-02-01T00:30:00.000Z"),
        ("Cyd", None, None, "2025-02-01T12:00:00.000Z"),
    ):
        small_org.add("Person__c", Name=name, Stage__c=stage, Rating__c=rating, Seen_At__c=seen)
    return small_org


def groups(org, text):
    return [{key: value for key, value in each.items() if key != "attributes"} for each in org.query(text)]


def test_count_of_all_rows_has_no_records(people):
    result = people.query("SELECT COUNT() FROM Person__c WHERE Stage__c = 'New'")
    assert (result.total_size, result.is_count, list(result)) == (2, True, [])


def test_aggregates_ignore_null_but_count_of_ids_does_not(people):
    text = """SELECT COUNT(Id), COUNT(Stage__c) stages, COUNT_DISTINCT(Stage__c), SUM(Rating__c) total,
              AVG(Rating__c), MIN(Name), MAX(Seen_At__c) FROM Person__c"""
    assert groups(people, text) == [
        {
            "expr0": 3,
            "stages": 2,
            "expr1": 1,
            "total": 7.0,
            "expr2": 3.5,
            "expr3": "Ada",
            "expr4": "2026-02-01T00:30:00.000+0000",
        }
    ]


def test_groups_have_the_aggregate_type(people):
    record = next(iter(people.query("SELECT Stage__c, COUNT(Id) n FROM Person__c GROUP BY Stage__c")))
    assert record["attributes"] == {"type": "AggregateResult"}


def test_group_order_having(people):
    text = """SELECT Stage__c, COUNT(Id) n FROM Person__c GROUP BY Stage__c
              HAVING COUNT(Id) >= 1 AND Stage__c != null ORDER BY COUNT(Id) DESC"""
    assert groups(people, text) == [{"Stage__c": "New", "n": 2}]


def test_grouping_ignores_case(small_org):
    for stage in ("new", "NEW"):
        small_org.add("Person__c", Name=stage, Stage__c=stage)
    assert small_org.query("SELECT Stage__c, COUNT(Id) FROM Person__c GROUP BY Stage__c").total_size == 1


def test_date_functions_group_in_utc_unless_converted(people):
    people.asker = type(people.asker)(time_zone="Europe/Berlin")
    text = "SELECT {0} m, COUNT(Id) n FROM Person__c WHERE Rating__c != null GROUP BY {0} ORDER BY {0}"
    plain, converted = "CALENDAR_MONTH(Seen_At__c)", "CALENDAR_MONTH(convertTimezone(Seen_At__c))"
    assert groups(people, text.format(plain)) == [{"m": 1, "n": 1}, {"m": 2, "n": 1}]
    assert groups(people, text.format(converted)) == [{"m": 2, "n": 2}]


@pytest.mark.parametrize(
    ("function", "value"),
    [
        ("CALENDAR_QUARTER", 3),
        ("CALENDAR_YEAR", 2026),
        ("DAY_IN_MONTH", 9),
        ("DAY_IN_WEEK", 4),
        ("DAY_IN_YEAR", 252),
        ("DAY_ONLY", "2026-09-09"),
        ("FISCAL_QUARTER", 3),
        ("HOUR_IN_DAY", 14),
        ("WEEK_IN_MONTH", 2),
        ("WEEK_IN_YEAR", 36),
    ],
)
def test_date_function(small_org, function, value):
    small_org.add("Person__c", Name="Ada", Seen_At__c="2026-09-09T14:15:16.000Z")
    text = f"SELECT {function}(Seen_At__c) part, COUNT(Id) FROM Person__c GROUP BY {function}(Seen_At__c)"
    assert groups(small_org, text)[0]["part"] == value


def test_group_by_a_parents_field(people):
    pool = people.add("Pool__c", Name="Games")
    for number in range(2):
        people.add("Member__c", Name=f"M-{number}", Pool__c=pool)
    assert groups(people, "SELECT Pool__r.Name, COUNT(Id) FROM Member__c GROUP BY Pool__r.Name") == [
        {"Name": "Games", "expr0": 2}
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT Name, COUNT(Id) FROM Person__c", "Field must be grouped or aggregated: Name"),
        ("SELECT Name, COUNT(Id) FROM Person__c GROUP BY Stage__c", "Field must be grouped or aggregated: Name"),
        ("SELECT COUNT(Id) FROM Person__c ORDER BY Name", "Field must be grouped or aggregated: Name"),
        ("SELECT Rating__c FROM Person__c GROUP BY Rating__c", "field 'Rating__c' can not be grouped in a query call"),
        ("SELECT Bio__c FROM Person__c GROUP BY Bio__c", "field 'Bio__c' can not be grouped in a query call"),
        ("SELECT COUNT(Name) FROM Person__c GROUP BY Name", "Grouped field should not be aggregated: Name"),
        ("SELECT SUM(Name) FROM Person__c", "field Name does not support aggregate operator SUM"),
        ("SELECT MAX(Do_Not_Contact__c) FROM Person__c", "does not support aggregate operator MAX"),
        ("SELECT Name FROM Person__c HAVING COUNT(Id) > 1", "HAVING requires GROUP BY"),
        ("SELECT COUNT(), Name FROM Person__c GROUP BY Name", "COUNT() must be the only element"),
        ("SELECT COUNT() FROM Person__c ORDER BY Name", "COUNT() can not be used with"),
        ("SELECT COUNT(Id) n, COUNT(Name) N FROM Person__c", "duplicate alias: N"),
        ("SELECT COUNT(Id), (SELECT Id FROM Memberships__r) FROM Person__c", "not allowed in a query with aggregates"),
        (
            "SELECT Id, (SELECT COUNT(Id) FROM Memberships__r) FROM Person__c",
            "only root queries support aggregate expressions",
        ),
    ],
)
def test_wrong_aggregate_is_refused(small_org, text, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.query(text)
    assert refused.value.code == "MALFORMED_QUERY"
    assert reason in refused.value.message


def test_more_than_2000_groups_are_refused(small_org):
    for number in range(2001):
        small_org.add("Person__c", Name=str(number))
    with pytest.raises(SoqlError) as refused:
        small_org.query("SELECT Name, COUNT(Id) FROM Person__c GROUP BY Name")
    assert refused.value.code == "EXCEEDED_ID_LIMIT"
    assert small_org.query("SELECT Name, COUNT(Id) FROM Person__c GROUP BY Name LIMIT 2000").total_size == 2000
