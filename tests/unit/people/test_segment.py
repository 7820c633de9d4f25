"""Rules as values: a typed filter tree over fields, tags, dealings, place and pools."""

import json
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.segment import (
    BadRule,
    Facts,
    Standing,
    Touched,
    circle,
    in_order,
    in_words,
    needs,
)
from integration.model.segment_dates import Span, holds, span, turning
from tests.unit.people.segments import rule

TODAY = date(2026, 3, 31)
CORK = {"field": "City__c", "is": "equals", "value": "Cork"}
SENIOR = {"field": "Rating__c", "is": "greater", "value": 3}
FRESH = {"field": "Collected_At__c", "is": "in the last", "value": "90 days"}
KNOWN = Facts(
    {},
    frozenset({"python", "vip"}),
    frozenset({"python"}),
    {"P1": Standing("Interested", 4.0)},
    (Touched("opened", "K1"), Touched("clicked", "K1"), Touched("clicked", "K1", date(2026, 3, 1)), Touched("replied")),
    (51.9, -8.47),
    TODAY,
)


def fits(value, **values):
    """Whether a rule fits the person above with these fields; `City=` stands for City__c."""
    named = {f"{name}__c": each for name, each in values.items()}
    return rule(value).matches(
        Facts(named, KNOWN.tags, KNOWN.skills, KNOWN.pools, KNOWN.touches, KNOWN.position, KNOWN.today)
    )


@pytest.mark.parametrize(
    ("condition", "values", "expected"),
    [
        (("City__c", "equals", "Cork"), {"City": "cork"}, True),
        (("City__c", "equals", "Cork"), {"City": "Corkscrew"}, False),
        (("City__c", "equals", "Cork"), {}, False),
        (("City__c", "not equals", "Cork"), {}, True),
        (("City__c", "in", ["Cork", "Kerry"]), {"City": "KERRY"}, True),
        (("City__c", "not in", ["Cork", "Kerry"]), {"City": "KERRY"}, False),
        (("Title__c", "contains", "100%_test"), {"Title": "a 100%_Tester"}, True),
        (("Title__c", "contains", "100%"), {"Title": "100 tests"}, False),
        (("Title__c", "not contains", "sales"), {"Title": "Head of Sales"}, False),
        (("Title__c", "starts with", "head"), {"Title": "Head of Sales"}, True),
        (("Title__c", "ends with", "SALES"), {"Title": "Head of Sales"}, True),
        (("Rating__c", "greater", 3), {"Rating": 4.0}, True),
        (("Rating__c", "greater", 3), {"Rating": 3}, False),
        (("Rating__c", "less", 3), {}, False),
        (("Rating__c", "at least", 3), {"Rating": 3}, True),
        (("Rating__c", "at_most", 3), {"Rating": 3.5}, False),
        (("Rating__c", "between", [2, 4]), {"Rating": 4}, True),
        (("Rating__c", "in", [1, 5]), {"Rating": 5.0}, True),
        (("Rating__c", "empty", None), {"Rating": None}, True),
        (("Rating__c", "not empty", None), {"Rating": 0}, True),
        (("Lifecycle__c", "equals", "alumni"), {"Lifecycle": "Alumni"}, True),
        (("Lifecycle", "in", ["alumni", "PROSPECT"]), {"Lifecycle": "Prospect"}, True),
        (("Collected_At__c", "greater", "2026-03-01"), {"Collected_At": "2026-03-02T01:00"}, True),
        (("Collected_At__c", "after", "2026-03-01"), {"Collected_At": "2026-03-01T23:00"}, False),
        (("Collected_At__c", "on", "2026-03-01"), {"Collected_At": "2026-03-01T23:00"}, True),
        (("Collected at", "between", ["2026-03-01", "2026-03-31"]), {"Collected_At": "2026-03-31T23:59"}, True),
        (("Collected_At__c", "in the last", "90 days"), {"Collected_At": "2025-12-31T00:00"}, True),
        (("Collected_At__c", "in_the_last", 90), {"Collected_At": "2025-12-30T23:59"}, False),
        (("Collected_At__c", "in the last", "90 days"), {"Collected_At": "2026-04-01T00:00"}, False),
        (("Collected_At__c", "more than ago", "1 year"), {"Collected_At": "2025-03-30T00:00"}, True),
        (("Collected_At__c", "more than ago", "1 year"), {"Collected_At": "2025-03-31T00:00"}, False),
        (("Notice_Due_On__c", "in the next", "1 month"), {"Notice_Due_On": "2026-04-30"}, True),
        (("Notice_Due_On__c", "in the next", "30 days"), {"Notice_Due_On": "2026-03-30"}, False),
        (("Do_Not_Contact__c", "equals", False), {"Do_Not_Contact": False}, True),
        (("OwnerId", "equals", "005000000000001"), {}, False),
    ],
)
def test_a_condition_on_a_field(condition, values, expected):
    name, operator, value = condition
    assert fits({"field": name, "is": operator, "value": value}, **values) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"tag": "Python"}, True),
        ({"skill": "PYTHON"}, True),
        ({"skill": "vip"}, False),
        ({"pool": "P1"}, True),
        ({"pool": "P3"}, False),
        ({"pool": "F"}, True),
        ({"pool": "P1", "stage": "interested"}, True),
        ({"pool": "P1", "stage": ["New", "Replied"]}, False),
        ({"pool": "F", "rating": 4}, True),
        ({"pool": "F", "rating": 5}, False),
        ({"engaged": "opened", "campaign": "Spring"}, True),
        ({"engaged": "clicked"}, True),
        ({"engaged": "clicked", "campaign": "K1", "in_the_last": "30 days"}, True),
        ({"engaged": "clicked", "campaign": "K1", "in_the_last": "2 weeks"}, False),
        ({"engaged": "replied", "campaign": "K1"}, False),
        ({"engaged": "applied"}, False),
        ({"near": "Cork, IE", "km": 20}, True),
        ({"near": "Dublin, Ireland", "km": 200}, False),
        ({"near": "Dublin, Ireland", "km": 250}, True),
        ({"near": "51.5, -8.4", "km": 50}, True),
        ({"all": [CORK, {"any": [SENIOR, {"tag": "python"}]}]}, True),
        ({"all": [CORK, SENIOR]}, False),
        ({"not": {"pool": "P1"}}, False),
    ],
)
def test_a_condition_on_tags_pools_dealings_and_place(value, expected):
    assert fits(value, City="Cork", Rating=1) is expected


