"""The other way round: files of a source tree as a package, whole or as a manifest asks for."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from xml.sax.saxutils import escape

from lxml import etree

from integration.local.org.deploying.components import CHILDREN
from integration.local.org.deploying.manifest import Manifest
from integration.local.org.deploying.overlay import Files, component_at, package_file
from integration.metadata.source import Node, children, xml_parser

_NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_TAGS = {folder: tag for tag, (_, folder, _) in CHILDREN.items()}
_VERSION = "63.0"


def packed(files: Files, wanted: Manifest | None = None, root: str = "") -> tuple[bytes, list[tuple[str, str, str]]]:
    """A zip with its package.xml below a root, and (type, name, file) of every component in it."""
    chosen = {path: content for path, content in files.items() if wanted is None or _is_wanted(path, wanted)}
    package = {package_file(path): content for path, content in chosen.items() if not path.startswith("objects/")}
    package |= dict(_objects(chosen))
    components = sorted({component_at(path) for path in chosen})
    package["package.xml"] = _manifest(components)
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(package.items()):
            archive.writestr(root + name, content)
    return data.getvalue(), [(kind, name, root + file) for kind, name, file in components]


def _is_wanted(path: str, wanted: Manifest) -> bool:
    kind, name, _ = component_at(path)
    parent = name.partition(".")[0]
    return wanted.names(kind, name) or (path.startswith("objects/") and wanted.names("CustomObject", parent))


def _objects(files: Files) -> Iterator[tuple[str, bytes]]:
    """Every object's own elements and those of its parts in one file."""
    parts: dict[str, list[str]] = defaultdict(list)
    for path in sorted(path for path in files if path.startswith("objects/")):
        steps = path.split("/")
        # The object's own file sorts behind the folders of its parts, which may stand in any order.
        if len(steps) == 3 or steps[2] in _TAGS:
            parts[steps[1]].append(path)
    for name, paths in parts.items():
        root = etree.Element(f"{{{_NAMESPACE}}}CustomObject", nsmap={None: _NAMESPACE})
        for path in paths:
            root.extend(_elements(path, etree.fromstring(files[path], xml_parser())))
        yield f"objects/{name}.object", etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _elements(path: str, found: Node) -> list[Node]:
    steps = path.split("/")
    if len(steps) == 3:
        return list(children(found))
    found.tag = f"{{{_NAMESPACE}}}{_TAGS[steps[2]]}"
    return [found]


def _manifest(components: list[tuple[str, str, str]]) -> bytes:
    members: dict[str, list[str]] = defaultdict(list)
    for kind, name, _ in components:
        members[kind].append(name)
    entries = "".join(
        f"<types>{''.join(f'<members>{escape(name)}</members>' for name in names)}<name>{kind}</name></types>"
        for kind, names in sorted(members.items())
    )
    return f'<Package xmlns="{_NAMESPACE}">{entries}<version>{_VERSION}</version></Package>'.encode()
