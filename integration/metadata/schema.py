"""The objects, fields, rules and flows of sf_metadata/ as values, shared by the check and the embedded org."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element

FieldType = Literal[
    "AutoNumber", "Checkbox", "Currency", "Date", "DateTime", "Email", "Html", "Location", "Lookup", "LongTextArea",
    "MasterDetail", "MultiselectPicklist", "Number", "Percent", "Phone", "Picklist", "Text", "TextArea", "Time", "Url",
]  # fmt: skip

DeleteConstraint = Literal["", "SetNull", "Restrict", "Cascade"]


@dataclass(frozen=True)
class PicklistValue:
    name: str
    label: str
    default: bool = False


@dataclass(frozen=True)
class Field:
    """One custom field. A formula field has `formula` and the type of its result."""

    name: str
    label: str
    type: FieldType
    description: str = ""
    help: str = ""
    required: bool = False
    unique: bool = False
    case_sensitive: bool = False
    external_id: bool = False
    length: int = 0
    precision: int = 0
    scale: int = 0
    visible_lines: int = 0
    default: str = ""
    """A formula (`false`, `TODAY()`, `"EUR"`)."""
    formula: str = ""
    blanks_as_zero: bool = True
    picklist: tuple[PicklistValue, ...] = ()
    restricted: bool = False
    reference_to: str = ""
    relationship_name: str = ""
    relationship_label: str = ""
    delete_constraint: DeleteConstraint = ""
    reparentable: bool = False
    """Of a master-detail: whether an existing detail may be given to another master, and named in an upsert at all."""
    needs_master_read: bool = False
    """Of a master-detail: whether reading the master is enough to write its details."""
    display_format: str = ""
    security_classification: str = ""
    source: Path | None = None
    line: int = 1
    """Where its formula or default stands."""


@dataclass(frozen=True)
class ValidationRule:
    name: str
    condition: str
    message: str
    display_field: str = ""
    active: bool = True
    source: Path | None = None
    line: int = 1
    """Where its condition stands."""


@dataclass(frozen=True)
class ObjectType:
    """One custom object or platform event."""

    name: str
    label: str
    plural: str
    description: str
    name_label: str
    name_type: Literal["Text", "AutoNumber"]
    name_format: str
    sharing: str
    is_event: bool
    history: bool
    activities: bool
    fields: Mapping[str, Field]
    rules: tuple[ValidationRule, ...]
    searchable: bool = False
    source: Path | None = None


@dataclass(frozen=True)
class Flow:
    """A flow's XML with what starts it; its elements are read by the embedded org's interpreter."""

    name: str
    label: str
    active: bool
    object: str
    """The start object, or empty."""
    trigger: str
    """RecordBeforeSave, RecordAfterSave or empty."""
    record_trigger: str
    """Create, Update, CreateAndUpdate, Delete or empty."""
    xml: Element
    """The root element, namespaces removed."""
    source: Path | None = None


@dataclass(frozen=True)
class FieldAccess:
    readable: bool
    editable: bool


@dataclass(frozen=True)
class ObjectAccess:
    create: bool
    read: bool
    edit: bool
    delete: bool
    view_all: bool
    modify_all: bool


@dataclass(frozen=True)
class PermissionSet:
    name: str
    label: str
    objects: Mapping[str, ObjectAccess]
    fields: Mapping[str, FieldAccess]
    """`Object__c.Field__c` -> access."""
    custom_permissions: frozenset[str]
    user_permissions: frozenset[str]


@dataclass(frozen=True)
class Criterion:
    """One comparison of a criteria-based sharing rule, in the metadata's own words."""

    field: str
    operation: str
    value: str


@dataclass(frozen=True)
class SharingRule:
    """Opens records of one object beyond its organisation-wide default."""

    object: str
    name: str
    kind: str
    """criteria, owner, guest or territory."""
    access: str
    """Read or Edit."""
    shared_to: tuple[str, ...]
    """Elements below sharedTo: allInternalUsers, role …"""
    criteria: tuple[Criterion, ...] = ()
    boolean_filter: str = ""
    owned_by_all: bool = True
    source: Path | None = None
    line: int = 1


@dataclass(frozen=True)
class Schema:
    objects: Mapping[str, ObjectType] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    permission_sets: Mapping[str, PermissionSet] = field(default_factory=dict)
    custom_permissions: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    """The source folder it was read from."""
    sharing_rules: tuple[SharingRule, ...] = ()
