"""Functions on text. Blank text is the empty text."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.frame import Frame
from integration.local.org.formula.logic import Builder
from integration.local.org.formula.sorts import Compiled, Run, want
from integration.local.org.ids import full_id


def number_text(value: float) -> str:
    """A number without needless zeros and without an exponent."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}" if "e" not in f"{value:.15g}" else f"{value:f}"


def _to_text(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = want(name, arguments[0], "number", "date", "datetime", "time", "picklist", "text").run

    def run(frame: Frame) -> Any:
        value = inner(frame)
        if isinstance(value, str) or value is None:
            return value
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        return value.isoformat() if isinstance(value, date) else _other_text(value)

    return Compiled("text", run)


def _other_text(value: Any) -> str:
    return number_text(float(value)) if isinstance(value, int | float) else f"{value:%H:%M:%S}.000"


def _to_number(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = _text(name, arguments[0])

    def run(frame: Frame) -> float | None:
        text = inner(frame).strip()
        return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", text) else None

    return Compiled("number", run)


def _text(name: str, argument: Compiled) -> Run:
    """Runs the argument and turns blank into the empty text."""
    inner = want(name, argument, "text").run
    return lambda frame: inner(frame) or ""


def _whole(name: str, argument: Compiled) -> Run:
    inner = want(name, argument, "number").run
    return lambda frame: int(inner(frame) or 0)


def _length(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = _text(name, arguments[0])
    return Compiled("number", lambda frame: len(inner(frame)))


def _left(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, count = _text(name, arguments[0]), _whole(name, arguments[1])
    return Compiled("text", lambda frame: inner(frame)[: max(0, count(frame))])


def _right(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, count = _text(name, arguments[0]), _whole(name, arguments[1])

    def run(frame: Frame) -> str:
        text = str(inner(frame))
        return text[max(0, len(text) - max(0, count(frame))) :]

    return Compiled("text", run)


def _mid(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, first, count = _text(name, arguments[0]), _whole(name, arguments[1]), _whole(name, arguments[2])

    def run(frame: Frame) -> str:
        start = max(0, first(frame) - 1)
        return str(inner(frame)[start : start + max(0, count(frame))])

    return Compiled("text", run)


def _trim(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = _text(name, arguments[0])
    return Compiled("text", lambda frame: inner(frame).strip())


def _upper(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = _text(name, arguments[0])
    return Compiled("text", lambda frame: inner(frame).upper())


def _lower(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = _text(name, arguments[0])
    return Compiled("text", lambda frame: inner(frame).lower())


def _contains(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, part = _text(name, arguments[0]), _text(name, arguments[1])
    return Compiled("boolean", lambda frame: part(frame) in inner(frame))


def _begins(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, part = _text(name, arguments[0]), _text(name, arguments[1])
    return Compiled("boolean", lambda frame: inner(frame).startswith(part(frame)))


def _substitute(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner, old, new = (_text(name, each) for each in arguments)

    def run(frame: Frame) -> str:
        searched = old(frame)
        text = str(inner(frame))
        return text.replace(searched, new(frame)) if searched else text

    return Compiled("text", run)


def _find(name: str, arguments: Sequence[Compiled]) -> Compiled:
    part, inner = _text(name, arguments[0]), _text(name, arguments[1])
    start = _whole(name, arguments[2]) if len(arguments) > 2 else None

    def run(frame: Frame) -> int:
        searched, begin = part(frame), start(frame) if start else 1
        return int(inner(frame).find(searched, max(0, begin - 1)) + 1) if searched else 0

    return Compiled("number", run)


def _regex(name: str, arguments: Sequence[Compiled]) -> Compiled:
    """The whole text must match. The pattern must be a literal that Java and Python read alike."""
    inner = _text(name, arguments[0])
    pattern = arguments[1].constant
    if not isinstance(pattern, str):
        raise FormulaError("REGEX expects its pattern as a text in quotes")
    try:
        compiled = re.compile(pattern, re.ASCII)
    except re.error as error:
        raise FormulaError(f"REGEX pattern {pattern!r}: {error}") from error
    return Compiled("boolean", lambda frame: compiled.fullmatch(inner(frame)) is not None)


def _case_safe_id(name: str, arguments: Sequence[Compiled]) -> Compiled:
    inner = _text(name, arguments[0])

    def run(frame: Frame) -> str:
        text = str(inner(frame))
        return full_id(text) or text

    return Compiled("text", run)


FUNCTIONS: dict[str, tuple[int, int, Builder]] = {
    "TEXT": (1, 1, _to_text),
    "VALUE": (1, 1, _to_number),
    "LEN": (1, 1, _length),
    "LEFT": (2, 2, _left),
    "RIGHT": (2, 2, _right),
    "MID": (3, 3, _mid),
    "TRIM": (1, 1, _trim),
    "UPPER": (1, 1, _upper),
    "LOWER": (1, 1, _lower),
    "CONTAINS": (2, 2, _contains),
    "BEGINS": (2, 2, _begins),
    "SUBSTITUTE": (3, 3, _substitute),
    "FIND": (2, 3, _find),
    "REGEX": (2, 2, _regex),
    "CASESAFEID": (1, 1, _case_safe_id),
}
