"""Tables made to fit another catalog. No value is lost: what a catalog drops is put aside under another name."""

import sqlite3

from integration.local.org.catalog import NUMBER_TYPES, TEXT_TYPES, Catalog, FieldInfo, ObjectInfo
from integration.local.org.store import make_tables, quoted

_FREE_TEXTS = TEXT_TYPES - {"AutoNumber", "Email", "Url", "MultiselectPicklist", "Picklist"}


class CannotAlter(Exception):
    """What the data forbids; `name` is the component's, `Object__c.Field__c` or `Object__c`."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


def alter(connection: sqlite3.Connection, old: Catalog, new: Catalog) -> None:
    """Inside a transaction: new objects, fields and indexes; changed fields; what is gone is put aside."""
    for info in old.objects.values():
        if info.is_event:
            continue
        after = new.objects.get(info.name)
        if after is None:
            _set_table_aside(connection, info.name)
        else:
            _alter_table(connection, info, after)
    make_tables(connection, new)


def _alter_table(connection: sqlite3.Connection, old: ObjectInfo, new: ObjectInfo) -> None:
    for each in old.stored:
        after = new.fields.get(each.name)
        if after is None or not after.is_stored:
            if after is not None:
                _only_without_values(connection, old, each, "becomes a formula")
            _set_column_aside(connection, old.name, each.name)
        elif after != each:
            _change_column(connection, old, each, after)
    for each in new.stored:
        if each.name not in old.fields and each.type == "MasterDetail" and _count(connection, old.name, ""):
            text = "a master-detail cannot be added to an object that has records: add a lookup and fill it first"
            raise CannotAlter(f"{old.name}.{each.name}", text)


def _change_column(connection: sqlite3.Connection, info: ObjectInfo, old: FieldInfo, new: FieldInfo) -> None:
    if not _is_wider(old, new):
        _only_without_values(connection, info, old, f"cannot change from {old.type} to {new.type}")
    if new.length and new.length < old.length and new.type in TEXT_TYPES:
        longer = _count(connection, info.name, f"LENGTH({quoted(old.name)}) > {int(new.length)}")
        if longer:
            text = f"cannot be shortened to {new.length}: {_records(longer)} more characters"
            raise CannotAlter(f"{info.name}.{old.name}", text)
    if new.column_type != old.column_type:
        _copy_column(connection, info, old, new)
    if new.unique and (not old.unique or (old.case_sensitive and not new.case_sensitive)):
        _only_without_duplicates(connection, info, new)


def _is_wider(old: FieldInfo, new: FieldInfo) -> bool:
    """Whether every value of the old field is one of the new."""
    if old.type == new.type:
        return old.reference_to == new.reference_to
    if old.type in NUMBER_TYPES and new.type in NUMBER_TYPES:
        return True
    if {old.type, new.type} == {"Lookup", "MasterDetail"}:
        return new.type == "Lookup" and old.reference_to == new.reference_to
    return old.type in TEXT_TYPES - {"AutoNumber"} and new.type in _FREE_TEXTS


def _only_without_values(connection: sqlite3.Connection, info: ObjectInfo, each: FieldInfo, why: str) -> None:
    filled = f"{quoted(each.name)} <> 0" if each.type == "Checkbox" else f"{quoted(each.name)} IS NOT NULL"
    number = _count(connection, info.name, filled)
    if number:
        raise CannotAlter(f"{info.name}.{each.name}", f"{why}: {_records(number)} a value in it")


def _only_without_duplicates(connection: sqlite3.Connection, info: ObjectInfo, each: FieldInfo) -> None:
    name, table = quoted(each.name), quoted(info.name)
    alive = f"{name} IS NOT NULL AND IsDeleted = 0"
    sql = f"SELECT 1 FROM {table} WHERE {alive} GROUP BY {name} HAVING COUNT(*) > 1 LIMIT 1"  # noqa: S608
    if connection.execute(sql).fetchone():
        raise CannotAlter(f"{info.name}.{each.name}", "cannot become unique: several records hold the same value")


def _copy_column(connection: sqlite3.Connection, info: ObjectInfo, old: FieldInfo, new: FieldInfo) -> None:
    aside = _set_column_aside(connection, info.name, old.name)
    table, name = quoted(info.name), quoted(new.name)
    connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {new.column_type}")
    value = f"COALESCE({quoted(aside)}, 0)" if new.type == "Checkbox" else quoted(aside)
    connection.execute(f"UPDATE {table} SET {name} = {value}")  # noqa: S608


def _set_column_aside(connection: sqlite3.Connection, table: str, name: str) -> str:
    connection.execute(f"DROP INDEX IF EXISTS {quoted(f'{table}.{name}')}")
    present = {row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table)})")}
    aside = _free_name(name, present)
    connection.execute(f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(name)} TO {quoted(aside)}")
    return aside


def _set_table_aside(connection: sqlite3.Connection, name: str) -> None:
    indexes = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    for (index,) in connection.execute(indexes, (name,)).fetchall():
        connection.execute(f"DROP INDEX {quoted(index)}")
    present = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.execute(f"ALTER TABLE {quoted(name)} RENAME TO {quoted(_free_name(name, present))}")


def _free_name(name: str, taken: set[str]) -> str:
    number = 1
    while f"_deleted_{number}_{name}" in taken:
        number += 1
    return f"_deleted_{number}_{name}"


def _count(connection: sqlite3.Connection, table: str, where: str) -> int:
    sql = f"SELECT COUNT(*) FROM {quoted(table)}" + (f" WHERE {where}" if where else "")  # noqa: S608
    return int(connection.execute(sql).fetchone()[0])


def _records(number: int) -> str:
    return f"{number:,} record{' has' if number == 1 else 's have'}"
