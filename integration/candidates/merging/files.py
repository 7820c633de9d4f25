"""Files and notes follow the person: their links are made again, for the platform lets nobody move a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.candidates.merging import writes
from integration.candidates.merging.children import FILES
from integration.candidates.merging.images import Image
from integration.ports import Record, Value
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App


def move(app: App, image: Image) -> None:
    """Key: the image. The new link first: a file that hangs nowhere could be lost. Then the old one goes."""
    theirs = image.side(FILES, image.other)
    if not theirs:
        return
    standing = _standing(app, (image.own, image.other))
    have = {str(row[FILES.twin]) for row in standing.values() if row[FILES.lookup] == image.own}
    missing = [row for row_id, row in theirs.items() if row[FILES.twin] not in have and row_id in standing]
    writes.create(app, FILES.object, [_link(row, image.own) for row in missing])
    writes.remove(app, FILES.object, [row_id for row_id in theirs if row_id in standing])


def move_back(app: App, image: Image, again: str) -> None:
    """Key: the image. What was unlinked since the merge stays so; what both had, both have again."""
    theirs = image.side(FILES, image.other)
    if not theirs:
        return
    had = {row[FILES.twin] for row in image.side(FILES, image.own).values()}
    standing = _standing(app, (image.own, again))
    mine = {row[FILES.twin]: row_id for row_id, row in standing.items() if row[FILES.lookup] == image.own}
    given = {row[FILES.twin] for row in standing.values() if row[FILES.lookup] == again}
    back = [row for row in theirs.values() if row[FILES.twin] in mine]
    writes.create(app, FILES.object, [_link(row, again) for row in back if row[FILES.twin] not in given])
    writes.remove(app, FILES.object, [mine[row[FILES.twin]] for row in back if row[FILES.twin] not in had])


def _standing(app: App, ids: tuple[str, str]) -> dict[str, Record]:
    rows = app.salesforce.query(select(FILES.object, FILES.fields, where=is_in(FILES.lookup, ids)))
    return {str(row["Id"]): row for row in rows}


def _link(row: Record, record_id: str) -> dict[str, Value]:
    return {name: value for name, value in row.items() if name != "Id"} | {FILES.lookup: record_id}
