"""What differs between two JSON answers: keys, types, the words of the protocol, and the values of staged records."""

import re
from collections.abc import Iterator
from typing import Any

_PROTOCOL = frozenset(
    [
        "compositeResponse",
        "created",
        "done",
        "encoding",
        "entityTypeName",
        "errorCode",
        "httpStatusCode",
        "maxBatchSize",
        "message",
        "queryLocator",
        "referenceId",
        "size",
        "statusCode",
        "success",
        "totalSize",
        "type",
    ]
)
"""Keys whose values mean the same in every org."""
STAGED = frozenset({"Account", "Contact", "Lead", "Opportunity", "Event"})
"""Objects whose records are made as they were recorded, so that their values can be compared."""
_ID = re.compile(r"[a-zA-Z0-9]{15}|[a-zA-Z0-9]{18}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+0000")


def answer_differences(recorded: Any, ours: Any, place: str = "") -> list[str]:
    """Of an answer about data."""
    if _is_describe(recorded) and isinstance(ours, dict):
        return shape_differences(recorded, ours, place)
    if isinstance(recorded, dict) and isinstance(ours, dict):
        return _keys(recorded, ours, place, extra=True) + [
            each
            for key in recorded.keys() & ours.keys()
            for each in _member(key, recorded[key], ours[key], f"{place}.{key}", is_record=_is_staged(recorded))
        ]
    if isinstance(recorded, list) and isinstance(ours, list):
        if len(recorded) != len(ours):
            return [f"{place or 'the answer'} has {len(ours)} entries instead of {len(recorded)}"]
        pairs = zip(recorded, ours, strict=True)
        return [each for at, (one, two) in enumerate(pairs) for each in answer_differences(one, two, f"{place}[{at}]")]
    return _types(recorded, ours, place)


def _member(key: str, recorded: Any, ours: Any, place: str, *, is_record: bool) -> list[str]:
    found = answer_differences(recorded, ours, place)
    if found or isinstance(recorded, dict | list):
        return found
    if (key in _PROTOCOL or is_record) and recorded != ours and not _is_own(recorded, ours):
        return [f"{place} is {ours!r} instead of {recorded!r}"]
    return []


def _is_staged(recorded: dict[str, Any]) -> bool:
    attributes = recorded.get("attributes")
    return isinstance(attributes, dict) and attributes.get("type") in STAGED


def _is_own(recorded: Any, ours: Any) -> bool:
    """Whether a value belongs to one org only: an id, or a time at which something was done."""
    return (
        isinstance(recorded, str)
        and isinstance(ours, str)
        and any(form.fullmatch(recorded) and form.fullmatch(ours) for form in (_ID, _MOMENT))
    )


def _is_describe(recorded: Any) -> bool:
    return isinstance(recorded, dict) and ("sobjects" in recorded or ("fields" in recorded and "name" in recorded))


def shape_differences(recorded: Any, ours: Any, place: str = "") -> list[str]:
    """Of an answer about metadata: an older API version sends fewer keys, so more of them is no difference.

    Lists are each org's own; an entry is held against ours of the same name, or against all that ours have together.
    """
    if isinstance(recorded, dict) and isinstance(ours, dict):
        found = _keys(recorded, ours, place, extra=False)
        for key in recorded.keys() & ours.keys() - {"defaultValue"}:  # of each field's own type
            found += shape_differences(recorded[key], ours[key], f"{place}.{key}")
        return found
    if isinstance(recorded, list) and isinstance(ours, list):
        return list(dict.fromkeys(_entry_differences(recorded, ours, f"{place}[]")))
    return _types(recorded, ours, place)


def _entry_differences(recorded: list[Any], ours: list[Any], place: str) -> Iterator[str]:
    named = {each["name"]: each for each in ours if isinstance(each, dict) and "name" in each}
    together = _together(ours)
    for one in recorded if ours else []:
        own = named.get(_name(one))
        if own is None and isinstance(one, dict):
            # The links of an object that is not there may be of a kind that no other object has.
            one = {key: value for key, value in one.items() if key != "urls"}
        yield from shape_differences(one, own or together, place)


def _name(entry: Any) -> str:
    return str(entry.get("name", "")) if isinstance(entry, dict) else ""


def _together(entries: list[Any]) -> Any:
    """One entry with every key that some have, and a value where one has it."""
    if not entries or not isinstance(entries[0], dict):
        return entries[0] if entries else None
    merged: dict[str, Any] = {}
    for entry in entries:
        for key, value in entry.items():
            if isinstance(value, dict):
                merged[key] = {**(merged.get(key) or {}), **value}
            elif merged.get(key) in (None, []):
                merged[key] = value
    return merged


def _keys(recorded: dict[str, Any], ours: dict[str, Any], place: str, *, extra: bool) -> list[str]:
    lacking = sorted(recorded.keys() - ours.keys())
    more = sorted(ours.keys() - recorded.keys()) if extra else []
    where = place or "the answer"
    return [f"{where} lacks {', '.join(lacking)}"] * bool(lacking) + [f"{where} also has {', '.join(more)}"] * bool(
        more
    )


def _types(recorded: Any, ours: Any, place: str) -> list[str]:
    one, two = _type(recorded), _type(ours)
    if one == two or "null" in (one, two):
        return []
    return [f"{place or 'the answer'} is of type {two} instead of {one}"]


def _type(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return names[type(value)]
