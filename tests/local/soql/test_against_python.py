"""Random queries on random records: the org must return what a plain reading in Python returns."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from integration.local.fidelity.soql import results
from integration.local.fidelity.soql.evaluator import (
    NUMBER,
    TEXT,
    Compared,
    Differs,
    Negated,
    aggregate,
    agree,
    apart,
    holds,
    sorted_rows,
    steps_from_today,
)

UTC = ZoneInfo("UTC")


def test_conditions_keep_the_right_rows():
    results.PROOFS["conditions"]()


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in results.PROOFS if name != "conditions"])
def test_query_returns_what_python_returns(name):
    results.PROOFS[name]()


def test_difference_is_the_detail_of_a_check():
    def prove():
        agree(1, 2)

    assert results._failure(prove).startswith("Differs: the org has 1, Python 2")
    with pytest.raises(Differs):
        agree([], {})


@pytest.mark.parametrize(
    ("operator", "value", "row", "kept"),
    [
        ("=", "A", "a", True),
        ("!=", "a", None, True),
        ("<", "b", None, False),
        ("=", None, None, True),
        ("NOT IN", "a", None, True),
    ],
)
def test_python_reads_conditions_by_two_truth_values(operator, value, row, kept):
    condition = Compared("Name", TEXT, operator, (value,))
    assert holds(condition, {"Name": row}, UTC) is kept
    assert holds(Negated(condition), {"Name": row}, UTC) is not kept


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("LAST_N_DAYS:2", "2026-11-21", "2026-11-23"),
        ("THIS_WEEK", "2026-11-22", "2026-11-28"),
        ("NEXT_N_MONTHS:2", "2026-12-01", "2027-01-31"),
        ("N_FISCAL_QUARTERS_AGO:1", "2026-07-01", "2026-09-30"),
        ("LAST_N_YEARS:2", "2024-01-01", "2025-12-31"),
        ("NEXT_90_DAYS", "2026-11-24", "2027-02-21"),
    ],
)
def test_python_reads_date_literals_as_documented(word, first, last):
    today = date(2026, 11, 23)
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    steps = [steps_from_today(word, date.fromordinal(begin.toordinal() + step), today) for step in (-1, 0)]
    steps += [steps_from_today(word, date.fromordinal(end.toordinal() + step), today) for step in (0, 1)]
    assert steps == [-1, 0, 0, 1]


def test_python_sorts_blanks_first_unless_told():
    rows = [{"x": 2.0}, {"x": None}, {"x": 1.0}]
    assert [row["x"] for row in sorted_rows(rows, [("x", NUMBER, False, False)])] == [None, 1.0, 2.0]
    assert [row["x"] for row in sorted_rows(rows, [("x", NUMBER, True, True)])] == [2.0, 1.0, None]


def test_python_leaves_blanks_out_of_aggregates():
    assert [aggregate(name, [None, 1.0, 3.0]) for name in ("COUNT", "SUM", "AVG", "MIN", "MAX")] == [
        2,
        4.0,
        2.0,
        1.0,
        3.0,
    ]
    assert aggregate("SUM", [None]) is None


def test_python_measures_a_degree_at_the_equator():
    assert apart((0, 0), (0, 1)) == pytest.approx(111.195, abs=0.01)


def test_values_are_shown_as_the_rest_api_shows_them():
    assert results.shown(datetime(2026, 11, 23, 10, 0, tzinfo=UTC)) == "2026-11-23T10:00:00.000+0000"
    assert results.shown(date(2026, 11, 23)) == "2026-11-23"
