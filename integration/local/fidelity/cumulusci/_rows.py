"""Rows as CumulusCI keeps them in its databases, made comparable: by keys of the data instead of its own numbers."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

Row = dict[str, object]


@dataclass(frozen=True)
class Table:
    """A table of people.mapping.yml: what tells its rows apart, and which columns hold what."""

    name: str
    keys: tuple[str, ...]
    parents: dict[str, "Table"] = field(default_factory=dict)
    """By column."""
    flags: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()


POOLS = Table("Talent_Pool__c", ("Name",), flags=("Private__c",))
CANDIDATES = Table(
    "Candidate__c",
    ("Candidate_Key__c",),
    flags=("Do_Not_Contact__c",),
    numbers=("Rating__c",),
    moments=("Collected_At__c",),
)
POINTS = Table("Contact_Point__c", ("Key__c",), parents={"Candidate__c": CANDIDATES}, flags=("Primary__c",))
MEMBERSHIPS = Table(
    "Pool_Membership__c", ("Candidate__c", "Pool__c"), parents={"Candidate__c": CANDIDATES, "Pool__c": POOLS}
)
ACCOUNTS = Table("Account", ("Name",), numbers=("AnnualRevenue", "NumberOfEmployees"))
CONTACTS = Table("Contact", ("Email",), parents={"AccountId": ACCOUNTS})
TABLES = (POOLS, CANDIDATES, POINTS, MEMBERSHIPS, ACCOUNTS, CONTACTS)


def rows(database: Path, table: Table) -> dict[str, Row]:
    """Every row by its key, with the parents' keys instead of their numbers."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        parents = {name: _keys(connection, parent) for name, parent in table.parents.items()}
        found = [_comparable(table, row, parents) for row in _all(connection, table.name)]
    return {"|".join(str(row[name]) for name in table.keys): row for row in found}


def _all(connection: sqlite3.Connection, name: str) -> list[Row]:
    cursor = connection.execute(f'SELECT * FROM "{name}"')
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def _keys(connection: sqlite3.Connection, table: Table) -> dict[str, str]:
    """The key of each row by its number."""
    return {str(row["id"]): str(row[table.keys[0]]) for row in _all(connection, table.name)}


def _comparable(table: Table, row: Row, parents: dict[str, dict[str, str]]) -> Row:
    made: Row = {}
    for name, value in row.items():
        if name == "id":
            continue
        made[name] = None if value in (None, "") else _value(table, name, str(value), parents)
    return made


def _value(table: Table, name: str, text: str, parents: dict[str, dict[str, str]]) -> object:
    if name in parents:
        return parents[name].get(text, f"nothing has the number {text}")
    if name in table.flags:
        return text.lower() in ("1", "true")
    if name in table.numbers:
        return float(text)
    if name in table.moments:
        return datetime.fromisoformat(text)
    return text
