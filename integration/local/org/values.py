"""One value on its way in: from JSON or a CSV cell to what the table stores, or the org's refusal of it."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial
from typing import Any

from integration.local.org.catalog import FieldInfo
from integration.local.org.errors import RowError
from integration.local.org.ids import full_id

Stored = str | int | float | bool | None
"""A cell as the tables hold it, except that a checkbox is a bool."""

Row = dict[str, Stored]
"""A record by API name, every stored field present."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_TIME = re.compile(r"(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,3})\d*)?Z?")
_EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*/=?^_+\-`{|}~]+(\.[A-Za-z0-9!#$%&'*/=?^_+\-`{|}~]+)*@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


_MOST_INTEGER = 2**31 - 1


_DECIMALS = Context(prec=400, rounding=ROUND_HALF_UP)
"""Wide enough for every float."""


class WrongType(Exception):
    """The value cannot be read as the field's type; each door words this in its own way."""


def moment(value: datetime) -> str:
    """A time as it is stored: UTC, whole seconds."""
    return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}.000Z"


def stored(info: FieldInfo, value: Any) -> Stored:
    """The value as the field's column holds it. Raises WrongType, or RowError where the org names the fault itself."""
    if isinstance(value, dict | list):
        raise WrongType
    if info.type == "Checkbox":
        return _checkbox(value)
    if value is None or value == "":
        return None
    return _READERS.get(info.type, _text)(info, value)


def reader(info: FieldInfo) -> Callable[[Any], Stored]:
    """`stored` for one field, worked out once: most of what comes in is plain text."""
    if info.type in _READERS or info.type == "Checkbox":
        return partial(stored, info)

    def read(value: Any) -> Stored:
        if type(value) is str and value.isascii() and "\0" not in value:
            return value.strip() or None
        return stored(info, value)

    return read


def _checkbox(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = "" if value is None else str(value).strip().lower()
    if word not in ("", "true", "false", "1", "0"):
        raise WrongType
    return word in ("true", "1")


def json_checkbox(value: Any) -> bool:
    """A real org takes true and false in JSON, not the words as text; null is false."""
    if value is not None and not isinstance(value, bool):
        raise WrongType
    return bool(value)


def _text(info: FieldInfo, value: Any) -> Stored:
    if isinstance(value, bool):
        value = "true" if value else "false"
    return _writable(str(value)).strip() or None


def _long_text(info: FieldInfo, value: Any) -> Stored:
    return _writable(value) if isinstance(value, str) else _text(info, value)


def _writable(text: str) -> str:
    """Text without what no database holds: NUL, and halves of surrogate pairs that JSON can spell."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _email(info: FieldInfo, value: Any) -> Stored:
    text = str(value).strip()
    if text and not _EMAIL.fullmatch(text):
        raise RowError("INVALID_EMAIL_ADDRESS", f"{info.label}: invalid email address: {text}", [info.name])
    return text or None


def round_half_up(number: float, places: int) -> float:
    """As people and the platform round, not as binary fractions would."""
    if round(number, places) == number:
        return number
    return float(_DECIMALS.quantize(Decimal(repr(number)), Decimal(1).scaleb(-places)))


def _number(info: FieldInfo, value: Any) -> Stored:
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value.strip())):
        raise WrongType
    try:
        number = float(value)
    except OverflowError as error:
        raise WrongType from error
    if not math.isfinite(number):
        raise WrongType
    number = round_half_up(number, info.scale)
    if info.type == "Integer":
        outside = abs(number) > _MOST_INTEGER
    elif info.compound:
        outside = abs(number) > (90 if "Latitude" in info.name else 180)
    else:
        outside = info.precision > 0 and abs(number) >= 10 ** (info.precision - info.scale)
    if outside:
        text = f"{info.label}: value outside of valid range on numeric field: {value}"
        raise RowError("NUMBER_OUTSIDE_VALID_RANGE", text, [info.name])
    return int(number) if info.type == "Integer" else number


def _date(info: FieldInfo, value: Any) -> Stored:
    text = str(value).strip()
    if not _DATE.fullmatch(text[:10]) or (len(text) > 10 and not _MOMENT.fullmatch(text)):
        raise WrongType
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise WrongType from error


def _date_time(info: FieldInfo, value: Any) -> Stored:
    text = str(value).strip()
    match = _MOMENT.fullmatch(text)
    if not match and not _DATE.fullmatch(text):
        raise WrongType
    try:
        at = datetime.fromisoformat(match[1] + (match[2] or "Z") if match else f"{text}T00:00:00Z")
        return moment(at)
    except (ValueError, OverflowError) as error:
        raise WrongType from error


def _time(info: FieldInfo, value: Any) -> Stored:
    match = _TIME.fullmatch(str(value).strip())
    if not match:
        raise WrongType
    try:
        at = time.fromisoformat(match[1])
    except ValueError as error:
        raise WrongType from error
    return f"{at.isoformat()}.{(match[2] or '').ljust(3, '0')}Z"


def _reference(info: FieldInfo, value: Any) -> Stored:
    record_id = full_id(str(value).strip())
    if not record_id:
        raise RowError("MALFORMED_ID", f"{info.label}: id value of incorrect type: {value}", [info.name])
    return record_id


def _picklist(info: FieldInfo, value: Any) -> Stored:
    return ";".join(filter(None, (each.strip() for each in _writable(str(value)).split(";")))) or None


def content(value: Any) -> bytes:
    """The bytes of a file that came as base64."""
    try:
        return base64.b64decode(str(value), validate=True)
    except binascii.Error as error:
        raise WrongType from error


_READERS: dict[str, Callable[[FieldInfo, Any], Stored]] = {
    "LongTextArea": _long_text,
    "Html": _long_text,
    "Email": _email,
    "Number": _number,
    "Currency": _number,
    "Percent": _number,
    "Integer": _number,
    "Date": _date,
    "DateTime": _date_time,
    "Time": _time,
    "Lookup": _reference,
    "MasterDetail": _reference,
    "Id": _reference,
    "MultiselectPicklist": _picklist,
}

JSON_WORDS = {
    "Number": "double",
    "Currency": "currency",
    "Percent": "percent",
    "Integer": "int",
    "Date": "date",
    "DateTime": "datetime",
    "Time": "time",
    "Checkbox": "boolean",
    "Base64": "base64",
}
"""The types as JSON_PARSER_ERROR names them."""
