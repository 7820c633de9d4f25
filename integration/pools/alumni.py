"""The pool of those who left and are missed: made by itself, filled by its rule, once the cool-off is over."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model.vocabulary import Lifecycle, PoolKind, PoolStatus
from integration.pools.refreshing import refresh
from integration.ports import Queue, Value
from integration.records import OPERATIONS_ROW, Candidate, Operations, TalentPool
from integration.soql import both, compare, equals, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("pools", "alumni")
"""In the `people` table: the last day on which this ran, and the rule that it wrote."""
KEY = "alumni"
COOL_OFF_DAYS = 90


def rule_for(days: int) -> str:
    """Regrettable leavers of more than so many days ago, in the language of pool rules."""
    parts = [
        {"field": Candidate.LIFECYCLE, "is": "in", "value": [Lifecycle.ALUMNI, Lifecycle.FORMER_CONTINGENT]},
        {"field": Candidate.REGRETTABLE, "is": "equals", "value": True},
        {"field": Candidate.LEFT_ON, "is": "more than ago", "value": f"{days} days"},
    ]
    return json.dumps({"all": parts}, indent=1)


def keep_alumni_daily(app: App) -> bool:
    """Key: the day. On the first run of a day, a message that has the pool looked after."""
    today, item = app.clock.now().date().isoformat(), app.people.get(*PLACE) or {}
    if item.get("day", "") >= today:
        return False
    app.queues.send(Queue.CHANGES, {"alumni": today})
    app.people.update(*PLACE, {"day": today})
    return True


def keep_alumni(app: App) -> str:
    """Key: setting and rule as they stand. Makes the pool with the first leaver; the pool it worked out, or blank.

    A rule that a recruiter has changed stays as it is.
    """
    item = app.people.get(*PLACE) or {}
    setting = select(
        Operations.API_NAME, [Operations.ALUMNI_COOL_OFF_DAYS], where=equals(Operations.KEY, OPERATIONS_ROW)
    )
    missed = both(equals(Candidate.REGRETTABLE, True), compare(Candidate.LEFT_ON, "!=", None))
    leaver = select(Candidate.API_NAME, [Candidate.ID], where=missed, limit=1)
    standing = select(TalentPool.API_NAME, [TalentPool.ID, TalentPool.RULE], where=equals(TalentPool.KEY, KEY))
    settings, leavers, pools = app.salesforce.together([setting, leaver, standing])
    given = settings[0][Operations.ALUMNI_COOL_OFF_DAYS] if settings else None
    rule = rule_for(int(COOL_OFF_DAYS if given is None else given))
    pool = ""
    if pools and pools[0][TalentPool.RULE] == item.get("rule") != rule:
        pool = str(pools[0][TalentPool.ID])
        app.salesforce.update(TalentPool.API_NAME, pool, {TalentPool.RULE: rule})
    elif not pools and leavers:
        pool = _make(app, rule)
    if pool:
        app.people.update(*PLACE, {"rule": rule})
        refresh(app, pool)
        log.event("pool.alumni_kept", pool=pool)
    return pool


def _make(app: App, rule: str) -> str:
    row: dict[str, Value] = {
        TalentPool.KEY: KEY,
        TalentPool.NAME: "Alumni",
        TalentPool.KIND: PoolKind.DYNAMIC.value,
        TalentPool.STATUS: PoolStatus.READY.value,
        TalentPool.RULE: rule,
    }
    [outcome] = app.salesforce.upsert_many(TalentPool.API_NAME, TalentPool.KEY, [row])
    if not outcome.success:
        raise Rejected(f"The pool Alumni could not be made: {outcome.message}")
    return outcome.id
