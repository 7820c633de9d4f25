"""Literals against the type of the field they are compared with, and as SQLite stores them."""

from datetime import date, datetime
from typing import Literal

from integration.local.org.catalog import LONG_TYPES, NUMBER_TYPES, REFERENCE_TYPES, FieldInfo
from integration.local.org.ids import full_id
from integration.local.org.soql.dates import stored_datetime
from integration.local.org.soql.errors import SoqlError, located
from integration.local.org.soql.tree import Value

Sort = Literal["string", "id", "reference", "boolean", "double", "date", "dateTime", "time", "long", "location"]

_SORTS: dict[str, Sort] = {
    "Id": "id",
    "Checkbox": "boolean",
    "Date": "date",
    "DateTime": "dateTime",
    "Time": "time",
    "Location": "location",
    "Address": "location",
}
_ACCEPTED: dict[Sort, set[str]] = {
    "string": {"string"},
    "id": {"string"},
    "reference": {"string"},
    "boolean": {"boolean"},
    "double": {"number"},
    "date": {"date", "literal"},
    "dateTime": {"datetime", "literal"},
    "time": {"time"},
}


def sort_of(field: FieldInfo) -> Sort:
    """The family of types that a field belongs to."""
    if field.type in NUMBER_TYPES:
        return "double"
    if field.type in REFERENCE_TYPES:
        return "reference"
    if field.type in LONG_TYPES:
        return "long"
    return _SORTS.get(field.type, "string")


def check_kind(text: str, name: str, sort: Sort, value: Value) -> None:
    """Refuses a literal of another type than the field's."""
    if value.kind == "null" or value.kind in _ACCEPTED[sort]:
        return
    if value.kind == "currency":
        raise located("MALFORMED_QUERY", text, value.at, f"unexpected token: '{value.text}'")
    wanted = "string" if sort in ("id", "reference") else sort
    verb = "should be" if wanted == "string" else "should not be"
    reason = f"value of filter criterion for field '{name}' must be of type {wanted} and {verb} enclosed in quotes"
    raise located("INVALID_FIELD", text, value.at, reason)


def stored(text: str, sort: Sort, value: Value) -> object:
    """A literal (not a date literal such as TODAY) in the form in which the column holds it."""
    if value.kind == "null" or (value.kind == "string" and value.text == ""):
        return None
    if sort == "double":
        return float(value.text)
    if sort == "boolean":
        return int(value.text == "true")
    if sort in ("id", "reference"):
        return long_id(value.text)
    if sort in ("date", "dateTime", "time"):
        return _moment(text, sort, value)
    return value.text


def _moment(text: str, sort: Sort, value: Value) -> str:
    try:
        if sort == "date":
            return date.fromisoformat(value.text).isoformat()
        if sort == "dateTime":
            return stored_datetime(datetime.fromisoformat(value.text))
        moment = datetime.fromisoformat(f"2000-01-01T{value.text}")
        return f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
    except (ValueError, OverflowError) as error:
        raise located("MALFORMED_QUERY", text, value.at, f"Invalid {sort}: {value.text}") from error


def long_id(text: str) -> str:
    """An id in its form of 18 characters."""
    found = full_id(text)
    if not found:
        raise SoqlError("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {text}")
    return found
