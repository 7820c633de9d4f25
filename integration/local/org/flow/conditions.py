"""Conditions of decisions and of what starts a flow."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from integration.local.org.flow.resources import Resources
from integration.local.org.formula import Compiled, FormulaError, Frame
from integration.local.org.formula.operators import binary
from integration.metadata.xml import text

Test = Callable[[Frame], bool]

_COMPARISONS = {
    "EqualTo": "=",
    "NotEqualTo": "<>",
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
}
_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "Contains": lambda whole, part: part.lower() in whole.lower(),
    "StartsWith": lambda whole, part: whole.lower().startswith(part.lower()),
    "EndsWith": lambda whole, part: whole.lower().endswith(part.lower()),
}
_WORD = re.compile(r"\s*(\d+|\(|\)|AND|OR|NOT)", re.IGNORECASE)


def condition(resources: Resources, left: str, operator: str, right: Element | None) -> Test:
    """One condition on the named value."""
    subject = resources.reference(left)
    if operator in ("IsNull", "IsBlank"):
        wanted = resources.value(right).run
        return lambda frame: (subject.run(frame) in (None, "")) == bool(wanted(frame))
    if operator == "IsChanged":
        return _changed(resources, left, resources.value(right).run)
    value = resources.value(right)
    if operator in _COMPARISONS:
        return _compared(_COMPARISONS[operator], subject, value)
    if operator in _TEXTS:
        matches, run = _TEXTS[operator], subject.run
        return lambda frame: matches(run(frame) or "", value.run(frame) or "")
    raise FormulaError(f"the operator {operator} is not supported")


def _compared(sign: str, subject: Compiled, value: Compiled) -> Test:
    """Flows compare text without regard to case."""
    if subject.sort == "text" and value.sort == "text":
        subject, value = _folded(subject), _folded(value)
    run = binary(sign, subject, value).run
    return lambda frame: bool(run(frame))


def _folded(part: Compiled) -> Compiled:
    run = part.run
    return Compiled("text", lambda frame: (run(frame) or "").lower())


def _changed(resources: Resources, left: str, wanted: Callable[[Frame], Any]) -> Test:
    name = resources.names.own_field(tuple(left.split("."))).name
    return lambda frame: frame.has_changed(name) == bool(wanted(frame))


def filters(resources: Resources, element: Element) -> Test | None:
    """The filters of a <start>, joined by its logic; None without any."""
    tests = [
        condition(resources, f"$Record.{text(each, 'field')}", text(each, "operator"), each.find("value"))
        for each in element.iterfind("filters")
    ]
    return joined(tests, text(element, "filterLogic", "and")) if tests else None


def joined(tests: Sequence[Test], logic: str) -> Test:
    """Conditions joined by `and`, `or` or an expression over their numbers such as `1 AND (2 OR 3)`."""
    if logic.lower() == "and":
        return lambda frame: all(test(frame) for test in tests)
    if logic.lower() == "or":
        return lambda frame: any(test(frame) for test in tests)
    return _Logic(tests, logic).parse()


class _Logic:
    """Reads condition logic; AND binds tighter than OR."""

    def __init__(self, tests: Sequence[Test], logic: str) -> None:
        self._tests = tests
        self._logic = logic
        if _WORD.sub("", logic).strip():
            raise FormulaError(f"condition logic not understood: {logic}")
        self._words = [match.upper() for match in _WORD.findall(logic)]

    def parse(self) -> Test:
        test = self._either()
        if self._words:
            raise FormulaError(f"condition logic not understood: {self._logic}")
        return test

    def _next(self, word: str) -> bool:
        if self._words[:1] == [word]:
            self._words.pop(0)
            return True
        return False

    def _either(self) -> Test:
        tests = [self._both()]
        while self._next("OR"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else joined(tests, "or")

    def _both(self) -> Test:
        tests = [self._one()]
        while self._next("AND"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else joined(tests, "and")

    def _one(self) -> Test:
        if self._next("NOT"):
            inner = self._one()
            return lambda frame: not inner(frame)
        if self._next("("):
            inner = self._either()
            if not self._next(")"):
                raise FormulaError(f"condition logic not understood: {self._logic}")
            return inner
        word = self._words.pop(0) if self._words else ""
        if not word.isdigit() or not 0 < int(word) <= len(self._tests):
            raise FormulaError(f"condition logic not understood: {self._logic}")
        return self._tests[int(word) - 1]
