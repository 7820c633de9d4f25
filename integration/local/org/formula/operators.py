"""Operators between two compiled parts."""

import operator
from collections.abc import Callable
from typing import Any

from integration.local.org.formula import moments, numbers
from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.frame import Frame
from integration.local.org.formula.logic import FUNCTIONS
from integration.local.org.formula.sorts import Compiled, Run, want

_ORDERED: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ALIKE = {"picklist": "text", "multipicklist": "text"}
_MOMENTS = ("date", "datetime")


def binary(sign: str, left: Compiled, right: Compiled) -> Compiled:
    """The operator applied to two parts; refuses types it does not take."""
    if sign == "&&":
        return FUNCTIONS["AND"][2](sign, (left, right))
    if sign == "||":
        return FUNCTIONS["OR"][2](sign, (left, right))
    if sign == "&" or (sign == "+" and "text" in (left.sort, right.sort)):
        return _concatenate(sign, left, right)
    if sign in ("=", "<>"):
        return _equal(sign, left, right)
    if sign in _ORDERED:
        return _ordered(sign, left, right)
    if sign in "+-" and (left.sort in _MOMENTS or right.sort in _MOMENTS):
        return _moments(sign, left, right)
    return _arithmetic(sign, left, right)


def _concatenate(sign: str, left: Compiled, right: Compiled) -> Compiled:
    first, second = want(sign, left, "text").run, want(sign, right, "text").run
    return Compiled("text", lambda frame: (first(frame) or "") + (second(frame) or ""))


def _check_alike(sign: str, left: Compiled, right: Compiled) -> None:
    if "null" in (left.sort, right.sort) or left.sort == right.sort:
        return
    if "picklist" in (left.sort, right.sort):
        raise FormulaError(f"{sign} does not take a picklist; use ISPICKVAL() or TEXT()")
    raise FormulaError(f"{sign} compares {left.sort} with {right.sort}")


def _equal(sign: str, left: Compiled, right: Compiled) -> Compiled:
    _check_alike(sign, left, right)
    first, second = left.run, right.run
    # A blank text and null are the same; a blank checkbox is false.
    blank: Any = False if "boolean" in (left.sort, right.sort) else None
    if sign == "=":
        return (
            Compiled("boolean", lambda frame: (first(frame) or blank) == (second(frame) or blank))
            if (_is_text(left, right) or blank is False)
            else Compiled("boolean", lambda frame: first(frame) == second(frame))
        )
    same = _equal("=", left, right).run
    return Compiled("boolean", lambda frame: not same(frame))


def _is_text(left: Compiled, right: Compiled) -> bool:
    return bool({left.sort, right.sort} & {"text", "picklist", "multipicklist"})


def _ordered(sign: str, left: Compiled, right: Compiled) -> Compiled:
    _check_alike(sign, left, right)
    if "boolean" in (left.sort, right.sort):
        raise FormulaError(f"{sign} does not take a checkbox")
    first, second, compare = left.run, right.run, _ORDERED[sign]

    def run(frame: Frame) -> bool:
        one, other = first(frame), second(frame)
        return one is not None and other is not None and bool(compare(one, other))

    return Compiled("boolean", run)


def _moments(sign: str, left: Compiled, right: Compiled) -> Compiled:
    if left.sort in _MOMENTS and right.sort == left.sort and sign == "-":
        return Compiled("number", _unless_blank(left.run, right.run, moments.difference))
    if left.sort in _MOMENTS and right.sort in ("number", "null"):
        step = 1 if sign == "+" else -1
        return Compiled(left.sort, _unless_blank(left.run, right.run, lambda one, other: moments.add(one, other, step)))
    if right.sort in _MOMENTS and left.sort == "number" and sign == "+":
        return _moments(sign, right, left)
    raise FormulaError(f"{sign} does not combine {left.sort} with {right.sort}")


def _arithmetic(sign: str, left: Compiled, right: Compiled) -> Compiled:
    first, second = want(sign, left, "number").run, want(sign, right, "number").run
    return Compiled("number", _unless_blank(first, second, numbers.OPERATORS[sign]))


def _unless_blank(first: Run, second: Run, compute: Callable[[Any, Any], Any]) -> Run:
    def run(frame: Frame) -> Any:
        one, other = first(frame), second(frame)
        return None if one is None or other is None else compute(one, other)

    return run


def unary(sign: str, inner: Compiled) -> Compiled:
    """Minus, plus and not."""
    if sign == "!":
        return FUNCTIONS["NOT"][2](sign, (inner,))
    run = want(sign, inner, "number").run
    if sign == "+":
        return Compiled("number", run)

    def negative(frame: Frame) -> Any:
        value = run(frame)
        return None if value is None else -value

    return Compiled("number", negative)
