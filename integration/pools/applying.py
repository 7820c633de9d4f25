"""What a rule's answer does to a pool: who fits joins or is proposed, who no longer fits leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.candidates.writing import raise_passing
from integration.model.vocabulary import AddedBy, MembershipState, PoolReview
from integration.pools.members import RECENT, announce, join, leave
from integration.ports import Record
from integration.records import PoolMembership, TalentPool
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

IDS_PER_QUERY = 200


@dataclass(frozen=True)
class Moves:
    """What a judgement changed in one pool."""

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.proposed)


def apply(app: App, pool: Record, fits: Set[str], *, within: Sequence[str] | None) -> Moves:
    """Key: pool and candidate. `within` limits it to these candidates; whom a recruiter added never leaves by rule."""
    if pool[TalentPool.FROZEN]:
        return Moves()
    pool_id = str(pool[TalentPool.ID])
    there = _memberships(app, pool_id, within)
    rows = {str(row[PoolMembership.CANDIDATE]): row for row in there if row[PoolMembership.CANDIDATE]}
    review = pool[TalentPool.REVIEW] == PoolReview.REVIEW_FIRST
    kept = {MembershipState.MEMBER, MembershipState.REJECTED, *([MembershipState.PROPOSED] if review else [])}
    joining = sorted(one for one in fits if one not in rows or rows[one][PoolMembership.STATE] not in kept)
    gone = [one for one, row in rows.items() if one not in fits and _stays_by_rule_only(row)]
    state = MembershipState.PROPOSED if review else MembershipState.MEMBER
    if joining:
        join(app, pool_id, joining, AddedBy.RULE, state=state, again=True, standing=rows)
    leave(app, [str(rows[one][PoolMembership.ID]) for one in gone])
    _tell_again(app, list(rows.values()))
    left = tuple(one for one in gone if rows[one][PoolMembership.STATE] == MembershipState.MEMBER)
    return Moves((), left, tuple(joining)) if review else Moves(tuple(joining), left)


def remove_orphans(app: App, pool_id: str) -> int:
    """Memberships of candidates who were deleted: the platform emptied their lookup, so no judgement meets them.

    How many members went. A row without its person can neither be saved nor told apart; the history keeps who it was.
    """
    where = both(equals(PoolMembership.POOL, pool_id), equals(PoolMembership.CANDIDATE, None))
    fields = [PoolMembership.ID, PoolMembership.STATE]
    rows = list(app.salesforce.rows(select(PoolMembership.API_NAME, fields, where=where)))
    if rows:
        raise_passing(
            app.salesforce.delete_many(PoolMembership.API_NAME, [str(row[PoolMembership.ID]) for row in rows])
        )
    return sum(row[PoolMembership.STATE] == MembershipState.MEMBER for row in rows)


def told(members: int, pool: Record, came: int, left: int) -> str:
    """What a refresh of a dynamic pool came to."""
    verb = "proposed" if pool[TalentPool.REVIEW] == PoolReview.REVIEW_FIRST else "joined"
    return f"{members:,} {'member' if members == 1 else 'members'}. {came:,} {verb}, {left:,} left."


def _stays_by_rule_only(row: Record) -> bool:
    inside = row[PoolMembership.STATE] in (MembershipState.MEMBER, MembershipState.PROPOSED)
    return inside and row[PoolMembership.ADDED_BY] == AddedBy.RULE


def _tell_again(app: App, rows: Sequence[Record]) -> None:
    """A leave that an earlier attempt wrote and could not announce; telling it twice changes nothing."""
    since = (app.clock.now() - RECENT).isoformat()
    late = [row for row in rows if row[PoolMembership.STATE] == MembershipState.LEFT
            and str(row[PoolMembership.LEFT_AT] or "") > since]  # fmt: skip
    announce(app, [str(row[PoolMembership.ID]) for row in late])


def _memberships(app: App, pool_id: str, within: Sequence[str] | None) -> Iterator[Record]:
    fields = [
        PoolMembership.ID,
        PoolMembership.CANDIDATE,
        PoolMembership.STATE,
        PoolMembership.ADDED_BY,
        PoolMembership.JOINED_AT,
        PoolMembership.LEFT_AT,
    ]
    where = equals(PoolMembership.POOL, pool_id)
    if within is None:
        yield from app.salesforce.rows(select(PoolMembership.API_NAME, fields, where=where))
        return
    for start in range(0, len(within), IDS_PER_QUERY):
        part = is_in(PoolMembership.CANDIDATE, within[start : start + IDS_PER_QUERY])
        yield from app.salesforce.query(select(PoolMembership.API_NAME, fields, where=both(where, part)))
