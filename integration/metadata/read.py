"""Reading the SFDX source tree `sf_metadata/main/default` into a Schema."""

from pathlib import Path

from integration.metadata.access import read_permission_set
from integration.metadata.flows import read_flow
from integration.metadata.objects import read_object
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.schema import Schema
from integration.metadata.sharing import read_sharing_rules
from integration.metadata.understood import refusals_of
from integration.metadata.xml import root, text


def read(folder: Path) -> Schema:
    """Every object, flow, permission set, custom permission, label and sharing rule of the source tree.

    What cannot be read is told by file and line, with everything else that the embedded org would refuse.
    """
    if not (folder / "objects").is_dir():
        raise ValueError(f"{folder}: no objects/ here; give the folder that holds objects/, flows/ and permissionsets/")
    try:
        return _read(folder)
    except ValueError as wrong:
        findings = refusals_of(folder)
        if findings:
            raise UnsupportedMetadata(findings) from wrong
        raise


def _read(folder: Path) -> Schema:
    objects = (read_object(path) for path in sorted(folder.glob("objects/*/*.object-meta.xml")))
    flows = (read_flow(path) for path in sorted(folder.glob("flows/*.flow-meta.xml")))
    sets = (read_permission_set(path) for path in sorted(folder.glob("permissionsets/*.permissionset-meta.xml")))
    return Schema(
        objects={found.name: found for found in objects},
        flows={found.name: found for found in flows},
        permission_sets={found.name: found for found in sets},
        custom_permissions=_custom_permissions(folder),
        labels=_labels(folder),
        folder=folder,
        sharing_rules=read_sharing_rules(folder),
    )


def _custom_permissions(folder: Path) -> frozenset[str]:
    suffix = ".customPermission-meta.xml"
    return frozenset(path.name.removesuffix(suffix) for path in folder.glob(f"customPermissions/*{suffix}"))


def _labels(folder: Path) -> dict[str, str]:
    files = (root(path) for path in sorted(folder.glob("labels/*.labels-meta.xml")))
    return {text(label, "fullName"): text(label, "value") for file in files for label in file.iterfind("labels")}
