"""sObject collections: up to 200 records a call, each with an outcome of its own."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from integration.local.org.bodies import flag
from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.delete import delete
from integration.local.org.errors import ApiError, RowError
from integration.local.org.ids import full_id
from integration.local.org.incoming import Incoming, Operation, from_json
from integration.local.org.query import fetch
from integration.local.org.rest import check_writable, external_id_field, named_object, save_rows, seen
from integration.local.org.save import Saved, rolled_back
from integration.local.org.transaction import Transaction
from integration.local.org.web import Call, Reply

MOST_RECORDS = 200
MOST_CHUNKS = 10
"""How often the type of the records may change in one call."""


def create(call: Call) -> Reply:
    """POST /composite/sobjects"""
    return _save(call, "insert")


def update(call: Call) -> Reply:
    """PATCH /composite/sobjects"""
    return _save(call, "update")


def upsert(call: Call, object_name: str, key_name: str) -> Reply:
    """PATCH /composite/sobjects/X/Ext__c"""
    info = named_object(call, object_name)
    return _save(call, "upsert", info, external_id_field(call, info, key_name))


def _save(call: Call, operation: Operation, info: ObjectInfo | None = None, key: FieldInfo | None = None) -> Reply:
    body = call.json_object("records", "allOrNone")
    records = body.get("records")
    if not isinstance(records, list) or not records:
        raise ApiError(400, "MISSING_ARGUMENT", "The request must hold a list named records")
    _check_number(len(records))
    typed = [(info or _type_of(call, record), record) for record in records]
    # A composite request's own choice wins over that of the collection inside it.
    all_or_none = bool(call.all_or_none) or flag(body, "allOrNone")
    incoming = [_incoming(call, each, record, operation, key) for each, record in typed]

    def write(transaction: Transaction) -> list[Saved]:
        saved: list[Saved] = []
        for each, rows in _chunks([each for each, _ in typed], incoming):
            saved += save_rows(transaction, each, rows, operation, key=key)
        return saved

    saved = _in_transaction(call, write, all_or_none)
    return Reply(200, [_entry(each, with_created=operation == "upsert") for each in saved])


def _check_number(number: int) -> None:
    if number > MOST_RECORDS:
        text = f"record limit reached. cannot submit more than {MOST_RECORDS} records into this call"
        raise ApiError(400, "EXCEEDED_ID_LIMIT", text)


def _type_of(call: Call, record: Any) -> ObjectInfo:
    attributes = record.get("attributes") if isinstance(record, dict) else None
    name = attributes.get("type") if isinstance(attributes, dict) else None
    if not isinstance(name, str):
        text = 'The record must have attributes with the type of the object: {"attributes": {"type": "Account"}}'
        raise ApiError(400, "INVALID_FIELD", text)
    return named_object(call, name)


def _incoming(call: Call, info: ObjectInfo, record: Any, operation: Operation, key: FieldInfo | None) -> Incoming:
    check_writable(info, operation)
    incoming = from_json(call.org.catalog, seen(call, info), record, operation, key.name if key else "")
    if operation == "update" and not incoming.id:
        incoming.error = incoming.error or RowError("MISSING_ARGUMENT", "Id not specified in an update call")
    return incoming


def _chunks(types: Sequence[ObjectInfo], rows: Sequence[Incoming]) -> Iterator[tuple[ObjectInfo, list[Incoming]]]:
    groups = [
        (info, [row for _, row in group])
        for info, group in groupby(zip(types, rows, strict=True), lambda pair: pair[0])
    ]
    if len(groups) > MOST_CHUNKS:
        text = f"Cannot have more than {MOST_CHUNKS} chunks in a single operation. Please rearrange the data"
        raise ApiError(400, "LIMIT_EXCEEDED", text)
    return iter(groups)


def _in_transaction(call: Call, write: Callable[[Transaction], list[Saved]], all_or_none: bool) -> list[Saved]:
    saved: list[Saved] = []
    with call.org.engine.transaction(call.person, call.org.now()) as transaction, transaction.savepoint() as point:
        saved = write(transaction)
        if all_or_none and any(each.error for each in saved):
            saved = rolled_back(saved)
            point.undone = True
    call.org.announce()
    return saved


def _entry(saved: Saved, *, with_created: bool) -> dict[str, Any]:
    """A real org says `created: true` of upserted rows that failed, too."""
    entry: dict[str, Any] = {"success": not saved.error, "errors": [saved.error.as_row()] if saved.error else []}
    if not saved.error:
        entry = {"id": saved.id, **entry}
    if with_created:
        entry["created"] = saved.created
    return entry


def _asked_ids(call: Call) -> list[str]:
    ids = [each.strip() for each in call.query.get("ids", "").split(",") if each.strip()]
    if not ids:
        raise ApiError(400, "MISSING_ARGUMENT", "The ids of the records must be given with the parameter ids")
    _check_number(len(ids))
    return ids


def remove(call: Call) -> Reply:
    """DELETE /composite/sobjects?ids=a,b&allOrNone=false"""
    ids = _asked_ids(call)
    all_or_none = bool(call.all_or_none) or call.query.get("allOrNone", "").lower() == "true"
    saved = _in_transaction(call, lambda transaction: delete(transaction, ids), all_or_none)
    return Reply(200, [_entry(each, with_created=False) for each in saved])


def _texts(body: dict[str, Any], name: str) -> list[str]:
    values = body.get(name, [])
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise ApiError(400, "JSON_PARSER_ERROR", f"{name} must be a list of texts")
    return values


def read(call: Call, object_name: str) -> Reply:
    """GET /composite/sobjects/X?ids=a,b&fields=c,d, or POST with both in the body."""
    info = named_object(call, object_name)
    if call.method == "POST":
        body = call.json_object("ids", "fields")
        ids, names = _texts(body, "ids"), _texts(body, "fields")
        if len(ids) > 2000:
            raise ApiError(400, "EXCEEDED_ID_LIMIT", "cannot read more than 2000 records in this call")
    else:
        ids = _asked_ids(call)
        names = [each.strip() for each in call.query.get("fields", "").split(",") if each.strip()]
    for name in names:
        if seen(call, info).field(name) is None:
            raise ApiError(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {info.name}")
    if not names:
        raise ApiError(400, "MISSING_ARGUMENT", "The fields to read must be given")
    found = fetch(call, info, [full for full in map(full_id, ids) if full], names)
    return Reply(200, [found.get(full_id(each)) for each in ids])
