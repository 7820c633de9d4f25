"""Takes back what a load did: removes whom it made, restores what it changed, unless somebody has worked with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from integration.candidates import standing
from integration.candidates.rights import settle
from integration.candidates.writing import raise_passing
from integration.model.lifecycle import Cause
from integration.ports import Record, Value
from integration.records import Application, Candidate, Consent, ContactPoint, JobAlert, PoolMembership, Touchpoint
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

BATCH = 200
_EDITED = (
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.REGION,
    Candidate.COUNTRY,
    Candidate.LANGUAGE,
    Candidate.LIFECYCLE,
    Candidate.AVAILABILITY,
    Candidate.DESIRED_ROLE,
    Candidate.DESIRED_LOCATION,
    Candidate.RATING,
    Candidate.DO_NOT_CONTACT,
    Candidate.DO_NOT_REHIRE,
    Candidate.LEFT_ON,
    Candidate.LEAVING_REASON,
    Candidate.REGRETTABLE,
    Candidate.PAUSED_UNTIL,
)
"""What people write on a candidate."""


@dataclass
class Undone:
    removed: int = 0
    restored: int = 0
    kept: int = 0
    members: list[str] = field(default_factory=list)


def take_back(app: App, image: Mapping[str, Any], made: Sequence[str], members: Sequence[str]) -> Undone:
    """Key: the load. `image` holds, by candidate key, what find_or_create told before it wrote; `made` and `members`
    are the ids of the candidates and memberships that are to go."""
    one = Undone(members=list(members))
    wrote = {key: entry["after"] for key, entry in image.items() if not entry["id"]}
    for start in range(0, len(made), BATCH):
        _remove(app, made[start : start + BATCH], wrote, one)
    # Who was left keeps the membership too; the others' go before or with them.
    _delete(app, PoolMembership.API_NAME, one.members)
    changed = [entry for entry in image.values() if entry["id"]]
    for start in range(0, len(changed), BATCH):
        _restore(app, changed[start : start + BATCH], one)
    return one


def told(removed: int, restored: int, kept: int) -> str:
    """What an undo came to."""
    text = f"Undone: {removed:,} {'candidate' if removed == 1 else 'candidates'} removed, {restored:,} restored."
    if kept == 1:
        return f"{text} 1 was left as it is, because somebody has worked with it since."
    return f"{text} {kept:,} were left as they are, because somebody has worked with them since." if kept else text


def _remove(app: App, ids: Sequence[str], wrote: Mapping[str, Any], one: Undone) -> None:
    """Deletes the candidates that nobody has used: no consent, application, alert, touchpoint, other pool or word."""
    used = set()
    queries = [
        select(object_name, [candidate], where=is_in(candidate, ids))
        for object_name, candidate in (
            (Consent.API_NAME, Consent.CANDIDATE),
            (Application.API_NAME, Application.CANDIDATE),
            (JobAlert.API_NAME, JobAlert.CANDIDATE),
            (Touchpoint.API_NAME, Touchpoint.CANDIDATE),
        )
    ]
    fields = [PoolMembership.ID, PoolMembership.CANDIDATE]
    members = select(PoolMembership.API_NAME, fields, where=is_in(PoolMembership.CANDIDATE, ids))
    of_candidate = [Candidate.ID, Candidate.CANDIDATE_KEY, Candidate.CHANGED_BY, *_EDITED]
    changed = select(Candidate.API_NAME, of_candidate, where=is_in(Candidate.ID, ids))
    *uses, memberships, standing = app.salesforce.together([*queries, members, changed])
    used = {str(value) for rows in uses for row in rows for value in row.values()}
    ours = set(one.members)
    used |= {str(row[PoolMembership.CANDIDATE]) for row in memberships if str(row[PoolMembership.ID]) not in ours}
    me = app.salesforce.user_id()
    used |= {str(row[Candidate.ID]) for row in standing if row[Candidate.CHANGED_BY] != me or _is_edited(row, wrote)}
    there = {str(row[Candidate.ID]) for row in standing}
    one.kept += len(used & there)
    kept_members = {str(row[PoolMembership.ID]) for row in memberships if str(row[PoolMembership.CANDIDATE]) in used}
    one.members = [member for member in one.members if member not in kept_members]
    gone = sorted(there - used)
    first = [str(row[PoolMembership.ID]) for row in memberships if str(row[PoolMembership.CANDIDATE]) in set(gone)]
    _delete(app, PoolMembership.API_NAME, first)
    one.members = [member for member in one.members if member not in set(first)]
    # Contact points and tags go with their candidate (master-detail).
    _delete(app, Candidate.API_NAME, gone)
    # Whom an interrupted attempt has removed is counted as well.
    one.removed += len(ids) - len(used & there)


def _is_edited(row: Record, wrote: Mapping[str, Any]) -> bool:
    """Whether somebody's word stands where the load wrote another: a later write of ours hides who it was."""
    after = wrote.get(str(row[Candidate.CANDIDATE_KEY]))
    return after is not None and any(not _same(row[name] or None, after.get(name) or None) for name in _EDITED)


