"""What the org knows of each object and field, standard and custom; read by storage, DML, SOQL and formulas."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from integration.metadata.schema import Field, ObjectType, PicklistValue, Schema, ValidationRule

if TYPE_CHECKING:
    from integration.local.org.security import Security

TEXT_TYPES = frozenset(
    {
        "AutoNumber",
        "Combobox",
        "Email",
        "Html",
        "LongTextArea",
        "MultiselectPicklist",
        "Phone",
        "Picklist",
        "Text",
        "TextArea",
        "Url",
    }
)
NUMBER_TYPES = frozenset({"Number", "Currency", "Percent", "Integer"})
REFERENCE_TYPES = frozenset({"Lookup", "MasterDetail"})
LONG_TYPES = frozenset({"Html", "LongTextArea", "Base64"})
"""Types that cannot be filtered, sorted or grouped by."""

_SEARCHABLE = frozenset(
    {"Account", "Campaign", "Case", "Contact", "ContentVersion", "Event", "Lead", "Note", "Opportunity", "Task", "User"}
)
"""Standard objects that a text search finds; custom ones say so themselves."""

COMPOUND_TYPES = frozenset({"Location", "Address"})
"""Types whose value is put together of the fields that name them as their `compound`."""

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class FieldInfo:
    """One field. `type` is a word of metadata.schema.FieldType, or Address, Base64, Combobox, Id or Integer."""

    name: str
    label: str
    type: str
    length: int = 0
    precision: int = 0
    scale: int = 0
    required: bool = False
    unique: bool = False
    case_sensitive: bool = False
    external_id: bool = False
    restricted: bool = False
    picklist: tuple[PicklistValue, ...] = ()
    default: str = ""
    """A formula, evaluated when a new row leaves the field out."""
    formula: str = ""
    """Not empty: computed, never stored; `type` is that of the result."""
    blanks_as_zero: bool = True
    display_format: str = ""
    reference_to: tuple[str, ...] = ()
    """Objects a reference may point at; empty on a reference: any object."""
    relationship_name: str = ""
    """How a query walks from here to the parent: `Pool__r`, `Owner`."""
    child_relationship: str = ""
    """How a parent names these children in a subquery: `Members__r`; empty: cannot."""
    delete_constraint: str = ""
    needs_master_read: bool = False
    """Of a master-detail: whether reading the master is enough to write its details."""
    createable: bool = True
    updateable: bool = True
    custom: bool = False
    help: str = ""
    compound: str = ""
    """For a part of a geolocation, an address or a name: the field it belongs to (`Geo__c` of `Geo__Latitude__s`)."""
    traits: frozenset[str] = frozenset()
    """What the type does not tell of a standard field: `key` (upserts may match by it), `filled` (never null),
    `fixed` or `secured` (against or for field-level security), `defaulted`, `prefiltered`, `sortable`, `unsortable`,
    `unfilterable`, `ungroupable`, `aggregatable`, `unaggregatable`, `kind X` (describe's extraTypeInfo), `bytes N`."""

    @property
    def is_stored(self) -> bool:
        """Whether the object's table has a column of this name."""
        return not self.formula and self.type not in COMPOUND_TYPES

    @property
    def is_key(self) -> bool:
        """Whether upserts and references may name a record by this field."""
        return self.external_id or self.name == "Id" or "key" in self.traits

    @property
    def is_reference(self) -> bool:
        return self.type in REFERENCE_TYPES

    @property
    def column_type(self) -> str:
        """The SQLite declaration of the column."""
        if self.type == "Checkbox":
            return "INTEGER NOT NULL DEFAULT 0"
        if self.type in NUMBER_TYPES:
            return "INTEGER" if self.type == "Integer" else "REAL"
        if self.type in TEXT_TYPES and not self.case_sensitive:
            return "TEXT COLLATE NOCASE"
        return "TEXT"


@dataclass(frozen=True)
class ChildRelationship:
    """A reference seen from the parent: `object`.`field` points here and is called `name` (empty: unnamed)."""

    object: str
    field: str
    name: str
    cascade: bool
    constraint: str


@dataclass(frozen=True, eq=False)
class ObjectInfo:
    """One object or platform event; `name` is also the name of its table."""

    name: str
    label: str
    plural: str
    prefix: str
    fields: Mapping[str, FieldInfo]
    custom: bool = True
    is_event: bool = False
    name_field: str = "Name"
    name_format: str = ""
    rules: tuple[ValidationRule, ...] = ()
    children: tuple[ChildRelationship, ...] = ()
    createable: bool = True
    updateable: bool = True
    deletable: bool = True
    searchable: bool = False
    """Whether a text search may name it."""
    owned: bool = True
    """Standard objects: whether records have an owner."""
    binned: bool = True
    """Standard objects: whether deleted records can be seen."""
    hidden: tuple[FieldInfo, ...] = ()
    """Columns that no request can name."""

    @cached_property
    def _lower(self) -> dict[str, FieldInfo]:
        return {name.lower(): info for name, info in self.fields.items()}

    @cached_property
    def _relationships(self) -> dict[str, FieldInfo]:
        return {info.relationship_name.lower(): info for info in self.fields.values() if info.relationship_name}

    @cached_property
    def _children(self) -> dict[str, ChildRelationship]:
        return {child.name.lower(): child for child in self.children if child.name}

    def field(self, name: str) -> FieldInfo | None:
        """The field of that name in any case."""
        return self.fields.get(name) or self._lower.get(name.lower())

    def relationship(self, name: str) -> FieldInfo | None:
        """The reference field that a path such as `Pool__r` or `Owner` walks through."""
        return self._relationships.get(name.lower())

    def child(self, name: str) -> ChildRelationship | None:
        """The child relationship of that name in any case."""
        return self._children.get(name.lower())

    @cached_property
    def stored(self) -> tuple[FieldInfo, ...]:
        """The fields that are columns, in order; the first is Id."""
        return (*(info for info in self.fields.values() if info.is_stored), *self.hidden)

    @cached_property
    def name_parts(self) -> tuple[str, ...]:
        """The fields that a person's name is put together of; others: none."""
        return tuple(info.name for info in self.fields.values() if info.compound == "Name")

    def parts(self, compound: str) -> tuple[FieldInfo, ...]:
        """The fields that make up an address or a geolocation."""
        return tuple(info for info in self.fields.values() if info.compound == compound)

    @cached_property
    def numbered(self) -> tuple[FieldInfo, ...]:
        """The fields that are numbered automatically."""
        return tuple(info for info in self.stored if info.type == "AutoNumber")


@dataclass(frozen=True, eq=False)
class Catalog:
    """Every object of the org, found by name in any case or by the first three characters of an id."""

    objects: Mapping[str, ObjectInfo]
    schema: Schema = field(default_factory=Schema)

    @cached_property
    def _lower(self) -> dict[str, ObjectInfo]:
        return {name.lower(): info for name, info in self.objects.items()}

    @cached_property
    def _prefixes(self) -> dict[str, ObjectInfo]:
        return {info.prefix: info for info in self.objects.values() if info.prefix}

    @cached_property
    def security(self) -> "Security":
        """Who may do what; compiled from this catalog and gone with it."""
        from integration.local.org.security import Security

        return Security(self)

    def object(self, name: str) -> ObjectInfo | None:
        return self.objects.get(name) or self._lower.get(name.lower())

    def by_id(self, record_id: str) -> ObjectInfo | None:
        """The object that an id belongs to."""
        return self._prefixes.get(record_id[:3])

    @cached_property
    def prefixes(self) -> dict[str, str]:
        return {info.name: info.prefix for info in self.objects.values()}


def build(schema: Schema, known_prefixes: Mapping[str, str] | None = None) -> Catalog:
    """The catalog of the metadata and the standard objects. Prefixes once given to an object are kept."""
    from integration.local.org.standard.objects import standard_objects

    prefixes = _assign_prefixes(schema.objects.values(), known_prefixes or {})
    objects = {name: replace(info, searchable=name in _SEARCHABLE) for name, info in standard_objects().items()}
    for object_type in schema.objects.values():
        objects[object_type.name] = _custom_object(object_type, prefixes[object_type.name])
    return Catalog(_with_children(objects), schema)


def _assign_prefixes(objects: Iterable[ObjectType], known: Mapping[str, str]) -> dict[str, str]:
    result: dict[str, str] = {}
    taken = set(known.values())
    for first, of_events in (("a", False), ("e", True)):
        free = (first + high + low for high in _BASE62 for low in _BASE62)
        for name in sorted(each.name for each in objects if each.is_event is of_events):
            result[name] = known.get(name) or next(prefix for prefix in free if prefix not in taken)
    return result


def _custom_object(source: ObjectType, prefix: str) -> ObjectInfo:
    from integration.local.org.standard.objects import event_fields, system_fields

    custom = [converted for each in source.fields.values() for converted in custom_fields(each)]
    if source.is_event:
        fields = {info.name: info for info in (*event_fields(), *custom)}
        return ObjectInfo(source.name, source.label, source.plural, prefix, fields, is_event=True, deletable=False)
    has_parent = any(info.type == "MasterDetail" for info in custom)
    name = FieldInfo(
        "Name",
        source.name_label or "Name",
        source.name_type,
        length=80,
        display_format=source.name_format,
        createable=source.name_type == "Text",
        updateable=source.name_type == "Text",
    )
    fields = {info.name: info for info in (*system_fields(name, owned=not has_parent), *custom)}
    return ObjectInfo(
        source.name,
        source.label,
        source.plural,
        prefix,
        fields,
        name_format=source.name_format,
        rules=tuple(rule for rule in source.rules if rule.active),
        searchable=source.searchable,
    )


_LENGTHS = {"Email": 80, "Phone": 40, "Url": 255, "TextArea": 255, "Picklist": 255, "AutoNumber": 30}


def custom_fields(source: Field) -> list[FieldInfo]:
    """A custom field as the org sees it; a geolocation brings its two parts along."""
    is_reference = source.type in REFERENCE_TYPES
    writable = not source.formula and source.type != "AutoNumber"
    info = FieldInfo(
        source.name,
        source.label,
        source.type,
        length=source.length or (18 if is_reference else _LENGTHS.get(source.type, 0)),
        precision=source.precision,
        scale=source.scale,
        required=(source.required and writable) or source.type == "MasterDetail",
        unique=source.unique,
        case_sensitive=source.case_sensitive,
        external_id=source.external_id,
        restricted=source.restricted,
        picklist=source.picklist,
        default=source.default or next((f'"{value.name}"' for value in source.picklist if value.default), ""),
        formula=source.formula,
        blanks_as_zero=source.blanks_as_zero,
        display_format=source.display_format,
        reference_to=(source.reference_to,) if is_reference else (),
        relationship_name=source.name.removesuffix("__c") + "__r" if is_reference else "",
        child_relationship=source.relationship_name + "__r" if is_reference and source.relationship_name else "",
        needs_master_read=source.needs_master_read,
        delete_constraint=source.delete_constraint or ("SetNull" if source.type == "Lookup" else ""),
        createable=writable and source.type != "Location",
        updateable=writable and source.type != "Location" and (source.type != "MasterDetail" or source.reparentable),
        custom=True,
        help=source.help,
    )
    if source.type != "Location":
        return [info]
    stem = source.name.removesuffix("__c")
    return [
        info,
        *(
            FieldInfo(
                f"{stem}__{part}__s",
                f"{source.label} ({part})",
                "Number",
                precision=18,
                scale=15,
                custom=True,
                compound=source.name,
            )
            for part in ("Latitude", "Longitude")
        ),
    ]


def _with_children(objects: Mapping[str, ObjectInfo]) -> dict[str, ObjectInfo]:
    children: dict[str, list[ChildRelationship]] = {name: [] for name in objects}
    for info in objects.values():
        for each in info.fields.values():
            if not each.is_reference or info.is_event:
                continue
            cascade = each.type == "MasterDetail" or each.delete_constraint == "Cascade"
            child = ChildRelationship(info.name, each.name, each.child_relationship, cascade, each.delete_constraint)
            for parent in each.reference_to:
                if parent in children:
                    children[parent].append(child)
    return {name: replace(info, children=tuple(children[name])) for name, info in objects.items()}
