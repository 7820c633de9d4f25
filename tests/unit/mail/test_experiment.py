"""The rules of variants: who gets which, and when one of them has won."""

import random
from math import exp, lgamma, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.model.experiment import (
    Count,
    Outcome,
    assigned,
    audience_needed,
    chance,
    decided,
    is_tested,
    visible_rate,
)

shares = st.lists(st.integers(1, 100), min_size=2, max_size=6)


@given(st.text(), st.text(), shares)
def test_somebody_gets_the_same_variant_whenever_it_is_asked(key: str, step: str, parts: list[int]) -> None:
    place = assigned(key, step, parts)
    assert place == assigned(key, step, parts)
    assert place == assigned(key, step, [share * 2.0 for share in parts])
    assert 0 <= place < len(parts)


@given(shares, st.integers(0, 1_000_000))
def test_each_variant_gets_its_share(parts: list[int], step: int) -> None:
    people = 2_000
    places = [assigned(f"person-{number}", f"step-{step}", parts) for number in range(people)]
    for place, share in enumerate(parts):
        expected = share / sum(parts)
        assert abs(places.count(place) - people * expected) <= 6 * sqrt(people * expected * (1 - expected)) + 1


def test_a_variant_without_a_share_is_given_to_nobody() -> None:
    assert {assigned(str(number), "step", [0, 100, 0]) for number in range(500)} == {1}


def test_who_is_tested_says_nothing_about_the_variant() -> None:
    tested = [str(number) for number in range(10_000) if is_tested(str(number), "step", 20)]
    assert 1_800 < len(tested) < 2_200
    assert abs(sum(assigned(key, "step", [1, 1]) for key in tested) - len(tested) / 2) < 150


def test_the_test_is_fishers() -> None:
    # The lady tasting tea: three of four right.
    assert chance(Count("A", 4, 3), Count("B", 4, 1)) == pytest.approx(17 / 70)
    assert chance(Count("A", 4, 4), Count("B", 4, 0)) == pytest.approx(1 / 70)
    assert chance(Count("A", 10, 0), Count("B", 10, 0)) == pytest.approx(1)


def test_too_few_people_decide_nothing_however_large_the_lead() -> None:
    verdict = decided([Count("A", 99, 0), Count("B", 500, 400)], 100)
    assert (verdict.outcome, verdict.use) == (Outcome.TOO_FEW, 0)


def test_without_a_difference_the_leading_one_is_used_and_the_first_of_equals() -> None:
    assert decided([Count("A", 100, 5), Count("B", 100, 7)], 50).use == 1
    verdict = decided([Count("A", 100, 5), Count("B", 100, 5)], 50)
    assert (verdict.outcome, verdict.use) == (Outcome.NO_DIFFERENCE, 0)


def test_a_lead_that_wins_between_two_may_be_too_small_among_six() -> None:
    lead, other = Count("A", 1_000, 75), Count("B", 1_000, 50)
    assert decided([lead, other], 100).outcome is Outcome.WINNER
    assert decided([lead, other, *[Count("C", 1_000, 50)] * 4], 100).outcome is Outcome.NO_DIFFERENCE


def _binomial(chances: random.Random, people: int, rate: float, times: int) -> list[int]:
    ways = [lgamma(people + 1) - lgamma(hits + 1) - lgamma(people - hits + 1) for hits in range(people + 1)]
    weights = [exp(way + hits * log(rate) + (people - hits) * log(1 - rate)) for hits, way in enumerate(ways)]
    return chances.choices(range(people + 1), weights, k=times)


def _experiments(rates: list[float], people: int, times: int, seed: int) -> list[int | None]:
    """The place of the winner of each experiment, None without one."""
    chances = random.Random(seed)
    drawn = [_binomial(chances, people, rate, times) for rate in rates]
    found: list[int | None] = []
    for _ in range(times):
        counts = [Count(str(place), people, draw.pop()) for place, draw in enumerate(drawn)]
        verdict = decided(counts, people)
        found.append(verdict.use if verdict.outcome is Outcome.WINNER else None)
    return found


@pytest.mark.parametrize("variants", [2, 4])
@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_of_2000_experiments_between_equals_at_most_one_in_twenty_has_a_winner(variants: int, rate: float) -> None:
    won = [one for one in _experiments([rate] * variants, 300, 2_000, seed=61) if one is not None]
    assert len(won) <= 0.05 * 2_000


@pytest.mark.parametrize("variants", [2, 4])
def test_a_real_difference_is_found_in_most_experiments(variants: int) -> None:
    rates = [0.05] * variants
    rates[1] = 0.10
    found = _experiments(rates, 1_000, 500, seed=61)
    assert found.count(1) >= 0.8 * 500
    assert sum(one not in (1, None) for one in found) <= 0.01 * 500


@pytest.mark.parametrize("people", [200, 1_000])
def test_the_difference_that_is_said_to_be_visible_is_found_in_about_four_of_five(people: int) -> None:
    rate = visible_rate(people, 2)
    found = _experiments([0.05, rate], people, 500, seed=61)
    assert 0.70 * 500 <= found.count(1) <= 0.90 * 500


def test_the_audience_that_is_needed_follows_from_the_smallest_share() -> None:
    # 122 and not 100 of them: chance may give a variant two standard deviations less than its share.
    assert audience_needed(100, [50, 50], 20) == 1_221
    assert audience_needed(100, [90, 10], 100) == 1_221
