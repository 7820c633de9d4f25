"""Recruiters who are talking to somebody: logged calls, mails, meetings and answers, noted where the senders look.

Read every minute while a campaign runs, by the stamp of the last one seen: three queries in one call.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import soql
from integration.model.vocabulary import Touch
from integration.ports import Item, Record
from integration.records import Candidate, SObject, Touchpoint
from integration.sending.aliases import person_pk
from integration.sending.deciding import HOLD

if TYPE_CHECKING:
    from integration.app import App

MARK = ("contacts", "seen")
FURTHEST = timedelta(days=30)
PAGE = 500
_SOURCES = ("Task", "Event", Touchpoint.API_NAME)
_BY_A_PERSON = (Touch.REPLIED, Touch.CALLED, Touch.INTERVIEWED)


def note(app: "App") -> int:
    """Idempotency key: the record. Gives how many people were noted; a later contact replaces an earlier one."""
    seen = app.claims.get(*MARK) or {}
    start = (app.clock.now() - FURTHEST).isoformat(timespec="seconds")
    stamps = {name: str(seen.get(name) or start) for name in _SOURCES}
    pages = app.salesforce.together([_query(app, name, stamps[name]) for name in _SOURCES])
    latest: dict[str, Item] = {}
    for name, rows in zip(_SOURCES, pages, strict=True):
        for candidate, contact in _contacts(name, rows):
            if contact["contact_at"] > latest.get(candidate, {}).get("contact_at", ""):
                latest[candidate] = contact
    count = _write(app, latest)
    last = {name: rows[-1][SObject.STAMP] for name, rows in zip(_SOURCES, pages, strict=True) if rows}
    now = {name: str(last.get(name, stamps[name])) for name in _SOURCES}
    if now != {name: seen.get(name) for name in _SOURCES}:
        app.claims.put({"pk": MARK[0], "sk": MARK[1], **now})
    return count


def _query(app: "App", name: str, since: str) -> str:
    """What people did; what the service itself wrote is nobody's contact."""
    after = soql.compare(SObject.STAMP, ">=", _moment(since))
    if name == Touchpoint.API_NAME:
        fields = [SObject.ID, SObject.STAMP, Touchpoint.CANDIDATE, Touchpoint.KIND, Touchpoint.AT]
        where = soql.both(after, soql.is_in(Touchpoint.KIND, [kind.value for kind in _BY_A_PERSON]))
    else:
        moment = "CompletedDateTime" if name == "Task" else "EndDateTime"
        fields = [SObject.ID, SObject.STAMP, "WhatId", SObject.CREATED_AT, moment]
        done = [soql.equals("IsClosed", True)] if name == "Task" else []
        by = soql.compare(SObject.CREATED_BY, "!=", app.salesforce.user_id())
        where = soql.both(after, soql.equals("What.Type", Candidate.API_NAME), by, *done)
    return soql.select(name, fields, where=where, order_by=[SObject.STAMP, SObject.ID], limit=PAGE)


def _contacts(name: str, rows: list[Record]) -> Iterator[tuple[str, Item]]:
    for row in rows:
        if name == Touchpoint.API_NAME:
            candidate, word, moment = row[Touchpoint.CANDIDATE], str(row[Touchpoint.KIND]), row[Touchpoint.AT]
        else:
            candidate, word = row["WhatId"], "logged activity" if name == "Task" else "meeting"
            moment = row.get("CompletedDateTime") or row.get("EndDateTime")
        at = _moment(str(moment or row.get(SObject.CREATED_AT) or row[SObject.STAMP]))
        values = {"contact_at": at.isoformat(timespec="seconds"), "contact": word.lower()}
        yield str(candidate), {**values, "contact_record": str(row[SObject.ID])}


def _write(app: "App", latest: Mapping[str, Item]) -> int:
    if not latest:
        return 0
    where = soql.is_in(Candidate.ID, list(latest))
    fields = [Candidate.ID, Candidate.CANDIDATE_KEY]
    rows = app.salesforce.query(soql.select(Candidate.API_NAME, fields, where=where))
    keys = {str(row[Candidate.CANDIDATE_KEY]): str(row[Candidate.ID]) for row in rows if row[Candidate.CANDIDATE_KEY]}
    known = app.people.get_many([(person_pk(key), HOLD) for key in keys])
    count = 0
    for key, candidate in keys.items():
        contact = latest[candidate]
        if contact["contact_at"] > known.get((person_pk(key), HOLD), {}).get("contact_at", ""):
            app.people.update(person_pk(key), HOLD, contact)
            count += 1
    return count


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("+0000", "+00:00"))
