"""Names in one file that must exist in another: layouts, list views, lookups, permission sets, tabs, reports."""

from collections.abc import Iterator

from integration.metadata.names import (
    STANDARD_FIELDS,
    STANDARD_OBJECTS,
    STANDARD_RELATED_LISTS,
    STANDARD_TABS,
    field_of,
    is_list_column,
    knows,
    picklist_words,
)
from integration.metadata.schema import Schema
from integration.metadata.source import Document, Finding, Node, Tree, child, children, descendants, text


def check(tree: Tree, schema: Schema) -> Iterator[Finding]:
    """All cross-references except flows, formulas and permission sets."""
    for kind, rule in (
        ("CustomObject", _object),
        ("CustomField", _lookup),
        ("ValidationRule", _rule),
        ("CompactLayout", _compact_layout),
        ("ListView", _list_view),
        ("Layout", _layout),
        ("SharingRules", _sharing_rules),
    ):
        for document in tree.of(kind):
            yield from rule(document, tree, schema)
    for over_all in (_relationship_names, _file_names, _tabs, _app_tabs, _report_types, _reports, _dashboards):
        yield from over_all(tree, schema)


def _object(document: Document, tree: Tree, schema: Schema) -> Iterator[Finding]:
    for name in ("customTabListAdditionalFields", "searchResultsAdditionalFields", "lookupDialogsAdditionalFields"):
        for node in descendants(document.root, name):
            if not is_list_column(schema, document.object_name, text(node)):
                yield document.find(f"{document.object_name} has no field {text(node)} to show in searches", node)
    compact = text(document.root, "compactLayoutAssignment")
    if compact and compact not in tree.names("CompactLayout"):
        yield document.find(f"there is no compact layout {compact}", "compactLayoutAssignment")


def _lookup(document: Document, _: Tree, schema: Schema) -> Iterator[Finding]:
    target = text(document.root, "referenceTo")
    if target and target not in schema.objects and target not in STANDARD_OBJECTS:
        yield document.find(f"looks up {target}, which does not exist", "referenceTo")


def _rule(document: Document, _: Tree, schema: Schema) -> Iterator[Finding]:
    shown_at = text(document.root, "errorDisplayField")
    if shown_at and not knows(schema, document.object_name, shown_at):
        yield document.find(f"{document.object_name} has no field {shown_at} to show the error at", "errorDisplayField")


def _compact_layout(document: Document, _: Tree, schema: Schema) -> Iterator[Finding]:
    for node in children(document.root, "fields"):
        if not knows(schema, document.object_name, text(node)):
            yield document.find(f"{document.object_name} has no field {text(node)}", node)


def _list_view(document: Document, _: Tree, schema: Schema) -> Iterator[Finding]:
    for node in children(document.root, "columns"):
        if not is_list_column(schema, document.object_name, text(node)):
            yield document.find(f"{document.object_name} has no column {text(node)}", node)
    for node in children(document.root, "filters"):
        name, value = text(node, "field"), text(node, "value")
        if not is_list_column(schema, document.object_name, name):
            yield document.find(f"{document.object_name} has no field {name} to filter by", child(node, "field"))
            continue
        field = field_of(schema, document.object_name, name)
        for word in value.split(",") if field and field.picklist and value else ():
            if field and word not in picklist_words(field):
                yield document.find(f"{document.object_name}.{name} has no value {word!r}", child(node, "value"))


def _layout(document: Document, _: Tree, schema: Schema) -> Iterator[Finding]:
    object_name = document.name.partition("-")[0]
    if object_name not in schema.objects:
        yield document.find(f"is named after {object_name}, which is no object")
        return
    shown: set[str] = set()
    for node in descendants(document.root, "layoutItems"):
        name = text(node, "field")
        if name and not knows(schema, object_name, name):
            yield document.find(f"{object_name} has no field {name}", child(node, "field"))
        if name in shown:
            yield document.find(f"{name} stands twice in the layout", child(node, "field"))
        shown.add(name)
    for field in schema.objects[object_name].fields.values():
        if field.required and field.name not in shown:
            yield document.find(f"{field.name} is required and missing: people could not save a new record")
    for node in children(document.root, "relatedLists"):
        yield from _related_list(document, node, object_name, schema)


