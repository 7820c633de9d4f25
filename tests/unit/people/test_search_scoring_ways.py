"""A score counts what belongs together: one of several ways to meet a query, not a mixture of them."""

import pytest

from integration.model.ranking import WORDS, score
from integration.prospecting.query import parse
from integration.prospecting.searches.terms import MOST_WAYS, ways_of


def points(query, **document):
    ways = ways_of(parse(query))
    return max(score(way, document, addresses=[], sources=1).points for way in ways)


def told(query):
    return [[[term.text for term in wish] for wish in way] for way in ways_of(parse(query))]


@pytest.mark.parametrize(
    ("query", "ways"),
    [
        ("a AND b", [[["a"], ["b"]]]),
        ("a OR b", [[["a", "b"]]]),
        ("(a AND b) OR (c AND d)", [[["a"], ["b"]], [["c"], ["d"]]]),
        ("x AND ((a AND b) OR c)", [[["x"], ["a"], ["b"]], [["x"], ["c"]]]),
        ("(a AND b) OR NOT c", [[["a"], ["b"]], []]),
        ("title:(a AND b) OR c", [[["a"], ["b"]], [["c"]]]),
    ],
)
def test_each_way_to_meet_a_query_is_a_list_of_wishes(query, ways):
    assert told(query) == ways


def test_half_of_one_way_and_half_of_another_is_not_the_whole():
    query = "(nurse AND triage) OR (welder AND pipes)"
    whole = points(query, title="nurse triage")
    assert whole == WORDS
    assert points(query, title="nurse pipes") == round(WORDS / 2)
    assert points(query, title="nurse", text="triage") < whole
    assert points(query, title="welder pipes") == whole


def test_a_field_named_for_a_whole_way_counts_there_only():
    assert points("title:(nurse AND triage) OR welder", text="nurse triage") == 0


def test_very_many_ways_are_not_tried_one_by_one():
    query = " AND ".join(f"((a{n} AND b{n}) OR (c{n} AND d{n}))" for n in range(12))
    assert len(ways_of(parse(query))) <= MOST_WAYS
    assert points(query, title=" ".join(f"a{n} b{n}" for n in range(12))) == WORDS
