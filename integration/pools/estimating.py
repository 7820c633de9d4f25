"""Who of a pool a mail would reach, before anybody uses the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.campaigns import audience
from integration.model.vocabulary import PoolStatus
from integration.pools.directory import Directory
from integration.records import TalentPool

if TYPE_CHECKING:
    from integration.app import App


def estimate(app: App, pool_id: str) -> str:
    """Key: the pool. Writes the numbers on the pool; a campaign to it chooses people by the same code."""
    pool = app.salesforce.get(TalentPool.API_NAME, pool_id, [TalentPool.STATUS])  # Gone when it was deleted meanwhile
    _, included, _ = Directory(app).pool(pool_id)
    found = audience.estimate(app, audience.choose(app, sorted(included), []))
    app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.ESTIMATE: found.in_words})
    first, _, others = found.in_words.partition("\n")
    told = [first]
    if others:
        told.append("Who would not stands under Audience estimate.")
    if pool[TalentPool.STATUS] == PoolStatus.FAILED:
        told.append("The last Refresh failed, so these are the members of before: put the rule right and refresh.")
    return " ".join(told)
