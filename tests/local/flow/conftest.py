"""Flows written as short XML, run against rows in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from integration.local.org.catalog import Catalog, build
from integration.local.org.errors import RowError
from integration.local.org.flow import FlowRunner
from integration.local.org.formula import Context
from integration.metadata.schema import Field, Flow, ObjectType, PicklistValue, Schema

CONTEXT = Context(
    user_id="005000000000001AAA",
    organization_id="00D000000000001EAA",
    now=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    permissions=frozenset(),
)


def object_type(name: str, *fields: Field, is_event: bool = False) -> ObjectType:
    return ObjectType(
        name, name, name, "", "Name", "Text", "", "ReadWrite", is_event, False, False,
        {each.name: each for each in fields}, (),
    )  # fmt: skip


def flow(name: str, body: str, *, trigger: str = "RecordBeforeSave", on: str = "CreateAndUpdate", start: str = "",
         target: str = "First", object_name: str = "Thing__c") -> Flow:  # fmt: skip
    """A flow whose start leads to the element called First."""
    xml = ElementTree.fromstring(
        f"""<Flow><label>{name} label</label><status>Active</status>{body}
        <start><connector><targetReference>{target}</targetReference></connector>{start}
        <object>{object_name}</object><recordTriggerType>{on}</recordTriggerType><triggerType>{trigger}</triggerType>
        </start></Flow>"""
    )
    return Flow(name, f"{name} label", True, object_name, trigger, on, xml)


def catalog(*flows: Flow) -> Catalog:
    stages = tuple(PicklistValue(value, value) for value in ("New", "Done"))
    objects = (
        object_type(
            "Thing__c",
            Field("Text__c", "Text", "Text", length=80),
            Field("Count__c", "Count", "Number", precision=18),
            Field("Flag__c", "Flag", "Checkbox"),
            Field("Stage__c", "Stage", "Picklist", picklist=stages),
            Field("Day__c", "Day", "Date"),
            Field("Computed__c", "Computed", "Text", formula='Text__c & "!"'),
            Field("Parent__c", "Parent", "Lookup", reference_to="Parent__c", relationship_name="Things"),
        ),
        object_type("Parent__c", Field("Size__c", "Size", "Number"), Field("Key__c", "Key", "Text", length=80)),
        object_type("Thing__e", Field("Text__c", "Text", "Text", length=80), is_event=True),
    )
    return build(Schema({each.name: each for each in objects}, {each.name: each for each in flows}))


@dataclass
class Recorder:
    """Keeps what flows write; refuses objects on demand."""

    created: list = field(default_factory=list)
    updated: list = field(default_factory=list)
    published: list = field(default_factory=list)
    looked_up: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    refuse: str = ""

    def _check(self, name):
        if name == self.refuse:
            raise RowError("REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", ["Name"])

    def create(self, object_name, values):
        self._check(object_name)
        self.created.append((object_name, dict(values)))
        return f"new-{len(self.created)}"

    def update(self, object_name, record_id, values):
        self._check(object_name)
        self.updated.append((object_name, record_id, dict(values)))

    def find(self, object_name, matches, *, order_by, descending, limit):
        self.looked_up.append((object_name, list(matches), order_by, descending, limit))
        return self.rows[:limit]

    def publish(self, event_name, values):
        self._check(event_name)
        self.published.append((event_name, dict(values)))
        return "event-1"


@pytest.fixture
def dml() -> Recorder:
    return Recorder()


def before(*flows, record, prior=None, context=CONTEXT):
    """The record after the before-save flows."""
    FlowRunner(catalog(*flows)).before_save("Thing__c", record, prior, context)
    return record


def after(*flows, dml, record, prior=None, context=CONTEXT):
    """Runs the after-save flows."""
    FlowRunner(catalog(*flows)).after_save("Thing__c", record, prior, context, dml)
