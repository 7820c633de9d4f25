"""Once a day: what has outlived its purpose goes. One table says what, and after how long.

Of files only those that the service attached itself: their newest version is its own, their name is the one it gives,
and they lie on a record of the object it attaches them to. What a person uploaded stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import log
from integration.model.vocabulary import CommandStatus
from integration.ports import Queue, Record
from integration.records import BulkAction, CandidateImport, RecruitingCampaign, RecruitingCommand, SObject, TalentPool
from integration.soql import Condition, both, compare, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("retention", "day")
"""In the `people` table: the last day on which this ran."""
PER_PART = 200
_FILE, _DOCUMENT, _RECORD = "ContentVersion", "ContentDocumentId", "FirstPublishLocationId"


@dataclass(frozen=True)
class Lifetime:
    """How long one kind of thing is kept."""

    kept: timedelta
    object_name: str
    """What is deleted, or the object on whose records the files lie."""
    title: str = ""
    """The name of the files, as LIKE has it; empty where the rows themselves go."""


LIFETIMES: Mapping[str, Lifetime] = {
    "commands": Lifetime(timedelta(days=30), RecruitingCommand.API_NAME),
    "exports": Lifetime(timedelta(days=30), BulkAction.API_NAME, "Candidates"),
    "campaign previews": Lifetime(timedelta(days=30), RecruitingCampaign.API_NAME, "Preview"),
    "member lists": Lifetime(timedelta(days=30), TalentPool.API_NAME, "Members on %"),
    "reject files": Lifetime(timedelta(days=30), CandidateImport.API_NAME, "% - rejected rows %"),
}


def purge_daily(app: App) -> int:
    """Key: the day. On the first run of a day, a message for each lifetime; how many."""
    today = app.clock.now().date().isoformat()
    item = app.people.get(*PLACE)
    if item and item["day"] >= today:
        return 0
    now = app.clock.now().isoformat(timespec="seconds")
    app.queues.send_many(Queue.CHANGES, [{"outlived": name, "at": now, "after": ""} for name in LIFETIMES])
    # Last: a day that was cut off begins again, and what is gone already is not met again.
    app.people.put({"pk": PLACE[0], "sk": PLACE[1], "day": today})
    return len(LIFETIMES)


def purge(app: App, message: Mapping[str, Any]) -> None:
    """Key: lifetime, moment and where the part begins. Deletes a part, then sends the message of the next."""
    name = str(message["outlived"])
    lifetime = LIFETIMES.get(name)
    if lifetime is None:
        raise ValueError(f"nothing is known of how long {name} are kept")
    before = compare(SObject.CREATED_AT, "<", datetime.fromisoformat(message["at"]) - lifetime.kept)
    where = both(before, compare(SObject.ID, ">", message["after"])) if message["after"] else before
    rows, deleted = (_files if lifetime.title else _rows)(app, lifetime, where)
    log.event("retention.purged", what=name, deleted=deleted)
    if len(rows) == PER_PART:
        # By id, so that what cannot be deleted is not met for ever.
        app.queues.send(Queue.CHANGES, {**message, "after": str(rows[-1][SObject.ID])})


def _rows(app: App, lifetime: Lifetime, where: Condition) -> tuple[list[Record], int]:
    """Commands that have ended; what waits is somebody's wish still."""
    ended = is_in(RecruitingCommand.STATUS, [CommandStatus.DONE.value, CommandStatus.FAILED.value])
    rows = _part(app, lifetime.object_name, [SObject.ID], both(where, ended))
    return rows, _delete(app, lifetime.object_name, [str(row[SObject.ID]) for row in rows])


def _files(app: App, lifetime: Lifetime, where: Condition) -> tuple[list[Record], int]:
    ours = both(
        where,
        equals(SObject.CREATED_BY, app.salesforce.user_id()),
        equals("IsLatest", True),
        compare("Title", "LIKE", lifetime.title),
    )
    rows = _part(app, _FILE, [SObject.ID, _DOCUMENT, _RECORD], ours)
    records = {str(row[_RECORD]) for row in rows if row[_RECORD]}
    found = (
        app.salesforce.query(select(lifetime.object_name, [SObject.ID], where=is_in(SObject.ID, records)))
        if records
        else []
    )
    there = {row[SObject.ID] for row in found}
    return rows, _delete(app, "ContentDocument", [str(row[_DOCUMENT]) for row in rows if row[_RECORD] in there])


def _part(app: App, object_name: str, fields: Sequence[str], where: Condition) -> list[Record]:
    return app.salesforce.query(select(object_name, fields, where=where, order_by=[SObject.ID], limit=PER_PART))


def _delete(app: App, object_name: str, ids: Sequence[str]) -> int:
    """How many went; what the org refuses is tried again the next day."""
    outcomes = app.salesforce.delete_many(object_name, ids) if ids else []
    return sum(outcome.success for outcome in outcomes)
