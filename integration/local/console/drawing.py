"""What the pages are drawn from: the app's tabs, list views, page layouts and related lists of sf_metadata/."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from integration.metadata.read import read
from integration.metadata.schema import Field, ObjectType, Schema
from integration.metadata.xml import root, text

_STANDARD = {
    "NAME": "Name",
    "Name": "Name",
    "OWNER.ALIAS": "Owner.Name",
    "OwnerId": "Owner.Name",
    "CREATED_DATE": "CreatedDate",
    "CREATEDBY_USER": "CreatedBy.Name",
    "LAST_UPDATE": "LastModifiedDate",
    "CreatedById": "CreatedBy.Name",
    "LastModifiedById": "LastModifiedBy.Name",
}
_LABELS = {"Name": "Name", "Owner.Name": "Owner", "CreatedDate": "Created", "CreatedBy.Name": "Created by",
           "LastModifiedDate": "Changed", "LastModifiedBy.Name": "Changed by"}  # fmt: skip
_OPERATORS = {
    "equals": "=",
    "notEqual": "!=",
    "lessThan": "<",
    "greaterThan": ">",
    "lessOrEqual": "<=",
    "greaterOrEqual": ">=",
}


@dataclass(frozen=True)
class ListView:
    name: str
    label: str
    columns: tuple[str, ...]
    where: str
    """A SOQL condition, or empty."""


@dataclass(frozen=True)
class Item:
    field: str
    is_editable: bool
    is_required: bool


@dataclass(frozen=True)
class Section:
    label: str
    columns: tuple[tuple[Item, ...], ...]


@dataclass(frozen=True)
class RelatedList:
    label: str
    object: str
    lookup: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """Everything the console shows, read once."""

    schema: Schema
    tabs: tuple[str, ...]
    """Object names in the order of the app."""
    views: Mapping[str, tuple[ListView, ...]]
    sections: Mapping[str, tuple[Section, ...]]
    related: Mapping[str, tuple[RelatedList, ...]]

    def object(self, name: str) -> ObjectType | None:
        found = self.schema.objects.get(name)
        return None if found is None or found.is_event else found

    def field(self, object_name: str, name: str) -> Field | None:
        return self.schema.objects[object_name].fields.get(name)

    def label(self, object_name: str, path: str) -> str:
        """What stands above a column or beside a value."""
        field = self.field(object_name, path)
        return field.label if field else _LABELS.get(path, path)

    def selected(self, object_name: str, paths: tuple[str, ...]) -> list[str]:
        """The fields to ask for; a lookup comes with its parent's name."""
        found: dict[str, None] = {"Id": None}
        for path in paths:
            found[path] = None
            field = self.field(object_name, path)
            if field is not None and field.reference_to:
                found[name_path(path)] = None
        return list(found)


def name_path(lookup: str) -> str:
    return f"{lookup.removesuffix('__c')}__r.Name"


def draw(folder: Path) -> Drawing:
    """Reads the tree below `folder` (sf_metadata/main/default)."""
    schema, source = read(folder), folder
    names = [name for name, found in schema.objects.items() if not found.is_event]
    layouts = {path.name.split("-")[0]: root(path) for path in sorted((source / "layouts").glob("*.layout-meta.xml"))}
    app = root(next((source / "applications").glob("*.app-meta.xml")))
    tabs = tuple(tab for tab in texts(app, "tabs") if tab in schema.objects)
    views = {name: _views(source / "objects" / name / "listViews", schema, name) for name in names}
    return Drawing(
        schema=schema,
        tabs=tabs,
        views=views,
        sections={name: _sections(layouts.get(name), schema.objects[name]) for name in names},
        related={name: _related(layouts.get(name), schema) for name in names},
    )


def texts(element: Element, name: str) -> list[str]:
    return [(each.text or "").strip() for each in element.findall(name)]


def _views(folder: Path, schema: Schema, object_name: str) -> tuple[ListView, ...]:
    found = [root(path) for path in sorted(folder.glob("*.listView-meta.xml"))]
    views = [_view(xml, schema, object_name) for xml in found]
    return tuple(sorted(views, key=lambda view: (view.name != "All", view.label)))


def _view(xml: Element, schema: Schema, object_name: str) -> ListView:
    columns = tuple(_STANDARD.get(column, column) for column in texts(xml, "columns"))
    conditions = [_condition(each, schema, object_name) for each in xml.findall("filters")]
    where = " AND ".join(f"({condition})" for condition in conditions)
    return ListView(text(xml, "fullName"), text(xml, "label"), columns, where)


def _condition(xml: Element, schema: Schema, object_name: str) -> str:
    """One filter of a list view; several values, divided by commas, mean any of them."""
    name, operation, value = text(xml, "field"), text(xml, "operation"), text(xml, "value")
    field = schema.objects[object_name].fields.get(name)
    path, operator = _STANDARD.get(name, name), _OPERATORS[operation]
    values = value.split(",") if field and field.type == "Picklist" else [value]
    joined = " AND " if operator == "!=" else " OR "
    kind = field.type if field else ("DateTime" if path.endswith("Date") else "Text")
    return joined.join(f"{path} {operator} {_literal(kind, each)}" for each in values)


def _literal(kind: str, value: str) -> str:
    if not value:
        return "null"
    if kind == "Checkbox":
        return "true" if value == "1" else "false"
    if kind in {"Number", "Currency", "Percent", "Date", "DateTime"}:
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _sections(layout: Element | None, object_type: ObjectType) -> tuple[Section, ...]:
    if layout is None:  # join objects that recruiters open seldom have no layout of their own
        items = tuple(Item(name, True, field.required) for name, field in object_type.fields.items())
        return (Section(object_type.label, (items,)),)
    found = []
    for section in layout.findall("layoutSections"):
        columns = tuple(_items(column, object_type) for column in section.findall("layoutColumns"))
        if any(columns):
            found.append(Section(text(section, "label"), columns))
    return tuple(found)


def _items(column: Element, object_type: ObjectType) -> tuple[Item, ...]:
    items = []
    for item in column.findall("layoutItems"):
        name, behavior = text(item, "field"), text(item, "behavior")
        if not name:
            continue
        field = object_type.fields.get(name)
        by_hand = name == "Name" and object_type.name_type == "Text"
        can_edit = by_hand or (field is not None and not field.formula and field.type != "AutoNumber")
        items.append(Item(_STANDARD.get(name, name), behavior != "Readonly" and can_edit, behavior == "Required"))
    return tuple(items)


def _related(layout: Element | None, schema: Schema) -> tuple[RelatedList, ...]:
    found = []
    for related in [] if layout is None else layout.findall("relatedLists"):
        child, _, lookup = text(related, "relatedList").partition(".")
        if child not in schema.objects:
            continue  # files, notes and activities: the org's own, not drawn here
        columns = tuple(_STANDARD.get(column, column) for column in texts(related, "fields"))
        found.append(RelatedList(schema.objects[child].plural, child, lookup, columns))
    return tuple(found)
