"""Which records somebody may see, edit or have as their own, as a condition in SQL.

Organisation-wide defaults, owners, the role hierarchy, criteria-based rules, masters of details, and for activities,
notes and files the records that they hang on.
"""

from collections.abc import Mapping
from typing import Literal, Protocol

from integration.local.org.catalog import Catalog, ObjectInfo
from integration.local.org.security.access import Access
from integration.local.org.security.attached import ATTACHED, condition_of
from integration.local.org.security.rules import Bind, OpenedRecords

Level = Literal["read", "edit", "full"]
"""`full` is what deleting a record and giving it to somebody else need."""

_ANYBODYS: Mapping[str, frozenset[Level]] = {
    "Private": frozenset(),
    "Read": frozenset({"read"}),
    "ReadWrite": frozenset({"read", "edit"}),
    "ReadWriteTransfer": frozenset({"read", "edit"}),
    "FullAccess": frozenset({"read", "edit", "full"}),
}
"""What organisation-wide defaults give everybody."""
MODELS = frozenset(_ANYBODYS) | {"ControlledByParent"}


class Viewer(Protocol):
    """Who asks."""

    @property
    def id(self) -> str: ...

    @property
    def role_id(self) -> str: ...

    @property
    def access(self) -> Access: ...


class Sharing:
    """The sharing settings of one catalog."""

    def __init__(self, catalog: Catalog, opened: tuple[OpenedRecords, ...]) -> None:
        self._catalog = catalog
        self._opened = opened

    def condition(self, viewer: Viewer, info: ObjectInfo, table: str, level: Level, bind: Bind) -> str:
        """What records of `table` must fulfil; empty: all of them do."""
        granted = viewer.access.on(info.name).object
        if granted.modify_all or (level == "read" and granted.view_all):
            return ""
        if info.name in ATTACHED:
            return condition_of(self, self._catalog, viewer, info, table, level, bind)
        custom = self._catalog.schema.objects.get(info.name)
        model = custom.sharing if custom else "ReadWrite"
        if model == "ControlledByParent":
            return self._by_masters(viewer, info, table, level, bind)
        if level in _ANYBODYS[model] or "OwnerId" not in info.fields:
            return ""
        return self._by_owner(viewer, info, table, level, bind)

    def _by_masters(self, viewer: Viewer, info: ObjectInfo, table: str, level: Level, bind: Bind) -> str:
        """A detail is read by whoever reads its masters, changed and deleted by whoever edits them."""
        parts = []
        for each in info.fields.values():
            if each.type != "MasterDetail":
                continue
            wanted: Level = "read" if level == "read" or each.needs_master_read else "edit"
            alias = f"{table}_{each.name}"
            master = self._catalog.objects[each.reference_to[0]]
            condition = self.condition(viewer, master, alias, wanted, bind)
            if condition:
                found = f'SELECT {alias}."Id" FROM "{master.name}" AS {alias} WHERE {condition}'  # noqa: S608
                parts.append(f'{table}."{each.name}" IN ({found})')
        return " AND ".join(parts)

    def _by_owner(self, viewer: Viewer, info: ObjectInfo, table: str, level: Level, bind: Bind) -> str:
        parts = [f'{table}."OwnerId" = {bind(viewer.id)}']
        if viewer.role_id:
            parts.append(f'{table}."OwnerId" IN ({_people_below(bind(viewer.role_id))})')
        if level != "full":
            parts += [
                each.sql(table, bind)
                for each in self._opened
                if each.object == info.name and (each.edits or level == "read")
            ]
        return f"({' OR '.join(parts)})"


def _people_below(role: str) -> str:
    """The users in roles below one, however deep."""
    return (
        'WITH RECURSIVE below(role) AS (SELECT "Id" FROM "UserRole" WHERE "ParentRoleId" = '  # noqa: S608
        f'{role} UNION SELECT "Id" FROM "UserRole" JOIN below ON "ParentRoleId" = role) '
        'SELECT "Id" FROM "User" WHERE "UserRoleId" IN (SELECT role FROM below)'
    )
