"""What the org demands of a row before it is saved: field by field, then against the other rows."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.store import quoted
from integration.local.org.values import Row, Stored


class FieldRules:
    """The demands on one object's fields, worked out once."""

    def __init__(self, info: ObjectInfo) -> None:
        self._fields = info.fields
        self._required = tuple(each.name for each in info.fields.values() if each.required and each.is_stored)
        self._lengths: dict[str, int] = {}
        self._choices: dict[str, tuple[FieldInfo, frozenset[str]]] = {}
        for each in info.stored:
            if each.type in ("Picklist", "MultiselectPicklist") and each.restricted and each.picklist:
                self._choices[each.name] = (each, frozenset(choice.name for choice in each.picklist))
            elif each.length and each.type not in ("Id", "Lookup", "MasterDetail", "Base64"):
                self._lengths[each.name] = each.length
        self.references = tuple(each for each in info.stored if each.is_reference)
        self.unique = tuple(each for each in info.stored if each.unique)

    def fault(self, row: Row, changed: Iterable[str]) -> RowError | None:
        """The first thing wrong with a row that needs no other row to tell."""
        missing = [name for name in self._required if row.get(name) in (None, "")]
        if missing:
            text = f"Required fields are missing: [{', '.join(missing)}]"
            return RowError("REQUIRED_FIELD_MISSING", text, missing)
        for name in changed:
            most = self._lengths.get(name)
            if most is not None:
                value = row[name]
                if type(value) is str and len(value) > most:
                    return _too_long(self._fields[name], value)
            elif name in self._choices:
                found = _restricted(*self._choices[name], row[name])
                if found:
                    return found
        return None


def _too_long(each: FieldInfo, value: str) -> RowError:
    text = f"{each.label}: data value too large: {value[:255]} (max length={each.length})"
    return RowError("STRING_TOO_LONG", text, [each.name])


def _restricted(each: FieldInfo, allowed: frozenset[str], value: Stored) -> RowError | None:
    if not isinstance(value, str) or value in allowed:
        return None
    chosen = value.split(";") if each.type == "MultiselectPicklist" else [value]
    wrong = [word for word in chosen if word not in allowed]
    if not wrong:
        return None
    text = f"{each.label}: bad value for restricted picklist field: {wrong[0]}"
    return RowError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", text, [each.name])


def reference_faults(
    connection: sqlite3.Connection, catalog: Catalog, references: Sequence[tuple[int, FieldInfo, str]]
) -> dict[int, RowError]:
    """Which rows point at nothing, by row number; one query per parent object."""
    faults: dict[int, RowError] = {}
    wanted: dict[str, set[str]] = {}
    for number, each, record_id in references:
        parent = catalog.by_id(record_id)
        if parent is None or (each.reference_to and parent.name not in each.reference_to):
            text = f"{each.label}: id value of incorrect type: {record_id}"
            faults.setdefault(number, RowError("FIELD_INTEGRITY_EXCEPTION", text, [each.name]))
        else:
            wanted.setdefault(parent.name, set()).add(record_id)
    known: dict[Stored, Stored] = {}
    for table, ids in wanted.items():
        known.update(select_in(connection, table, "Id", "IsDeleted", ids))
    for number, _, record_id in references:
        if number in faults:
            continue
        if record_id not in known:
            faults[number] = RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        elif known[record_id]:
            faults[number] = RowError("ENTITY_IS_DELETED", "entity is deleted")
    return faults


def duplicate_faults(
    connection: sqlite3.Connection, info: ObjectInfo, each: FieldInfo, rows: Sequence[tuple[int, str, Stored]]
) -> dict[int, RowError]:
    """Which rows repeat a unique value, of the table or of an earlier row; rows are (number, own id, value)."""
    present = {
        folded(each, value): str(record_id)
        for value, record_id in select_in(
            connection, info.name, each.name, "Id", {value for _, _, value in rows}, alive=True
        ).items()
    }
    faults: dict[int, RowError] = {}
    for number, own_id, value in rows:
        other = present.setdefault(folded(each, value), own_id)
        if other != own_id:
            # An unsaved row of the same request has an id already, as in a real org's text.
            text = f"duplicate value found: {each.name} duplicates value on record with id: {other[:15]}"
            faults[number] = RowError("DUPLICATE_VALUE", text, [each.name])
    return faults


def folded(each: FieldInfo, value: Stored) -> Stored:
    """A value as uniqueness sees it."""
    return value.lower() if isinstance(value, str) and not each.case_sensitive else value


def select_in(
    connection: sqlite3.Connection, table: str, key: str, wanted: str, values: Iterable[Stored], *, alive: bool = False
) -> dict[Stored, Stored]:
    """`key` -> `wanted` of the rows whose key is among the values."""
    result: dict[Stored, Stored] = {}
    every = list(values)
    tail = " AND IsDeleted = 0" if alive else ""
    for start in range(0, len(every), 5000):
        part = every[start : start + 5000]
        marks = ",".join("?" * len(part))
        sql = f"SELECT {quoted(key)}, {quoted(wanted)} FROM {quoted(table)} WHERE {quoted(key)} IN ({marks}){tail}"  # noqa: S608
        result.update(connection.execute(sql, part))
    return result


def changed_fields(row: Mapping[str, Stored], prior: Mapping[str, Stored] | None) -> list[str]:
    """The fields in which a row differs from what it was."""
    if prior is None:
        return [name for name, value in row.items() if value is not None]
    return [name for name, value in row.items() if prior.get(name) != value]
