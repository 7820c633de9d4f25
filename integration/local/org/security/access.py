"""What one profile with some permission sets may do with each object and field."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from integration.local.org.catalog import Catalog, ChildRelationship, FieldInfo, ObjectInfo
from integration.local.org.security.profiles import ADMINISTRATOR, standard_rights
from integration.metadata.schema import ObjectAccess, PermissionSet

if TYPE_CHECKING:
    from integration.local.org.security.sharing import Sharing


@dataclass(frozen=True)
class Rights:
    """What somebody may do with the records of one object, and with which of its fields."""

    object: ObjectAccess
    readable: frozenset[str] = frozenset()
    editable: frozenset[str] = frozenset()

    @property
    def read(self) -> bool:
        return self.object.read


class Access:
    """The rights on every object, worked out when first asked for."""

    def __init__(self, catalog: Catalog, sharing: "Sharing", profile: str, sets: Sequence[PermissionSet]) -> None:
        self.sharing = sharing
        self._catalog = catalog
        self._profile = profile
        self._sets = tuple(sets)
        self._rights: dict[str, Rights] = {}
        self._seen: dict[str, ObjectInfo] = {}
        self.is_admin = profile == ADMINISTRATOR
        self.permissions = frozenset().union(*(each.custom_permissions for each in sets))
        """Custom permissions of the permission sets."""
        self.abilities = frozenset().union(*(each.user_permissions for each in sets))
        """System permissions of the permission sets, such as BulkApiHardDelete."""
        self.edits_everything = self.is_admin or "ModifyAllData" in self.abilities
        self.sees_everything = self.edits_everything or "ViewAllData" in self.abilities

    def on(self, name: str) -> Rights:
        """The rights on one object, named as the catalog names it."""
        found = self._rights.get(name)
        if found is None:
            found = self._rights[name] = self._compiled(self._catalog.objects[name])
        return found

    def seen(self, info: ObjectInfo) -> ObjectInfo:
        """The object as this user's describe shows it: fields left out, flags lowered."""
        if self.is_admin:
            return info
        found = self._seen.get(info.name)
        if found is None:
            found = self._seen[info.name] = self._view(info)
        return found

    def _compiled(self, info: ObjectInfo) -> Rights:
        granted = self._object_access(info)
        if not granted.read:
            return Rights(granted)
        readable = frozenset(each.name for each in info.fields.values() if self._may_read(info, each))
        editable = frozenset(each.name for each in info.fields.values() if self._may_edit(info, each))
        return Rights(granted, readable, editable)

    def _object_access(self, info: ObjectInfo) -> ObjectAccess:
        given = [standard_rights(self._profile, info)]
        given += [each.objects[info.name] for each in self._sets if info.name in each.objects]
        everything, edits = self.sees_everything, self.edits_everything
        return ObjectAccess(
            create=edits or any(each.create for each in given),
            read=everything or any(each.read for each in given),
            edit=edits or any(each.edit for each in given),
            delete=edits or any(each.delete for each in given),
            view_all=everything or any(each.view_all or each.modify_all for each in given),
            modify_all=edits or any(each.modify_all for each in given),
        )

    def _may_read(self, info: ObjectInfo, each: FieldInfo) -> bool:
        name = f"{info.name}.{each.compound or each.name}"
        return self._is_open(info, each) or any(
            found.fields[name].readable for found in self._sets if name in found.fields
        )

    def _may_edit(self, info: ObjectInfo, each: FieldInfo) -> bool:
        name = f"{info.name}.{each.compound or each.name}"
        return self._is_open(info, each) or any(
            found.fields[name].editable for found in self._sets if name in found.fields
        )

    def _is_open(self, info: ObjectInfo, each: FieldInfo) -> bool:
        """Standard and required fields, masters and what events carry cannot be closed."""
        return self.is_admin or not each.custom or each.required or each.type == "MasterDetail" or info.is_event

    def _view(self, info: ObjectInfo) -> ObjectInfo:
        rights = self.on(info.name)
        fields = {
            name: self._field_view(each, name in rights.editable, rights.object)
            for name, each in info.fields.items()
            if name in rights.readable
        }
        return replace(
            info,
            fields=fields,
            children=tuple(each for each in info.children if self._sees_children(each)),
            createable=info.createable and rights.object.create,
            updateable=info.updateable and rights.object.edit,
            deletable=info.deletable and rights.object.delete,
        )

    @staticmethod
    def _field_view(each: FieldInfo, may_edit: bool, granted: ObjectAccess) -> FieldInfo:
        return replace(
            each,
            createable=each.createable and may_edit and granted.create,
            updateable=each.updateable and may_edit and granted.edit,
        )

    def _sees_children(self, child: ChildRelationship) -> bool:
        return child.field in self.on(child.object).readable
