"""A flow's variables, constants, formulas and element outputs by name, and the values that elements use."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import Element

from integration.local.org.catalog import ObjectInfo
from integration.local.org.formula import Compiled, FormulaError, Formulas, Frame, RecordNames, compile_node, parse
from integration.local.org.formula.frame import Values
from integration.local.org.formula.sorts import Sort
from integration.local.org.values import round_half_up
from integration.metadata.xml import flag, text

SORTS: dict[str, Sort] = {
    "String": "text",
    "Picklist": "text",
    "Boolean": "boolean",
    "Number": "number",
    "Currency": "number",
    "Date": "date",
    "DateTime": "datetime",
}


class Resources:
    """Finds what a name in one flow means; formulas are compiled when first asked for."""

    def __init__(self, flow: Element, info: ObjectInfo, formulas: Formulas) -> None:
        self._flow = flow
        self._formulas = {text(each, "name"): each for each in flow.iterfind("formulas")}
        self._known: dict[str, Compiled] = {}
        self._pending: set[str] = set()
        self.info = info
        self.catalog = formulas.catalog
        self.names = RecordNames(self.catalog, info, formulas.field, resources=self._find, rows=self._looked_up())
        self.initial: dict[str, Any] = {}
        self.variables: dict[str, Sort] = {}
        self._declare()

    def _declare(self) -> None:
        for each in self._flow.iterfind("variables"):
            name = text(each, "name")
            if flag(each, "isCollection"):
                raise FormulaError(f"variable {name} is a collection")
            sort = _sort(each)
            self.variables[name] = sort
            self.initial[name] = self._start_value(each, False if sort == "boolean" else None)
            self._known[name] = Compiled(sort, _variable(name))
        for each in self._flow.iterfind("constants"):
            value = self._start_value(each, None)
            self._known[text(each, "name")] = Compiled(_sort(each), lambda frame, value=value: value)  # type: ignore[misc]
        for each in self._flow.iterfind("recordCreates"):
            # With its output stored automatically, the element's own name is the new record's id.
            if flag(each, "storeOutputAutomatically"):
                self._known[text(each, "name")] = Compiled("text", _variable(text(each, "name")))

    def _start_value(self, element: Element, otherwise: Any) -> Any:
        value = element.find("value")
        if value is None:
            return otherwise
        if value.find("elementReference") is not None:
            raise FormulaError(f"{text(element, 'name')} takes its first value from another element")
        return literal(value).constant

    def _looked_up(self) -> dict[str, tuple[ObjectInfo, Callable[[Frame], Values | None]]]:
        found = {}
        for each in self._flow.iterfind("recordLookups"):
            name, info = text(each, "name"), self.catalog.object(text(each, "object"))
            if info is not None:
                found[name] = (info, _variable(name))
        return found

    def _find(self, name: str) -> Compiled | None:
        if name in self._known or name not in self._formulas:
            return self._known.get(name)
        if name in self._pending:
            raise FormulaError(f"formula {name} refers to itself")
        self._pending.add(name)
        self._known[name] = self._formula(name, self._formulas[name])
        self._pending.discard(name)
        return self._known[name]

    def _formula(self, name: str, element: Element) -> Compiled:
        compiled = compile_node(parse(text(element, "expression")), self.names)
        if compiled.sort not in (_sort(element), "null"):
            raise FormulaError(f"formula {name} is declared {_sort(element)} but gives {compiled.sort}")
        if compiled.sort != "number" or element.find("scale") is None:
            return compiled
        places, run = int(text(element, "scale")), compiled.run

        def rounded(frame: Frame) -> Any:
            value = run(frame)
            return None if value is None else round_half_up(value, places)

        return Compiled("number", rounded)

    def check(self) -> None:
        """Compiles the formulas that no element uses as well."""
        for name in self._formulas:
            self._find(name)

    def reference(self, name: str) -> Compiled:
        """`$Record.Name`, a variable, a formula, an element's output."""
        return self.names.reference(tuple(name.split(".")))

    def value(self, element: Element | None) -> Compiled:
        """A <value>: a literal or a reference; none at all is null."""
        if element is None or len(element) == 0:
            return Compiled("null", lambda frame: None)
        reference = element.findtext("elementReference")
        return self.reference(reference.strip()) if reference else literal(element)


def _variable(name: str) -> Callable[[Frame], Any]:
    return lambda frame: frame.variables.get(name)


def _sort(element: Element) -> Sort:
    kind = text(element, "dataType")
    if kind not in SORTS:
        raise FormulaError(f"{element.tag} {text(element, 'name')}: the data type {kind} is not supported")
    return SORTS[kind]


def literal(element: Element) -> Compiled:
    """A literal <value>."""
    kind, content = element[0].tag, element[0].text or ""
    value: Any
    match kind:
        case "stringValue":
            if "{!" in content:
                raise FormulaError(f"merge fields in a text are not supported: {content}")
            return Compiled("text", lambda frame: content, content)
        case "booleanValue":
            value = content.strip() == "true"
            return Compiled("boolean", lambda frame: value, value)
        case "numberValue":
            value = float(content)
            return Compiled("number", lambda frame: value, value)
        case "dateValue":
            value = date.fromisoformat(content.strip()[:10])
            return Compiled("date", lambda frame: value, value)
        case "dateTimeValue":
            value = datetime.fromisoformat(content.strip())
            return Compiled("datetime", lambda frame: value, value)
    raise FormulaError(f"a value of kind {kind} is not supported")
