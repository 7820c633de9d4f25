"""The incremental effect of a campaign: published examples, edges, and how often the interval holds the truth."""

import math
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.model.increment import Group, effect, in_words


@pytest.mark.parametrize(
    ("chosen", "held_out", "low", "high"),
    [  # Newcombe, Statistics in Medicine 17 (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0000),
    ],
)
def test_the_interval_is_the_published_one(chosen, held_out, low, high):
    found = effect(Group(chosen[1], chosen[0]), Group(held_out[1], held_out[0]))
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


GROUPS = st.integers(1, 5_000).flatmap(lambda n: st.builds(Group, st.just(n), st.integers(0, n)))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(GROUPS, GROUPS)
def test_the_interval_holds_the_difference_and_turns_with_the_sides(one, other):
    found, turned = effect(one, other), effect(other, one)
    assert -1 - 1e-9 <= found.low <= found.difference <= found.high <= 1 + 1e-9
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))


def test_without_people_on_both_sides_there_is_nothing_to_say():
    with pytest.raises(ValueError, match="both sides"):
        effect(Group(10, 1), Group(0, 0))


def test_it_is_told_in_plain_words():
    assert in_words("applications", Group(9_000, 450), Group(1_000, 20)) == (
        "Applications: 5.0% of 9,000 people chosen, 2.0% of 1,000 people held out. "
        "About 270 applications came of the campaign, between 166 and 346 (95 %)."
    )
    assert in_words("hires", Group(900, 3), Group(100, 0)) == (
        "Hires: 0.33% of 900 people chosen, 0.0% of 100 people held out. "
        "No difference is shown: between −30 and 8.8 hires came of the campaign (95 %)."
    )


@pytest.mark.parametrize("usual", [0.002, 0.02, 0.2])
@pytest.mark.parametrize("lift", [0.0, 0.05, 0.2])
@pytest.mark.parametrize(("people", "percent"), [(400, 10), (3_000, 5)])
def test_of_500_campaigns_at_least_nine_in_ten_intervals_hold_the_truth(usual, lift, people, percent):
    """People are held out by chance, as a campaign does it; `lift` is what the mail adds to the rate."""
    rng = random.Random(f"{usual} {lift} {people}")
    held, campaigns = 0, 500
    for _ in range(campaigns):
        out = max(1, _drawn(rng, people, percent / 100))
        chosen = Group(people - out, _drawn(rng, people - out, usual + lift))
        found = effect(chosen, Group(out, _drawn(rng, out, usual)))
        held += found.low <= lift <= found.high
    assert held >= 0.9 * campaigns


def _drawn(rng, people, rate):
    """How many of so many people, each by itself; by a normal where that cannot be told apart."""
    if people * rate * (1 - rate) > 30:
        return min(people, max(0, round(rng.gauss(people * rate, (people * rate * (1 - rate)) ** 0.5))))
    count, at = 0, 0
    while rate:  # gaps between hits are geometric: as many draws as hits, not as people
        at += 1 + math.floor(math.log(1 - rng.random()) / math.log(1 - rate))
        if at > people:
            break
        count += 1
    return count
