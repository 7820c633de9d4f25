"""The Metadata API's own schema: the WSDL that simple-salesforce ships, and files held against it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from lxml import etree

from integration.metadata.source import Document, Finding, Node, children, local_name

VERSION = 63.0
"""The API version of the WSDL; source must not be newer, or it could not be judged."""

_XSD = "{http://www.w3.org/2001/XMLSchema}"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_FREE_FORM = "base64Binary"
"""How the WSDL types `targetConfigs` of a Lightning web component, which holds XML of its own."""
_PATTERNS = {
    "boolean": (re.compile("true|false"), "is not true or false"),
    "int": (re.compile(r"-?\d+"), "is not a whole number"),
    "long": (re.compile(r"-?\d+"), "is not a whole number"),
    "double": (re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?"), "is not a number"),
    "decimal": (re.compile(r"-?\d+(\.\d+)?"), "is not a number"),
    "date": (re.compile(r"\d{4}-\d\d-\d\d"), "is not a date"),
}


@dataclass(frozen=True)
class Part:
    """One element that a type allows."""

    type: str
    required: bool
    repeats: bool


@dataclass(frozen=True)
class Types:
    """The types of the Metadata API, inheritance resolved."""

    complex: Mapping[str, Mapping[str, Part]]
    words: Mapping[str, frozenset[str]]


@cache
def types() -> Types:
    """The types of the WSDL, read once in a process."""
    own: dict[str, dict[str, Part]] = {}
    bases: dict[str, str] = {}
    words: dict[str, frozenset[str]] = {}
    document = etree.fromstring(files("simple_salesforce").joinpath("metadata.wsdl").read_bytes())
    for node in document.iter(f"{_XSD}complexType", f"{_XSD}simpleType"):
        name = node.get("name")
        if not name:
            continue
        if node.tag == f"{_XSD}simpleType":
            words[name] = frozenset(each.get("value") for each in node.iter(f"{_XSD}enumeration"))
            continue
        own[name] = {each.get("name"): _part(each) for each in node.iter(f"{_XSD}element") if each.get("name")}
        extension = node.find(f".//{_XSD}extension")
        if extension is not None:
            bases[name] = _unprefixed(extension.get("base"))
    return Types({name: _with_inherited(name, own, bases) for name in own}, words)


def _part(element: Node) -> Part:
    return Part(
        _unprefixed(element.get("type")), element.get("minOccurs", "1") != "0", element.get("maxOccurs", "1") != "1"
    )


def _with_inherited(name: str, own: Mapping[str, Mapping[str, Part]], bases: Mapping[str, str]) -> dict[str, Part]:
    inherited = _with_inherited(bases[name], own, bases) if bases.get(name) in own else {}
    return {**inherited, **own[name]}


def _unprefixed(name: str) -> str:
    return name.rpartition(":")[2]


def check(document: Document) -> Iterator[Finding]:
    """Elements that are unknown, missing or given twice, and values of the wrong kind. Order does not matter."""
    if document.type not in types().complex:
        yield document.find(f"<{document.type}> is no metadata type of API {VERSION}")
        return
    yield from _check_node(document, document.root, document.type)
    yield from _check_version(document)


def _check_node(document: Document, node: Node, declared: str) -> Iterator[Finding]:
    name = _unprefixed(node.get(_XSI_TYPE) or declared)
    parts = types().complex[name]
    seen: Counter[str] = Counter()
    for each in children(node):
        found = local_name(each)
        seen[found] += 1
        part = parts.get(found)
        if part is None:
            yield document.find(f"unknown element <{found}> in {name}", each)
        elif seen[found] == 2 and not part.repeats:
            yield document.find(f"<{found}> is given twice in {name}", each)
        else:
            yield from _check_part(document, each, part)
    for missing in (each for each, part in parts.items() if part.required and each not in seen):
        yield document.find(f"required element <{missing}> is missing in {name}", node)


def _check_part(document: Document, node: Node, part: Part) -> Iterator[Finding]:
    if part.type in types().complex:
        yield from _check_node(document, node, part.type)
    elif part.type != _FREE_FORM:
        has_elements = next(children(node), None) is not None
        wrong = "holds elements where a value belongs" if has_elements else _wrong_value(part.type, node.text or "")
        if wrong:
            yield document.find(f"<{local_name(node)}> {wrong}", node)


def _wrong_value(kind: str, value: str) -> str:
    allowed = types().words.get(kind)
    if allowed and value not in allowed:
        some = ", ".join(sorted(allowed)[:8]) + (", …" if len(allowed) > 8 else "")
        return f"{value!r} is not one of {some}"
    pattern, complaint = _PATTERNS.get(kind, (None, ""))
    return f"{value!r} {complaint}" if pattern and not pattern.fullmatch(value) else ""


def _check_version(document: Document) -> Iterator[Finding]:
    """A component without an apiVersion changes its behaviour with every release of the platform."""
    if "apiVersion" not in types().complex[document.type]:
        return
    found = document.root.findtext("{*}apiVersion")
    if not found:
        yield document.advise("<apiVersion> is missing: without it the component changes with every release")
    elif _PATTERNS["double"][0].fullmatch(found) and float(found) > VERSION:
        yield document.find(f"apiVersion {found} is newer than {VERSION}, the newest that can be checked", "apiVersion")
