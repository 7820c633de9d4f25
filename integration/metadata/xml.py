"""Reading one metadata file: its elements without namespaces, and their texts as values."""

from pathlib import Path
from typing import cast
from xml.etree.ElementTree import Element

from lxml import etree

_TRUE = "true"


def root(path: Path) -> Element:
    """The root element of a metadata file, namespaces removed; each element knows its line."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    try:
        tree = etree.parse(path, parser)
    except etree.XMLSyntaxError as wrong:
        raise ValueError(f"{path}:{wrong.lineno or 1}: is not well-formed XML: {wrong.msg}") from wrong
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    return cast(Element, tree.getroot())


def line_of(element: Element | None) -> int:
    """The line that an element begins in."""
    return getattr(element, "sourceline", None) or 1


def text(element: Element, name: str, default: str = "") -> str:
    """The text of a child element (`valueSet/restricted` goes down), or the default."""
    return (element.findtext(name) or default).strip()


def flag(element: Element, name: str, default: bool = False) -> bool:
    """A child element's boolean."""
    found = text(element, name)
    return found == _TRUE if found else default


def number(element: Element, name: str) -> int:
    """A child element's whole number, 0 without one."""
    return int(text(element, name) or 0)
