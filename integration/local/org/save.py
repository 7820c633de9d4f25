"""Insert, update and upsert: chunks of 200 rows go through flows, rules and SQL together; rows fail one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.errors import RowError
from integration.local.org.incoming import Incoming, Operation, not_writable
from integration.local.org.numbering import automatic_values
from integration.local.org.rules import changed_fields, duplicate_faults, folded, reference_faults, select_in
from integration.local.org.security.checks import closed_parents, forbid, refusal, unreachable
from integration.local.org.security.reach import within_reach
from integration.local.org.standard import behaviour as standard_rules
from integration.local.org.store import quoted
from integration.local.org.transaction import Transaction
from integration.local.org.values import Row, Stored

CHUNK = 200
MOST_ATTEMPTS = 3
"""After so many rounds in which after-save flows refused rows, the rest is saved one by one."""


@dataclass(frozen=True)
class Saved:
    """What became of one row."""

    id: str = ""
    created: bool = False
    error: RowError | None = None


@dataclass(slots=True)
class _Work:
    """One row in the middle of being saved."""

    number: int
    incoming: Incoming
    id: str = ""
    prior: Row | None = None
    row: Row | None = None
    changed: Sequence[str] = ()
    """The fields that the save changes; all that are filled of a new row."""
    error: RowError | None = None

    @property
    def is_new(self) -> bool:
        return self.prior is None


def save(
    transaction: Transaction,
    info: ObjectInfo,
    rows: Sequence[Incoming],
    operation: Operation,
    *,
    key: FieldInfo | None = None,
    all_or_none: bool = False,
) -> list[Saved]:
    """Saves rows of one object; the outcome of each, in order."""
    saved: list[Saved] = []
    with transaction.savepoint() as point:
        for start in range(0, len(rows), CHUNK):
            saved += _save_chunk(transaction, info, rows[start : start + CHUNK], operation, key)
        if all_or_none and any(each.error for each in saved):
            saved = rolled_back(saved)
            point.undone = True
    return saved


def rolled_back(saved: Sequence[Saved]) -> list[Saved]:
    """The outcomes of an all-or-none request in which a row failed: the guilty keep their own error."""
    text = "Record rolled back because not all records were valid and the request was using AllOrNone header"
    error = RowError("ALL_OR_NONE_OPERATION_ROLLED_BACK", text)
    return [each if each.error else replace(each, id="", error=error) for each in saved]


def _save_chunk(
    transaction: Transaction, info: ObjectInfo, rows: Sequence[Incoming], operation: Operation, key: FieldInfo | None
) -> list[Saved]:
    if transaction.is_users:
        transaction.meet_delay(info)
        forbid(transaction.user.access, info, rows, operation)
        for row in rows:
            row.error = row.error or transaction.engine.faults.row(info.name)
    outcomes: dict[int, Saved] = {
        number: Saved(error=row.error, created=operation == "upsert") for number, row in enumerate(rows) if row.error
    }
    pending = [number for number in range(len(rows)) if number not in outcomes]
    attempts = 0
    while pending:
        attempts += 1
        groups = [pending] if attempts <= MOST_ATTEMPTS else [[number] for number in pending]
        pending = []
        for group in groups:
            works = [_Work(number, rows[number]) for number in group]
            with transaction.savepoint() as point:
                point.undone = _attempt(transaction, info, works, operation, key)
            for work in works:
                if work.error:
                    outcomes[work.number] = Saved(error=work.error, created=operation == "upsert")
                elif point.undone:
                    pending.append(work.number)
                else:
                    outcomes[work.number] = Saved(work.id, work.is_new)
    return [outcomes[number] for number in range(len(rows))]


def _attempt(
    transaction: Transaction, info: ObjectInfo, works: list[_Work], operation: Operation, key: FieldInfo | None
) -> bool:
    """Saves what can be saved; True when an after-save flow refused a row, so that all must be undone."""
    _resolve_references(transaction, works)
    if operation == "upsert" and key is not None:
        _match(transaction, info, works, key)
    elif operation == "update":
        for work in works:
            work.id = work.incoming.id
    _load_priors(transaction, info, works)
    if transaction.is_users:
        _check_rights(transaction, info, works)
    _fill(transaction, info, works)
    _apply_flows_and_rules(transaction, info, works)
    good = [work for work in works if not work.error]
    _check_against_others(transaction, info, good, key)
    good = [work for work in good if not work.error]
    _write(transaction, info, good)
    return _run_after_save(transaction, info, good)


def _resolve_references(transaction: Transaction, works: list[_Work]) -> None:
    wanted: dict[tuple[str, str], dict[Stored, Stored]] = {}
    for work in works:
        for each in work.incoming.references:
            wanted.setdefault((each.parent.name, each.key.name), {})[folded(each.key, each.value)] = None
    for (table, key_name), found in wanted.items():
        key = transaction.catalog.objects[table].fields[key_name]
        ids = select_in(transaction.connection, table, key_name, "Id", found, alive=True)
        found.update((folded(key, value), record_id) for value, record_id in ids.items())
    for work in works:
        for each in work.incoming.references:
            record_id = wanted[each.parent.name, each.key.name][folded(each.key, each.value)]
            if record_id is None:
                place = f"for field {each.key.name} in entity {each.parent.name}"
                work.error = RowError("INVALID_FIELD", f"Foreign key external ID: {each.value} not found {place}")
            work.incoming.values[each.field.name] = record_id


def _match(transaction: Transaction, info: ObjectInfo, works: list[_Work], key: FieldInfo) -> None:
    if key.name == "Id":
        for work in works:
            work.id = work.incoming.id
        return
    counts: dict[Stored, int] = {}
    for work in works:
        value = folded(key, work.incoming.key)
        counts[value] = counts.get(value, 0) + 1
    found = _with_keys(transaction, info, key, {work.incoming.key for work in works})
    for work in works:
        value = folded(key, work.incoming.key)
        if work.incoming.key is None:
            work.error = work.error or RowError("MISSING_ARGUMENT", f"{key.name} not specified")
        elif counts[value] > 1:
            text = f"Duplicate external id specified: {work.incoming.key}"
            work.error = work.error or RowError("DUPLICATE_VALUE", text, [key.name])
        elif len(found.get(value, ())) > 1:
            text = f"more than one record found for external id field: [{', '.join(found[value])}]"
            work.error = work.error or RowError("DUPLICATE_EXTERNAL_ID", text, [key.name])
        work.id = next(iter(found.get(value, ())), "")


def _with_keys(
    transaction: Transaction, info: ObjectInfo, key: FieldInfo, values: set[Stored]
) -> dict[Stored, list[str]]:
    """The ids of living records by the value of an external id, which may be one of many records."""
    names = f"{quoted(key.name)}, Id FROM {quoted(info.name)}"
    marks = ",".join("?" * len(values))
    sql = f"SELECT {names} WHERE {quoted(key.name)} IN ({marks}) AND IsDeleted = 0"
    found: dict[Stored, list[str]] = {}
    for value, record_id in transaction.connection.execute(sql, list(values)):
        found.setdefault(folded(key, value), []).append(record_id)
    if key.unique or not transaction.is_users:
        return found
    # A key that may occur twice matches what its user sees; a unique one matches whatever there is.
    ids = [each for same in found.values() for each in same]
    seen = within_reach(transaction.connection, transaction.user, info, ids, "read")
    return {value: [each for each in same if each in seen] for value, same in found.items()}


def _load_priors(transaction: Transaction, info: ObjectInfo, works: list[_Work]) -> None:
    ids = [work.id for work in works if work.id]
    priors = transaction.rows(info, ids) if ids else {}
    seen: set[str] = set()
    for work in works:
        if not work.id:
            continue
        work.prior = priors.get(work.id)
        if work.prior is None:
            work.error = work.error or RowError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
        elif work.prior["IsDeleted"]:
            work.error = work.error or RowError("ENTITY_IS_DELETED", "entity is deleted")
        elif work.id in seen:
            text = f"duplicate id in list: {work.id}"
            work.error = work.error or RowError("DUPLICATE_VALUE", text)
        seen.add(work.id)


def _check_rights(transaction: Transaction, info: ObjectInfo, works: list[_Work]) -> None:
    for work in works:
        if not work.error:
            work.error = refusal(transaction.user.access, info, is_new=work.is_new)
    for level in ("edit", "full"):
        ids = [work.id for work in works if not work.is_new and not work.error and (level == "edit" or _moves(work))]
        refused = unreachable(transaction, info, ids, level)
        for work in works if refused else ():
            work.error = work.error or refused.get(work.id)


def _moves(work: _Work) -> bool:
    """Whether the record is given to somebody else, which only its owner and those above may do."""
    return work.prior is not None and work.incoming.values.get("OwnerId", work.prior.get("OwnerId")) != work.prior.get(
        "OwnerId"
    )


def _fill(transaction: Transaction, info: ObjectInfo, works: list[_Work]) -> None:
    """The row as it would be saved, before flows."""
    template: Row | None = None
    for work in works:
        if work.error:
            continue
        if work.prior is not None:
            fixed = next((name for name in work.incoming.values if not info.fields[name].updateable), "")
            if fixed:
                # Also with the value that it has: a master-detail that is not reparentable must be left out.
                work.error = not_writable(info.fields[fixed])
                continue
            work.row = {**work.prior, **work.incoming.values}
        else:
            if template is None:
                template = _new_row(transaction, info)
            work.row = {**template, **work.incoming.values}
        work.row["LastModifiedDate"] = work.row["SystemModstamp"] = transaction.stamp_for(work.prior)
        work.row["LastModifiedById"] = transaction.user.id


def _new_row(transaction: Transaction, info: ObjectInfo) -> Row:
    row: Row = {each.name: False if each.type == "Checkbox" else None for each in info.stored}
    row.update(transaction.engine.automation.defaults(info, transaction))
    row["CreatedDate"] = transaction.stamp
    row["CreatedById"] = transaction.user.id
    if "OwnerId" in row:
        row["OwnerId"] = transaction.user.id
    return row


def _apply_flows_and_rules(transaction: Transaction, info: ObjectInfo, works: list[_Work]) -> None:
    engine = transaction.engine
    rules = engine.field_rules(info)
    for work in works:
        if work.error or work.row is None:
            continue
        try:
            engine.automation.before_save(info, work.row, work.prior, transaction)
            if not info.custom:
                standard_rules.complete(info, work.row, work.prior)
            work.changed = changed_fields(work.row, work.prior)
            fault = rules.fault(work.row, work.changed)
            work.error = fault or engine.automation.violation(info, work.row, work.prior, transaction)
        except RowError as error:
            work.error = error


def _check_against_others(
    transaction: Transaction, info: ObjectInfo, works: list[_Work], key: FieldInfo | None
) -> None:
    rules = transaction.engine.field_rules(info)
    references = []
    for work in works:
        for each in rules.references:
            value = _new_value(work, each.name)
            if value is not None and value != transaction.user.id:
                references.append((work.number, each, str(value)))
        if work.row is not None and work.prior is None:
            work.id = work.row["Id"] = transaction.engine.store.next_id(info)
    faults = reference_faults(transaction.connection, transaction.catalog, references)
    if transaction.is_users and not transaction.user.is_admin:
        asked = {work.number: work.incoming.values for work in works}
        given = [each for each in references if each[0] not in faults and each[1].name in asked[each[0]]]
        faults |= closed_parents(transaction, given)
    for each in rules.unique:
        if key is not None and each.name == key.name and _have_their_keys(works, key.name):
            continue
        values = [
            (work.number, work.id, value)
            for work in works
            if work.number not in faults and (value := _new_value(work, each.name)) is not None
        ]
        if values:
            faults |= duplicate_faults(transaction.connection, info, each, values)
    for work in works:
        work.error = faults.get(work.number)


def _new_value(work: _Work, name: str) -> Stored:
    """What a field holds after the save and did not hold before."""
    value = work.row[name] if work.row is not None else None
    return value if value is not None and (work.prior is None or work.prior[name] != value) else None


def _have_their_keys(works: list[_Work], name: str) -> bool:
    """Whether each row of an upsert has the key it was looked up by: nobody else has it then."""
    return all(work.row is not None and work.row[name] == work.incoming.key for work in works)


def _write(transaction: Transaction, info: ObjectInfo, works: list[_Work]) -> None:
    new = [work.row for work in works if work.is_new and work.row is not None]
    for row in new:
        automatic_values(transaction.engine.store, info, row, transaction.now)
    if new:
        # Columns that no row fills are left out: SQLite takes twice as long to be told that they are empty.
        names = [each.name for each in info.stored if any(row[each.name] is not None for row in new)]
        marks = ",".join("?" * len(names))
        sql = f"INSERT INTO {quoted(info.name)} ({','.join(map(quoted, names))}) VALUES ({marks})"  # noqa: S608
        transaction.connection.executemany(sql, [[row[name] for name in names] for row in new])
    transaction.forget()
    alike: dict[tuple[str, ...], list[Row]] = {}
    for work in works:
        if work.prior is not None and work.row is not None:
            alike.setdefault(tuple(work.changed), []).append(work.row)
    for changed, rows in alike.items():
        if changed:
            sets = ", ".join(f"{quoted(name)} = ?" for name in changed)
            sql = f"UPDATE {quoted(info.name)} SET {sets} WHERE Id = ?"  # noqa: S608
            transaction.connection.executemany(sql, [[*(row[name] for name in changed), row["Id"]] for row in rows])


def _run_after_save(transaction: Transaction, info: ObjectInfo, works: list[_Work]) -> bool:
    automation = transaction.engine.automation
    refused = False
    for work in works:
        if work.row is None or not automation.has_after_save(info, work.is_new):
            continue
        try:
            automation.after_save(info, work.row, work.prior, transaction)
        except RowError as error:
            work.error = error
            refused = True
    return refused
