"""Which touches an outcome is credited to: every model is parameters of one pure function, and its shares sum to 1."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from integration.model.vocabulary import AttributionModel as Model

UNITS = 10**12
"""Shares are added up as whole numbers of this part, so that sums do not depend on the order of the outcomes."""
_DAY = timedelta(days=1)
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class Touch:
    """A contact that may have led to an outcome."""

    key: str
    """Of its record: the same contact twice counts once, and settles the order of two in the same moment."""
    at: datetime
    is_machine: bool = False
    """What a machine did leads to nothing."""


@dataclass(frozen=True)
class Rule:
    """A model with its parameters."""

    model: Model = Model.FIRST
    window_days: int = 0
    """Touches longer before the outcome do not count; 0: all do."""
    first: Fraction = Fraction(2, 5)
    """Position-based: the share of the first touch; what first and last leave is for those between."""
    last: Fraction = Fraction(2, 5)
    half_life_days: Fraction = Fraction(7)
    """Time decay: a touch so much earlier than another weighs half of it."""

    def __post_init__(self) -> None:
        if self.window_days < 0:
            raise ValueError("a window has no days below nought")
        if self.first < 0 or self.last < 0 or self.first + self.last > 1:
            raise ValueError("the first and the last touch share at most 1")
        if self.half_life_days <= 0:
            raise ValueError("a half-life is longer than nothing")


def shares(touches: Iterable[Touch], outcome: datetime, rule: Rule) -> dict[str, Fraction]:
    """Touch key -> its share of the outcome, exactly 1 together; empty when no touch counts.

    A touch counts when a person made it, not after the outcome and inside the window. The order in which the touches
    are given changes nothing: they are taken by time, those of one moment by key.
    """
    counted = {one.key: one for one in sorted(touches, key=_order, reverse=True) if _counts(one, outcome, rule)}
    path = sorted(counted.values(), key=_order)
    weights = _WEIGHTS[rule.model](path, rule) if path else []
    total = sum(weights, Fraction(0))
    return {one.key: weight / total for one, weight in zip(path, weights, strict=True) if weight}


def in_units(parts: Mapping[_Key, Fraction]) -> dict[_Key, int]:
    """Shares of one outcome as whole numbers that sum to UNITS."""
    return apportioned(dict(parts), UNITS) if parts else {}


def apportioned(parts: Mapping[_Key, Fraction | int], total: int) -> dict[_Key, int]:
    """Whole numbers in the proportion of `parts` that sum to `total`: the largest remainders are rounded up."""
    whole = sum(parts.values(), Fraction(0))
    exact = {key: Fraction(part) * total / whole for key, part in parts.items()}
    found = {key: int(part) for key, part in exact.items()}
    left = total - sum(found.values())
    for key in sorted(exact, key=lambda key: (found[key] - exact[key], str(key)))[:left]:
        found[key] += 1
    return found


def _order(touch: Touch) -> tuple[datetime, str]:
    return touch.at, touch.key


def _counts(touch: Touch, outcome: datetime, rule: Rule) -> bool:
    if touch.is_machine or touch.at > outcome:
        return False
    return not rule.window_days or outcome - touch.at <= rule.window_days * _DAY


def _first(path: Sequence[Touch], _rule: Rule) -> list[Fraction]:
    return [Fraction(place == 0) for place in range(len(path))]


def _last(path: Sequence[Touch], _rule: Rule) -> list[Fraction]:
    return [Fraction(place == len(path) - 1) for place in range(len(path))]


def _linear(path: Sequence[Touch], _rule: Rule) -> list[Fraction]:
    return [Fraction(1)] * len(path)


def _position(path: Sequence[Touch], rule: Rule) -> list[Fraction]:
    """Two touches share as first is to last; with neither they share alike."""
    if len(path) == 1:
        return [Fraction(1)]
    if len(path) == 2:
        return [rule.first, rule.last] if rule.first + rule.last else _linear(path, rule)
    between = (1 - rule.first - rule.last) / (len(path) - 2)
    return [rule.first, *[between] * (len(path) - 2), rule.last]


def _decay(path: Sequence[Touch], rule: Rule) -> list[Fraction]:
    """Against the last touch, whose weight is 1: however old all of them are, they do not all vanish."""
    newest = path[-1].at
    half_life = float(rule.half_life_days) * _DAY
    return [Fraction(2.0 ** ((one.at - newest) / half_life)) for one in path]


_WEIGHTS: Mapping[Model, Callable[[Sequence[Touch], Rule], list[Fraction]]] = {
    Model.FIRST: _first,
    Model.LAST: _last,
    Model.LINEAR: _linear,
    Model.POSITION: _position,
    Model.DECAY: _decay,
}
