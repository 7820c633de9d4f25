"""A small org in memory: pools, candidates, memberships."""

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from integration.local.org.catalog import Catalog, ObjectInfo, build
from integration.local.org.soql import QueryResult, run
from integration.metadata.schema import Field, ObjectType, PicklistValue, Schema

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asker:
    id: str = "005000000000001AAA"
    time_zone: str = "Europe/Dublin"
    locale: str = "en_US"
    hidden: frozenset[str] = frozenset()

    def can_query(self, object_name: str) -> bool:
        return True

    def sees(self, info: ObjectInfo, table: str, bind: object) -> str:
        return ""

    def can_read(self, object_name: str, field_name: str) -> bool:
        return f"{object_name}.{field_name}" not in self.hidden


def object_type(name: str, *fields: Field, name_type: str = "Text") -> ObjectType:
    return ObjectType(
        name, name, name, "", "Name", name_type, "", "ReadWrite", False, False, False,
        {field.name: field for field in fields}, (),
    )  # fmt: skip


def schema() -> Schema:
    stages = tuple(PicklistValue(value, f"{value}!") for value in ("New", "Contacted", "Interested"))
    objects = (
        object_type(
            "Pool__c",
            Field("Private__c", "Private", "Checkbox"),
            Field("Rule__c", "Rule", "LongTextArea", length=32000),
            Field("Member_Count__c", "Members", "Number", precision=18),
            Field("Score__c", "Score", "Number", formula="BLANKVALUE(Member_Count__c, 0) * 2"),
        ),
        object_type(
            "Person__c",
            Field("Email__c", "E-mail", "Email"),
            Field("Key__c", "Key", "Text", length=80, unique=True, external_id=True),
            Field("Code__c", "Code", "Text", length=80, unique=True, case_sensitive=True),
            Field("Rating__c", "Rating", "Number", precision=5, scale=2),
            Field("Stage__c", "Stage", "Picklist", picklist=stages),
            Field("Topics__c", "Topics", "MultiselectPicklist"),
            Field("Do_Not_Contact__c", "Do not contact", "Checkbox"),
            Field("Due_On__c", "Due", "Date"),
            Field("Seen_At__c", "Seen", "DateTime"),
            Field("Window__c", "Window", "Time"),
            Field("Bio__c", "Bio", "Html", length=32000),
            Field("Geo__c", "Place", "Location"),
            Field("Home__c", "Home", "Location"),
            Field("Pay__c", "Pay", "Currency", precision=18, scale=2),
            Field("Share__c", "Share", "Percent", precision=5, scale=1),
            Field("foo1", "Odd name", "Text", length=10),
            Field("Label__c", "Label", "Text", formula='Name & " (" & TEXT(Stage__c) & ")"'),
        ),
        object_type(
            "Member__c",
            Field("Pool__c", "Pool", "Lookup", reference_to="Pool__c", relationship_name="Members"),
            Field("Person__c", "Person", "MasterDetail", reference_to="Person__c", relationship_name="Memberships"),
            Field("Open__c", "Open", "Checkbox", formula="NOT(Pool__r.Private__c)"),
            Field("State__c", "State", "Text", length=20),
            name_type="AutoNumber",
        ),
    )
    return Schema({each.name: each for each in objects})


def create_tables(connection: sqlite3.Connection, catalog: Catalog) -> None:
    for info in catalog.objects.values():
        columns = ", ".join(f'"{each.name}" {each.column_type}' for each in info.stored)
        connection.execute(f'CREATE TABLE "{info.name}" ({columns})')


class Org:
    """Rows in, records out."""

    def __init__(self) -> None:
        self.catalog = build(schema())
        self.connection = sqlite3.connect(":memory:")
        create_tables(self.connection, self.catalog)
        self.asker = Asker()
        self._made = 0

    def add(self, object_name: str, **values: object) -> str:
        info = self.catalog.object(object_name)
        assert isinstance(info, ObjectInfo)
        self._made += 1
        row: dict[str, object] = {"Id": f"{info.prefix}{self._made:012}AAA", "CreatedDate": "2026-11-23T00:50:51.000Z"}
        row |= {each.name: 0 for each in info.stored if each.type == "Checkbox"}
        row |= values
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" for _ in row)
        self.connection.execute(f'INSERT INTO "{object_name}" ({names}) VALUES ({marks})', tuple(row.values()))
        return str(row["Id"])

    def query(self, text: str, **options: object) -> QueryResult:
        options = {"user": self.asker, "now": NOW} | options
        return run(self.connection, self.catalog, text, **options)  # type: ignore[arg-type]

    def names(self, where: str) -> list[str]:
        return sorted(str(record["Name"]) for record in self.query(f"SELECT Name FROM Person__c WHERE {where}"))


@pytest.fixture
def small_org() -> Org:
    return Org()
