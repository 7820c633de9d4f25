"""Recorded describes, field by field and object by object."""

import json
import re
from collections.abc import Iterator
from typing import Any

from integration.local.fidelity._check import Check
from integration.local.fidelity.recordings.cassettes import Exchange
from integration.local.org.standard.objects import standard_objects

_TOLD = [
    "aggregatable",
    "autoNumber",
    "byteLength",
    "calculated",
    "cascadeDelete",
    "caseSensitive",
    "compoundFieldName",
    "createable",
    "defaultedOnCreate",
    "digits",
    "extraTypeInfo",
    "filterable",
    "groupable",
    "idLookup",
    "length",
    "nameField",
    "nillable",
    "permissionable",
    "precision",
    "queryByDistance",
    "relationshipName",
    "restrictedDelete",
    "restrictedPicklist",
    "scale",
    "searchPrefilterable",
    "soapType",
    "sortable",
    "type",
    "unique",
    "updateable",
]
"""What describe says of a standard field in every org; labels and choices are each org's own."""
_CHILD = ["cascadeDelete", "deprecatedAndHidden", "relationshipName", "restrictedDelete"]
_OBJECT = [
    "activateable",
    "createable",
    "custom",
    "deletable",
    "keyPrefix",
    "label",
    "labelPlural",
    "name",
    "queryable",
    "updateable",
]
_CUSTOM = re.compile(r"__(c|pc|s|r)$")


def describe_checks(exchange: Exchange, ours: Any) -> list[Check]:
    """One check per standard field of a describe, one for the objects of a global describe."""
    if exchange.method != "GET" or "/sobjects" not in exchange.path or not isinstance(ours, dict):
        return []
    recorded = json.loads(exchange.answer)
    if "sobjects" in recorded:
        return [Check(f"{exchange.id} objects", _lacking_objects(recorded, ours))]
    if "fields" not in recorded or "fields" not in ours:
        return []
    # The prefix and the labels of a custom object are its org's own.
    told = [key for key in _OBJECT if not recorded["custom"] or key != "keyPrefix"]
    summary = "; ".join(_differing(recorded, ours, told))
    fields = {each["name"]: each for each in ours["fields"]}
    persons = [each["name"] for each in recorded["fields"] if _is_of_persons(recorded["name"], each["name"])]
    return [
        Check(f"{exchange.id} object", summary),
        Check(f"{exchange.id} persons", f"{len(persons)} fields of person accounts, and the children of contacts")
        if persons
        else Check(f"{exchange.id} children", "; ".join(_child_differences(recorded, ours))),
        *(
            Check(f"{exchange.id} field {each['name']}", _field_differences(each, fields.get(each["name"])))
            for each in recorded["fields"]
            if not _CUSTOM.search(each["name"]) and each["name"] not in persons
        ),
    ]


def _is_of_persons(object_name: str, name: str) -> bool:
    """Fields that accounts have only in orgs with person accounts."""
    own = name.startswith("Person") or name in ("IsPersonAccount", "FirstName", "LastName", "Salutation")
    return object_name == "Account" and own and not _CUSTOM.search(name)


def _lacking_objects(recorded: dict[str, Any], ours: dict[str, Any]) -> str:
    known = {each["name"] for each in ours["sobjects"]}
    standard = {each["name"] for each in recorded["sobjects"] if not each["custom"]}
    lacking = sorted(standard - known)
    return f"{len(lacking)} of {len(standard)} are not there: {', '.join(lacking)}" if lacking else ""


def _child_differences(recorded: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """Of child relationships whose child is an object of this org; any activity may hang on any object."""
    known = {(each["childSObject"], each["field"]): each for each in ours["childRelationships"]}
    for each in recorded["childRelationships"]:
        name = f"{each['childSObject']}.{each['field']}"
        info = standard_objects().get(each["childSObject"])
        reference = info.field(each["field"]) if info else None
        if reference is None or not reference.reference_to:
            continue
        own = known.get((each["childSObject"], each["field"]))
        yield from ([f"{name} is not there"] if own is None else _named(name, _differing(each, own, _CHILD)))


def _named(name: str, differences: Iterator[str]) -> Iterator[str]:
    return (f"{name}: {each}" for each in differences)


def _field_differences(recorded: dict[str, Any], ours: dict[str, Any] | None) -> str:
    if ours is None:
        return "is not there"
    return "; ".join(_differing(recorded, ours, _TOLD))


def _differing(recorded: dict[str, Any], ours: dict[str, Any], keys: list[str]) -> Iterator[str]:
    for key in keys:
        if key in recorded and recorded[key] != ours.get(key):
            yield f"{key} is {ours.get(key)!r} instead of {recorded[key]!r}"
