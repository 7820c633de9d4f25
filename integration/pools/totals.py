"""How many people a pool has, and a folder: each person once, however many of its pools they are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Gone
from integration.model.vocabulary import MembershipState, PoolKind
from integration.pools.directory import Directory
from integration.ports import Queue, Value
from integration.records import PoolMembership, TalentPool
from integration.soql import both, count_by, equals, is_in, select
from integration.soql import count as count_of

if TYPE_CHECKING:
    from integration.app import App

TO_COUNT = "pools-to-count"
_COUNTED = "expr0"


def count(app: App, pool_id: str, directory: Directory | None = None) -> int:
    """Counts the members anew and writes the number on the pool, and on the folders above it."""
    known = directory or Directory(app)
    if pool_id not in known.pools:
        raise Gone("The pool was deleted.", field="Id", value=pool_id)
    members = _write(app, pool_id, known)
    for folder in known.above(pool_id):
        _write(app, folder, known)
    return members


def recount(app: App, pool_ids: Iterable[str]) -> None:
    """Several pools at once, and each folder above them once; a pool that was deleted has no number."""
    directory = Directory(app)
    pools = [pool for pool in dict.fromkeys(pool_ids) if pool in directory.pools]
    if not pools:
        return
    where = both(is_in(PoolMembership.POOL, pools), equals(PoolMembership.STATE, MembershipState.MEMBER))
    members = Counter(
        {
            str(row[PoolMembership.POOL]): int(row[_COUNTED] or 0)
            for row in app.salesforce.query(count_by(PoolMembership.API_NAME, [PoolMembership.POOL], where))
        }
    )
    now = app.clock.now().isoformat(timespec="seconds")
    app.salesforce.update_many(
        TalentPool.API_NAME,
        [{TalentPool.ID: pool, TalentPool.MEMBER_COUNT: members[pool], TalentPool.REFRESHED_AT: now} for pool in pools],
    )
    for folder in sorted({folder for pool in pools for folder in directory.above(pool)}):
        _write(app, folder, directory)


def mark(app: App, pool_ids: Iterable[str]) -> None:
    """These pools are counted within a minute, however many messages change them."""
    for pool_id in dict.fromkeys(pool_ids):
        app.people.put({"pk": TO_COUNT, "sk": pool_id})


def count_marked(app: App) -> int:
    """Every minute: a message for each pool that changed."""
    pools = [str(item["sk"]) for item in app.people.query(TO_COUNT)]
    app.queues.send_many(Queue.CHANGES, [{"count": pool} for pool in pools])
    for pool in pools:
        app.people.delete(TO_COUNT, pool)
    return len(pools)


def count_one(app: App, pool_id: str) -> None:
    """A marked pool; one that was deleted meanwhile has no number."""
    try:
        count(app, pool_id)
    except Gone:
        log.event("pool.gone", pool=pool_id)


def _write(app: App, pool_id: str, directory: Directory) -> int:
    is_folder = directory.pools[pool_id][TalentPool.KIND] == PoolKind.FOLDER
    members = _people_below(app, directory.below(pool_id)) if is_folder else _members(app, pool_id)
    now = app.clock.now().isoformat(timespec="seconds")
    values: dict[str, Value] = {TalentPool.MEMBER_COUNT: members, TalentPool.REFRESHED_AT: now}
    app.salesforce.update(TalentPool.API_NAME, pool_id, values)
    return members


def _members(app: App, pool_id: str) -> int:
    where = both(equals(PoolMembership.POOL, pool_id), equals(PoolMembership.STATE, MembershipState.MEMBER))
    return app.salesforce.count(count_of(PoolMembership.API_NAME, where))


def _people_below(app: App, pools: frozenset[str]) -> int:
    where = both(is_in(PoolMembership.POOL, pools), equals(PoolMembership.STATE, MembershipState.MEMBER))
    rows = app.salesforce.rows(select(PoolMembership.API_NAME, [PoolMembership.CANDIDATE], where=where))
    return len({str(row[PoolMembership.CANDIDATE]) for row in rows})
