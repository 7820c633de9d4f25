"""A large pool worked out anew: candidates in the order of their ids, a message of the `changes` queue for each part.

How far it has come lies in the `people` table. A new command begins anew, and the messages of the old one end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from integration import log
from integration.errors import Gone, Rejected, TryAgain
from integration.model.segment import All, Rule, needs
from integration.model.ulid import ulid
from integration.model.vocabulary import MembershipState, PoolStatus
from integration.pools.applying import Moves, apply, remove_orphans, told
from integration.pools.book import rule_of
from integration.pools.directory import Directory
from integration.pools.facts import IDS_PER_QUERY, facts_of
from integration.pools.fields import fields_of
from integration.pools.judging import judge
from integration.pools.prefilter import asked, is_of_fields
from integration.pools.totals import count
from integration.ports import Queue, Record, Value
from integration.records import Candidate, PoolMembership, TalentPool
from integration.soql import both, compare, equals, select
from integration.soql import count as count_of

if TYPE_CHECKING:
    from integration.app import App

MOST_AT_ONCE = 20_000
"""People whom a command looks at while the recruiter waits; above, the pool is worked out in parts."""
PER_PART = 1_000
_PLACE = "pool-refresh"


@dataclass(frozen=True)
class Pass:
    """One refresh under way, before its part `number`."""

    run: str
    total: int
    number: int = 0
    after: str = ""
    """The last candidate of the part before."""
    looked_at: int = 0
    came: int = 0
    left: int = 0


def is_large(app: App, pool_id: str, rule: Rule) -> bool:
    """Whether more people than a command can look at have to be read for this pool."""
    return _members(app, pool_id) > MOST_AT_ONCE or _reach(app, rule) > MOST_AT_ONCE


def begin(app: App, pool_id: str) -> None:
    """Key: the pool; the latest command counts. The pool says so before its first part is sent."""
    started = Pass(ulid(app.clock.now()), app.salesforce.count(count_of(Candidate.API_NAME)))
    app.people.put({"pk": _PLACE, "sk": pool_id, **asdict(started)})
    message = f"{started.total:,} candidates are being looked at, part by part. The pool says when it is done."
    app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.MESSAGE: message, TalentPool.PROGRESS: 0})
    _send(app, pool_id, started)


def refresh_part(app: App, message: Mapping[str, Any]) -> None:
    """Key: pool, run and number of the part. A part that comes again changes nothing."""
    pool_id, number = str(message["refresh"]), int(message["part"])
    here = _read(app, pool_id)
    if here is None or here.run != message["run"] or number < here.number:
        log.event("pool.part_late", pool=pool_id, part=number)
        return
    if number > here.number:
        raise TryAgain("the part before is not written yet", seconds=1)
    try:
        _work(app, pool_id, here)
    except Gone:
        app.people.delete(_PLACE, pool_id)
    except Rejected as reason:  # the rule was changed meanwhile
        values = {TalentPool.STATUS: PoolStatus.FAILED.value, TalentPool.MESSAGE: reason.message}
        app.salesforce.update(TalentPool.API_NAME, pool_id, values)
        app.people.delete(_PLACE, pool_id)


def _work(app: App, pool_id: str, here: Pass) -> None:
    directory = Directory(app)
    if pool_id not in directory.pools:
        raise Gone("The pool was deleted.", field="Id", value=pool_id)
    pool = directory.pools[pool_id]
    rule = rule_of(pool, fields_of(app), directory)
    ids = _next(app, here.after)
    moves = [
        _judged(app, pool, rule, ids[start : start + IDS_PER_QUERY]) for start in range(0, len(ids), IDS_PER_QUERY)
    ]
    then = replace(
        here,
        number=here.number + 1,
        after=ids[-1] if ids else here.after,
        looked_at=here.looked_at + len(ids),
        came=here.came + sum(len(each.joined) + len(each.proposed) for each in moves),
        left=here.left + sum(len(each.left) for each in moves),
    )
    if len(ids) < PER_PART:
        _finish(app, pool, directory, then)
        return
    app.salesforce.update(
        TalentPool.API_NAME, pool_id, {TalentPool.PROGRESS: min(99, then.looked_at * 100 // max(1, then.total))}
    )
    # The next message before the mark: a worker that dies in between does this part again, and nothing is lost.
    _send(app, pool_id, then)
    app.people.update(_PLACE, pool_id, asdict(then), only_if={"run": here.run, "number": here.number})


def _judged(app: App, pool: Record, rule: Rule, ids: list[str]) -> Moves:
    facts = facts_of(app, ids, needs(rule), app.clock.now().date())
    moves = apply(app, pool, {one for one, known in facts.items() if rule.matches(known)}, within=ids)
    judge(app, [*moves.joined, *moves.left])
    return moves


def _finish(app: App, pool: Record, directory: Directory, done: Pass) -> None:
    pool_id = str(pool[TalentPool.ID])
    left = done.left + remove_orphans(app, pool_id)
    members = count(app, pool_id, directory)
    values: dict[str, Value] = {
        TalentPool.STATUS: PoolStatus.READY.value,
        TalentPool.PROGRESS: 100,
        TalentPool.MESSAGE: told(members, pool, done.came, left),
    }
    app.salesforce.update(TalentPool.API_NAME, pool_id, values)
    app.people.delete(_PLACE, pool_id)
    log.event("pool.refreshed", pool=pool_id, looked_at=done.looked_at, came=done.came, left=left)


def _next(app: App, after: str) -> list[str]:
    where = compare(Candidate.ID, ">", after) if after else None
    query = select(Candidate.API_NAME, [Candidate.ID], where=where, order_by=[Candidate.ID], limit=PER_PART)
    return [str(row[Candidate.ID]) for row in app.salesforce.query(query)]


def _members(app: App, pool_id: str) -> int:
    where = both(equals(PoolMembership.POOL, pool_id), equals(PoolMembership.STATE, MembershipState.MEMBER))
    return app.salesforce.count(count_of(PoolMembership.API_NAME, where))


def _reach(app: App, rule: Rule) -> int:
    """At most how many candidates' rows the rule reads: what its conditions on fields leave."""
    of_fields: Rule | None = rule if is_of_fields(rule) else None
    if of_fields is None and isinstance(rule, All):
        parts = tuple(part for part in rule.parts if is_of_fields(part))
        of_fields = All(parts) if parts else None
    where = asked(of_fields, app.clock.now().date()).where if of_fields else None
    return app.salesforce.count(count_of(Candidate.API_NAME, where))


def _read(app: App, pool_id: str) -> Pass | None:
    item = app.people.get(_PLACE, pool_id)
    return Pass(**{name: item[name] for name in Pass.__dataclass_fields__}) if item else None


def _send(app: App, pool_id: str, to_do: Pass) -> None:
    app.queues.send(Queue.CHANGES, {"refresh": pool_id, "run": to_do.run, "part": to_do.number})
