"""Talent pools: who is in, who joins by rule, how many."""

from integration.pools.members import Joined, count, join, leave
from integration.pools.rules import refresh
from integration.pools.worker import changed

__all__ = ["Joined", "changed", "count", "join", "leave", "refresh"]
