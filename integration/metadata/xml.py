"""Reading one metadata file: its elements without namespaces, and their texts as values."""

from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_TRUE = "true"


def root(path: Path) -> Element:
    """The root element of a metadata file, namespaces removed."""
    try:
        tree = ElementTree.parse(path)  # noqa: S314 our own source tree, not a stranger's file
    except ElementTree.ParseError as wrong:
        raise ValueError(f"{path}: not readable as XML: {wrong}") from wrong
    for element in tree.iter():
        element.tag = element.tag.rpartition("}")[2]
    return tree.getroot()


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
