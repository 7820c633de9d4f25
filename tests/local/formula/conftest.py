"""One object with a field of every type, and its parent."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from integration.local.org.catalog import Catalog, build
from integration.local.org.formula import Context, Formulas, Frame
from integration.metadata.schema import Field, ObjectType, PicklistValue, Schema

CONTEXT = Context(
    user_id="005000000000001AAA",
    organization_id="00D000000000001",
    now=datetime(2026, 11, 23, 23, 30, 15, tzinfo=UTC),
    permissions=frozenset({"Service"}),
    time_zone="Europe/Berlin",
)


def object_type(name: str, *fields: Field) -> ObjectType:
    return ObjectType(
        name, name, name, "", "Name", "Text", "", "ReadWrite", False, False, False,
        {each.name: each for each in fields}, (),
    )  # fmt: skip


def catalog(*more: Field) -> Catalog:
    stages = tuple(PicklistValue(value, value) for value in ("New", "Done"))
    pool = object_type("Pool__c", Field("Private__c", "Private", "Checkbox"), Field("Size__c", "Size", "Number"))
    thing = object_type(
        "Thing__c",
        Field("Text__c", "Text", "Text", length=80),
        Field("Other__c", "Other", "Text", length=80),
        Field("Number__c", "Number", "Number", precision=18, scale=2),
        Field("Count__c", "Count", "Number", precision=18),
        Field("Share__c", "Share", "Percent", precision=5, scale=2),
        Field("Flag__c", "Flag", "Checkbox"),
        Field("Stage__c", "Stage", "Picklist", picklist=stages),
        Field("Topics__c", "Topics", "MultiselectPicklist"),
        Field("Day__c", "Day", "Date"),
        Field("Until__c", "Until", "Date"),
        Field("At__c", "At", "DateTime"),
        Field("Time__c", "Time", "Time"),
        Field("Geo__c", "Place", "Location"),
        Field("Pool__c", "Pool", "Lookup", reference_to="Pool__c", relationship_name="Things"),
        *more,
    )
    schema = Schema(
        {"Pool__c": pool, "Thing__c": thing},
        custom_permissions=frozenset({"Service", "Other"}),
        labels={"Hello": "Hello there"},
    )
    return build(schema)


class Bench:
    """Evaluates formulas on a row of Thing__c."""

    def __init__(self) -> None:
        self.catalog = catalog()
        self.formulas = Formulas(self.catalog)
        self.rows: dict[str, dict[str, object]] = {}
        self.context = replace(CONTEXT, load=lambda object_name, record_id: self.rows.get(record_id))

    def __call__(self, text: str, prior: dict[str, object] | None = None, **record: object) -> object:
        compiled = self.formulas.compile(text, self.catalog.objects["Thing__c"])
        return compiled.value(Frame(record, prior, self.context))


@pytest.fixture
def evaluate() -> Bench:
    return Bench()
