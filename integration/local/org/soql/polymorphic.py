"""Relationships that lead to records of several objects: `What.Name`, `Owner.Type`, TYPEOF.

A path through one sees what all of them have: the platform's object Name. Its values are looked up by the prefix of the
id, so that no row of the other objects is read.
"""

from collections.abc import Iterable

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo


def _text(name: str) -> FieldInfo:
    return FieldInfo(name, name, "Text", length=255)


def _reference(name: str, to: str) -> FieldInfo:
    return FieldInfo(name, to, "Lookup", length=18, reference_to=(to,), relationship_name=to)


_FIELDS = (
    FieldInfo("Id", "Record ID", "Id", length=18),
    *(
        _text(name)
        for name in ("Name", "Type", "FirstName", "LastName", "Alias", "Email", "Phone", "Title", "Username")
    ),
    FieldInfo("IsActive", "Active", "Checkbox"),
    _reference("ProfileId", "Profile"),
    _reference("UserRoleId", "UserRole"),
)
NAME = ObjectInfo("Name", "Name", "Names", "", {each.name: each for each in _FIELDS}, custom=False)
"""What is known of a record whose object is not known."""


def is_polymorphic(reference: FieldInfo) -> bool:
    return len(reference.reference_to) != 1


def candidates(catalog: Catalog, reference: FieldInfo) -> list[ObjectInfo]:
    """The objects that the reference may point at."""
    named = [info for name in reference.reference_to if (info := catalog.object(name))]
    return named or [info for info in catalog.objects.values() if info.prefix and not info.is_event]


def lookup(objects: Iterable[ObjectInfo], pointer: str, wanted: str) -> str:
    """SQL for a field of Name, given the SQL of an id."""
    if wanted == "Id":
        return pointer
    found = [(info, _column(info, pointer, wanted)) for info in objects]
    cases = " ".join(f"WHEN '{info.prefix}' THEN {sql}" for info, sql in found if sql)
    if not cases:
        return "NULL"
    collation = "" if wanted in ("IsActive", "ProfileId", "UserRoleId") else " COLLATE NOCASE"
    return f"(CASE substr({pointer}, 1, 3) {cases} END{collation})"


def _column(info: ObjectInfo, pointer: str, wanted: str) -> str:
    if wanted == "Type":
        return f"'{info.name}'"
    found = info.field(info.name_field if wanted == "Name" else wanted)
    if found is None or not found.is_stored:
        return ""
    return f'(SELECT "{found.name}" FROM "{info.name}" WHERE "Id" = {pointer})'
