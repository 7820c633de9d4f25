"""What a user may not save, row by row; flows and what the org does by itself are never asked."""

from collections.abc import Sequence

from integration.local.org.catalog import ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.incoming import Incoming, Operation, not_writable
from integration.local.org.security.access import Access
from integration.local.org.security.refusals import cannot_insert, cannot_update


def forbid(access: Access, info: ObjectInfo, rows: Sequence[Incoming], operation: Operation) -> None:
    """Marks rows that this user cannot save whatever becomes of them, before anything else about them is judged.

    The fields that a row names itself were held against the rights when it was read; those left are parents that it
    names by their external ids.
    """
    if access.is_admin:
        return
    rights = access.on(info.name)
    creates, edits = rights.object.create, rights.object.edit
    error: RowError | None = None
    if operation != "update" and not creates and not (operation == "upsert" and edits):
        error = cannot_insert(info)
    elif operation == "update" and not edits:
        error = cannot_update(info)
    for row in rows:
        fixed = next((each.field for each in row.references if each.field.name not in rights.editable), None)
        row.error = error or row.error or (not_writable(fixed) if fixed else None)


def refusal(access: Access, info: ObjectInfo, *, is_new: bool) -> RowError | None:
    """Why this user may not save a row, now that an upsert knows whether it is a new one."""
    granted = access.on(info.name).object
    if is_new:
        return None if granted.create else cannot_insert(info)
    return None if granted.edit else cannot_update(info)
