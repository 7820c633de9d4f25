"""A source tree as files by path: with a package laid over it, without what a package removes, and as a folder."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from integration.local.org.deploying.components import BUNDLES, CHILDREN, KINDS, Component
from integration.local.org.deploying.lines import Source
from integration.metadata.source import Node, children, local_name, text, xml_parser

Files = Mapping[str, bytes]

_JOINED = ("labels/", "sharingRules/")
"""Folders of files whose entries stay when a package brings others under other names."""
_FOLDERS = {kind: (folder, suffix) for folder, (kind, suffix) in KINDS.items()}
_PARTS = {kind: (folder, suffix) for kind, folder, suffix in CHILDREN.values()}


def overlaid(present: Files, components: Sequence[Component]) -> dict[str, bytes]:
    """The tree with the components in the place of what they replace."""
    files = dict(present)
    for component in components:
        for source in component.sources:
            files[source.path] = _content(present, source)
    return files


def _content(present: Files, source: Source) -> bytes:
    old = present.get(source.path)
    if old is None or not source.path.startswith(_JOINED):
        return source.content
    try:
        return _joined(old, source.content)
    except etree.XMLSyntaxError:
        return source.content


def _joined(old: bytes, new: bytes) -> bytes:
    """The new file, and behind its entries those of the old one that it does not name."""
    root = etree.fromstring(new, xml_parser())
    named = {_key(each) for each in children(root)}
    kept = [each for each in children(etree.fromstring(old, xml_parser())) if _key(each) not in named]
    if not kept:
        return new
    for each in kept:
        root.append(each)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")  # type: ignore[no-any-return]


def _key(node: Node) -> tuple[str, str]:
    return local_name(node), text(node, "fullName")


def places(kind: str, name: str, files: Files) -> list[str]:
    """The files of one component of a tree."""
    if kind == "CustomObject":
        return [path for path in files if path.startswith(f"objects/{name}/")]
    if kind in _PARTS:
        folder, suffix = _PARTS[kind]
        parent, _, own = name.partition(".")
        path = f"objects/{parent}/{folder}/{own}.{suffix}-meta.xml"
    else:
        folder, suffix = _FOLDERS.get(kind, ("", ""))
        path = f"{folder}/{name}.{suffix}-meta.xml"
    return [path] if path in files else []


def component_at(path: str) -> tuple[str, str, str]:
    """Type, full name and file in a package of a file of a tree."""
    folder, *rest = path.split("/")
    bare = path.removesuffix("-meta.xml").partition("/")[2].rpartition(".")[0]
    if folder in BUNDLES:
        return BUNDLES[folder], rest[0].partition(".")[0], path
    if folder != "objects":
        return KINDS.get(folder, ("", ""))[0], bare, package_file(path)
    for kind, (part, _) in _PARTS.items():
        if len(rest) == 3 and rest[1] == part:
            return kind, f"{rest[0]}.{bare.rpartition('/')[2]}", f"objects/{rest[0]}.object"
    return "CustomObject", rest[0], f"objects/{rest[0]}.object"


def package_file(path: str) -> str:
    """Where a package has a file of a tree that is no part of an object."""
    if path.startswith(tuple(f"{folder}/" for folder in BUNDLES)):
        return path
    bare = path.removesuffix("-meta.xml")
    for kind in ("report", "dashboard"):
        if bare.endswith(f".{kind}Folder"):
            return bare.removesuffix(f".{kind}Folder") + "-meta.xml"
    return bare


def is_same(old: bytes | None, new: bytes) -> bool:
    """Whether two files say the same, spaces aside."""
    if old is None or old == new:
        return old == new
    try:
        return _plain(old) == _plain(new)
    except etree.XMLSyntaxError:
        return False


def _plain(content: bytes) -> str:
    return str(etree.canonicalize(etree.fromstring(content, xml_parser()), strip_text=True))


@contextmanager
def as_folder(files: Files) -> Iterator[Path]:
    """The tree on disk, for what reads folders, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="warmbench-metadata-") as name:
        folder = Path(name) / "default"
        (folder / "objects").mkdir(parents=True)
        for path, content in files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield folder