def _related_list(document: Document, node: Node, object_name: str, schema: Schema) -> Iterator[Finding]:
    name = text(node, "relatedList")
    if name in STANDARD_RELATED_LISTS:
        return
    of, _, lookup = name.partition(".")
    field = field_of(schema, of, lookup)
    if field is None or field.reference_to != object_name:
        yield document.find(f"{name} is no lookup to {object_name}", child(node, "relatedList"))
        return
    for column in children(node, "fields"):
        if not is_list_column(schema, of, text(column)):
            yield document.find(f"{of} has no column {text(column)}", column)


def _sharing_rules(document: Document, _: Tree, schema: Schema) -> Iterator[Finding]:
    if document.name not in schema.objects:
        yield document.find(f"is named after {document.name}, which is no object")
        return
    for node in descendants(document.root, "criteriaItems"):
        if not knows(schema, document.name, text(node, "field")):
            yield document.find(f"{document.name} has no field {text(node, 'field')}", child(node, "field"))


def _relationship_names(tree: Tree, _: Schema) -> Iterator[Finding]:
    first: dict[tuple[str, str], str] = {}
    for document in tree.of("CustomField"):
        target, name = text(document.root, "referenceTo"), text(document.root, "relationshipName")
        if not target:
            continue
        mine = f"{document.object_name}.{document.name}"
        if not name:
            yield document.advise("has no relationshipName: its parent could not list it", "referenceTo")
        elif (target, name) in first:
            message = f"relationship name {name} on {target} is already used by {first[target, name]}"
            yield document.find(message, "relationshipName")
        else:
            first[target, name] = mine


def _file_names(tree: Tree, _: Schema) -> Iterator[Finding]:
    for document in tree.documents:
        inside = text(document.root, "fullName")
        if inside and inside != document.name:
            yield document.find(f"is called {inside} inside, {document.name} by its file", "fullName")
        if document.type == "CustomObject" and document.object_name != document.name:
            yield document.find(f"lies in the folder of {document.object_name}")


def _tabs(tree: Tree, schema: Schema) -> Iterator[Finding]:
    for document in tree.of("CustomTab"):
        if text(document.root, "customObject") == "true" and document.name not in schema.objects:
            yield document.find(f"there is no object {document.name} for this tab", "customObject")


def _app_tabs(tree: Tree, _: Schema) -> Iterator[Finding]:
    known = tree.names("CustomTab") | STANDARD_TABS
    for document in tree.of("CustomApplication"):
        for node in children(document.root, "tabs"):
            if text(node) not in known:
                yield document.find(f"there is no tab {text(node)}", node)


def _report_types(tree: Tree, schema: Schema) -> Iterator[Finding]:
    for document in tree.of("ReportType"):
        if text(document.root, "baseObject") not in schema.objects:
            yield document.find(f"there is no object {text(document.root, 'baseObject')}", "baseObject")
        for node in descendants(document.root, "columns"):
            table, name = text(node, "table"), text(node, "field")
            if name not in STANDARD_FIELDS | {"Owner"} and field_of(schema, table, name) is None:
                yield document.find(f"{table} has no field {name}", child(node, "field"))


def _dashboards(tree: Tree, _: Schema) -> Iterator[Finding]:
    columns = {
        f"{document.path.parent.name}/{document.name}": {text(node) for node in descendants(document.root, "field")}
        for document in tree.of("Report")
    }
    for document in tree.of("Dashboard"):
        for node in descendants(document.root, "dashboardComponent"):
            report = text(node, "report")
            if report not in columns:
                yield document.find(f"there is no report {report}", child(node, "report"))
                continue
            for name in ("column", "groupingColumn"):
                for used in descendants(node, name):
                    if text(used) not in columns[report]:
                        yield document.find(f"the report {report} has no column {text(used)}", used)
        if document.path.parent.name not in tree.names("DashboardFolder"):
            yield document.find(f"lies in {document.path.parent.name}, which is no dashboard folder")


def _reports(tree: Tree, _: Schema) -> Iterator[Finding]:
    columns = {
        f"{document.name}__c": {
            f"{text(node, 'table')}${text(node, 'field')}" for node in descendants(document.root, "columns")
        }
        for document in tree.of("ReportType")
    }
    for document in tree.of("Report"):
        kind = text(document.root, "reportType")
        if kind not in columns:
            yield document.find(f"there is no report type {kind.removesuffix('__c')}", "reportType")
            continue
        for name in ("field", "column", "dateColumn"):
            for node in descendants(document.root, name):
                if text(node) not in columns[kind]:
                    yield document.find(f"{kind.removesuffix('__c')} has no column {text(node)}", node)
        if document.path.parent.name not in tree.names("ReportFolder"):
            yield document.find(f"lies in {document.path.parent.name}, which is no report folder")
