"""Which types of metadata the org takes, and which components it holds."""

from collections.abc import Iterator
from typing import Any

from integration.local.org.deploying import kept
from integration.local.org.deploying.components import BUNDLES, CHILDREN, KINDS
from integration.local.org.deploying.overlay import component_at
from integration.local.org.values import moment
from integration.local.org.web import Call
from integration.metadata.understood import SERVED

_PARTS = [kind for kind, _, _ in CHILDREN.values() if kind in SERVED]


def described() -> dict[str, Any]:
    """The answer of describeMetadata."""
    types = [_described(folder, kind, suffix) for folder, (kind, suffix) in KINDS.items()]
    types += [_described(folder, kind, "") for folder, kind in BUNDLES.items()]
    return {
        "metadataObjects": sorted(types, key=lambda each: str(each["xmlName"])),
        "organizationNamespace": "",
        "partialSaveAllowed": True,
        "testRequired": False,
    }


def _described(folder: str, kind: str, suffix: str) -> dict[str, Any]:
    return {
        "childXmlNames": _PARTS if kind == "CustomObject" else [],
        "directoryName": folder,
        "inFolder": kind in ("Report", "Dashboard"),
        "metaFile": kind == "StaticResource",
        "suffix": suffix or None,
        "xmlName": kind,
    }


def listed(call: Call, kind: str) -> Iterator[dict[str, Any]]:
    """The answer of listMetadata for one type: what was deployed or stands in the org's folder."""
    with call.org.store.reading() as connection:
        paths = sorted(kept.files_of(connection))
    seen: set[str] = set()
    for path in paths:
        found, name, file = component_at(path)
        if found == kind and name not in seen and (kind != "CustomObject" or path.endswith(".object-meta.xml")):
            seen.add(name)
            yield properties(call, kind, name, file)


def properties(call: Call, kind: str, name: str, file: str) -> dict[str, Any]:
    """What is told of a component's file."""
    user, made = call.person, moment(call.org.started)
    return {
        "createdById": user.id,
        "createdByName": user.name,
        "createdDate": made,
        "fileName": file,
        "fullName": name,
        "id": "",
        "lastModifiedById": user.id,
        "lastModifiedByName": user.name,
        "lastModifiedDate": made,
        "manageableState": "unmanaged",
        "type": kind,
    }
