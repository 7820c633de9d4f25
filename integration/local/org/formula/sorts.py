"""The types of formulas, and stored values as formulas see them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal

from integration.local.org.catalog import NUMBER_TYPES, FieldInfo
from integration.local.org.formula.errors import FormulaError
from integration.local.org.formula.frame import Frame

Sort = Literal["text", "number", "boolean", "date", "datetime", "time", "picklist", "multipicklist", "null"]
Run = Callable[[Frame], Any]

_SORTS: dict[str, Sort] = {
    "Checkbox": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "Time": "time",
    "Picklist": "picklist",
    "MultiselectPicklist": "multipicklist",
}


@dataclass(frozen=True)
class Compiled:
    """A (part of a) formula, ready to run."""

    sort: Sort
    run: Run
    constant: Any = None
    """The value of a literal."""
    is_choice: bool = False
    """Whether it is a picklist field, also where flows read it as text."""

    def value(self, frame: Frame) -> Any:
        """The result; blank text is None."""
        result = self.run(frame)
        if self.sort == "boolean":
            return bool(result)
        return None if result == "" else result


def sort_of(info: FieldInfo) -> Sort:
    """A field's type in formulas."""
    if info.type in NUMBER_TYPES:
        return "number"
    if info.type in ("Address", "Location", "Base64"):
        raise FormulaError(f"{info.name}: a field of type {info.type} cannot be used in a formula")
    return _SORTS.get(info.type, "text")


def read_stored(info: FieldInfo) -> Callable[[Any], Any] | None:
    """How a stored value becomes a formula's value; None: it already is one."""
    if info.type == "Percent":
        return _percent
    return {"Date": _date, "DateTime": _datetime, "Time": _time}.get(info.type)


def to_stored(info: FieldInfo, value: Any) -> Any:
    """A formula's result as the field stores it."""
    if info.type == "Percent" and value is not None:
        return value * 100
    return plain(value)


def plain(value: Any) -> Any:
    """A date or time as the text that is stored; other values as they are."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S.000Z")
    return None if value == "" else value


def _percent(value: Any) -> Any:
    return None if value is None else value / 100


def _date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _datetime(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else value or None


def _time(value: Any) -> Any:
    return time.fromisoformat(value.removesuffix("Z")) if isinstance(value, str) and value else value or None


def want(function: str, argument: Compiled, *sorts: Sort) -> Compiled:
    """The argument, if it is of one of the types (null fits all)."""
    if argument.sort in sorts or argument.sort == "null":
        return argument
    raise FormulaError(f"{function} expects {' or '.join(sorts)}, received {argument.sort}")
