"""Activities, notes and files: seen by their owners and by whoever sees the records that they hang on."""

from typing import TYPE_CHECKING

from integration.local.org.catalog import Catalog, ObjectInfo
from integration.local.org.security.rules import Bind

if TYPE_CHECKING:
    from integration.local.org.security.sharing import Level, Sharing, Viewer

_HANGS_ON = {"Task": "WhatId", "Event": "WhatId", "Note": "ParentId"}
_FILES = {"ContentDocument": "Id", "ContentVersion": "ContentDocumentId", "ContentDocumentLink": "ContentDocumentId"}
ATTACHED = frozenset(_HANGS_ON) | frozenset(_FILES)


def condition_of(
    sharing: "Sharing",
    catalog: Catalog,
    viewer: "Viewer",
    info: ObjectInfo,
    table: str,
    level: "Level",
    bind: Bind,
) -> str:
    """What such records must fulfil to be read, edited or deleted."""
    me = bind(viewer.id)
    if info.name in _FILES:
        links = f'l."ContentDocumentId" = {table}."{_FILES[info.name]}" AND l."IsDeleted" = 0'
        seen = _on_records(sharing, catalog, viewer, 'l."LinkedEntityId"', level, bind)
        found = f'SELECT 1 FROM "ContentDocumentLink" AS l WHERE {links} AND (l."LinkedEntityId" = {me} OR {seen})'  # noqa: S608
        own = f' OR {table}."OwnerId" = {me}' if "OwnerId" in info.fields else ""
        return f"(EXISTS ({found}){own})"
    own = f'{table}."OwnerId" = {me}'
    if level != "read":
        return own
    seen = _on_records(sharing, catalog, viewer, f'{table}."{_HANGS_ON[info.name]}"', "read", bind)
    private = f'{table}."IsPrivate" = 0 AND ' if "IsPrivate" in info.fields else ""
    return f"({own} OR ({private}{seen}))"


def _on_records(
    sharing: "Sharing", catalog: Catalog, viewer: "Viewer", pointer: str, level: "Level", bind: Bind
) -> str:
    """Whether the id leads to a record that the viewer may treat so; of most objects the prefix tells."""
    open_prefixes: list[str] = []
    parts: list[str] = []
    for info in catalog.objects.values():
        # A file is linked with the user who put it there, whom everybody may see.
        if info.name == "User" or info.name in ATTACHED or info.is_event or not info.prefix:
            continue
        if not viewer.access.on(info.name).read:
            continue
        condition = sharing.condition(viewer, info, "r", "read" if level == "read" else "edit", bind)
        if not condition:
            open_prefixes.append(f"'{info.prefix}'")
        else:
            parts.append(f'{pointer} IN (SELECT r."Id" FROM "{info.name}" AS r WHERE {condition})')  # noqa: S608
    if open_prefixes:
        parts.insert(0, f"substr({pointer}, 1, 3) IN ({', '.join(open_prefixes)})")
    return f"({' OR '.join(parts) or '0'})"