def test_source_is_the_first_or_last_channel():
    first = Facts({"First_Source__c": "C1", "Last_Source__c": "C2"})
    assert rule({"source": "first", "channel": "Indeed"}).matches(first)
    assert not rule({"source": "last", "channel": "Indeed"}).matches(first)
    assert rule({"source": "either", "channel": ["C1"]}).matches(first)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "empty"),
        ({}, "empty"),
        ({"all": []}, "“all” is empty"),
        ({"not": {}}, "A condition is empty"),
        ({"nor": []}, "“nor” is no condition"),
        ({"fields": "City__c"}, "Do you mean “field”"),
        ({"field": "Citty__c", "is": "equals", "value": "x"}, "Do you mean “City__c”"),
        ({"field": "Id) OR (Id != null", "is": "equals", "value": "x"}, "not a field"),
        ({"field": ["City__c"], "is": "equals", "value": "x"}, "not a field"),
        ({"field": "City__c", "is": "like", "value": "x"}, "“like” cannot be asked of City__c"),
        ({"field": "City__c", "is": "contain", "value": "x"}, "Do you mean “contains”"),
        ({"field": "City__c", "value": "x"}, "cannot be asked of City__c"),
        ({"field": "City__c", "is": "greater", "value": "x"}, "does not fit City__c"),
        ({"field": "City__c", "is": "equals", "value": ""}, "it needs a text"),
        ({"field": "City__c", "is": "equals", "value": "x" * 256}, "At most 255"),
        ({"field": "City__c", "is": "equals", "vale": "x"}, "“vale” does not belong"),
        ({"field": "Lifecycle__c", "is": "equals", "value": "Alumnus"}, "Do you mean “Alumni”"),
        ({"field": "Lifecycle__c", "is": "in", "value": ["Alumni", "Boss"]}, "“Boss” is not a word of Lifecycle__c"),
        ({"field": "Rating__c", "is": "greater", "value": "x"}, "it needs a number"),
        ({"field": "Rating__c", "is": "equals", "value": True}, "it needs a number"),
        ({"field": "Rating__c", "is": "equals", "value": float("nan")}, "it needs a number"),
        ({"field": "Rating__c", "is": "between", "value": [4, 2]}, "Swap them"),
        ({"field": "City__c", "is": "in", "value": "Cork"}, "list of values"),
        ({"field": "City__c", "is": "in", "value": ["x"] * 201}, "At most 200"),
        ({"field": "Collected_At__c", "is": "less", "value": "soon"}, "a date like"),
        ({"field": "Collected_At__c", "is": "less", "value": "2026-02-30"}, "a date like"),
        ({"field": "Collected_At__c", "is": "in the last", "value": "a while"}, "a span like"),
        ({"field": "Collected_At__c", "is": "in the last", "value": "0 days"}, "from 1 day"),
        ({"tag": 7}, "tag needs a text"),
        ({"tag": "a", "pool": "P1"}, "stand in one condition"),
        ({"pool": "P9"}, "There is no pool “P9”"),
        ({"pool": "P1", "stage": "Intrested"}, "Do you mean “Interested”"),
        ({"pool": "P1", "rating": "high"}, "does not fit rating"),
        ({"engaged": "click"}, "Do you mean “clicked”"),
        ({"engaged": "opened", "in_the_last": "3 days"}, "without their day"),
        ({"source": "best", "channel": "C1"}, "Use first, last or either"),
        ({"near": "Corc City Center", "km": 5}, "no city that we know"),
        ({"near": "Dublon, IE", "km": 5}, "Do you mean “Dublin, IE”"),
        ({"near": "Cork, Atlantis", "km": 5}, "“Atlantis” is no country"),
        ({"near": "Cork, IE", "km": 0}, "does not fit km"),
        ({"any": [CORK] * 51}, "more than 50"),
    ],
)
def test_B41_rules_that_cannot_be_meant_are_refused_with_the_nearest_name(value, told):
    with pytest.raises(BadRule) as refused:
        rule(value)
    assert told in str(refused.value)


