"""GROUP BY ROLLUP and CUBE."""

import pytest

from integration.local.org.soql import SoqlError


@pytest.fixture
def people(small_org):
    for stage, name, rating in (("New", "a", 1.0), ("New", "B", 2.0), ("Contacted", "a", 4.0), (None, "a", 8.0)):
        small_org.add("Person__c", Stage__c=stage, Name=name, Rating__c=rating)
    return small_org


def rows(org, text):
    return [tuple(value for key, value in each.items() if key != "attributes") for each in org.query(text)]


def test_rollup_adds_up_from_right_to_left(people):
    text = "SELECT Stage__c, Name, SUM(Rating__c) total FROM Person__c GROUP BY ROLLUP(Stage__c, Name)"
    assert rows(people, text) == [
        (None, "a", 8.0),
        (None, None, 8.0),
        ("Contacted", "a", 4.0),
        ("Contacted", None, 4.0),
        ("New", "a", 1.0),
        ("New", "B", 2.0),
        ("New", None, 3.0),
        (None, None, 15.0),
    ]


def test_cube_adds_up_every_combination(people):
    text = "SELECT Stage__c, Name, SUM(Rating__c) total FROM Person__c GROUP BY CUBE(Stage__c, Name)"
    found = rows(people, text)
    assert len(found) == 10
    assert (None, "B", 2.0) in found
    assert (None, "a", 13.0) in found


def test_grouping_tells_subtotals_from_blank_groups(people):
    text = """SELECT Stage__c, GROUPING(Stage__c) g, COUNT(Id) n FROM Person__c GROUP BY ROLLUP(Stage__c)
              ORDER BY GROUPING(Stage__c) DESC, COUNT(Id) DESC"""
    assert rows(people, text)[:2] == [(None, 1, 4), ("New", 0, 2)]
    assert (None, 0, 1) in rows(people, text)


def test_having_applies_to_subtotals_too(people):
    text = """SELECT Stage__c, SUM(Rating__c) s FROM Person__c GROUP BY ROLLUP(Stage__c) HAVING SUM(Rating__c) > 4
              ORDER BY SUM(Rating__c)"""
    assert rows(people, text) == [(None, 8.0), (None, 15.0)]
    text = "SELECT Stage__c, COUNT(Id) n FROM Person__c GROUP BY ROLLUP(Stage__c) HAVING GROUPING(Stage__c) = 1"
    assert rows(people, text) == [(None, 4)]


def test_limit_counts_subtotals(people):
    text = "SELECT Stage__c, COUNT(Id) n FROM Person__c GROUP BY ROLLUP(Stage__c) ORDER BY COUNT(Id) DESC LIMIT 1"
    assert rows(people, text) == [(None, 4)]


def test_order_ignores_case(people):
    text = "SELECT Name, COUNT(Id) n FROM Person__c GROUP BY ROLLUP(Name) ORDER BY Name DESC NULLS LAST"
    assert [name for name, _ in rows(people, text)] == ["B", "a", None]


def test_no_rows_have_no_total(small_org):
    assert rows(small_org, "SELECT Name, COUNT(Id) n FROM Person__c GROUP BY ROLLUP(Name)") == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT Name, GROUPING(Name) FROM Person__c GROUP BY Name", "GROUPING takes a field of GROUP BY ROLLUP"),
        ("SELECT GROUPING(Id) FROM Person__c GROUP BY ROLLUP(Name)", "GROUPING takes a field of GROUP BY ROLLUP"),
        ("SELECT COUNT(Id) FROM Person__c GROUP BY CUBE(Name, Stage__c, foo1, Email__c)", "takes at most 3 fields"),
        ("SELECT Id FROM Person__c ORDER BY GROUPING(Name)", "GROUPING is not allowed here"),
    ],
)
def test_what_is_refused(small_org, text, reason):
    with pytest.raises(SoqlError) as refused:
        small_org.query(text)
    assert refused.value.code == "MALFORMED_QUERY"
    assert reason in refused.value.message


def test_checkbox_that_was_added_up_is_null(people):
    text = "SELECT Do_Not_Contact__c, COUNT(Id) n FROM Person__c GROUP BY ROLLUP(Do_Not_Contact__c)"
    assert rows(people, text) == [(False, 4), (None, 4)]
