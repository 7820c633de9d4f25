"""Once a minute: what no event told us. Commands not yet run, and records that people changed.

Key: (record id, SystemModstamp). The watermark is the largest stamp the org returned, never our clock; each sweep
reads 15 minutes again, because rows can commit behind it, and forgets what it has seen before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import commands, log, pools
from integration.candidates import IDS_PER_MESSAGE, by_hand, engaging, rights, standing
from integration.model.vocabulary import CommandStatus
from integration.ports import Queue, Record
from integration.privacy import retention
from integration.records import Candidate, CandidateTag, Consent, PoolMembership, RecruitingCommand, SObject
from integration.referrals import daily
from integration.soql import Condition, both, compare, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

OVERLAP = timedelta(minutes=15)
PAGE = 2_000
"""What one call of several queries returns of each."""
MOST_PAGES = 10
SEEN_FOR = timedelta(hours=6)
MOST_COMMANDS = 200
_WATERMARK = "watermark"


@dataclass(frozen=True)
class Watched:
    """One object whose changes by people matter."""

    api_name: str
    fields: tuple[str, ...]


WATCHED = (
    Watched(Candidate.API_NAME, (*rights.FIELDS, *standing.FIELDS)),
    Watched(PoolMembership.API_NAME, (PoolMembership.ID,)),
    Watched(Consent.API_NAME, (Consent.ID, Consent.CANDIDATE)),
    Watched(CandidateTag.API_NAME, (CandidateTag.ID, CandidateTag.CANDIDATE)),
)


@dataclass(frozen=True)
class _Mark:
    """How far an object was read: up to `stamp`, or (in the middle of a long backlog) to `last` at that stamp."""

    stamp: str = ""
    last: str = ""

    @property
    def from_stamp(self) -> datetime | None:
        if not self.stamp:
            return None
        return datetime.fromisoformat(self.stamp) - (timedelta() if self.last else OVERLAP)


def sweep(app: App) -> None:
    """Reads commands and changed records in one call; further calls only for more than 2,000 changes of an object."""
    marks = {watched.api_name: _mark(app, watched.api_name) for watched in WATCHED}
    first = [_changes(app, watched, marks[watched.api_name]) for watched in WATCHED]
    command_rows, *pages = app.salesforce.together([_commands(), *first])
    waiting = _enqueue_commands(app, command_rows)
    counts = {watched.api_name: _follow(app, watched, page) for watched, page in zip(WATCHED, pages, strict=True)}
    pools.keep_alumni_daily(app)
    pools.turn_of_day(app)
    engaging.judge_daily(app)
    pools.reconcile_nightly(app)
    retention.purge_daily(app)
    daily.decide_daily(app)
    pools.count_marked(app)
    log.event("sweep.done", commands=waiting, changes=counts)


def _commands() -> str:
    fields = [RecruitingCommand.ID, RecruitingCommand.STATUS]
    open_ones = is_in(RecruitingCommand.STATUS, [CommandStatus.NEW.value, CommandStatus.TAKEN.value])
    order = [RecruitingCommand.CREATED_AT, RecruitingCommand.ID]
    return select(RecruitingCommand.API_NAME, fields, where=open_ones, order_by=order, limit=MOST_COMMANDS)


def _enqueue_commands(app: App, rows: Sequence[Record]) -> int:
    """New ones, and Taken ones that nobody works on any more; running a command twice is no danger, only a waste."""
    ids = [str(row[RecruitingCommand.ID]) for row in rows if _is_waiting(app, row)]
    app.queues.send_many(Queue.COMMANDS, [{"command_id": one} for one in ids])
    return len(ids)


def _is_waiting(app: App, row: Record) -> bool:
    return commands.lease_is_over(app, str(row[RecruitingCommand.ID]))


def _changes(app: App, watched: Watched, mark: _Mark) -> str:
    """Rows that people changed, oldest first. What our own writers change they announce themselves."""
    where = compare(SObject.CHANGED_BY, "!=", app.salesforce.user_id())
    if mark.from_stamp is not None:
        where = both(where, _after(mark))
    fields = list(dict.fromkeys([SObject.ID, SObject.STAMP, *watched.fields]))
    return select(watched.api_name, fields, where=where, order_by=[SObject.STAMP, SObject.ID], limit=PAGE)


def _after(mark: _Mark) -> Condition:
    at = mark.from_stamp
    if not mark.last:
        return compare(SObject.STAMP, ">=", at)
    return either(compare(SObject.STAMP, ">", at), both(equals(SObject.STAMP, at), compare(SObject.ID, ">", mark.last)))


def _follow(app: App, watched: Watched, page: Sequence[Record]) -> int:
    """Handles a page and those behind it; how many changes were new."""
    changes = 0
    for _ in range(MOST_PAGES):
        if not page:
            break
        fresh = list(_unseen(app, page))
        _handle(app, watched.api_name, fresh)
        _remember(app, fresh)
        changes += len(fresh)
        full = len(page) >= PAGE
        mark = _Mark(str(page[-1][SObject.STAMP]), str(page[-1][SObject.ID]) if full else "")
        app.claims.put({"pk": _WATERMARK, "sk": watched.api_name, "stamp": mark.stamp, "last": mark.last})
        if not full:
            break
        page = app.salesforce.query(_changes(app, watched, mark))
    return changes


def _handle(app: App, object_name: str, rows: Sequence[Record]) -> None:
    ids = [str(row[SObject.ID]) for row in rows]
    if object_name == PoolMembership.API_NAME:
        _announce(app, "memberships", ids)
    elif object_name == Candidate.API_NAME:
        # An opt-out must not wait in a queue.
        rights.apply(app, rows)
        by_hand.note(app, rows)
        _announce(app, "candidates", ids)
    elif object_name == CandidateTag.API_NAME:
        _announce(app, "candidates", [str(row[CandidateTag.CANDIDATE]) for row in rows])
    else:
        for one in ids:
            rights.consent_changed(app, one)
        _announce(app, "candidates", [str(row[Consent.CANDIDATE]) for row in rows])


def _announce(app: App, what: str, ids: Sequence[str]) -> None:
    parts = [ids[start : start + IDS_PER_MESSAGE] for start in range(0, len(ids), IDS_PER_MESSAGE)]
    app.queues.send_many(Queue.CHANGES, [{what: part} for part in parts])


def _unseen(app: App, rows: Sequence[Record]) -> Iterator[Record]:
    keys = {_seen_key(row): row for row in rows}
    seen = app.claims.get_many(list(keys))
    for key, row in keys.items():
        if key not in seen:
            yield row


def _remember(app: App, rows: Sequence[Record]) -> None:
    """After the handling: a sweep that dies in between handles them again, which changes nothing."""
    ttl = int((app.clock.now() + SEEN_FOR).timestamp())
    items = [{"pk": pk, "sk": sk, "ttl": ttl} for pk, sk in map(_seen_key, rows)]
    for start in range(0, len(items), 100):
        app.claims.put_together([(app.claims, item) for item in items[start : start + 100]])


def _seen_key(row: Mapping[str, object]) -> tuple[str, str]:
    return f"swept#{row[SObject.ID]}", str(row[SObject.STAMP])


def _mark(app: App, object_name: str) -> _Mark:
    item = app.claims.get(_WATERMARK, object_name) or {}
    return _Mark(item.get("stamp", ""), item.get("last", ""))
