"""An org of pools, people and memberships in memory, filled anew for each example."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from integration.local.fidelity.soql.evaluator import NOW, Row
from integration.local.org.catalog import ObjectInfo, build
from integration.local.org.soql import QueryResult, run
from integration.metadata.schema import Field, ObjectType, Schema

TABLES = ("Member__c", "Pool__c", "Person__c", "Task")


@dataclass(frozen=True)
class Asker:
    """A user who may read everything."""

    id: str = "005000000000001AAA"
    time_zone: str = "UTC"
    locale: str = "en_US"

    def can_query(self, object_name: str) -> bool:
        return True

    def can_read(self, object_name: str, field_name: str) -> bool:
        return True

    def sees(self, info: ObjectInfo, table: str, bind: object) -> str:
        return ""


def _object(name: str, *fields: Field) -> ObjectType:
    return ObjectType(
        name, name, name, "", "Name", "Text", "", "ReadWrite", False, False, False,
        {each.name: each for each in fields}, (),
    )  # fmt: skip


def _schema() -> Schema:
    objects = (
        _object("Pool__c", Field("Private__c", "", "Checkbox"), Field("Size__c", "", "Number", precision=18)),
        _object(
            "Person__c",
            Field("Rating__c", "", "Number", precision=5, scale=2),
            Field("Topics__c", "", "MultiselectPicklist"),
            Field("Do_Not_Contact__c", "", "Checkbox"),
            Field("Due_On__c", "", "Date"),
            Field("Seen_At__c", "", "DateTime"),
            Field("Geo__c", "", "Location"),
        ),
        _object(
            "Member__c",
            Field("Pool__c", "", "Lookup", reference_to="Pool__c", relationship_name="Members"),
            Field("Person__c", "", "MasterDetail", reference_to="Person__c", relationship_name="Memberships"),
            Field("State__c", "", "Text", length=20),
        ),
    )
    return Schema({each.name: each for each in objects})


@dataclass
class World:
    """What an example put in: every record as a row, by object."""

    pools: list[Row]
    people: list[Row]
    members: list[Row]


class SmallOrg:
    """Rows in, records out."""

    def __init__(self) -> None:
        self._catalog = build(_schema())
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        for info in self._catalog.objects.values():
            columns = ", ".join(f'"{each.name}" {each.column_type}' for each in info.stored)
            self._connection.execute(f'CREATE TABLE "{info.name}" ({columns})')
        self._made = 0

    def query(self, text: str, zone: str = "UTC") -> QueryResult:
        return run(self._connection, self._catalog, text, user=Asker(time_zone=zone), now=NOW)

    def fill(self, people: Sequence[Row], pools: Sequence[Row], links: Iterable[tuple[int, int | None, Any]]) -> World:
        """Links are (person, pool or none, state), the first two by their places."""
        for table in TABLES:
            self._connection.execute(f'DELETE FROM "{table}"')
        made_people = [self.add("Person__c", each) for each in people]
        made_pools = [self.add("Pool__c", each) for each in pools]
        members = []
        for person, pool, state in links:
            parent, other = made_people[person % len(made_people)], made_pools[pool] if pool is not None else {}
            own = {"Person__c": parent["Id"], "Pool__c": other.get("Id"), "State__c": state}
            row = self.add("Member__c", own)
            row |= {f"Person__r.{name}": value for name, value in parent.items()}
            row |= {f"Pool__r.{name}": other.get(name) for name in ("Id", "Name", "Private__c", "Size__c")}
            members.append(row)
        return World(made_pools, made_people, members)

    def add(self, object_name: str, values: Row) -> Row:
        """Stores a record and returns it with its id."""
        info = self._catalog.objects[object_name]
        self._made += 1
        row: Row = {each.name: 0 for each in info.stored if each.type == "Checkbox"}
        row |= {"Id": f"{info.prefix}{self._made:012}AAA", **{name: _stored(value) for name, value in values.items()}}
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" for _ in row)
        self._connection.execute(f'INSERT INTO "{object_name}" ({names}) VALUES ({marks})', tuple(row.values()))
        return {"Id": row["Id"], **values}


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value.isoformat() if isinstance(value, date) else value
