"""Functions and operators on numbers. Blank makes the result blank; what cannot be computed is blank too."""

import math
from collections.abc import Callable, Sequence

from integration.local.org.formula.frame import Frame
from integration.local.org.formula.logic import Builder
from integration.local.org.formula.sorts import Compiled, want
from integration.local.org.values import round_half_up

_MOST = 255


def _modulo(value: float, divisor: float) -> float | None:
    return math.fmod(value, divisor) if divisor else None


def _floor(value: float) -> float:
    """Towards zero, as the platform's FLOOR does."""
    return float(math.trunc(value))


def _ceiling(value: float) -> float:
    """Away from zero, as the platform's CEILING does."""
    return float(math.copysign(math.ceil(abs(value)), value))


def _builder(function: Callable[..., float | None]) -> Builder:
    """A function of numbers that is blank as soon as one of them is."""

    def build(name: str, arguments: Sequence[Compiled]) -> Compiled:
        runs = tuple(want(name, each, "number").run for each in arguments)

        def run(frame: Frame) -> float | None:
            values = [each(frame) for each in runs]
            return None if None in values else function(*values)

        return Compiled("number", run)

    return build


def _round(value: float, places: float) -> float:
    return round_half_up(value, int(places))


def _smallest(*values: float) -> float:
    return min(values)


def _largest(*values: float) -> float:
    return max(values)


def _divide(left: float, right: float) -> float | None:
    return left / right if right else None


def _power(left: float, right: float) -> float | None:
    try:
        result = left**right
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, int | float) else None


FUNCTIONS: dict[str, tuple[int, int, Builder]] = {
    "ROUND": (2, 2, _builder(_round)),
    "FLOOR": (1, 1, _builder(_floor)),
    "CEILING": (1, 1, _builder(_ceiling)),
    "ABS": (1, 1, _builder(abs)),
    "MOD": (2, 2, _builder(_modulo)),
    "MIN": (1, _MOST, _builder(_smallest)),
    "MAX": (1, _MOST, _builder(_largest)),
}

OPERATORS: dict[str, Callable[[float, float], float | None]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "^": _power,
}
