"""Single records: create, read, change, delete, upsert by external id."""

from urllib.parse import quote

from integration.local.org import files
from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.delete import delete
from integration.local.org.errors import (
    ApiError,
    RowError,
    no_such_field,
    no_such_object,
    no_such_record,
    nothing_there,
)
from integration.local.org.ids import full_id
from integration.local.org.incoming import Incoming, Operation, from_json
from integration.local.org.query import fetch
from integration.local.org.rules import select_in
from integration.local.org.save import Saved, save
from integration.local.org.security.reach import within_reach
from integration.local.org.security.refusals import cannot_insert
from integration.local.org.transaction import Transaction
from integration.local.org.web import Call, Reply


def named_object(call: Call, name: str) -> ObjectInfo:
    """The object that a path names; one that the user may not read does not exist."""
    info = call.org.catalog.object(name)
    if info is None:
        raise no_such_object()
    if not call.person.can_query(info.name):
        raise nothing_there()
    return info


def seen(call: Call, info: ObjectInfo) -> ObjectInfo:
    """The object as this call's user may read and write its fields."""
    return call.person.access.seen(info)


def create(call: Call, object_name: str) -> Reply:
    """POST /sobjects/X"""
    info = named_object(call, object_name)
    if info.is_event:
        return _publish(call, info)
    payload, content = files.unpacked(call, info)
    return _create(call, info, payload, content)


def _create(call: Call, info: ObjectInfo, payload: object, content: bytes | None = None) -> Reply:
    incoming = from_json(call.org.catalog, seen(call, info), payload, "insert")
    if content is not None:
        incoming.content = content
    saved = save_one(call, info, incoming, "insert")
    return Reply(201, _result(saved), {"Location": call.data(f"sobjects/{info.name}/{saved.id}")})


def _publish(call: Call, info: ObjectInfo) -> Reply:
    if not call.person.access.on(info.name).object.create:
        raise cannot_insert(info)
    with call.org.engine.transaction(call.person, call.org.now()) as transaction:
        event_uuid = transaction.publish(info.name, call.json_object())
    call.org.announce()
    errors = [{"statusCode": "OPERATION_ENQUEUED", "message": event_uuid, "fields": []}]
    return Reply(201, {"id": f"{info.prefix}xx0000000000AAA", "success": True, "errors": errors})


def save_one(
    call: Call, info: ObjectInfo, incoming: Incoming, operation: Operation, key: FieldInfo | None = None
) -> Saved:
    """Saves one record in a transaction of its own or raises the org's refusal."""
    check_writable(info, operation)
    with call.org.engine.transaction(call.person, call.org.now()) as transaction:
        saved = save_rows(transaction, info, [incoming], operation, key=key)[0]
        if saved.error:
            raise saved.error
    call.org.announce()
    return saved


def check_writable(info: ObjectInfo, operation: Operation) -> None:
    """Refuses what no request may write."""
    if info.is_event or not (info.updateable if operation == "update" else info.createable):
        text = f"entity type {info.name} does not support {operation}"
        raise ApiError(400, "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", text, [])


def save_rows(
    transaction: Transaction,
    info: ObjectInfo,
    rows: list[Incoming],
    operation: Operation,
    *,
    key: FieldInfo | None = None,
    all_or_none: bool = False,
) -> list[Saved]:
    """Saves rows of one object; file versions have rules of their own."""
    if info.name == "ContentVersion" and operation != "update":
        return files.save_versions(transaction, info, rows, operation, key=key, all_or_none=all_or_none)
    return save(transaction, info, rows, operation, key=key, all_or_none=all_or_none)


def _result(saved: Saved, **more: object) -> dict[str, object]:
    return {"id": saved.id, "success": True, "errors": [], **more}


def read(call: Call, object_name: str, record_id: str) -> Reply:
    """GET /sobjects/X/Id?fields=a,b"""
    info = named_object(call, object_name)
    return Reply(200, _read(call, info, existing_id(call, info, record_id)))


def _read(call: Call, info: ObjectInfo, record_id: str) -> dict[str, object]:
    names = [each.strip() for each in call.query.get("fields", "").split(",") if each.strip()]
    for name in names:
        if seen(call, info).field(name) is None:
            raise no_such_field(name, info.name)
    found = fetch(call, info, [record_id], names)
    if not found:
        raise no_such_record(record_id)
    return found[record_id]


def existing_id(call: Call, info: ObjectInfo, given: str, *, hidden: bool = False) -> str:
    """The full id of a living record of this object, or the org's refusal.

    `hidden` ones that the user may not see count when they are to be written: saving has its own words for that.
    """
    record_id = full_id(given)
    if not record_id or call.org.catalog.by_id(record_id) is not info:
        raise no_such_record(given)
    with call.org.store.reading() as connection:
        found = select_in(connection, info.name, "Id", "IsDeleted", [record_id])
        is_seen = hidden or record_id in within_reach(connection, call.person, info, [record_id], "read")
    if record_id not in found or not is_seen:
        raise no_such_record(given)
    if found[record_id]:
        raise ApiError(404, "ENTITY_IS_DELETED", "entity is deleted", [])
    return record_id


