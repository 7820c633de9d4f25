"""The files of the metadata tree with their line numbers, as the checks walk them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lxml import etree

Node = Any
"""An element of lxml, which has no type stubs. It knows its line."""

_WITH_COMPANIONS = frozenset({"lwc", "staticresources"})
"""Folders whose components consist of more than one file."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong, at the place where it is put right."""

    path: Path
    line: int
    message: str
    advice: bool = False
    """A rule of this house, which an org does not enforce."""


@dataclass(frozen=True)
class Document:
    """One metadata file."""

    path: Path
    root: Node

    @property
    def type(self) -> str:
        """The metadata type: the root's local name."""
        return local_name(self.root)

    @property
    def name(self) -> str:
        """The component's name: the file's without its two suffixes."""
        return self.path.name.removesuffix("-meta.xml").rpartition(".")[0]

    @property
    def object_name(self) -> str:
        """The folder under objects/ that the file lies in, or an empty text."""
        parts = self.path.parts
        return parts[parts.index("objects") + 1] if "objects" in parts else ""

    def find(self, message: str, at: Node | str | None = None) -> Finding:
        """A finding at an element, at the first child of that name, or at the top."""
        node = child(self.root, at) if isinstance(at, str) else at
        return Finding(self.path, (node if node is not None else self.root).sourceline, message)

    def advise(self, message: str, at: Node | str | None = None) -> Finding:
        """A finding that keeps no org from taking the file."""
        return replace(self.find(message, at), advice=True)


@dataclass(frozen=True)
class Tree:
    """All files below one folder, by metadata type."""

    folder: Path
    documents: tuple[Document, ...]
    by_path: Mapping[Path, Document]
    by_type: Mapping[str, tuple[Document, ...]]
    unreadable: tuple[Finding, ...]

    def of(self, kind: str) -> tuple[Document, ...]:
        """The files of one metadata type."""
        return self.by_type.get(kind, ())

    def names(self, kind: str) -> frozenset[str]:
        """The component names of one metadata type."""
        return frozenset(document.name for document in self.of(kind))


def xml_parser() -> Any:
    """For files of strangers as well: no entities, nothing fetched, and limits on depth and size."""
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def load(folder: Path) -> Tree:
    """Parse every metadata file below a folder; what cannot be parsed becomes a finding."""
    documents, unreadable = [], []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if not path.name.endswith("-meta.xml"):
            if path.relative_to(folder).parts[0] not in _WITH_COMPANIONS:
                unreadable.append(Finding(path, 1, "is no metadata file (…-meta.xml): Salesforce would ignore it"))
            continue
        try:
            documents.append(Document(path, etree.parse(path, xml_parser()).getroot()))
        except etree.XMLSyntaxError as wrong:
            unreadable.append(Finding(path, wrong.lineno or 1, f"is not well-formed XML: {wrong.msg}"))
    by_type: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_type[document.type].append(document)
    return Tree(
        folder,
        tuple(documents),
        {document.path: document for document in documents},
        {kind: tuple(found) for kind, found in by_type.items()},
        tuple(unreadable),
    )


def local_name(node: Node) -> str:
    """An element's name without its namespace."""
    return str(node.tag).rpartition("}")[2]


def children(node: Node, name: str = "") -> Iterator[Node]:
    """The child elements, all or those of one name; comments are left out."""
    for each in node.iterchildren("*"):
        if not name or local_name(each) == name:
            yield each


def child(node: Node, name: str) -> Node | None:
    """The first child of that name; `start/connector` goes down."""
    for step in name.split("/"):
        node = next(children(node, step), None)
        if node is None:
            return None
    return node


def text(node: Node, name: str = "") -> str:
    """The text of an element or of its first child of that name, or an empty text."""
    found = child(node, name) if name else node
    return (found.text or "").strip() if found is not None else ""


def descendants(node: Node, name: str) -> Iterator[Node]:
    """All elements of one name below an element."""
    return node.iterdescendants(f"{{*}}{name}")  # type: ignore[no-any-return]
