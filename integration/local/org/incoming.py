"""One record on its way in: names are matched in any case, values read, references by external id noted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.errors import ApiError, RowError, no_such_field
from integration.local.org.values import JSON_WORDS, Row, Stored, WrongType, content, json_checkbox, reader, stored

Operation = Literal["insert", "update", "upsert"]


@dataclass(frozen=True)
class Reference:
    """A parent named by its external id: `field` is to hold the id of the `parent` whose `key` is `value`."""

    field: FieldInfo
    parent: ObjectInfo
    key: FieldInfo
    value: Stored


@dataclass(slots=True)
class Incoming:
    """What one row asks for."""

    values: Row = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    id: str = ""
    key: Stored = None
    """The value of the external id that an upsert matches by."""
    content: bytes | None = None
    """The content of a file."""
    error: RowError | None = None


def from_json(catalog: Catalog, info: ObjectInfo, payload: Any, operation: Operation, key: str = "") -> Incoming:
    """A JSON record. A fault of form refuses the whole request, as the org does."""
    if not isinstance(payload, Mapping):
        raise ApiError(400, "JSON_PARSER_ERROR", f"The HTTP entity body is required to be one {info.name} record")
    if len({name.lower() for name in payload}) != len(payload):
        _refuse_twice(list(payload), info)
    incoming = Incoming()
    plain, values = _plain_json(info, operation, key), incoming.values
    for name, value in payload.items():
        read = plain.get(name)
        try:
            if read is not None and type(value) is not dict:
                values[name] = read(value)
            elif name != "attributes":
                _take_json(catalog, info, incoming, name, value, operation, key)
        except WrongType as error:
            raise _parser_error(info.fields[name], value) from error
        except RowError as error:
            incoming.error = incoming.error or error
    if incoming.references:
        _refuse_twice([*values, *(each.field.name for each in incoming.references)], info)
    if key in values:
        incoming.key = values[key]
    return incoming


def _refuse_twice(names: list[str], info: ObjectInfo) -> None:
    """One of two values would be lost. A lookup is also given by the relationship that leads through it."""
    seen: set[str] = set()
    for name in names:
        each = info.relationship(name)
        word = (each.name if each else name).lower()
        if word in seen:
            raise ApiError(400, "INVALID_FIELD", f"Duplicate field specified: {name}", [])
        seen.add(word)


def _take_json(
    catalog: Catalog, info: ObjectInfo, incoming: Incoming, name: str, value: Any, operation: Operation, key: str
) -> None:
    if isinstance(value, Mapping):
        incoming.references.append(_json_reference(catalog, info, name, value))
        return
    each = info.field(name) or (info.relationship(name) if value is None else None)
    if each is None:
        raise no_such_field(name, info.name)
    try:
        _take(incoming, each, json_checkbox(value) if each.type == "Checkbox" else value, operation, key)
    except WrongType as error:
        raise _parser_error(each, value) from error


@lru_cache(maxsize=256)
def _plain_fields(info: ObjectInfo, operation: Operation, key: str) -> dict[str, Callable[[Any], Stored]]:
    """How the values of fields are read that are simply written, by name; `_take` sees to the others."""
    return {
        each.name: reader(each)
        for each in info.stored
        if each.name not in ("Id", "OwnerId")
        and each.type != "Base64"
        and (each.name == key or _is_writable(each, operation))
    }


@lru_cache(maxsize=256)
def _plain_json(info: ObjectInfo, operation: Operation, key: str) -> dict[str, Callable[[Any], Stored]]:
    plain = _plain_fields(info, operation, key)
    return plain | {name: json_checkbox for name in plain if info.fields[name].type == "Checkbox"}


def _is_writable(each: FieldInfo, operation: Operation) -> bool:
    if operation == "insert":
        return each.createable
    return each.updateable or (operation == "upsert" and each.createable)


def _parser_error(each: FieldInfo, value: Any) -> ApiError:
    kind = {str: "STRING", bool: "TRUE" if value else "FALSE", int: "NUMBER_INT", float: "NUMBER_FLOAT"}
    word = JSON_WORDS.get(each.type, "string")
    source = kind.get(type(value), "START_ARRAY").replace("STRING", "VALUE_STRING")
    text = (
        f"Cannot deserialize instance of {word} from {source} value {value} or request may be missing a required field"
    )
    return ApiError(400, "JSON_PARSER_ERROR", f"{text} ({each.name})")


def _json_reference(catalog: Catalog, info: ObjectInfo, name: str, value: Mapping[str, Any]) -> Reference:
    keys = [(key, each) for key, each in value.items() if key != "attributes"]
    if len(keys) != 1:
        text = f"The relationship {name} must name its record by exactly one external id"
        raise ApiError(400, "INVALID_FIELD", text, [])
    try:
        return reference(catalog, info, name, keys[0][0], keys[0][1])
    except WrongType as error:
        raise ApiError(400, "JSON_PARSER_ERROR", f"Cannot read {keys[0][1]} as {name}.{keys[0][0]}") from error


def reference(catalog: Catalog, info: ObjectInfo, relationship: str, key_name: str, value: Any) -> Reference:
    """`Parent__r` and `Ext__c` of a JSON record or a CSV header."""
    each = info.relationship(relationship)
    parent = catalog.object(each.reference_to[0]) if each and each.reference_to else None
    if each is None or parent is None:
        raise no_such_field(relationship, info.name)
    key = parent.field(key_name)
    if key is None or not key.is_key:
        text = f"Field name provided, {key_name} is not an External ID or indexed field for {parent.name}"
        raise ApiError(400, "INVALID_FIELD", text, [])
    return Reference(each, parent, key, stored(key, value))


def _take(incoming: Incoming, each: FieldInfo, value: Any, operation: Operation, key: str) -> None:
    if each.name == "Id":
        incoming.id = str(stored(each, value) or "")
        if incoming.id and operation == "insert":
            raise RowError("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", ["Id"])
        return
    if each.name == key:
        incoming.key = stored(each, value)
        incoming.values[each.name] = incoming.key
        return
    if not _is_writable(each, operation):
        raise not_writable(each)
    if each.name == "OwnerId" and value in (None, ""):
        raise RowError("INVALID_CROSS_REFERENCE_KEY", "Owner ID: owner cannot be blank", ["OwnerId"])
    if each.type == "Base64":
        incoming.content = content(value or "")
    else:
        incoming.values[each.name] = stored(each, value)


def not_writable(each: FieldInfo) -> RowError:
    """For system, formula and automatically numbered fields."""
    text = (
        f"Unable to create/update fields: {each.name}. Please check the security settings of this field and verify "
        "that it is read/write for your profile or permission set."
    )
    return RowError("INVALID_FIELD_FOR_INSERT_UPDATE", text, [each.name])


class Columns:
    """The header of a CSV file, understood once for all its rows."""

    def __init__(self, catalog: Catalog, info: ObjectInfo, header: list[str], operation: Operation, key: str) -> None:
        self._catalog = catalog
        self._info = info
        self._operation = operation
        self._key = key
        plain = _plain_fields(info, operation, key)
        columns = [self._column(name.strip()) for name in header]
        _refuse_twice([each.name if each else relationship for each, relationship, _ in columns], info)
        self._columns = [(*column, plain.get(column[0].name) if column[0] else None) for column in columns]

    def _column(self, name: str) -> tuple[FieldInfo | None, str, str]:
        if "." in name:
            relationship, _, key_name = name.partition(".")
            reference(self._catalog, self._info, relationship, key_name, None)
            return None, relationship, key_name
        each = self._info.field(name)
        if each is None:
            raise no_such_field(name, self._info.name)
        return each, "", ""

    def read(self, cells: list[str]) -> Incoming:
        """One row. An empty cell leaves a field alone, `#N/A` empties it."""
        incoming = Incoming()
        values = incoming.values
        for (each, relationship, key_name, read), cell in zip(self._columns, cells, strict=True):
            if not cell:
                continue
            value = None if cell == "#N/A" else cell
            try:
                if each is not None and read is not None:
                    values[each.name] = read(value)
                elif each is not None:
                    _take(incoming, each, value, self._operation, self._key)
                elif value is not None:
                    incoming.references.append(reference(self._catalog, self._info, relationship, key_name, value))
            except RowError as error:
                incoming.error = incoming.error or error
            except WrongType:
                name, label = (each.name, each.label) if each else (relationship, relationship)
                text = f"{label}: value not of required type: {cell}"
                incoming.error = incoming.error or RowError("INVALID_TYPE_ON_FIELD_IN_RECORD", text, [name])
        if self._key in values:
            incoming.key = values[self._key]
        return incoming
