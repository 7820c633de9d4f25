"""Flows: a graph without loose ends, fields that exist, and only what the embedded org can run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from integration.metadata import formulas
from integration.metadata.names import field_of, knows, picklist_words
from integration.metadata.schema import Schema
from integration.metadata.source import Document, Finding, Node, Tree, child, children, descendants, local_name, text

_STEPS = frozenset({"assignments", "recordCreates", "customErrors"})
_OTHERS = frozenset({"decisions"})
_RESOURCES = frozenset({"formulas", "variables"})
_ABOUT = frozenset({
    "apiVersion", "description", "environments", "interviewLabel", "label", "processMetadataValues", "processType",
    "start", "status",
})  # fmt: skip
_DATABASE = frozenset({"recordCreates", "recordUpdates", "recordDeletes", "recordLookups"})
_RECORD = "$Record."


@dataclass(frozen=True)
class _Flow:
    document: Document
    object_name: str
    before_save: bool
    steps: Mapping[str, Node]
    resources: Mapping[str, Node]


def check(tree: Tree, schema: Schema) -> Iterator[Finding]:
    """All flows."""
    for document in tree.of("Flow"):
        yield from _check_flow(document, schema)


def _check_flow(document: Document, schema: Schema) -> Iterator[Finding]:
    for node in children(document.root):
        if local_name(node) not in _STEPS | _RESOURCES | _ABOUT:
            # The embedded org itself has the last word, and runs some of what the product's flows do without.
            yield document.advise(f"the embedded org does not run <{local_name(node)}>", node)
    yield from _unique_names(document)
    flow = _Flow(
        document,
        text(document.root, "start/object"),
        text(document.root, "start/triggerType") == "RecordBeforeSave",
        {
            text(node, "name"): node
            for node in children(document.root)
            if local_name(node) in _STEPS | _DATABASE | _OTHERS
        },
        {text(node, "name"): node for node in children(document.root) if local_name(node) in _RESOURCES},
    )
    if flow.object_name not in schema.objects:
        yield document.find(f"there is no object {flow.object_name or '(none named)'} to start from", "start/object")
        return
    yield from _graph(flow)
    yield from _values(flow, schema)
    for node in flow.steps.values():
        yield from _step(flow, node, schema)
    yield from _formulas(flow, schema)


def _unique_names(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    for node in children(document.root):
        name = text(node, "name") if local_name(node) in _STEPS | _DATABASE | _RESOURCES else ""
        if name and name in seen:
            yield document.find(f"two elements are called {name}", child(node, "name"))
        seen.add(name)


def _graph(flow: _Flow) -> Iterator[Finding]:
    """Every connector leads to an element, every element is reached, every database step has a fault path."""
    reached, waiting = set(), [child(flow.document.root, "start")]
    for node in waiting:
        for target in descendants(node, "targetReference"):
            name = text(target)
            if name not in flow.steps:
                yield flow.document.find(f"leads to {name}, which is no element of this flow", target)
            elif name not in reached:
                reached.add(name)
                waiting.append(flow.steps[name])
    for name, node in flow.steps.items():
        if name not in reached:
            yield flow.document.advise(f"nothing leads to {name}", child(node, "name"))
        if local_name(node) in _DATABASE and child(node, "faultConnector") is None:
            message = f"{name} has no fault path: a failure would be shown to people as an error"
            yield flow.document.advise(message, child(node, "name"))


def _values(flow: _Flow, schema: Schema) -> Iterator[Finding]:
    for node in descendants(flow.document.root, "elementReference"):
        yield from _reference(flow, node, text(node), schema)


def _reference(flow: _Flow, node: Node, name: str, schema: Schema) -> Iterator[Finding]:
    if name.startswith(_RECORD):
        if not knows(schema, flow.object_name, name.removeprefix(_RECORD)):
            yield flow.document.find(f"{flow.object_name} has no field {name.removeprefix(_RECORD)}", node)
    elif name.startswith("$"):
        yield from formulas.global_value(flow.document, node, name, schema)
    elif name not in flow.steps and name not in flow.resources:
        yield flow.document.find(f"{name} is no element or resource of this flow", node)


def _step(flow: _Flow, node: Node, schema: Schema) -> Iterator[Finding]:
    for item in children(node, "assignmentItems"):
        yield from _target(flow, item, text(item, "assignToReference"), schema)
    if local_name(node) not in _DATABASE:
        return
    object_name = text(node, "object")
    if object_name not in schema.objects:
        yield flow.document.find(f"there is no object {object_name}", child(node, "object"))
        return
    for item in children(node, "inputAssignments"):
        yield from _input(flow, item, object_name, schema)


def _target(flow: _Flow, item: Node, target: str, schema: Schema) -> Iterator[Finding]:
    place = child(item, "assignToReference")
    if not target.startswith(_RECORD):
        if target not in flow.resources:
            yield flow.document.find(f"{target} is no variable of this flow", place)
        return
    name = target.removeprefix(_RECORD)
    if not flow.before_save:
        yield flow.document.find(f"{target} is set after the save, which changes nothing", place)
    elif "." in name or not knows(schema, flow.object_name, name):
        yield flow.document.find(f"{flow.object_name} has no field {name}", place)
    elif (field := field_of(schema, flow.object_name, name)) and field.formula:
        yield flow.document.find(f"{flow.object_name}.{name} is a formula and cannot be set", place)


def _input(flow: _Flow, item: Node, object_name: str, schema: Schema) -> Iterator[Finding]:
    name, place = text(item, "field"), child(item, "field")
    if not knows(schema, object_name, name):
        yield flow.document.find(f"{object_name} has no field {name}", place)
        return
    field, word = field_of(schema, object_name, name), text(item, "value/stringValue")
    if field and field.picklist and word and word not in picklist_words(field):
        yield flow.document.find(f"{object_name}.{name} has no value {word!r}", child(item, "value/stringValue"))


def _formulas(flow: _Flow, schema: Schema) -> Iterator[Finding]:
    nodes = [child(node, "expression") for node in flow.resources.values()]
    nodes.append(child(flow.document.root, "start/filterFormula"))
    for node in (node for node in nodes if node is not None):
        yield from formulas.functions(flow.document, node)
        yield from formulas.words(flow.document, node, flow.object_name, schema)
        for name in formulas.merge_fields(text(node)):
            yield from _reference(flow, node, name, schema)
