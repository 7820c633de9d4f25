"""sObject trees: records with their children nested in them, created all together or not at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from integration.local.org.catalog import ChildRelationship, ObjectInfo
from integration.local.org.errors import ApiError, RowError
from integration.local.org.incoming import Incoming, from_json
from integration.local.org.rest import check_writable, named_object, save_rows, seen
from integration.local.org.save import Saved
from integration.local.org.transaction import Transaction
from integration.local.org.web import Call, Reply

MOST_RECORDS = 200
MOST_LEVELS = 5
MOST_TYPES = 5
_REFERENCE = re.compile(r"[A-Za-z0-9]\w*", re.ASCII)


class _Unfit(Exception):
    """The shape of the request is wrong at the record of this reference."""

    def __init__(self, reference: object, message: str) -> None:
        super().__init__(message)
        self.body = _failed({str(reference or ""): RowError("INVALID_INPUT", message)})


@dataclass
class _Node:
    reference: str
    info: ObjectInfo
    values: Mapping[str, Any]
    parent: "_Node | None" = None
    relation: ChildRelationship | None = None
    saved: Saved = field(default_factory=Saved)


def create(call: Call, object_name: str) -> Reply:
    """POST /composite/tree/X"""
    info = named_object(call, object_name)
    records = call.json_object("records").get("records")
    if not isinstance(records, list) or not records:
        raise ApiError(400, "MISSING_ARGUMENT", "The request must hold a list named records")
    try:
        levels = _levels(call, info, records)
    except _Unfit as unfit:
        return Reply(400, unfit.body)
    incoming = {node.reference: _incoming(call, node) for level in levels for node in level}
    faults = _write(call, levels, incoming)
    if faults:
        return Reply(400, _failed(faults))
    results = [{"referenceId": node.reference, "id": node.saved.id} for level in levels for node in level]
    return Reply(201, {"hasErrors": False, "results": results})


def _failed(faults: Mapping[str, RowError]) -> dict[str, Any]:
    results = [{"referenceId": reference, "errors": [error.as_row()]} for reference, error in faults.items()]
    return {"hasErrors": True, "results": results}


def _levels(call: Call, info: ObjectInfo, records: list[Any]) -> list[list[_Node]]:
    """The records from the roots down, in the order in which they are answered."""
    levels = [[_node(each, info) for each in records]]
    while children := [child for node in levels[-1] for child in _children(call, node)]:
        levels.append(children)
        if len(levels) > MOST_LEVELS:
            raise _Unfit(children[0].reference, f"The request can't have more than {MOST_LEVELS} levels of records.")
    nodes = [node for level in levels for node in level]
    if len(nodes) > MOST_RECORDS:
        raise _Unfit(nodes[MOST_RECORDS].reference, f"The request can't have more than {MOST_RECORDS} records.")
    if len({node.info.name for node in nodes}) > MOST_TYPES:
        raise _Unfit(nodes[-1].reference, f"The request can't have records of more than {MOST_TYPES} types.")
    seen: set[str] = set()
    for node in nodes:
        if node.reference in seen:
            raise _Unfit(node.reference, "Duplicate ReferenceId provided in the request.")
        seen.add(node.reference)
    return levels


def _node(
    record: Any, info: ObjectInfo, parent: _Node | None = None, relation: ChildRelationship | None = None
) -> _Node:
    attributes = record.get("attributes") if isinstance(record, Mapping) else None
    if not isinstance(attributes, Mapping):
        raise _Unfit("", "Include attributes with type and referenceId for each record in the request.")
    reference, kind = attributes.get("referenceId"), attributes.get("type")
    if not isinstance(reference, str) or not reference:
        raise _Unfit("", "Include a reference ID for each record in the request.")
    if not _REFERENCE.fullmatch(reference):
        raise _Unfit(reference, "A reference ID begins with a letter or digit and has no characters but these and _.")
    if not isinstance(kind, str) or kind.lower() != info.name.lower():
        raise _Unfit(reference, f"The record's type must be {info.name}, not {kind}.")
    return _Node(reference, info, record, parent, relation)


def _children(call: Call, node: _Node) -> list[_Node]:
    children: list[_Node] = []
    for name, value in node.values.items():
        relation = node.info.child(name)
        if relation is None:
            continue
        records = value.get("records") if isinstance(value, Mapping) else None
        if not isinstance(records, list):
            raise _Unfit(node.reference, f"{name} must hold a list named records.")
        info = call.org.catalog.objects[relation.object]
        children += [_node(each, info, node, relation) for each in records]
    return children


def _incoming(call: Call, node: _Node) -> Incoming:
    check_writable(node.info, "insert")
    payload = {name: value for name, value in node.values.items() if node.info.child(name) is None}
    incoming = from_json(call.org.catalog, seen(call, node.info), payload, "insert")
    if incoming.id:
        error = RowError("INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", ["Id"])
        incoming.error = incoming.error or error
    return incoming


def _write(call: Call, levels: list[list[_Node]], incoming: Mapping[str, Incoming]) -> dict[str, RowError]:
    """Saves level after level; the faults of the first level that has any, after which nothing is kept."""
    faults: dict[str, RowError] = {}
    with call.org.engine.transaction(call.person, call.org.now()) as transaction, transaction.savepoint() as point:
        for level in levels:
            _write_level(transaction, level, incoming)
            faults = {node.reference: node.saved.error for node in level if node.saved.error}
            if faults:
                point.undone = True
                break
    call.org.announce()
    return faults


def _write_level(transaction: Transaction, level: list[_Node], incoming: Mapping[str, Incoming]) -> None:
    for info in dict.fromkeys(node.info for node in level):
        nodes = [node for node in level if node.info is info]
        for node in nodes:
            if node.parent and node.relation:
                incoming[node.reference].values[node.relation.field] = node.parent.saved.id
        outcomes = save_rows(transaction, info, [incoming[node.reference] for node in nodes], "insert")
        for node, outcome in zip(nodes, outcomes, strict=True):
            node.saved = outcome