def change(call: Call, object_name: str, record_id: str) -> Reply:
    """PATCH /sobjects/X/Id"""
    info = named_object(call, object_name)
    payload = call.json_object()
    if any(name.lower() == "id" for name in payload):
        text = "The Id field should not be specified in the sobject data."
        raise ApiError(400, "INVALID_FIELD", text, ["Id"])
    incoming = from_json(call.org.catalog, seen(call, info), payload, "update")
    incoming.id = existing_id(call, info, record_id, hidden=True)
    save_one(call, info, incoming, "update")
    return Reply(204)


def remove(call: Call, object_name: str, record_id: str) -> Reply:
    """DELETE /sobjects/X/Id"""
    info = named_object(call, object_name)
    full = existing_id(call, info, record_id, hidden=True)
    with call.org.engine.transaction(call.person, call.org.now()) as transaction:
        error = delete(transaction, [full])[0].error
        if error:
            raise error
    call.org.announce()
    return Reply(204)


def external_id_field(call: Call, info: ObjectInfo, name: str) -> FieldInfo:
    """The external id field of that name, or NOT_FOUND."""
    each = seen(call, info).field(name)
    if each is None or not each.is_key:
        raise no_such_record(name)
    return each


def _matches(call: Call, info: ObjectInfo, key: FieldInfo, value: str) -> list[str]:
    from integration.local.org.store import quoted
    from integration.local.org.values import WrongType, stored

    try:
        wanted = stored(key, value)
    except (WrongType, RowError) as error:
        raise no_such_record(key.name) from error
    sql = f"SELECT Id FROM {quoted(info.name)} WHERE {quoted(key.name)} = ? AND IsDeleted = 0"  # noqa: S608
    with call.org.store.reading() as connection:
        ids = [row[0] for row in connection.execute(sql, (wanted,))]
        # A key that may occur twice matches what its user sees; a unique one matches whatever there is.
        seen = ids if key.unique else within_reach(connection, call.person, info, ids, "read")
    return [each for each in ids if each in seen]


def _ambiguous(call: Call, info: ObjectInfo, ids: list[str]) -> Reply:
    return Reply(300, [call.data(f"sobjects/{info.name}/{each}") for each in ids])


def read_by_key(call: Call, object_name: str, key_name: str, value: str) -> Reply:
    """GET /sobjects/X/Ext__c/value"""
    info = named_object(call, object_name)
    key = external_id_field(call, info, key_name)
    ids = _matches(call, info, key, value)
    if len(ids) > 1:
        return _ambiguous(call, info, ids)
    if not ids:
        raise nothing_there()
    return Reply(200, _read(call, info, ids[0]))


def upsert(call: Call, object_name: str, key_name: str, value: str) -> Reply:
    """PATCH /sobjects/X/Ext__c/value"""
    info = named_object(call, object_name)
    key = external_id_field(call, info, key_name)
    payload = call.json_object()
    for name in payload:
        if name.lower() in ("id", key.name.lower()):
            text = f"The {info.field(name).name} field should not be specified in the sobject data."  # type: ignore[union-attr]
            raise ApiError(400, "INVALID_FIELD", text, [name])
    ids = [existing_id(call, info, value)] if key.name == "Id" else _matches(call, info, key, value)
    if len(ids) > 1:
        return _ambiguous(call, info, ids)
    if not ids and call.query.get("updateOnly", "").lower() == "true":
        raise nothing_there()
    if not ids:
        payload = {**payload, key.name: value}
    # The key comes from the path, so it may be one that the user cannot edit.
    incoming = from_json(call.org.catalog, seen(call, info), payload, "upsert" if ids else "insert", key.name)
    incoming.id = ids[0] if ids else ""
    saved = save_one(call, info, incoming, "update" if ids else "insert")
    if float(call.version or "60") < 46:
        return Reply(204 if ids else 201, None if ids else _result(saved))
    result = _result(saved, created=saved.created)
    headers = {} if ids else {"Location": call.data(f"sobjects/{info.name}/{quote(saved.id)}")}
    return Reply(200 if ids else 201, result, headers)


def remove_by_key(call: Call, object_name: str, key_name: str, value: str) -> Reply:
    """DELETE /sobjects/X/Ext__c/value"""
    info = named_object(call, object_name)
    ids = _matches(call, info, external_id_field(call, info, key_name), value)
    if len(ids) > 1:
        return _ambiguous(call, info, ids)
    if not ids:
        raise nothing_there()
    return remove(call, object_name, ids[0])
