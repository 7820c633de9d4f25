"""Permission sets: what they name exists, what Salesforce demands holds, and no field is out of everybody's reach."""

from collections.abc import Iterator

from integration.metadata.names import STANDARD_TABS, field_of
from integration.metadata.schema import Field, Schema
from integration.metadata.source import Document, Finding, Node, Tree, child, children, text

_NEEDS = {
    "allowCreate": ("allowRead",),
    "allowEdit": ("allowRead",),
    "allowDelete": ("allowRead", "allowEdit"),
    "viewAllRecords": ("allowRead",),
    "modifyAllRecords": ("allowRead", "allowEdit", "allowDelete", "viewAllRecords"),
}
"""Object rights that Salesforce grants only together with others."""


def check(tree: Tree, schema: Schema) -> Iterator[Finding]:
    """All permission sets, and the fields that none of them opens."""
    for document in tree.of("PermissionSet"):
        for node in children(document.root, "objectPermissions"):
            yield from _object(document, node, schema)
        for node in children(document.root, "fieldPermissions"):
            yield from _field(document, node, schema)
        yield from _names(document, tree, schema)
    yield from _unreachable(tree, schema)


def takes_field_permissions(field: Field) -> bool:
    """Whether the field's access can be granted; required and master-detail fields are always open."""
    return not field.required and field.type != "MasterDetail"


def _object(document: Document, node: Node, schema: Schema) -> Iterator[Finding]:
    name = text(node, "object")
    if name not in schema.objects:
        yield document.find(f"there is no object {name}", child(node, "object"))
    for right, needed in _NEEDS.items():
        missing = [each for each in needed if text(node, each) != "true"]
        if text(node, right) == "true" and missing:
            yield document.find(f"{right} on {name} needs {' and '.join(missing)} as well", child(node, right))


def _field(document: Document, node: Node, schema: Schema) -> Iterator[Finding]:
    object_name, _, name = text(node, "field").partition(".")
    place = child(node, "field")
    field = field_of(schema, object_name, name)
    if field is None:
        yield document.find(f"{object_name} has no field {name}", place)
    elif not takes_field_permissions(field):
        kind = "required" if field.required else "a master-detail"
        yield document.find(f"{object_name}.{name} is {kind}: Salesforce refuses permissions on it", place)
    elif text(node, "editable") == "true" and (field.formula or field.type == "AutoNumber"):
        yield document.find(f"{object_name}.{name} is computed and cannot be editable", child(node, "editable"))
    elif text(node, "editable") == "true" and text(node, "readable") != "true":
        yield document.find(f"{object_name}.{name} is editable but not readable", child(node, "editable"))


def _names(document: Document, tree: Tree, schema: Schema) -> Iterator[Finding]:
    known = {
        ("customPermissions", "name"): schema.custom_permissions,
        ("applicationVisibilities", "application"): tree.names("CustomApplication"),
        ("tabSettings", "tab"): tree.names("CustomTab") | STANDARD_TABS,
    }
    for (entry, element), names in known.items():
        for node in children(document.root, entry):
            if text(node, element) not in names:
                yield document.find(
                    f"<{entry}> names {text(node, element)}, which does not exist", child(node, element)
                )


def _unreachable(tree: Tree, schema: Schema) -> Iterator[Finding]:
    """A field in no permission set is invisible to everybody after installation."""
    open_fields = {
        name for found in schema.permission_sets.values() for name, access in found.fields.items() if access.readable
    }
    for document in tree.of("CustomField"):
        found = schema.objects.get(document.object_name)
        field = field_of(schema, document.object_name, document.name)
        if found is None or found.is_event or field is None or not takes_field_permissions(field):
            continue
        if f"{document.object_name}.{document.name}" not in open_fields:
            yield document.advise("stands in no permission set: nobody could see it")
