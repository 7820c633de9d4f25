"""What a user may not save, row by row; flows and what the org does by itself are never asked."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.incoming import Incoming, Operation, not_writable
from integration.local.org.security.access import Access
from integration.local.org.security.reach import within_reach
from integration.local.org.security.refusals import cannot_insert, cannot_update, no_reach, not_this_record

if TYPE_CHECKING:
    from integration.local.org.security.sharing import Level
    from integration.local.org.transaction import Transaction


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
        if error or row.references:
            fixed = next((each.field for each in row.references if each.field.name not in rights.editable), None)
            row.error = error or row.error or (not_writable(fixed) if fixed else None)


def refusal(access: Access, info: ObjectInfo, *, is_new: bool) -> RowError | None:
    """Why this user may not save a row, now that an upsert knows whether it is a new one."""
    granted = access.on(info.name).object
    if is_new:
        return None if granted.create else cannot_insert(info)
    return None if granted.edit else cannot_update(info)


def unreachable(
    transaction: "Transaction", info: ObjectInfo, ids: Collection[str], level: "Level"
) -> dict[str, RowError]:
    """Which of these records sharing keeps this user from editing or deleting, and in what words."""
    connection, user = transaction.connection, transaction.user
    allowed = within_reach(connection, user, info, ids, level)
    if len(allowed) == len(ids):
        return {}
    refused = [each for each in ids if each not in allowed]
    shown = within_reach(connection, user, info, refused, "read")
    return {each: not_this_record() if each in shown else no_reach(each) for each in refused}


def closed_parents(transaction: "Transaction", references: Sequence[tuple[int, FieldInfo, str]]) -> dict[int, RowError]:
    """Rows that name a parent out of this user's reach: to be seen for a lookup, to be edited for a master."""
    wanted: dict[tuple[str, Level], set[str]] = {}
    for _, each, record_id in references:
        parent = transaction.catalog.by_id(record_id)
        if parent is not None:
            wanted.setdefault((parent.name, _needed(each)), set()).add(record_id)
    closed: set[tuple[str, Level]] = set()
    for (name, level), ids in wanted.items():
        info = transaction.catalog.objects[name]
        allowed: Collection[str] = ()
        if transaction.user.can_query(name):
            allowed = within_reach(transaction.connection, transaction.user, info, ids, level)
        closed.update((each, level) for each in ids if each not in allowed)
    return {number: no_reach(each) for number, field, each in references if (each, _needed(field)) in closed}


def _needed(reference: FieldInfo) -> "Level":
    return "edit" if reference.type == "MasterDetail" and not reference.needs_master_read else "read"
