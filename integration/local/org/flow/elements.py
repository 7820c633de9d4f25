"""Elements that decide and assign, compiled to steps; a step returns the name of the next one."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from integration.local.org.errors import RowError
from integration.local.org.flow.conditions import Test, condition, joined
from integration.local.org.flow.interview import Interview
from integration.local.org.flow.resources import Resources
from integration.local.org.formula import Compiled, FormulaError
from integration.local.org.formula.operators import binary
from integration.local.org.formula.sorts import Sort, sort_of, to_stored
from integration.metadata.xml import flag, text

Step = Callable[[Interview], str]
Act = Callable[[Interview], None]

_FITS: dict[str, tuple[Sort, ...]] = {"text": ("text", "picklist", "multipicklist"), "picklist": ("text", "picklist")}


def target(element: Element, connector: str = "connector") -> str:
    """The name of the element that a connector leads to, or nothing."""
    return text(element, f"{connector}/targetReference")


def assignment(resources: Resources, element: Element, *, before_save: bool) -> Step:
    """<assignments>: onto the record or into variables."""
    acts = tuple(_assign(resources, each, before_save) for each in element.iterfind("assignmentItems"))
    following = target(element)

    def step(interview: Interview) -> str:
        for act in acts:
            act(interview)
        return following

    return step


def _assign(resources: Resources, item: Element, before_save: bool) -> Act:
    to, operator = text(item, "assignToReference"), text(item, "operator")
    value = resources.value(item.find("value"))
    if operator in ("Add", "Subtract"):
        value = binary("+" if operator == "Add" else "-", resources.reference(to), value)
    elif operator != "Assign":
        raise FormulaError(f"the assignment operator {operator} is not supported")
    if to in resources.variables:
        return _assign_variable(to, fitting(to, resources.variables[to], value))
    path = to.split(".")
    if path[0] != "$Record" or len(path) != 2:
        raise FormulaError(f"{to} cannot be assigned")
    return _assign_field(resources, path[1], value, before_save)


def _assign_variable(name: str, value: Compiled) -> Act:
    run = value.run

    def act(interview: Interview) -> None:
        interview.frame.variables[name] = run(interview.frame)

    return act


def _assign_field(resources: Resources, name: str, value: Compiled, before_save: bool) -> Act:
    stored = stored_value(resources, resources.info.name, name, value)
    found = resources.info.field(name)
    if found is None:
        raise FormulaError(f"{resources.info.name} has no field {name}")
    field_name = found.name

    def before(interview: Interview) -> None:
        interview.frame.record[field_name] = stored(interview)  # type: ignore[index]

    def after(interview: Interview) -> None:
        interview.changes[field_name] = stored(interview)

    return before if before_save else after


def stored_value(
    resources: Resources, object_name: str, field_name: str, value: Compiled
) -> Callable[[Interview], Any]:
    """A value in the form in which a field stores it; refuses what the field cannot hold."""
    info = resources.catalog.object(object_name)
    found = info.field(field_name) if info else None
    if found is None or found.formula:
        raise FormulaError(f"{object_name} has no field {field_name} that can be written")
    sort, run, field = sort_of(found), fitting(field_name, sort_of(found), value).run, found
    if sort == "boolean":
        return lambda interview: bool(run(interview.frame))
    if sort in ("text", "picklist", "multipicklist"):
        return lambda interview: run(interview.frame) or None
    return lambda interview: to_stored(field, run(interview.frame))


def fitting(name: str, sort: Sort, value: Compiled) -> Compiled:
    """The value, if the target takes its type."""
    if value.sort in ("null", sort) or sort in _FITS.get(value.sort, ()):
        return value
    raise FormulaError(f"{name} is {sort} and cannot take {value.sort}")


def decision(resources: Resources, element: Element) -> Step:
    """<decisions>: the first rule that holds leads on."""
    rules: list[tuple[Test, str]] = []
    for rule in element.iterfind("rules"):
        tests = [
            condition(resources, text(each, "leftValueReference"), text(each, "operator"), each.find("rightValue"))
            for each in rule.iterfind("conditions")
        ]
        rules.append((joined(tests, text(rule, "conditionLogic", "and")), target(rule)))
    otherwise = target(element, "defaultConnector")

    def step(interview: Interview) -> str:
        for test, following in rules:
            if test(interview.frame):
                return following
        return otherwise

    return step


def custom_error(resources: Resources, element: Element) -> Step:
    """<customErrors>: the save is refused with the flow's own words."""
    message = element.find("customErrorMessages")
    if message is None:
        raise FormulaError(f"{text(element, 'name')} has no message")
    words = text(message, "errorMessage")
    if "{!" in words:
        raise FormulaError(f"merge fields in a text are not supported: {words}")
    fields = [text(message, "fieldSelection")] if flag(message, "isFieldError") else []

    def step(interview: Interview) -> str:
        raise RowError("FIELD_CUSTOM_VALIDATION_EXCEPTION", words, fields)

    return step
