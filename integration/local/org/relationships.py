"""Records reached from a record: its parents by reference, its children by child relationship.

They share their addresses with records by external id: what stands where a field could is an id.
"""

from integration.local.org import rest
from integration.local.org.catalog import ChildRelationship, FieldInfo, ObjectInfo
from integration.local.org.errors import ApiError, no_such_field, no_such_object, nothing_there
from integration.local.org.ids import full_id
from integration.local.org.query import fetch, first_page, run
from integration.local.org.web import Call, Reply


def read(call: Call, object_name: str, key_name: str, value: str) -> Reply:
    """GET /sobjects/X/<id>/Parent__r, /sobjects/X/<id>/Children__r or /sobjects/X/Ext__c/value"""
    info = rest.named_object(call, object_name)
    if not _is_record(info, key_name):
        return rest.read_by_key(call, object_name, key_name, value)
    record_id = rest.existing_id(call, info, key_name)
    child = info.child(value)
    if child is not None:
        return _children(call, child, record_id)
    parent, parent_id = _parent(call, info, record_id, value)
    return rest.read(call, parent.name, parent_id)


def change(call: Call, object_name: str, key_name: str, value: str) -> Reply:
    """PATCH /sobjects/X/<id>/Parent__r or /sobjects/X/Ext__c/value"""
    info = rest.named_object(call, object_name)
    if not _is_record(info, key_name):
        return rest.upsert(call, object_name, key_name, value)
    parent, parent_id = _parent_to_write(call, info, key_name, value)
    return rest.change(call, parent.name, parent_id)


def remove(call: Call, object_name: str, key_name: str, value: str) -> Reply:
    """DELETE /sobjects/X/<id>/Parent__r or /sobjects/X/Ext__c/value"""
    info = rest.named_object(call, object_name)
    if not _is_record(info, key_name):
        return rest.remove_by_key(call, object_name, key_name, value)
    parent, parent_id = _parent_to_write(call, info, key_name, value)
    return rest.remove(call, parent.name, parent_id)


def _is_record(info: ObjectInfo, key_name: str) -> bool:
    return info.field(key_name) is None and bool(full_id(key_name))


def _parent_to_write(call: Call, info: ObjectInfo, given: str, name: str) -> tuple[ObjectInfo, str]:
    record_id = rest.existing_id(call, info, given)
    if info.child(name) is not None:
        raise ApiError(405, "METHOD_NOT_ALLOWED", f"HTTP Method '{call.method}' not allowed. Allowed are GET")
    return _parent(call, info, record_id, name)


def _parent(call: Call, info: ObjectInfo, record_id: str, name: str) -> tuple[ObjectInfo, str]:
    """The record that a reference of this one points at, as far as this user sees the reference."""
    reference = rest.seen(call, info).relationship(name)
    if reference is None:
        raise no_such_object()
    record = fetch(call, info, [record_id], [reference.name]).get(record_id, {})
    parent_id = str(record.get(reference.name) or "")
    parent = call.org.catalog.by_id(parent_id) if parent_id else None
    if parent is None:
        raise nothing_there()
    return parent, parent_id


def _children(call: Call, child: ChildRelationship, record_id: str) -> Reply:
    if not call.person.can_read(child.object, child.field):
        raise no_such_object()
    info = rest.seen(call, call.org.catalog.objects[child.object])
    names = ", ".join(each.name for each in _asked_fields(call, info))
    text = f"SELECT {names} FROM {info.name} WHERE {child.field} = '{record_id}'"  # noqa: S608  (names of the catalog)
    return Reply(200, first_page(call, run(call, text)))


def _asked_fields(call: Call, info: ObjectInfo) -> list[FieldInfo]:
    names = [each.strip() for each in call.query.get("fields", "").split(",") if each.strip()]
    if not names:
        return [each for each in info.fields.values() if not each.compound]
    asked = []
    for name in names:
        found = info.field(name)
        if found is None:
            raise no_such_field(name, info.name)
        asked.append(found)
    return list(dict.fromkeys(asked))
