"""Elements that read and write records, compiled to steps; a fault leads to the fault connector, if there is one."""

from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from integration.local.org.errors import RowError
from integration.local.org.flow.elements import Step, stored_value, target
from integration.local.org.flow.interview import Dml, Interview, Match
from integration.local.org.flow.resources import Resources
from integration.local.org.formula import FormulaError
from integration.metadata.xml import flag, text

Work = Callable[[Interview, Dml], None]
Value = Callable[[Interview], Any]

_OPERATORS = {
    "EqualTo": "=",
    "NotEqualTo": "!=",
    "GreaterThan": ">",
    "GreaterThanOrEqualTo": ">=",
    "LessThan": "<",
    "LessThanOrEqualTo": "<=",
    "Contains": "contains",
    "StartsWith": "begins",
    "EndsWith": "ends",
}


def record_create(resources: Resources, element: Element) -> Step:
    """<recordCreates>: a new record, or an event to publish."""
    info = resources.catalog.object(text(element, "object"))
    if info is None:
        raise FormulaError(f"there is no object {text(element, 'object')}")
    name, object_name, is_event = text(element, "name"), info.name, info.is_event
    values = _inputs(resources, element, object_name)

    def work(interview: Interview, dml: Dml) -> None:
        row = {field: value(interview) for field, value in values.items()}
        interview.frame.variables[name] = dml.publish(object_name, row) if is_event else dml.create(object_name, row)

    return _guarded(element, work)


def record_update(resources: Resources, element: Element) -> Step:
    """<recordUpdates>: the record itself, or those that the filters find."""
    inputs = text(element, "inputReference")
    if inputs:
        if inputs != "$Record" or element.find("filters") is not None:
            raise FormulaError(f"updating {inputs} is not supported")
        return _guarded(element, _update_self(resources, _inputs(resources, element, resources.info.name)))
    object_name = text(element, "object")
    values, matches = _inputs(resources, element, object_name), _matches(resources, element, object_name)

    def work(interview: Interview, dml: Dml) -> None:
        row = {field: value(interview) for field, value in values.items()}
        for found in dml.find(object_name, matches(interview), order_by="Id", descending=False, limit=None):
            dml.update(object_name, found["Id"], row)

    return _guarded(element, work)


def _update_self(resources: Resources, values: Mapping[str, Value]) -> Work:
    object_name = resources.info.name

    def work(interview: Interview, dml: Dml) -> None:
        row = interview.changes | {field: value(interview) for field, value in values.items()}
        if row:
            dml.update(object_name, interview.frame.record["Id"], row)
        interview.changes.clear()

    return work


def record_lookup(resources: Resources, element: Element) -> Step:
    """<recordLookups>: the first record that the filters find."""
    if not (flag(element, "getFirstRecordOnly") and flag(element, "storeOutputAutomatically")):
        raise FormulaError("only the first record, stored automatically, is supported")
    name, object_name = text(element, "name"), text(element, "object")
    matches = _matches(resources, element, object_name)
    order, descending = text(element, "sortField", "Id"), text(element, "sortOrder") == "Desc"

    def work(interview: Interview, dml: Dml) -> None:
        found = dml.find(object_name, matches(interview), order_by=order, descending=descending, limit=1)
        interview.frame.variables[name] = found[0] if found else None

    return _guarded(element, work)


def _inputs(resources: Resources, element: Element, object_name: str) -> dict[str, Value]:
    return {
        text(each, "field"): stored_value(
            resources, object_name, text(each, "field"), resources.value(each.find("value"))
        )
        for each in element.iterfind("inputAssignments")
    }


def _matches(resources: Resources, element: Element, object_name: str) -> Callable[[Interview], list[Match]]:
    if text(element, "filterLogic", "and").lower() != "and" or element.find("filters") is None:
        raise FormulaError("filters must be there and joined by and")
    found = [_match(resources, each, object_name) for each in element.iterfind("filters")]
    return lambda interview: [make(interview) for make in found]


def _match(resources: Resources, element: Element, object_name: str) -> Callable[[Interview], Match]:
    field, operator, value = text(element, "field"), text(element, "operator"), resources.value(element.find("value"))
    if operator == "IsNull":
        return lambda interview: Match(field, "is null" if value.run(interview.frame) else "is not null")
    if operator not in _OPERATORS:
        raise FormulaError(f"the filter operator {operator} is not supported")
    wanted = stored_value(resources, object_name, field, value)
    return lambda interview: Match(field, _OPERATORS[operator], wanted(interview))


def _guarded(element: Element, work: Work) -> Step:
    name, following, fault = text(element, "name"), target(element), target(element, "faultConnector")

    def step(interview: Interview) -> str:
        if interview.dml is None:
            raise TypeError(f"{name} reads or writes records in a flow that runs before the save")
        try:
            work(interview, interview.dml)
        except RowError as error:
            if not fault:
                raise RowError("CANNOT_EXECUTE_FLOW_TRIGGER", f"{name}: {error.code}: {error.message}") from error
            return fault
        return following

    return step
