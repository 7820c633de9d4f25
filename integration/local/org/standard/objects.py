"""The standard objects, and the fields that every object has."""

from dataclasses import replace
from functools import cache

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.standard.table import FOLDER, read_object


def _read_only(name: str, label: str, kind: str) -> FieldInfo:
    return FieldInfo(name, label, kind, createable=False, updateable=False)


def _user(name: str, label: str, relationship: str, *, fixed: bool = True) -> FieldInfo:
    return FieldInfo(
        name,
        label,
        "Lookup",
        length=18,
        reference_to=("User",),
        relationship_name=relationship,
        createable=not fixed,
        updateable=not fixed,
    )


IS_DELETED = _read_only("IsDeleted", "Deleted", "Checkbox")


def system_fields(name: FieldInfo | None, *, owned: bool, binned: bool = True) -> tuple[FieldInfo, ...]:
    """Id, owner, name and audit fields. A detail of a master-detail has no owner of its own."""
    first = [FieldInfo("Id", "Record ID", "Id", length=18, createable=False, updateable=False)]
    if owned:
        first.append(_user("OwnerId", "Owner ID", "Owner", fixed=False))
    if binned:
        first.append(IS_DELETED)
    if name:
        first.append(name)
    return (
        *first,
        _read_only("CreatedDate", "Created Date", "DateTime"),
        _user("CreatedById", "Created By ID", "CreatedBy"),
        _read_only("LastModifiedDate", "Last Modified Date", "DateTime"),
        _user("LastModifiedById", "Last Modified By ID", "LastModifiedBy"),
        _read_only("SystemModstamp", "System Modstamp", "DateTime"),
    )


def event_fields() -> tuple[FieldInfo, ...]:
    """What every platform event carries."""
    return (
        _read_only("ReplayId", "Replay ID", "Text"),
        _read_only("EventUuid", "Event UUID", "Text"),
        _read_only("CreatedDate", "Created Date", "DateTime"),
        _user("CreatedById", "Created By ID", "CreatedBy"),
    )


def standard_objects() -> dict[str, ObjectInfo]:
    """The built-in objects by name."""
    return dict(_standard_objects())


@cache
def _standard_objects() -> dict[str, ObjectInfo]:
    read = (read_object(path) for path in sorted(FOLDER.glob("*.txt")))
    return {each.name: _with_system_fields(each) for each in read}


def _with_system_fields(info: ObjectInfo) -> ObjectInfo:
    system = system_fields(info.fields.get("Name"), owned=info.owned, binned=info.binned)
    every = {each.name: each for each in system} | dict(info.fields)
    return replace(info, fields=every, hidden=() if info.binned else (IS_DELETED,))
