"""Request bodies, read strictly: what would be lost, guessed or overwritten on the way in is refused instead."""

import json
from collections.abc import Mapping
from typing import Any

from integration.local.org.errors import ApiError


def read_json(headers: Mapping[str, str], body: bytes) -> Any:
    """What a JSON body says. Raises ApiError for other content, and for names that come twice in one object."""
    if body:
        refuse_other_content(headers, "application/json")
    try:
        return json.loads(body or b"null", parse_constant=_no_constant, object_pairs_hook=_object)
    except (ValueError, RecursionError) as error:
        text = str(error) if isinstance(error, ValueError) else "nested too deep"
        raise ApiError(400, "JSON_PARSER_ERROR", f"The request body cannot be read as JSON: {text}") from error


def refuse_other_content(headers: Mapping[str, str], wanted: str) -> None:
    """Raises ApiError when the Content-Type, where there is one, is another or its characters are not UTF-8."""
    given = headers.get("content-type", "")
    if not given:
        return
    kind, _, parameters = given.partition(";")
    _, _, charset = parameters.lower().replace('"', "").replace(" ", "").partition("charset=")
    if kind.strip().lower() != wanted or charset not in ("", "utf-8", "utf8"):
        text = f"Content-Type {given} is not supported here; use {wanted}; charset=UTF-8"
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", text, loud=True)


def flag(body: Mapping[str, Any], name: str) -> bool:
    """An option that is true, false or left out."""
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        text = f"Cannot deserialize instance of boolean from value {value} or request may be missing a required field"
        raise ApiError(400, "JSON_PARSER_ERROR", f"{text} ({name})")
    return bool(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"Duplicate field '{twice}'")
    return found


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not a JSON number")
