"""Functions that decide: AND, IF, CASE, ISBLANK …"""

from collections.abc import Callable, Sequence
from typing import Any

from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.frame import Frame
from integration.local.org.formula.sorts import Compiled, Run, Sort, want

Builder = Callable[[str, Sequence[Compiled]], Compiled]

_MOST = 255


def _both(name: str, arguments: Sequence[Compiled]) -> Compiled:
    runs = tuple(want(name, each, "boolean").run for each in arguments)

    def run(frame: Frame) -> bool:
        for each in runs:  # noqa: SIM110 - a generator costs more than the loop
            if not each(frame):
                return False
        return True

    return Compiled("boolean", run)


def _either(name: str, arguments: Sequence[Compiled]) -> Compiled:
    runs = tuple(want(name, each, "boolean").run for each in arguments)

    def run(frame: Frame) -> bool:
        for each in runs:  # noqa: SIM110 - a generator costs more than the loop
            if each(frame):
                return True
        return False

    return Compiled("boolean", run)


def _not(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = want(name, arguments[0], "boolean").run
    return Compiled("boolean", lambda frame: not inner(frame))


def _is_blank(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = arguments[0].run
    if arguments[0].sort == "boolean":
        raise FormulaError(f"{name} does not take a checkbox")

    def run(frame: Frame) -> bool:
        value = inner(frame)
        return value is None or value == ""

    return Compiled("boolean", run)


def _is_null(name: str, arguments: Sequence[Compiled]) -> Compiled:
    """Text is never null."""
    inner = arguments[0].run
    if arguments[0].sort == "text":
        return Compiled("boolean", lambda frame: False)
    return Compiled("boolean", lambda frame: inner(frame) is None)


def _blank_value(name: str, arguments: Sequence[Compiled]) -> Compiled:
    first, second = arguments[0].run, arguments[1].run
    sort = common_sort(name, arguments)

    def run(frame: Frame) -> Any:
        value = first(frame)
        return second(frame) if value is None or value == "" else value

    return Compiled(sort, run)


def _null_value(name: str, arguments: Sequence[Compiled]) -> Compiled:
    if arguments[0].sort == "text":
        return Compiled("text", arguments[0].run)
    return _blank_value(name, arguments)


def _if(name: str, arguments: Sequence[Compiled]) -> Compiled:
    condition = want(name, arguments[0], "boolean").run
    yes, no = arguments[1].run, arguments[2].run

    def run(frame: Frame) -> Any:
        return yes(frame) if condition(frame) else no(frame)

    return Compiled(common_sort(name, arguments[1:]), run)


def _case(name: str, arguments: Sequence[Compiled]) -> Compiled:
    if len(arguments) % 2:
        raise FormulaError("CASE expects an expression, pairs of value and result, and a result for the rest")
    subject, rest = arguments[0], arguments[1:]
    wants_text = subject.sort in ("text", "picklist")
    for each in rest[:-1:2]:
        want(name, each, *(("text", "picklist") if wants_text else (subject.sort,)))
    pairs: list[tuple[Run, Run]] = [(rest[place].run, rest[place + 1].run) for place in range(0, len(rest) - 1, 2)]
    otherwise = rest[-1].run

    def run(frame: Frame) -> Any:
        value = subject.run(frame)
        for candidate, result in pairs:
            if candidate(frame) == value:
                return result(frame)
        return otherwise(frame)

    return Compiled(common_sort(name, [*rest[1:-1:2], rest[-1]]), run)


def _is_picklist_value(name: str, arguments: Sequence[Compiled]) -> Compiled:
    if not (arguments[0].is_choice or arguments[0].sort in ("picklist", "null")):
        raise FormulaError(f"{name} expects a picklist, received {arguments[0].sort}")
    inner = arguments[0].run
    wanted = want(name, arguments[1], "text").run

    def run(frame: Frame) -> bool:
        return (inner(frame) or "") == (wanted(frame) or "")

    return Compiled("boolean", run)


def _includes(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = want(name, arguments[0], "multipicklist").run
    wanted = want(name, arguments[1], "text").run
    return Compiled("boolean", lambda frame: wanted(frame) in (inner(frame) or "").split(";"))


def common_sort(name: str, arguments: Sequence[Compiled]) -> Sort:
    """The one type of several results; null fits any."""
    sorts = {"text" if each.sort == "picklist" else each.sort for each in arguments} - {"null"}
    if len(sorts) > 1:
        raise FormulaError(f"{name} mixes {' and '.join(sorted(sorts))}")
    return sorts.pop() if sorts else "null"


FUNCTIONS: dict[str, tuple[int, int, Builder]] = {
    "AND": (1, _MOST, _both),
    "OR": (1, _MOST, _either),
    "NOT": (1, 1, _not),
    "ISBLANK": (1, 1, _is_blank),
    "ISNULL": (1, 1, _is_null),
    "BLANKVALUE": (2, 2, _blank_value),
    "NULLVALUE": (2, 2, _null_value),
    "IF": (3, 3, _if),
    "CASE": (4, _MOST, _case),
    "ISPICKVAL": (2, 2, _is_picklist_value),
    "INCLUDES": (2, 2, _includes),
}
"""Name -> fewest arguments, most arguments, builder."""