def test_a_rule_that_is_too_deep_is_refused():
    value = CORK
    for _ in range(9):
        value = {"not": value}
    with pytest.raises(BadRule, match="nested"):
        rule(value)


def test_a_rule_in_words():
    value = {
        "all": [
            CORK,
            {"any": [SENIOR, {"skill": "Python"}]},
            {"not": {"pool": "F", "stage": ["Not now"]}},
            {"engaged": "clicked", "campaign": "K1", "in_the_last": "30 days"},
            {"source": "first", "channel": "Indeed"},
            {"near": "Cork, IE", "km": 50},
            FRESH,
            {"field": "Do_Not_Contact__c", "is": "equals", "value": False},
            {"field": "Title__c", "is": "not contains", "value": "sales"},
            {"field": "Notice_Due_On__c", "is": "on", "value": "2026-05-01"},
        ]
    }
    names = {"F": "Engineers", "K1": "Spring mail", "C1": "Indeed"}
    assert in_words(rule(value), lambda one: f"“{names[one]}”") == (
        "City is Cork and (Rating is above 3 or has the skill Python)"
        " and not (is a member of a pool in “Engineers” at the stage Not now)"
        " and clicked the campaign “Spring mail” in the last 30 days and First source is “Indeed”"
        " and lives within 50 km of Cork, IE and Collected at is in the last 90 days and Do not contact is no"
        " and Job title does not contain sales and Notice due on is on 2026-05-01"
    )


def test_a_rule_says_which_facts_it_needs():
    value = {"all": [CORK, {"pool": "F"}, {"tag": "x"}, {"engaged": "replied"}, {"near": "Cork", "km": 5}]}
    assert needs(rule(value)) == {
        "City__c", "pool:P1", "pool:P2", "tags", "touches", "Region__c", "Country__c",
        "Geo__Latitude__s", "Geo__Longitude__s",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("refers", "way"),
    [({"a": ["b"], "b": ["c"]}, []), ({"a": ["a"]}, ["a", "a"]), ({"a": ["x", "b"], "b": ["a"]}, ["a", "b", "a"])],
)
def test_circles_are_found(refers, way):
    assert circle("a", refers) == way


@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3)))
def test_pools_are_judged_after_those_they_name_and_never_in_circles(refers):
    order = in_order(refers)
    for place, pool in enumerate(order):
        assert set(refers[pool]) & set(refers) <= set(order[:place])
    left_out = set(refers) - set(order)
    # Left out is only who is in a circle, or names somebody who was left out.
    assert all(circle(pool, refers) or set(refers[pool]) & left_out for pool in left_out)


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))
SPANS = st.builds(Span, st.integers(1, 400), st.sampled_from(["day", "week", "month", "year"]))


@given(st.sampled_from(["in the last", "more than ago", "in the next"]), SPANS, DAYS, DAYS, DAYS)
def test_whoever_changes_sides_at_the_turn_of_the_day_lies_in_a_turning_window(operator, length, day, then, now):
    then, now = min(then, now), max(then, now)
    try:
        before, after = holds(operator, length, day, then), holds(operator, length, day, now)
        windows = turning(operator, length, then, now)
    except (ValueError, OverflowError):
        return  # longer than the calendar; span() refuses it
    if before != after:
        assert any(first <= day <= last for first, last in windows)


def test_the_end_of_a_short_month_is_a_month_before():
    assert Span(1, "month").before(TODAY) == date(2026, 2, 28)
    assert span("1 YEAR").before(date(2024, 2, 29)) == date(2023, 2, 28)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=20), lambda inner: st.one_of(
    st.lists(inner, max_size=3),
    st.dictionaries(st.sampled_from(["all", "any", "not", "field", "is", "value", "tag", "pool", "near", "km",
                                     "engaged", "source", "channel", "stage", "x"]), inner, max_size=4))))  # fmt: skip
def test_whatever_stands_in_a_rule_is_read_or_refused_in_words(value):
    with suppress(BadRule):
        rule(json.loads(json.dumps(value)))
