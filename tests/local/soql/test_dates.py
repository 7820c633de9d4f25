"""Date literals, and the user's calendar."""

from datetime import UTC, date, datetime

import pytest

from integration.local.org.soql.dates import day_range

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("literal", "first", "last"),
    [
        ("TODAY", "2026-11-23", "2026-11-23"),
        ("YESTERDAY", "2026-11-22", "2026-11-22"),
        ("TOMORROW", "2026-11-24", "2026-11-24"),
        ("THIS_WEEK", "2026-11-22", "2026-11-28"),
        ("LAST_WEEK", "2026-11-15", "2026-11-21"),
        ("NEXT_WEEK", "2026-11-29", "2026-12-05"),
        ("THIS_MONTH", "2026-11-01", "2026-11-30"),
        ("NEXT_MONTH", "2026-12-01", "2026-12-31"),
        ("LAST_QUARTER", "2026-07-01", "2026-09-30"),
        ("NEXT_QUARTER", "2027-01-01", "2027-03-31"),
        ("THIS_YEAR", "2026-01-01", "2026-12-31"),
        ("LAST_FISCAL_YEAR", "2025-01-01", "2025-12-31"),
        ("LAST_90_DAYS", "2026-08-25", "2026-11-23"),
        ("NEXT_90_DAYS", "2026-11-24", "2027-02-21"),
        ("LAST_N_DAYS:2", "2026-11-21", "2026-11-23"),
        ("NEXT_N_DAYS:2", "2026-11-24", "2026-11-25"),
        ("LAST_N_WEEKS:2", "2026-11-08", "2026-11-21"),
        ("NEXT_N_WEEKS:1", "2026-11-29", "2026-12-05"),
        ("LAST_N_MONTHS:11", "2025-12-01", "2026-10-31"),
        ("NEXT_N_QUARTERS:2", "2027-01-01", "2027-06-30"),
        ("LAST_N_YEARS:2", "2024-01-01", "2025-12-31"),
        ("N_DAYS_AGO:3", "2026-11-20", "2026-11-20"),
        ("N_MONTHS_AGO:2", "2026-09-01", "2026-09-30"),
        ("N_FISCAL_QUARTERS_AGO:1", "2026-07-01", "2026-09-30"),
    ],
)
def test_literal_means_these_days(literal, first, last):
    start, end = day_range(literal, MONDAY)
    assert start.isoformat() == first
    assert date.fromordinal(end.toordinal() - 1).isoformat() == last


@pytest.mark.parametrize(
    ("literal", "today", "first", "last"),
    [
        ("THIS_WEEK", "2026-11-23", "2026-11-23", "2026-11-29"),
        ("THIS_WEEK", "2026-11-22", "2026-11-16", "2026-11-22"),
        ("LAST_N_WEEKS:2", "2026-11-23", "2026-11-09", "2026-11-22"),
        ("N_WEEKS_AGO:1", "2026-11-23", "2026-11-16", "2026-11-22"),
        ("LAST_N_DAYS:2", "2026-11-23", "2026-11-21", "2026-11-23"),
    ],
)
def test_a_week_begins_on_monday_in_ireland(literal, today, first, last):
    start, end = day_range(literal, date.fromisoformat(today), "en_IE")
    assert start.isoformat() == first
    assert date.fromordinal(end.toordinal() - 1).isoformat() == last


def test_week_is_that_of_the_users_locale(small_org):
    small_org.add("Person__c", Name="Ada", Due_On__c="2026-11-22")
    assert small_org.names("Due_On__c = THIS_WEEK") == ["Ada"]
    small_org.asker = type(small_org.asker)(locale="en_IE")
    assert small_org.names("Due_On__c = THIS_WEEK") == []


@pytest.mark.parametrize(
    ("operator", "names"),
    [
        ("=", ["on"]),
        ("!=", ["after", "before", "never"]),
        ("<", ["before"]),
        ("<=", ["before", "on"]),
        (">", ["after"]),
        (">=", ["after", "on"]),
    ],
)
@pytest.mark.parametrize("field", ["Due_On__c", "Seen_At__c"])
def test_literal_is_compared_as_a_range(small_org, operator, names, field):
    suffix = "T12:00:00.000Z" if field == "Seen_At__c" else ""
    for name, day in (("before", "2026-10-31"), ("on", "2026-11-05"), ("after", "2026-12-01")):
        small_org.add("Person__c", Name=name, **{field: day + suffix})
    small_org.add("Person__c", Name="never")
    assert small_org.names(f"{field} {operator} THIS_MONTH") == names


def test_a_day_begins_at_the_users_midnight(small_org):
    small_org.asker = type(small_org.asker)(time_zone="America/New_York")
    small_org.add("Person__c", Name="late Sunday", Seen_At__c="2026-11-23T04:59:59.000Z")
    small_org.add("Person__c", Name="early Monday", Seen_At__c="2026-11-23T05:00:00.000Z")
    assert small_org.names("Seen_At__c = TODAY") == ["early Monday"]


def test_today_is_the_users_day(small_org):
    small_org.asker = type(small_org.asker)(time_zone="Pacific/Auckland")
    small_org.add("Person__c", Name="Ada", Due_On__c="2026-11-24")
    late = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert small_org.query("SELECT Id FROM Person__c WHERE Due_On__c = TODAY", now=late).total_size == 1


def test_moment_with_an_offset_is_the_same_moment(small_org):
    small_org.add("Person__c", Name="Ada", Seen_At__c="2026-11-23T09:00:00.000Z")
    assert small_org.names("Seen_At__c = 2026-11-23T10:00:00+01:00") == ["Ada"]


def test_several_literals_in_a_list(small_org):
    small_org.add("Person__c", Name="Ada", Due_On__c="2026-11-22")
    assert small_org.names("Due_On__c IN (TODAY, YESTERDAY)") == ["Ada"]
    assert small_org.names("Due_On__c NOT IN (TODAY, YESTERDAY)") == []
