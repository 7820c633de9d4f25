"""Deleting: into the recycle bin or for good, with details and references treated as the metadata says."""

from collections.abc import Sequence

from integration.local.org.catalog import ChildRelationship, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.ids import full_id
from integration.local.org.save import CHUNK, Saved, rolled_back
from integration.local.org.security.checks import unreachable
from integration.local.org.security.refusals import not_this_record
from integration.local.org.store import quoted
from integration.local.org.transaction import Transaction


def delete(
    transaction: Transaction, ids: Sequence[str], *, all_or_none: bool = False, for_good: bool = False
) -> list[Saved]:
    """Deletes records of any objects; the outcome of each, in order."""
    saved: list[Saved] = []
    with transaction.savepoint() as point:
        for record_id in ids:
            saved.append(_delete_one(transaction, record_id, for_good))
        if all_or_none and any(each.error for each in saved):
            saved = rolled_back(saved)
            point.undone = True
    return saved


def _delete_one(transaction: Transaction, given: str, for_good: bool) -> Saved:
    record_id = full_id(given)
    info = transaction.catalog.by_id(record_id) if record_id else None
    if info is None:
        return Saved(error=RowError("MALFORMED_ID", f"malformed id {given}"))
    fault = transaction.engine.faults.row(info.name)
    if fault:
        return Saved(error=fault)
    if not info.deletable:
        text = f"entity type {info.name} does not support delete"
        return Saved(error=RowError("INSUFFICIENT_ACCESS_OR_READONLY", text))
    if not transaction.user.access.on(info.name).object.delete:
        return Saved(error=not_this_record())
    sql = f"SELECT IsDeleted FROM {quoted(info.name)} WHERE Id = ?"  # noqa: S608
    row = transaction.connection.execute(sql, (record_id,)).fetchone()
    if row is None:
        return Saved(error=RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"))
    if row[0] and not for_good:
        return Saved(error=RowError("ENTITY_IS_DELETED", "entity is deleted"))
    error = unreachable(transaction, info, [record_id], "full").get(record_id)
    if error:
        return Saved(error=error)
    with transaction.savepoint() as point:
        try:
            _remove(transaction, info, [record_id], for_good)
        except RowError as refusal:
            error = refusal
            point.undone = True
    return Saved(error=error) if error else Saved(record_id)


def _remove(transaction: Transaction, info: ObjectInfo, ids: list[str], for_good: bool) -> None:
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        for child in info.children:
            _treat_children(transaction, info, child, part, for_good)
        _unlink_files(transaction, part, for_good)
        _remove_rows(transaction, info, part, for_good)


def _remove_rows(transaction: Transaction, info: ObjectInfo, ids: list[str], for_good: bool) -> None:
    transaction.forget()
    marks = ",".join("?" * len(ids))
    table = quoted(info.name)
    if for_good:
        transaction.connection.execute(
            "INSERT OR REPLACE INTO _purged (id, deleted_at)"  # noqa: S608
            f" SELECT Id, CASE WHEN IsDeleted THEN SystemModstamp ELSE ? END FROM {table} WHERE Id IN ({marks})",
            [transaction.stamp, *ids],
        )
        transaction.connection.execute(f"DELETE FROM {table} WHERE Id IN ({marks})", ids)  # noqa: S608
        if info.name == "ContentVersion":
            transaction.connection.execute(f"DELETE FROM _files WHERE version_id IN ({marks})", ids)  # noqa: S608
        return
    transaction.connection.execute(
        f"UPDATE {table} SET IsDeleted = 1, LastModifiedDate = ?, LastModifiedById = ?, SystemModstamp = ?"  # noqa: S608
        f" WHERE Id IN ({marks})",
        [transaction.stamp, transaction.user.id, transaction.stamp, *ids],
    )


def _treat_children(
    transaction: Transaction, info: ObjectInfo, child: ChildRelationship, ids: list[str], for_good: bool
) -> None:
    table, field = quoted(child.object), quoted(child.field)
    marks = ",".join("?" * len(ids))
    # Details in the recycle bin go with their master when it is deleted for good.
    alive = "" if for_good and child.cascade else " AND IsDeleted = 0"
    found = transaction.connection.execute(
        f"SELECT Id, {field} FROM {table} WHERE {field} IN ({marks}){alive}",  # noqa: S608
        ids,
    ).fetchall()
    if not found:
        return
    children = [row[0] for row in found]
    child_info = transaction.catalog.objects[child.object]
    if child.cascade:
        _remove(transaction, child_info, children, for_good)
    elif child.constraint == "Restrict":
        raise RowError("DELETE_FAILED", _restricted_text(transaction, info, child_info, found[0][1], children))
    elif child.constraint == "SetNull":
        transaction.connection.execute(
            f"UPDATE {table} SET {field} = NULL, SystemModstamp = ? WHERE {field} IN ({marks})",  # noqa: S608
            [transaction.stamp, *ids],
        )


def _restricted_text(
    transaction: Transaction, info: ObjectInfo, child: ObjectInfo, parent_id: str, children: list[str]
) -> str:
    rows = transaction.rows(child, children[:5])
    names = ", ".join(str(row.get(child.name_field) or record_id) for record_id, row in rows.items())
    parent = transaction.rows(info, [parent_id])[parent_id].get(info.name_field) or parent_id
    return (
        f"Your attempt to delete {parent} could not be completed because it is associated with the following "
        f"{child.plural.lower()}.: {names}"
    )


def _unlink_files(transaction: Transaction, ids: list[str], for_good: bool) -> None:
    """Links to files may point at any object, so no child relationship tells of them."""
    marks = ",".join("?" * len(ids))
    sql = f"SELECT Id FROM ContentDocumentLink WHERE LinkedEntityId IN ({marks}) AND IsDeleted = 0"  # noqa: S608
    links = [row[0] for row in transaction.connection.execute(sql, ids)]
    if links:
        _remove_rows(transaction, transaction.catalog.objects["ContentDocumentLink"], links, for_good)
