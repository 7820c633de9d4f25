"""Which elements of a flow's XML are understood; anything else is refused by name before the org starts."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

Allowed = Mapping[str, "Allowed | frozenset[str] | None"]

_PLACE = frozenset({"name", "label", "description", "locationX", "locationY"})
_VALUE = frozenset({"stringValue", "numberValue", "booleanValue", "dateValue", "dateTimeValue", "elementReference"})
_FILTER: Allowed = {"filters": {"field": None, "operator": None, "value": _VALUE}}
_LINK: Allowed = {"targetReference": None, "isGoTo": None}
_INPUT: Allowed = {"field": None, "value": _VALUE}

_ELEMENTS: Allowed = {
    "assignments": {
        "connector": _LINK,
        "assignmentItems": {"assignToReference": None, "operator": None, "value": _VALUE},
    },
    "decisions": {
        "defaultConnector": _LINK,
        "defaultConnectorLabel": None,
        "rules": {
            "name": None,
            "label": None,
            "conditionLogic": None,
            "connector": _LINK,
            "conditions": {"leftValueReference": None, "operator": None, "rightValue": _VALUE},
        },
    },
    "recordCreates": {
        "connector": _LINK,
        "faultConnector": _LINK,
        "object": None,
        "inputAssignments": _INPUT,
        "storeOutputAutomatically": None,
    },
    "recordLookups": {
        "connector": _LINK,
        "faultConnector": _LINK,
        "object": None,
        "filterLogic": None,
        **_FILTER,
        "assignNullValuesIfNoRecordsFound": None,
        "getFirstRecordOnly": None,
        "queriedFields": None,
        "sortField": None,
        "sortOrder": None,
        "storeOutputAutomatically": None,
    },
    "recordUpdates": {
        "connector": _LINK,
        "faultConnector": _LINK,
        "object": None,
        "filterLogic": None,
        **_FILTER,
        "inputAssignments": _INPUT,
        "inputReference": None,
    },
    "customErrors": {
        "customErrorMessages": {"errorMessage": None, "isFieldError": None, "fieldSelection": None},
    },
}
_TOP: Allowed = {
    **dict.fromkeys(("apiVersion", "description", "environments", "interviewLabel", "label", "processType")),
    **dict.fromkeys(("runInMode", "status", "triggerOrder")),
    "processMetadataValues": {"name": None, "value": _VALUE},
    "constants": {"dataType": None, "value": _VALUE},
    "formulas": {"dataType": None, "expression": None, "scale": None},
    "variables": {
        **dict.fromkeys(("dataType", "isCollection", "isInput", "isOutput", "scale")),
        "value": _VALUE,
    },
    "start": {
        "connector": _LINK,
        "doesRequireRecordChangedToMeetCriteria": None,
        "filterFormula": None,
        "filterLogic": None,
        **_FILTER,
        "object": None,
        "recordTriggerType": None,
        "triggerType": None,
    },
    **_ELEMENTS,
}

ELEMENT_KINDS = tuple(_ELEMENTS)


def unsupported(flow: Element) -> Iterator[tuple[str, Element]]:
    """What in a flow is not understood, in words, and where it stands."""
    for child in flow:
        if child.tag not in _TOP:
            yield f"element {child.tag} {child.findtext('name') or ''}".rstrip(), child
            continue
        name = child.findtext("name") or child.tag
        yield from _inside(child, _TOP[child.tag], name)


def _inside(element: Element, allowed: Allowed | frozenset[str] | None, name: str) -> Iterator[tuple[str, Element]]:
    for child in element:
        if allowed is None or (child.tag not in allowed and child.tag not in _PLACE):
            yield f"{child.tag} in {element.tag} {name}", child
        elif isinstance(allowed, Mapping) and child.tag in allowed:
            yield from _inside(child, allowed[child.tag], name)
