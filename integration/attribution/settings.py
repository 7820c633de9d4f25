"""The model of the org, as it stands on the one row of Operations__c; what is blank there has its usual value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from integration.errors import Rejected
from integration.model.attribution import Rule
from integration.model.vocabulary import AttributionModel
from integration.ports import Record, Value
from integration.records import OPERATIONS_ROW, Operations
from integration.soql import equals, select

MODEL, WINDOW_DAYS, PERCENT, HALF_LIFE_DAYS = AttributionModel.LINEAR, 90, 40, 7
FIELDS = (
    Operations.ID,
    Operations.ATTRIBUTION_MODEL,
    Operations.ATTRIBUTION_WINDOW_DAYS,
    Operations.FIRST_TOUCH_PERCENT,
    Operations.LAST_TOUCH_PERCENT,
    Operations.HALF_LIFE_DAYS,
)


def query() -> str:
    """The row that `rule_of` reads."""
    return select(Operations.API_NAME, FIELDS, where=equals(Operations.KEY, OPERATIONS_ROW), limit=1)


def rule_of(row: Mapping[str, Value]) -> Rule:
    """Raises Rejected for parameters that do not add up."""

    def number(field: str, usual: int) -> Fraction:
        value = row.get(field)
        return Fraction(usual) if value is None else Fraction(str(value))

    try:
        return Rule(
            AttributionModel(str(row.get(Operations.ATTRIBUTION_MODEL) or MODEL)),
            int(number(Operations.ATTRIBUTION_WINDOW_DAYS, WINDOW_DAYS)),
            number(Operations.FIRST_TOUCH_PERCENT, PERCENT) / 100,
            number(Operations.LAST_TOUCH_PERCENT, PERCENT) / 100,
            number(Operations.HALF_LIFE_DAYS, HALF_LIFE_DAYS),
        )
    except ValueError as wrong:
        raise Rejected(f"Attribution cannot be computed: {wrong}. Correct it on the Operations record.") from wrong


def spelled(rule: Rule) -> str:
    """The rule in one line, by which another one is told apart."""
    return f"{rule.model}|{rule.window_days}|{rule.first}|{rule.last}|{rule.half_life_days}"


def in_words(rule: Rule) -> str:
    """For the record's message."""
    window = f"touches of the {rule.window_days} days before" if rule.window_days else "all touches before"
    parameters: Mapping[AttributionModel, Callable[[], str]] = {
        AttributionModel.POSITION: lambda: f", first {float(rule.first):.0%}, last {float(rule.last):.0%}",
        AttributionModel.DECAY: lambda: f", half-life {float(rule.half_life_days):g} days",
    }
    return f"{rule.model}{parameters.get(rule.model, str)()}; {window}"


def row_of(found: list[Record]) -> Record:
    """The row, or an empty one while there is none."""
    return found[0] if found else {}
