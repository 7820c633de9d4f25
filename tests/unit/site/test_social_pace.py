"""When a network is told of which job: never too many, never early, in fair turns; by any pace and any jobs."""

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from integration.model.announcing import REOPENED_AFTER, Postable, planned, slot

START = datetime(2026, 3, 2, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def job(number, department="A", since=START, **more):
    return Postable(f"p{number:03}", f"r{number}", department, since, **more)


@st.composite
def worlds(draw):
    """(posts a day, days to a repeat or None, for each job: department, hour it opens, hour it closes)."""
    lives = st.tuples(st.sampled_from("ABC"), st.integers(0, 300), st.integers(1, 500))
    return (
        draw(st.integers(1, 8)),
        draw(st.sampled_from([None, 1, 3, 7])),
        draw(st.lists(lives, min_size=1, max_size=12)),
    )


@settings(max_examples=20, deadline=None)
@given(worlds())
def test_never_more_than_a_days_number_never_early_and_only_what_is_open(world):
    per_day, days, lives = world
    gap, repeat = slot(per_day), timedelta(days=days) if days else None
    told, posts, last = {}, [], None
    for hour in range(15 * 24):
        now = START + hour * HOUR
        if last and now < last + gap:
            continue
        jobs = [
            job(number, department, START + opens * HOUR, told=told.get(number))
            for number, (department, opens, lasts) in enumerate(lives)
            if opens <= hour < opens + lasts
        ]
        chosen = next((one for at, one in planned(jobs, now, gap, repeat, 20) if at <= now), None)
        if chosen:
            number = int(chosen.posting[1:])
            assert lives[number][1] <= hour < lives[number][1] + lives[number][2]
            told[number], last = now, now
            posts.append((now, number))
    moments = [at for at, _ in posts]
    assert all(later - earlier >= gap for earlier, later in itertools.pairwise(moments))
    assert all(sum(at <= other < at + DAY for other in moments) <= per_day for at in moments)
    for number in told:
        own = [at for at, posted in posts if posted == number]
        assert len(own) == 1 or repeat is not None
        assert all(later - earlier >= repeat for earlier, later in itertools.pairwise(own))


def test_a_large_department_and_a_job_of_many_places_crowd_out_nobody():
    many = [Postable(f"p{n:03}", "r-large", "Nursing", START) for n in range(30)]
    few = [job(n, "Kitchen", START + HOUR) for n in range(900, 903)]
    plan = planned([*many, job(50, "Nursing", START + HOUR), *few], START + HOUR, HOUR, None, 8)
    assert Counter(one.department for _, one in plan) == {"Nursing": 5, "Kitchen": 3}
    assert {one.requisition for _, one in plan[:4]} >= {"r-large", "r50"}


def test_what_was_never_posted_comes_before_a_repeat():
    old, new = job(1, told=START - 9 * DAY), job(2)
    assert [one.posting for _, one in planned([old, new], START, HOUR, 7 * DAY, 5)] == ["p002", "p001"]


def test_the_plan_waits_for_a_repeat_and_says_when():
    told = job(1, told=START)
    assert planned([told], START + HOUR, HOUR, 7 * DAY, 5) == [(START + 7 * DAY, told)]
    assert planned([told], START + HOUR, HOUR, None, 5) == []


def test_a_job_that_opens_again_is_news_but_not_on_the_same_day():
    again = job(1, told=START, was_closed=True)
    assert planned([again], START + HOUR, HOUR, None, 5)[0][0] == START + REOPENED_AFTER
    assert planned([again], START + HOUR, HOUR, 7 * DAY, 5)[0][0] == START + 7 * DAY


def test_what_the_network_refused_holds_up_no_other():
    refused = job(1, not_before=START + DAY)
    assert [one.posting for _, one in planned([refused, job(2)], START, HOUR, None, 5)] == ["p002", "p001"]
