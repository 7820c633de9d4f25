"""Talent pools: who is in, who joins by rule, how many."""

from integration.model.segment import needs
from integration.pools.alumni import keep_alumni, keep_alumni_daily
from integration.pools.history import list_members_on, members_on
from integration.pools.in_parts import refresh_part
from integration.pools.members import Joined, join, leave
from integration.pools.reconciling import reconcile, reconcile_nightly
from integration.pools.refreshing import refresh
from integration.pools.totals import count, count_marked, count_one, recount
from integration.pools.turning import turn_of_day, turned
from integration.pools.worker import changed

__all__ = [
    "Joined", "changed", "count", "count_marked", "count_one", "join", "keep_alumni", "keep_alumni_daily", "leave",
    "list_members_on", "members_on", "needs", "reconcile", "reconcile_nightly", "recount", "refresh", "refresh_part",
    "turn_of_day", "turned",
]  # fmt: skip
