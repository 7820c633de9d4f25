"""Python values as DynamoDB attribute values and back, without Decimal: numbers return as int or float."""

import math
from collections.abc import Mapping, Set
from decimal import Decimal
from typing import Any

from integration.ports import Item

Attribute = dict[str, Any]


def typed(value: Any) -> Attribute:
    """One value as DynamoDB spells it."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}  # a StrEnum travels as its text
        case int() | Decimal():
            return {"N": str(value)}
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value} cannot be stored as a number")
            return {"N": repr(value)}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": {str(name): typed(each) for name, each in value.items()}}
        case list() | tuple():
            return {"L": [typed(each) for each in value]}
        case Set() if value and all(isinstance(each, str) for each in value):
            return {"SS": sorted(value)}
    raise TypeError(f"a {type(value).__name__} cannot be stored in a table")


def plain(attribute: Mapping[str, Any]) -> Any:
    """The value of one attribute."""
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return _number(value)
        case "M":
            return {name: plain(each) for name, each in value.items()}
        case "L":
            return [plain(each) for each in value]
        case "SS":
            return set(value)
        case "NS":
            return {_number(each) for each in value}
        case "NULL":
            return None
    return value


def typed_item(item: Item) -> dict[str, Attribute]:
    """An item for writing; an attribute that is None is left out, so that None means absent everywhere."""
    return {name: typed(value) for name, value in item.items() if value is not None}


def plain_item(attributes: Mapping[str, Mapping[str, Any]]) -> Item:
    """An item as read."""
    return {name: plain(attribute) for name, attribute in attributes.items()}


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)
