"""A pool worked out anew as a whole, by command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.errors import Rejected
from integration.model import segment
from integration.model.segment import HasTag, Rule
from integration.model.segment_fields import nearest
from integration.model.vocabulary import PoolKind, PoolStatus
from integration.pools import in_parts
from integration.pools.applying import Moves, apply, remove_orphans, told
from integration.pools.book import pools_named, rule_of
from integration.pools.directory import Directory
from integration.pools.fields import fields_of
from integration.pools.fitting import fitting
from integration.pools.judging import judge
from integration.pools.totals import count
from integration.ports import Record
from integration.records import Tag, TalentPool
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App


def refresh(app: App, pool_id: str) -> str:
    """Key: the pool. Judges every candidate for a dynamic pool, counts the members of any pool.

    A large pool is worked out in parts, which tell of themselves.
    """
    app.salesforce.get(TalentPool.API_NAME, pool_id, [TalentPool.ID])  # Gone when it was deleted meanwhile
    directory = Directory(app)
    pool = directory.pools[pool_id]
    try:
        check_folders(directory, pool_id)
        rule = _accepted(app, pool, directory) if pool[TalentPool.KIND] == PoolKind.DYNAMIC else None
        if rule and not pool[TalentPool.FROZEN] and in_parts.is_large(app, pool_id, rule):
            in_parts.begin(app, pool_id)
            return ""
        moves = _work_out(app, pool, rule) if rule else None
        orphans = 0 if pool[TalentPool.FROZEN] else remove_orphans(app, pool_id)
    except Rejected:
        app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.STATUS: PoolStatus.FAILED})
        raise
    members = count(app, pool_id, directory)
    app.salesforce.update(TalentPool.API_NAME, pool_id, {TalentPool.STATUS: PoolStatus.READY})
    return _told(members, pool, moves, orphans, len(directory.below(pool_id)))


def _told(members: int, pool: Record, moves: Moves | None, orphans: int, below: int) -> str:
    if moves is not None:
        return told(members, pool, len(moves.joined) + len(moves.proposed), len(moves.left) + orphans)
    people = f"{members:,} {'member' if members == 1 else 'members'}"
    if pool[TalentPool.KIND] == PoolKind.FOLDER:
        return f"{people} in {below:,} {'pool' if below == 1 else 'pools'}, each person counted once."
    return f"{people}."


def _accepted(app: App, pool: Record, directory: Directory) -> Rule:
    """The pool's rule, which the pool now shows in words; raises Rejected."""
    pool_id = str(pool[TalentPool.ID])
    rule = rule_of(pool, fields_of(app), directory)
    check_rules(app, directory, pool_id, rule)
    check_tags(app, rule)
    words = segment.in_words(rule, directory.name_of)
    app.salesforce.update(
        TalentPool.API_NAME, pool_id, {TalentPool.RULE_TEXT: words[:4_000], TalentPool.STATUS: PoolStatus.REFRESHING}
    )
    return rule


def _work_out(app: App, pool: Record, rule: Rule) -> Moves:
    moves = apply(app, pool, fitting(app, rule, app.clock.now().date()), within=None)
    # Pools whose rules name this one follow at once.
    judge(app, [*moves.joined, *moves.left])
    return moves


def check_folders(directory: Directory, pool_id: str) -> None:
    """Refuses a folder that lies in itself."""
    parents = {one: [str(row[TalentPool.PARENT])] for one, row in directory.pools.items() if row[TalentPool.PARENT]}
    for one in [pool_id, *directory.above(pool_id)]:
        if path := segment.circle(one, parents):
            way = " → ".join(directory.name_of(each) for each in path)
            raise Rejected(f"The folders lie in each other: {way}. Take one of them out of its folder.", field="Parent")


def check_rules(app: App, directory: Directory, pool_id: str, rule: Rule) -> None:
    """Refuses a rule that asks, by whatever way, about its own pool."""
    fields = fields_of(app)
    refers = {pool_id: list(pools_named(rule))}
    for one, row in directory.pools.items():
        if one != pool_id and row[TalentPool.KIND] == PoolKind.DYNAMIC:
            try:
                refers[one] = list(pools_named(rule_of(row, fields, directory)))
            except Rejected:
                continue  # its own recruiter is told when it is refreshed
    if path := segment.circle(pool_id, refers):
        way = " → ".join(directory.name_of(one) for one in path)
        raise Rejected(f"The rule refers to its own pool: {way}. Remove one of these conditions.", field="Rule")


def check_tags(app: App, rule: Rule) -> None:
    """A tag that nobody has is most often a slip of the pen."""
    wanted = {leaf.tag for leaf in segment.leaves(rule) if isinstance(leaf, HasTag)}
    if not wanted:
        return
    found = app.salesforce.query(select(Tag.API_NAME, [Tag.NAME], where=is_in(Tag.NAME, wanted)))
    known = {str(row[Tag.NAME]).casefold() for row in found}
    for tag in sorted(wanted):
        if tag.casefold() not in known:
            every = [str(row[Tag.NAME]) for row in app.salesforce.query(select(Tag.API_NAME, [Tag.NAME], limit=2_000))]
            raise Rejected(f"There is no tag “{tag[:40]}”.{nearest(tag, every)} Or make it first.", field="Rule")
