"""Reading permissionsets/: who may do what."""

from pathlib import Path
from xml.etree.ElementTree import Element

from integration.metadata.schema import FieldAccess, ObjectAccess, PermissionSet
from integration.metadata.xml import flag, root, text


def read_permission_set(path: Path) -> PermissionSet:
    """One permission set."""
    xml = root(path)
    return PermissionSet(
        name=path.name.removesuffix(".permissionset-meta.xml"),
        label=text(xml, "label"),
        objects={text(entry, "object"): _object_access(entry) for entry in xml.iterfind("objectPermissions")},
        fields={text(entry, "field"): _field_access(entry) for entry in xml.iterfind("fieldPermissions")},
        custom_permissions=_enabled(xml, "customPermissions"),
        user_permissions=_enabled(xml, "userPermissions"),
    )


def _object_access(entry: Element) -> ObjectAccess:
    return ObjectAccess(
        create=flag(entry, "allowCreate"),
        read=flag(entry, "allowRead"),
        edit=flag(entry, "allowEdit"),
        delete=flag(entry, "allowDelete"),
        view_all=flag(entry, "viewAllRecords"),
        modify_all=flag(entry, "modifyAllRecords"),
    )


def _field_access(entry: Element) -> FieldAccess:
    return FieldAccess(readable=flag(entry, "readable"), editable=flag(entry, "editable"))


def _enabled(xml: Element, kind: str) -> frozenset[str]:
    return frozenset(text(entry, "name") for entry in xml.iterfind(kind) if flag(entry, "enabled"))
