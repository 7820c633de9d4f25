"""A package's files as components, each with what it becomes in a source tree and which line stands where."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from integration.local.org.deploying.lines import Source, excerpt, whole
from integration.metadata.source import Node, children, local_name, text, xml_parser

KINDS: Mapping[str, tuple[str, str]] = {
    "applications": ("CustomApplication", "app"),
    "customPermissions": ("CustomPermission", "customPermission"),
    "dashboards": ("Dashboard", "dashboard"),
    "flexipages": ("FlexiPage", "flexipage"),
    "flows": ("Flow", "flow"),
    "labels": ("CustomLabels", "labels"),
    "layouts": ("Layout", "layout"),
    "objects": ("CustomObject", "object"),
    "permissionsets": ("PermissionSet", "permissionset"),
    "quickActions": ("QuickAction", "quickAction"),
    "reportTypes": ("ReportType", "reportType"),
    "reports": ("Report", "report"),
    "sharingRules": ("SharingRules", "sharingRules"),
    "tabs": ("CustomTab", "tab"),
}
"""Folder of the package -> metadata type and the suffix of its files."""
BUNDLES: Mapping[str, str] = {"lwc": "LightningComponentBundle", "staticresources": "StaticResource"}
CHILDREN: Mapping[str, tuple[str, str, str]] = {
    "businessProcesses": ("BusinessProcess", "businessProcesses", "businessProcess"),
    "compactLayouts": ("CompactLayout", "compactLayouts", "compactLayout"),
    "fieldSets": ("FieldSet", "fieldSets", "fieldSet"),
    "fields": ("CustomField", "fields", "field"),
    "indexes": ("Index", "indexes", "index"),
    "listViews": ("ListView", "listViews", "listView"),
    "recordTypes": ("RecordType", "recordTypes", "recordType"),
    "sharingReasons": ("SharingReason", "sharingReasons", "sharingReason"),
    "validationRules": ("ValidationRule", "validationRules", "validationRule"),
    "webLinks": ("WebLink", "webLinks", "webLink"),
}
"""Elements of an object that are components of their own -> type, folder and suffix in a source tree."""
_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


@dataclass(frozen=True)
class Component:
    """One thing that a package brings."""

    type: str
    name: str
    file: str
    """In the package."""
    sources: tuple[Source, ...] = ()
    problem: str = ""
    """Why it cannot even be placed in a source tree."""
    line: int = 1


def components_of(files: Mapping[str, bytes]) -> list[Component]:
    """Every component of a package, manifests left out."""
    found: list[Component] = []
    bundles: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in sorted(files):
        folder, _, rest = name.partition("/")
        if not rest:
            continue
        if folder in BUNDLES:
            bundles[folder, rest.partition("/")[0].partition(".")[0]].append(name)
        elif folder == "objects":
            found += _object(name, files[name])
        else:
            found.append(_file(name, folder, rest, files[name]))
    for (folder, name), members in bundles.items():
        sources = tuple(whole(each, files[each]) for each in members)
        found.append(Component(BUNDLES[folder], name, members[0], sources))
    return found


def _file(name: str, folder: str, rest: str, content: bytes) -> Component:
    kind, suffix = KINDS.get(folder, ("", ""))
    if not kind:
        kind = _root_name(content)
        problem = f"the embedded org does not implement metadata of type {kind or folder}"
        return Component(kind, rest.rpartition(".")[0] or rest, name, problem=problem)
    if rest.endswith("-meta.xml") and "/" not in rest and folder in ("reports", "dashboards"):
        place = f"{folder}/{rest.removesuffix('-meta.xml')}.{suffix}Folder-meta.xml"
        return Component(f"{kind}Folder", rest.removesuffix("-meta.xml"), name, (whole(place, content),))
    if not rest.endswith(f".{suffix}"):
        return Component(kind, rest, name, problem=f"is no file of metadata: {folder}/ holds files called ….{suffix}")
    return Component(kind, rest.removesuffix(f".{suffix}"), name, (whole(f"{name}-meta.xml", content),))


def _root_name(content: bytes) -> str:
    try:
        return local_name(etree.fromstring(content, xml_parser()))
    except etree.XMLSyntaxError:
        return ""


def _object(file: str, content: bytes) -> Iterator[Component]:
    name = file.removeprefix("objects/").removesuffix(".object")
    if not file.endswith(".object") or not _NAME.fullmatch(name):
        yield Component("CustomObject", name, file, problem="is no object: objects/ holds files called ….object")
        return
    if not name.endswith(("__c", "__e")):
        yield Component("CustomObject", name, file, problem="the embedded org does not change standard objects")
        return
    try:
        root = etree.fromstring(content, xml_parser())
    except etree.XMLSyntaxError as wrong:
        problem = f"is not well-formed XML: {wrong.msg}"
        yield Component("CustomObject", name, file, problem=problem, line=wrong.lineno or 1)
        return
    if local_name(root) != "CustomObject":
        yield Component("CustomObject", name, file, problem=f"holds <{local_name(root)}> where <CustomObject> belongs")
        return
    own = [each for each in children(root) if local_name(each) not in CHILDREN and local_name(each) != "fullName"]
    if own:
        place = f"objects/{name}/{name}.object-meta.xml"
        yield Component("CustomObject", name, file, (excerpt(place, "CustomObject", root, own),), line=root.sourceline)
    for each in children(root):
        if local_name(each) in CHILDREN:
            yield _child(name, file, each)


def _child(object_name: str, file: str, node: Node) -> Component:
    kind, folder, suffix = CHILDREN[local_name(node)]
    name, line = text(node, "fullName"), node.sourceline
    if not _NAME.fullmatch(name):
        return Component(kind, f"{object_name}.{name}", file, problem=f"{name!r} is no API name", line=line)
    if kind == "CustomField" and not name.endswith("__c"):
        problem = "the embedded org does not change standard fields"
        return Component(kind, f"{object_name}.{name}", file, problem=problem, line=line)
    place = f"objects/{object_name}/{folder}/{name}.{suffix}-meta.xml"
    source = excerpt(place, kind, node, list(children(node)))
    return Component(kind, f"{object_name}.{name}", file, (source,), line=line)
