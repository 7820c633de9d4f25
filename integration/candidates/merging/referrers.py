"""Recommendations that the one who goes has made now name the one who remains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.candidates.merging import images, writes
from integration.candidates.merging.children import BROUGHT
from integration.candidates.merging.images import Image
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App


def move(app: App, image: Image) -> None:
    """Key: the image, which notes the rows before they change."""
    rows = app.salesforce.query(select(BROUGHT.object, ["Id"], where=equals(BROUGHT.lookup, image.other)))
    if new := [str(row["Id"]) for row in rows if row["Id"] not in image.brought]:
        image.brought += new
        images.save(app, image)
    writes.update(app, BROUGHT.object, [{"Id": one, BROUGHT.lookup: image.own} for one in image.brought])


def move_back(app: App, image: Image, again: str) -> None:
    """Only those that still name the one who remained; what was recommended since stays there."""
    if not image.brought:
        return
    where = both(is_in("Id", image.brought), equals(BROUGHT.lookup, image.own))
    rows = app.salesforce.query(select(BROUGHT.object, ["Id"], where=where))
    writes.update(app, BROUGHT.object, [{"Id": row["Id"], BROUGHT.lookup: again} for row in rows])
