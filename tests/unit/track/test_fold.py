"""Verdicts and totals: tables of cases, and the promise that order and repetition change nothing."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.event import Event, Kind
from integration.model.fold import added, fold, result_key
from integration.model.verdict import Word, judge

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"


def event(kind, seconds=0.0, number=1, **values):
    at = START + timedelta(seconds=seconds)
    values = {"campaign": "C", "step": "S", "candidate": "K", "method": "GET", "user_agent": BROWSER, **values}
    return Event(id=f"{kind}-{seconds}-{number}-{values['candidate']}", kind=kind, at=at.isoformat(), **values)


def words(*events):
    return [verdict.word for verdict in judge(events).values()]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ({"seconds": 300}, Word.HUMAN),
        ({"seconds": 300, "method": "HEAD"}, Word.MACHINE),
        ({"seconds": 300, "user_agent": ""}, Word.MACHINE),
        ({"seconds": 300, "user_agent": "python-requests/2.32"}, Word.MACHINE),
        ({"seconds": 300, "user_agent": "Barracuda Sentinel (EE)"}, Word.MACHINE),
        ({"seconds": 3}, Word.MACHINE),
    ],
)
def test_one_click_is_judged_by_who_asks_and_when(case, expected):
    assert words(event(Kind.DELIVERY), event(Kind.CLICK, **case)) == [expected]


def test_all_links_at_once_is_a_gateway():
    clicks = [event(Kind.CLICK, 43 + n / 10, link=str(n)) for n in range(4)]
    assert words(event(Kind.DELIVERY), *clicks) == [Word.MACHINE] * 4


def test_the_same_link_twice_is_a_person_who_double_clicks():
    clicks = [event(Kind.CLICK, 300 + n, number=n, link="1") for n in range(2)]
    assert words(event(Kind.DELIVERY), *clicks) == [Word.HUMAN] * 2


def test_a_picture_proxy_tells_nothing():
    assert words(event(Kind.DELIVERY), event(Kind.OPEN, 400, user_agent="x GoogleImageProxy")) == [Word.UNKNOWN]


def test_people_are_counted_not_mails():
    totals = fold(
        [
            *(event(Kind.OPEN, 300 + n, step=f"S{n}") for n in range(3)),
            *(event(Kind.SEND, n, step=f"S{n}") for n in range(3)),
        ]
    )
    assert (totals.steps[""]["human_opens"], totals.steps[""]["sent"], totals.steps["S0"]["human_opens"]) == (1, 3, 1)


def test_what_came_is_credited_to_the_first_touch():
    totals = fold([event(Kind.HIRED, channel="H", requisition="R", campaign="C", source_month="2026-10")])
    assert totals.results[result_key("H", "", "R", "2026-10")]["hires"] == 1


def test_machine_clicks_stand_beside_human_ones():
    totals = fold([event(Kind.CLICK, 1, channel="H"), event(Kind.CLICK, 2, channel="H", method="HEAD")])
    [counts] = totals.results.values()
    assert counts == {"clicks": 1, "machine_clicks": 1}


events = st.builds(
    event,
    kind=st.sampled_from(list(Kind)),
    seconds=st.integers(0, 500),
    number=st.integers(0, 3),
    candidate=st.sampled_from(["", "K1", "K2"]),
    step=st.sampled_from(["", "S1", "S2"]),
    link=st.sampled_from(["1", "2"]),
    channel=st.sampled_from(["", "H1"]),
    page=st.sampled_from(["", "L1"]),
    user_agent=st.sampled_from(["", BROWSER, "Mozilla/5.0", "bot/1"]),
)


@given(st.lists(events, max_size=30), st.randoms(use_true_random=False))
def test_every_order_and_repetition_gives_the_same_totals(given_events, chance: random.Random):
    given_events = list({event.id: event for event in given_events}.values())
    shuffled = given_events + chance.choices(given_events, k=len(given_events)) if given_events else []
    chance.shuffle(shuffled)
    assert fold(shuffled) == fold(given_events)


@given(st.lists(events, max_size=30))
def test_shards_add_up_to_the_whole(given_events):
    """Provider events and clicks of one person share a shard; the sum over people must not see the cut."""
    given_events = list({event.id: event for event in given_events}.values())
    shards = [[e for e in given_events if e.candidate == key] for key in ("", "K1", "K2")]
    whole = fold(given_events).without_people()
    summed = added(fold(shard).without_people() for shard in shards)
    for table in ("steps", "links", "results", "pages"):
        kept = {key: {n: c for n, c in counts.items() if c} for key, counts in summed[table].items()}
        expected = {key: {n: c for n, c in counts.items() if c} for key, counts in whole[table].items()}
        assert {k: v for k, v in kept.items() if v} == {k: v for k, v in expected.items() if v}
