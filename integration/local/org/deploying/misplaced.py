"""Files of a tree that stand in the wrong place, or beside one of the same name."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from integration.local.org.deploying.overlay import component_at
from integration.metadata.source import Document, Finding, Tree

_MOST_FIELDS = 800


def misplaced(tree: Tree, folder: Path) -> Iterator[Finding]:
    """What a source tree of an org cannot be."""
    names = Counter(_key(document, folder) for document in tree.documents)
    fields = Counter(document.object_name for document in tree.of("CustomField"))
    objects = tree.names("CustomObject")
    for document in tree.documents:
        kind, name, _ = component_at(document.path.relative_to(folder).as_posix())
        if kind and document.type not in (kind, f"{kind}Folder"):
            yield document.find(f"holds <{document.type}> where <{kind}> belongs")
        if names[_key(document, folder)] > 1:
            yield document.find(f"{name} is there twice, in capitals and small letters")
        if document.object_name and document.object_name not in objects:
            yield document.find(f"there is no object {document.object_name} in this org or in the package")
        if document.type == "CustomObject" and fields[document.name] > _MOST_FIELDS:
            yield document.find(f"has {fields[document.name]} fields, {_MOST_FIELDS} are allowed")


def _key(document: Document, folder: Path) -> str:
    return document.path.relative_to(folder).as_posix().lower()
