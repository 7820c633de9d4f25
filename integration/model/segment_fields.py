"""What a rule may ask of a candidate's fields: their kinds, the operators of each kind, and the values that fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal

from integration.model.segment_dates import Span, span

Kind = Literal["text", "choice", "number", "date", "yes", "reference"]
Scalar = str | int | float | bool | None
Operand = Scalar | tuple[Scalar, ...] | Span


class BadRule(ValueError):
    """A rule that cannot be meant; the message says which part and what to do."""


@dataclass(frozen=True)
class Field:
    """One field of a candidate, as the org describes it."""

    name: str
    label: str
    kind: Kind
    words: tuple[str, ...] = ()
    """The words of a picklist."""
    is_moment: bool = False
    """A date with a time; rules ask for its day, in UTC."""


_ALL: tuple[Kind, ...] = ("text", "choice", "number", "date", "yes", "reference")
OPERATORS: Mapping[str, tuple[Kind, ...]] = {
    "equals": _ALL,
    "in": ("text", "choice", "number", "reference"),
    "contains": ("text",),
    "starts with": ("text",),
    "ends with": ("text",),
    "greater": ("number", "date"),
    "less": ("number", "date"),
    "at least": ("number", "date"),
    "at most": ("number", "date"),
    "between": ("number", "date"),
    "in the last": ("date",),
    "more than ago": ("date",),
    "in the next": ("date",),
    "empty": ("text", "choice", "number", "date", "reference"),
}
"""Each may have `not ` before it."""
_SAME: Mapping[str, str] = {
    "is": "equals", "on": "equals", "is in": "in", "one of": "in", "after": "greater", "before": "less",
    "greater than": "greater", "less than": "less", "more than": "greater", "is empty": "empty", "blank": "empty",
}  # fmt: skip
RELATIVE = ("in the last", "more than ago", "in the next")
MOST_VALUES = 200
_WANTED: Mapping[Kind, str] = {
    "text": "a text", "choice": "one of its words", "number": "a number", "yes": "true or false",
    "date": "a date like 2026-03-31", "reference": "a record id of 18 characters",
}  # fmt: skip


def nearest(word: str, known: Sequence[str]) -> str:
    """A hint for a word that is not known: the nearest one, or a list of them."""
    by_fold = {one.casefold(): one for one in known}
    if near := get_close_matches(word.casefold(), list(by_fold), n=1, cutoff=0.5):
        return f" Do you mean “{by_fold[near[0]]}”?"
    listed = ", ".join(sorted(known)[:40])
    return f" Use one of: {listed}." if listed else ""


def shown(value: object) -> str:
    """A value as a message shows it."""
    text = str(value)
    return f"{text[:40]}…" if len(text) > 40 else text


def field_named(text: object, fields: Mapping[str, Field]) -> Field:
    """By API name, in any case and without `__c`, or by label."""
    if not isinstance(text, str):
        raise BadRule(f"“{shown(text)}” is not a field. Write its name, for example City__c.")
    wanted = text.strip().casefold()
    for found in fields.values():
        if wanted in (found.name.casefold(), found.name.removesuffix("__c").casefold(), found.label.casefold()):
            return found
    raise BadRule(f"“{shown(text)}” is not a field that a rule can ask for.{nearest(text, list(fields))}")


def operator_named(text: object, field: Field) -> tuple[str, bool]:
    """(operator, negated); words may be joined by underscores."""
    word = " ".join(str(text or "").replace("_", " ").casefold().split())
    negated = word.startswith("not ") or word.startswith("is not ")
    plain = word.removeprefix("is ").removeprefix("not ") if negated else word
    plain = _SAME.get(plain, plain)
    fitting = [name for name, kinds in OPERATORS.items() if field.kind in kinds]
    if plain not in OPERATORS:
        hint = nearest(plain, fitting) if plain else f" Use one of: {', '.join(fitting)}."
        raise BadRule(f"“{shown(text or '')}” cannot be asked of {field.name}.{hint}")
    if plain not in fitting:
        raise BadRule(f"“{plain}” does not fit {field.name}. Use one of: {', '.join(fitting)}.")
    return plain, negated


def operand(value: Any, operator: str, field: Field) -> Operand:
    """The value of a condition in its own type; raises BadRule when it does not fit field and operator."""
    if operator == "empty":
        return None
    if operator in RELATIVE:
        try:
            return span(value)
        except ValueError as wrong:
            raise BadRule(f"“{shown(value)}” does not fit {field.name}: {wrong}") from None
    if operator == "in":
        if not isinstance(value, list) or not value:
            raise BadRule(f"“in” needs a list of values for {field.name}.")
        if len(value) > MOST_VALUES:
            raise BadRule(f"{field.name} has {len(value)} values. At most {MOST_VALUES} fit; split the rule.")
        return tuple(_scalar(one, field) for one in value)
    if operator == "between":
        if not isinstance(value, list) or len(value) != 2:
            raise BadRule(f"“between” needs a list of two values for {field.name}.")
        low, high = (_scalar(one, field) for one in value)
        if low > high:  # type: ignore[operator]  # both numbers or both dates by now
            raise BadRule(f"“between” of {field.name} begins after it ends: {shown(low)} and {shown(high)}. Swap them.")
        return (low, high)
    return _scalar(value, field)


def _scalar(value: Any, field: Field) -> Scalar:
    fits = {
        "text": isinstance(value, str) and value.strip() != "",
        "choice": isinstance(value, str) and value.strip() != "",
        "number": isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15,
        "yes": isinstance(value, bool),
        "date": isinstance(value, str) and _is_day(value),
        "reference": isinstance(value, str) and value.isascii() and value.isalnum() and len(value) in (15, 18),
    }
    if not fits[field.kind]:
        raise BadRule(f"“{shown(value)}” does not fit {field.name}: it needs {_WANTED[field.kind]}.")
    if isinstance(value, str) and len(value) > 255:
        raise BadRule(f"The value of {field.name} has {len(value)} characters. At most 255 fit.")
    if field.kind == "choice" and field.words:
        for word in field.words:
            if word.casefold() == value.strip().casefold():
                return word
        raise BadRule(f"“{shown(value)}” is not a word of {field.name}.{nearest(value, field.words)}")
    scalar: Scalar = value
    return scalar


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and 1700 <= date.fromisoformat(text).year <= 4000
    except ValueError:
        return False
