"""Attribution: shares of one outcome, against a calculation that shares nothing with ours."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integration.model.attribution import UNITS, Rule, Touch, apportioned, in_units, shares
from integration.model.vocabulary import AttributionModel as Model
from tests.unit.track.credit import by_other_means

OUTCOME = datetime(2026, 6, 1, 12, tzinfo=UTC)
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
MINUTES = st.integers(-2_000, 200_000)
PATHS = st.lists(st.tuples(st.sampled_from("abcdefghijkl"), MINUTES, st.booleans()), max_size=8).map(
    lambda rows: [Touch(key, OUTCOME - timedelta(minutes=before), machine) for key, before, machine in rows]
)
PERCENT = st.integers(0, 100)
RULES = st.builds(
    lambda model, window, first, last, half_life: Rule(
        model, window, Fraction(first, 100), Fraction(min(last, 100 - first), 100), half_life
    ),
    st.sampled_from(Model), st.sampled_from([0, 1, 30, 90]), PERCENT, PERCENT,
    st.fractions(Fraction(1, 2), 60, max_denominator=4),
)  # fmt: skip


def at(days, key):
    return Touch(key, OUTCOME - timedelta(days=days))


FOUR = [at(40, "fair"), at(14, "mail"), at(7, "board"), at(0, "form")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(Model.FIRST), {"fair": 1}),
        (Rule(Model.LAST), {"form": 1}),
        (Rule(Model.LINEAR), dict.fromkeys(["fair", "mail", "board", "form"], Fraction(1, 4))),
        (Rule(Model.POSITION), {"fair": Fraction(2, 5), "mail": Fraction(1, 10), "board": Fraction(1, 10),
                                "form": Fraction(2, 5)}),
        (Rule(Model.DECAY, window_days=30), {"mail": Fraction(1, 7), "board": Fraction(2, 7), "form": Fraction(4, 7)}),
        (Rule(Model.FIRST, window_days=7), {"board": 1}),
    ],
)  # fmt: skip
def test_each_model(rule, expected):
    assert shares(FOUR, OUTCOME, rule) == expected


def test_two_and_one_of_a_position_model_share_everything():
    rule = Rule(Model.POSITION, first=Fraction(3, 10), last=Fraction(1, 10))
    assert shares(FOUR[2:], OUTCOME, rule) == {"board": Fraction(3, 4), "form": Fraction(1, 4)}
    assert shares(FOUR[3:], OUTCOME, rule) == {"form": 1}
    nothing = Rule(Model.POSITION, first=Fraction(0), last=Fraction(0))
    assert shares(FOUR[2:], OUTCOME, nothing) == {"board": Fraction(1, 2), "form": Fraction(1, 2)}


def test_touches_of_one_moment_are_taken_by_key():
    both = [at(3, "b"), at(3, "a")]
    for path in (both, both[::-1]):
        assert shares(path, OUTCOME, Rule(Model.FIRST)) == {"a": 1}
        assert shares(path, OUTCOME, Rule(Model.LAST)) == {"b": 1}


def test_machines_and_what_came_after_lead_to_nothing():
    after, machine = at(-1, "after"), Touch("scanner", FOUR[0].at, is_machine=True)
    assert shares([after, machine], OUTCOME, Rule(Model.LINEAR)) == {}
    assert shares([after, machine, FOUR[1]], OUTCOME, Rule(Model.FIRST)) == {"mail": 1}


def test_the_window_includes_its_edge():
    assert shares([at(30, "edge")], OUTCOME, Rule(window_days=30)) == {"edge": 1}
    beyond = Touch("beyond", OUTCOME - timedelta(days=30, seconds=1))
    assert shares([beyond], OUTCOME, Rule(window_days=30)) == {}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"first": Fraction(2, 3), "last": Fraction(1, 2)}, "share at most 1"),
        ({"half_life_days": Fraction(0)}, "longer than nothing"),
        ({"window_days": -1}, "below nought"),
    ],
)
def test_parameters_that_do_not_add_up_are_refused(wrong, told):
    with pytest.raises(ValueError, match=told):
        Rule(**wrong)


@UNHURRIED
@given(PATHS, RULES)
def test_shares_equal_another_calculation_and_sum_to_one(touches, rule):
    found = shares(touches, OUTCOME, rule)
    expected = by_other_means(touches, OUTCOME, rule)
    assert sum(found.values()) == (1 if expected else 0)
    assert {key: float(found.get(key, 0)) for key in expected} == pytest.approx(expected, abs=1e-9)
    assert set(found) <= set(expected)
    assert sum(in_units(found).values()) == (UNITS if expected else 0)


@UNHURRIED
@given(PATHS.flatmap(lambda path: st.tuples(st.just(path), st.permutations(path + path[:3]))), RULES)
def test_order_and_repetition_change_nothing(paths, rule):
    touches, again = paths
    assert shares(again, OUTCOME, rule) == shares(touches, OUTCOME, rule)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**14), min_size=1), st.integers(1, 10**6))
def test_apportioned_parts_sum_and_are_less_than_one_off(parts, total):
    parts["z"] = 1
    found, whole = apportioned(parts, total), sum(parts.values())
    assert sum(found.values()) == total
    assert all(abs(found[key] - Fraction(part * total, whole)) < 1 for key, part in parts.items())


def test_a_thousand_journeys_under_every_model():
    rng = random.Random(20260301)
    for number in range(1_000):
        touches = [
            Touch(f"{number}-{n}", OUTCOME - timedelta(minutes=rng.randrange(-5_000, 180_000)), rng.random() < 0.2)
            for n in range(rng.randrange(7))
        ]
        for model in Model:
            rule = Rule(model, window_days=rng.choice([0, 30, 90]))
            expected = {key: share for key, share in by_other_means(touches, OUTCOME, rule).items() if share}
            assert {k: float(v) for k, v in shares(touches, OUTCOME, rule).items()} == pytest.approx(expected, abs=1e-9)
