"""One record on its way in: names are matched in any case, values read, references by external id noted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.errors import ApiError, RowError, no_such_field
from integration.local.org.values import JSON_WORDS, Row, Stored, WrongType, content, stored

Operation = Literal["insert", "update", "upsert"]


@dataclass(frozen=True)
class Reference:
    """A parent named by its external id: `field` is to hold the id of the `parent` whose `key` is `value`."""

    field: FieldInfo
    parent: ObjectInfo
    key: FieldInfo
    value: Stored


@dataclass
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
    incoming = Incoming()
    for name, value in payload.items():
        if name == "attributes":
            continue
        if isinstance(value, Mapping):
            incoming.references.append(_json_reference(catalog, info, name, value))
            continue
        each = info.field(name) or (info.relationship(name) if value is None else None)
        if each is None:
            raise no_such_field(name, info.name)
        try:
            _take(incoming, each, value, operation, key)
        except WrongType as error:
            raise _parser_error(each, value) from error
        except RowError as error:
            incoming.error = incoming.error or error
    return incoming


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
    if key is None or not (key.external_id or key.name in ("Id", "Username")):
        text = f"Field name provided, {key_name} is not an External ID or indexed field for {parent.name}"
        raise ApiError(400, "INVALID_FIELD", text, [])
    return Reference(each, parent, key, stored(key, value))


def _take(incoming: Incoming, each: FieldInfo, value: Any, operation: Operation, key: str) -> None:
    if each.name == "Id":
        incoming.id = str(stored(each, value) or "")
        return
    if each.name == key:
        incoming.key = stored(each, value)
        incoming.values[each.name] = incoming.key
        return
    if not (
        each.createable if operation == "insert" else each.updateable or (operation == "upsert" and each.createable)
    ):
        raise not_writable(each)
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
        self._columns = [self._column(name.strip()) for name in header]

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
        for (each, relationship, key_name), cell in zip(self._columns, cells, strict=True):
            if not cell:
                continue
            value = None if cell == "#N/A" else cell
            try:
                if each is not None:
                    _take(incoming, each, value, self._operation, self._key)
                elif value is not None:
                    incoming.references.append(reference(self._catalog, self._info, relationship, key_name, value))
            except RowError as error:
                incoming.error = incoming.error or error
            except WrongType:
                name, label = (each.name, each.label) if each else (relationship, relationship)
                text = f"{label}: value not of required type: {cell}"
                incoming.error = incoming.error or RowError("INVALID_TYPE_ON_FIELD_IN_RECORD", text, [name])
        return incoming
