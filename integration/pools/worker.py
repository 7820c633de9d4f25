"""The `changes` queue: candidates and memberships that changed, days that turned, pools to count."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from integration.candidates.completion import complete
from integration.pools import history, judging, totals
from integration.records import PoolMembership
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

IDS_PER_QUERY = 200


def changed(app: App, candidate_ids: Sequence[str], membership_ids: Sequence[str], pools: Collection[str] = ()) -> None:
    """Key: what stands in the org now. Judging a candidate or a membership again changes nothing.

    Candidates made by hand get their key and contact points, then the dynamic pools that ask about what changed judge
    them; memberships enter the history, enrol in the running drips of their pool, and are judged by pools of pools.
    """
    if candidate_ids:
        complete(app, candidate_ids)
        judging.judge(app, candidate_ids, pools=pools)
    if membership_ids:
        from integration import drips  # drips ask the pools who is in them

        candidates = _record(app, membership_ids)
        drips.enrol(app, membership_ids)
        judging.judge(app, candidates)


def _record(app: App, membership_ids: Sequence[str]) -> list[str]:
    """The candidates of these memberships, after their history was written and their pools marked for counting."""
    candidates = []
    for start in range(0, len(membership_ids), IDS_PER_QUERY):
        where = is_in(PoolMembership.ID, membership_ids[start : start + IDS_PER_QUERY])
        rows = app.salesforce.query(select(PoolMembership.API_NAME, history.FIELDS, where=where))
        history.record(app, rows)
        totals.mark(app, [str(row[PoolMembership.POOL]) for row in rows if row[PoolMembership.POOL]])
        candidates += [str(row[PoolMembership.CANDIDATE]) for row in rows if row[PoolMembership.CANDIDATE]]
    return candidates
