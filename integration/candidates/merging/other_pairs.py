"""Other pairs that name the record that goes now name the one that remains, judgements included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.candidates.merging import writes
from integration.candidates.merging.images import Image
from integration.candidates.pairs import pair_key
from integration.ports import Record, Value
from integration.records import DuplicatePair
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

_NAMES = (DuplicatePair.FIRST, DuplicatePair.SECOND, DuplicatePair.SURVIVOR)
_MADE_AGAIN = (DuplicatePair.STATUS, DuplicatePair.SCORE, DuplicatePair.REASONS, DuplicatePair.FOUND_BY)


def move(app: App, image: Image) -> None:
    """Key: the image. A pair that stands for the remaining record already is not needed twice."""
    wanted = {row_id: _partner(row, image.other) for row_id, row in image.pairs.items()}
    keys = {row_id: pair_key(image.own, partner) for row_id, partner in wanted.items() if partner}
    where = is_in(DuplicatePair.KEY, keys.values())
    fields = [DuplicatePair.ID, DuplicatePair.KEY]
    rows = app.salesforce.query(select(DuplicatePair.API_NAME, fields, where=where)) if keys else []
    taken = {str(row[DuplicatePair.KEY]): str(row[DuplicatePair.ID]) for row in rows}
    needless = [
        row_id
        for row_id, partner in wanted.items()
        if partner == image.own or taken.get(keys.get(row_id, ""), row_id) != row_id
    ]
    writes.remove(app, DuplicatePair.API_NAME, needless)
    moved: list[dict[str, Value]] = [
        {
            DuplicatePair.ID: row_id,
            **{name: _now(row.get(name), image.other, image.own) for name in _NAMES},
            **({DuplicatePair.KEY: keys[row_id]} if row_id in keys else {}),
        }
        for row_id, row in image.pairs.items()
        if row_id not in needless
    ]
    writes.update(app, DuplicatePair.API_NAME, moved)


def move_back(app: App, image: Image, again: str) -> None:
    """The pairs of the other record name it again, under its new id; those that were needless are made again."""
    standing = {
        str(row[DuplicatePair.ID])
        for row in app.salesforce.query(
            select(DuplicatePair.API_NAME, [DuplicatePair.ID], where=is_in(DuplicatePair.ID, image.pairs))
        )
    }
    back: list[dict[str, Value]] = []
    made: list[dict[str, Value]] = []
    for row_id, row in image.pairs.items():
        values: dict[str, Value] = {name: _now(row.get(name), image.other, again) for name in _NAMES}
        first, second = values[DuplicatePair.FIRST], values[DuplicatePair.SECOND]
        if first and second:
            values[DuplicatePair.KEY] = pair_key(str(first), str(second))
        if row_id in standing:
            back.append({DuplicatePair.ID: row_id, **values})
        elif DuplicatePair.KEY in values:
            made.append({**values, **{name: row[name] for name in _MADE_AGAIN}})
    writes.update(app, DuplicatePair.API_NAME, back)
    writes.create(app, DuplicatePair.API_NAME, made)


def _partner(row: Record, other: str) -> str:
    names = [str(row[name] or "") for name in (DuplicatePair.FIRST, DuplicatePair.SECOND)]
    return next((name for name in names if name and name != other), "")


def _now(value: Value, other: str, instead: str) -> Value:
    return instead if value == other else value
