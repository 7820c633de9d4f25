"""What lists of spend were loaded, what each changed, and the files that the service itself attached."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from integration.errors import Rejected
from integration.ports import Record
from integration.records import SourceSpend
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

_NOTE = "spend/loads.json"
_PER_QUERY = 200
VALUES = (
    SourceSpend.CHANNEL,
    SourceSpend.CAMPAIGN,
    SourceSpend.REQUISITION,
    SourceSpend.MONTH,
    SourceSpend.AMOUNT,
    SourceSpend.CURRENCY_ISO,
    SourceSpend.KIND,
)


@dataclass
class Load:
    """One list that was loaded."""

    version: str
    """ContentVersion id."""
    name: str
    wrote: dict[str, Record] = field(default_factory=dict)
    """Key -> what the list made of the record."""
    before: dict[str, Record | None] = field(default_factory=dict)
    """Key -> what stood there; None when there was nothing."""
    rejects: str = ""
    """ContentVersion id of its file of rejected rows."""
    is_undone: bool = False


def loads(app: App) -> list[Load]:
    """Oldest first."""
    return [Load(**stored) for stored in json.loads(app.data.read(_NOTE) or b"[]")]


def save(app: App, known: list[Load]) -> None:
    app.data.write(_NOTE, json.dumps([asdict(one) for one in known]).encode(), content_type="application/json")


def attached(app: App, record_id: str) -> tuple[str, str]:
    """(version, name) of the list to load; a file of rejected rows of ours means the list it belongs to."""
    found = app.salesforce.attached_file(record_id)
    for one in loads(app):
        if found and found[0] == one.rejects:
            return one.version, one.name
    if found is None or found[1].startswith("Source results "):
        raise Rejected(
            "The newest file is no list of spend. Attach a CSV with Channel, Month and Amount, then command it again.",
            field="File",
        )
    return found


def standing(app: App, keys: list[str]) -> dict[str, Record]:
    """Key -> id and values of the records that there are."""
    found = {}
    for start in range(0, len(keys), _PER_QUERY):
        where = is_in(SourceSpend.KEY, keys[start : start + _PER_QUERY])
        fields = [SourceSpend.ID, SourceSpend.KEY, *VALUES]
        for row in app.salesforce.query(select(SourceSpend.API_NAME, fields, where=where)):
            found[str(row[SourceSpend.KEY])] = row
    return found


def same(one: Record, other: Record) -> bool:
    """Whether two records say the same money for the same thing."""
    return all(_plain(one.get(name)) == _plain(other.get(name)) for name in VALUES)


def _plain(value: object) -> str:
    return "" if value is None else f"{value:.2f}" if isinstance(value, int | float) else str(value)
