"""Runs a search: a scan for the records whose text matches, then a query as the user for what may be shown of them.

No index is kept, so writing costs nothing for it and a record is found as soon as it is saved.
"""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from integration.local.org.catalog import Catalog, FieldInfo, ObjectInfo
from integration.local.org.soql.errors import SoqlError, located, no_such_object
from integration.local.org.soql.plan import Record
from integration.local.org.soql.run import run
from integration.local.org.soql.scope import Reader
from integration.local.org.soql.tree import Column, Condition, Found, Group, Path, Query
from integration.local.org.sosl.match import SEPARATOR, predicate, rough_sql
from integration.local.org.sosl.statement import Returned, Search
from integration.local.org.store import quoted

_TEXT_TYPES = frozenset({"AutoNumber", "Email", "Html", "LongTextArea", "Phone", "Text", "TextArea", "Url"})
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class _Asked:
    connection: sqlite3.Connection
    catalog: Catalog
    reader: Reader
    now: datetime
    version: str
    search: Search


def search(
    connection: sqlite3.Connection,
    catalog: Catalog,
    wanted: Search,
    *,
    user: Reader,
    now: datetime,
    version: str,
) -> list[Record]:
    """The records found, object by object in the order of RETURNING."""
    asked = _Asked(connection, catalog, user, now, version, wanted)
    found = [_of_object(asked, info, each) for info, each in _objects(asked)]
    shares = _shares([len(records) for records in found], wanted.limit)
    return [record for records, share in zip(found, shares, strict=True) for record in records[:share]]


def _objects(asked: _Asked) -> Iterator[tuple[ObjectInfo, Returned]]:
    for each in asked.search.returned:
        info = asked.catalog.object(each.query.source)
        if info is None or info.is_event:
            raise no_such_object(asked.search.text, each.query.source_at, each.query.source)
        if not info.searchable:
            reason = f"entity type {info.name} does not support search"
            raise located("INVALID_TYPE_FOR_OPERATION", asked.search.text, each.query.source_at, reason)
        yield info, each
    if asked.search.returned:
        return
    for name in sorted(asked.catalog.objects):
        if asked.catalog.objects[name].searchable:
            yield asked.catalog.objects[name], Returned(Query((Column(Path(("Id",), 0)),), name, 0))


def _of_object(asked: _Asked, info: ObjectInfo, returned: Returned) -> list[Record]:
    query = returned.query
    found = Found(tuple(_matching(asked, info)))
    where: Condition = Group("AND", (found, query.where)) if query.where else found
    query = replace(query, where=where, limit=asked.search.limit if query.limit is None else query.limit)
    try:
        result = run(
            asked.connection,
            asked.catalog,
            asked.search.text,
            user=asked.reader,
            now=asked.now,
            version=asked.version,
            query=query,
        )
    except SoqlError as error:
        if error.code == "INVALID_TYPE" and not asked.search.returned:
            return []  # An object that nobody named and this user may not see.
        raise
    return list(result)


def _matching(asked: _Asked, info: ObjectInfo) -> Iterator[str]:
    fields = [each for each in info.stored if _is_in_group(info, each, asked.search.group)]
    fields = [each for each in fields if asked.reader.can_read(info.name, each.name)]
    if not fields:
        return
    columns = [quoted(each.name) for each in fields]
    parameters: list[object] = []

    def bind(value: object) -> str:
        parameters.append(value)
        return f"?{len(parameters)}"

    rough = rough_sql(asked.search.wanted, columns, bind)
    sql = f'SELECT "Id", {", ".join(columns)} FROM {quoted(info.name)} WHERE "IsDeleted" = 0 AND {rough}'  # noqa: S608
    matches = predicate(asked.search.wanted)
    rich = [number for number, each in enumerate(fields, start=1) if each.type == "Html"]
    for row in asked.connection.execute(sql, parameters):
        if matches(_text(row, rich)):
            yield row[0]


def _text(row: tuple[str | None, ...], rich: list[int]) -> str:
    """What a record says in the searched fields, without the tags of rich text."""
    cells = list(row)
    for number in rich:
        cells[number] = _TAG.sub(" ", cells[number] or "")
    return SEPARATOR.join(str(cell) for cell in cells[1:] if cell).lower()


def _is_in_group(info: ObjectInfo, field: FieldInfo, group: str) -> bool:
    """The fields that IN … FIELDS means; the sidebar's are those by which a record is called up."""
    is_name = field.name in (info.name_field, "FirstName", "LastName")
    is_text = field.type in _TEXT_TYPES
    wanted = {
        "ALL": is_text,
        "NAME": is_name,
        "EMAIL": field.type == "Email",
        "PHONE": field.type == "Phone",
        "SIDEBAR": is_name or field.external_id or field.type in ("AutoNumber", "Email", "Phone"),
    }
    return is_text and wanted[group]


def _shares(sizes: list[int], limit: int) -> list[int]:
    """How many records each object gives when all together are too many: even shares, what one leaves to the others."""
    shares = [0] * len(sizes)
    smallest_first = sorted(range(len(sizes)), key=sizes.__getitem__)
    for done, place in enumerate(smallest_first):
        shares[place] = min(sizes[place], (limit - sum(shares)) // (len(sizes) - done))
    return shares