def _restore(app: App, entries: Sequence[Mapping[str, Any]], one: Undone) -> None:
    """Puts back the values that still are what the import wrote; removes the addresses that it added."""
    wanted = sorted({*standing.FIELDS, *(name for entry in entries for name in entry["after"])})
    where = is_in(Candidate.ID, [entry["id"] for entry in entries])
    rows = app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID, *wanted], where=where))
    current = {str(row[Candidate.ID]): row for row in rows}
    updates = list(_values(entries, current, one, app.clock.now()))
    if updates:
        raise_passing(app.salesforce.update_many(Candidate.API_NAME, updates))
    # Mail stopped because the load said so; it goes on unless the record says so still.
    settle(app, [entry["id"] for entry in entries if entry["after"].get(Candidate.DO_NOT_CONTACT)])
    owners = {key: entry["id"] for entry in entries for key in entry["addresses"]}
    keys = sorted(owners)
    for start in range(0, len(keys), BATCH):
        fields = [ContactPoint.ID, ContactPoint.KEY, ContactPoint.CANDIDATE]
        part = is_in(ContactPoint.KEY, keys[start : start + BATCH])
        points = app.salesforce.query(select(ContactPoint.API_NAME, fields, where=part))
        mine = [row for row in points if owners[str(row[ContactPoint.KEY])] == row[ContactPoint.CANDIDATE]]
        _delete(app, ContactPoint.API_NAME, [str(row[ContactPoint.ID]) for row in mine])


def _values(
    entries: Sequence[Mapping[str, Any]], current: Mapping[str, Record], one: Undone, now: datetime
) -> Iterator[dict[str, Value]]:
    for entry in entries:
        row = current.get(entry["id"])
        if row is None:
            continue
        # What became of somebody is not forgotten by an undo: it gets a line of its own.
        before = entry["before"]
        after = {name: value for name, value in entry["after"].items() if name != Candidate.LIFECYCLE_HISTORY}
        values = {name: before.get(name) for name in after if _same(row[name], after[name])}
        # What an interrupted attempt has restored is as it was; anything else is somebody's later word.
        if any(name not in values and not _same(row[name], before.get(name)) for name in after):
            one.kept += 1
        elif after or entry["addresses"]:
            one.restored += 1
        if Candidate.LIFECYCLE in values:
            word = values[Candidate.LIFECYCLE]
            values |= standing.written(row, word, Cause.TAKEN_BACK, at=now, by="the undo of a load")
        if values:
            yield {Candidate.ID: entry["id"], **values}


def _same(have: Value, wrote: Value) -> bool:
    """Times come back from Salesforce in another spelling than they went in."""
    if isinstance(have, str) and isinstance(wrote, str) and have[10:11] == "T":
        return have[:19] == wrote[:19]
    return have == wrote


def _delete(app: App, object_name: str, ids: Sequence[str]) -> None:
    if ids:
        raise_passing(app.salesforce.delete_many(object_name, ids))
