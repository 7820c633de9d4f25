"""Bulk actions on memberships of one pool: add, remove, accept, reject, set the stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from integration.candidates.writing import raise_passing
from integration.model.vocabulary import AddedBy, BulkActionKind, MembershipState, PoolKind
from integration.pools.bulk_acts import Act, Before, Part, told
from integration.pools.members import announce, join, key_of
from integration.ports import Record, Value
from integration.records import PoolMembership, TalentPool
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

_KEPT = (
    PoolMembership.ID,
    PoolMembership.CANDIDATE,
    PoolMembership.STATE,
    PoolMembership.STAGE,
    PoolMembership.JOINED_AT,
    PoolMembership.LEFT_AT,
)
_MEMBER, _PROPOSED = MembershipState.MEMBER, MembershipState.PROPOSED


def moving(app: App, kind: BulkActionKind, pool: Record) -> Act:
    if kind is BulkActionKind.ADD_TO_POOL:
        return _Adding(app, pool)
    by_rule = pool[TalentPool.KIND] == PoolKind.DYNAMIC
    moves = {
        # Whom a recruiter takes out of a dynamic pool must not come back by its rule.
        BulkActionKind.REMOVE_FROM_POOL: (
            (_MEMBER, _PROPOSED),
            MembershipState.REJECTED if by_rule else MembershipState.LEFT,
            "is not in the pool",
        ),
        BulkActionKind.ACCEPT: ((_PROPOSED,), _MEMBER, "is not proposed for the pool"),
        BulkActionKind.REJECT: ((_PROPOSED, _MEMBER), MembershipState.REJECTED, "is not in the pool"),
    }
    return _Moving(app, pool, kind, *moves[kind])


def staging(app: App, pool: Record, stage: str) -> Act:
    return _Staging(app, pool, stage)


class _OfPool(Act):
    """Memberships of one pool, as they were."""

    def __init__(self, app: App, pool: Record) -> None:
        super().__init__(app)
        self.pool = str(pool[TalentPool.ID])

    def before(self, ids: Sequence[str]) -> Before:
        where = is_in(PoolMembership.KEY, [key_of(self.pool, one) for one in ids])
        rows = self.app.salesforce.query(select(PoolMembership.API_NAME, _KEPT, where=where))
        known: dict[str, dict[str, Any]] = {str(row[PoolMembership.CANDIDATE]): dict(row) for row in rows}
        return [known.get(one) or {PoolMembership.CANDIDATE: one} for one in ids]

    def now_of(self, before: Before) -> dict[str, dict[str, Any]]:
        return {
            row[PoolMembership.CANDIDATE]: row for row in self.before([row[PoolMembership.CANDIDATE] for row in before])
        }

    def write(self, rows: Sequence[Mapping[str, Value]], candidates: Sequence[str]) -> Part:
        if not rows:
            return Part()
        outcomes = self.app.salesforce.update_many(PoolMembership.API_NAME, rows)
        raise_passing(outcomes)
        announce(self.app, [one.id for one in outcomes if one.success])
        return told(outcomes, candidates)

    def time(self) -> str:
        return self.app.clock.now().isoformat(timespec="seconds")


class _Adding(_OfPool):
    kind = BulkActionKind.ADD_TO_POOL

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        was = {row[PoolMembership.CANDIDATE]: row.get(PoolMembership.STATE) for row in before}
        joined = join(self.app, self.pool, ids, AddedBy.MANUAL, again=True)
        unchanged = [one for one in ids if was.get(one) == _MEMBER]
        out = dict.fromkeys(joined.stayed_out, joined.why_out)
        out |= {one: "could not be added" for one in ids if one not in joined.memberships and one not in out}
        return Part(len(ids) - len(unchanged) - len(out), len(unchanged), tuple(out.items()))

    def restore(self, before: Before) -> tuple[int, int]:
        """Who was not there leaves; who was there before stands as before."""
        stood = (_MEMBER, MembershipState.REJECTED)
        ours = [row for row in before if row.get(PoolMembership.STATE) not in stood]
        now, rows, candidates = self.now_of(ours), [], []
        for row in ours:
            one = row[PoolMembership.CANDIDATE]
            if now[one].get(PoolMembership.STATE) == _MEMBER:
                former = row.get(PoolMembership.STATE) or MembershipState.LEFT.value
                left: dict[str, Value] = {PoolMembership.STATE: former, PoolMembership.LEFT_AT: self.time()}
                rows.append({PoolMembership.ID: now[one][PoolMembership.ID], **left})
                candidates.append(one)
        return self.write(rows, candidates).done, len(ours)


class _Moving(_OfPool):
    def __init__(
        self,
        app: App,
        pool: Record,
        kind: BulkActionKind,
        of: tuple[MembershipState, ...],
        to: MembershipState,
        otherwise: str,
    ) -> None:
        super().__init__(app, pool)
        self.kind = kind  # type: ignore[misc]  # one class for three kinds
        self._of, self._to, self._otherwise = of, to, otherwise

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        rows, candidates, unchanged, failures = [], [], 0, []
        for row in self.before(ids):
            state, one = row.get(PoolMembership.STATE), row[PoolMembership.CANDIDATE]
            if state in self._of:
                rows.append(self._changed(row))
                candidates.append(one)
            elif state == self._to:
                unchanged += 1
            else:
                failures.append((one, self._otherwise))
        # What an earlier, cut off run of this part has changed stands as done, not as unchanged.
        earlier = [row for row in before if row.get(PoolMembership.STATE) in self._of]
        again = min(unchanged, len(earlier) - len(rows))
        written = self.write(rows, candidates)
        return Part(written.done + again, unchanged - again, (*written.failures, *failures))

    def _changed(self, row: Mapping[str, Any]) -> dict[str, Value]:
        times: dict[str, Value] = {PoolMembership.LEFT_AT: self.time()}
        if self._to is _MEMBER:
            times = {PoolMembership.JOINED_AT: self.time(), PoolMembership.LEFT_AT: None}
        return {PoolMembership.ID: row[PoolMembership.ID], PoolMembership.STATE: self._to.value, **times}

    def restore(self, before: Before) -> tuple[int, int]:
        ours = [row for row in before if row.get(PoolMembership.STATE) in self._of]
        now = self.now_of(ours)
        back = [row for row in ours if now[row[PoolMembership.CANDIDATE]].get(PoolMembership.STATE) == self._to]
        names = (PoolMembership.ID, PoolMembership.STATE, PoolMembership.JOINED_AT, PoolMembership.LEFT_AT)
        rows = [{name: row.get(name) for name in names} for row in back]
        return self.write(rows, [row[PoolMembership.CANDIDATE] for row in back]).done, len(ours)


class _Staging(_OfPool):
    kind = BulkActionKind.SET_STAGE

    def __init__(self, app: App, pool: Record, stage: str) -> None:
        super().__init__(app, pool)
        self._stage = stage

    def apply(self, ids: Sequence[str], before: Before) -> Part:
        inside = [row for row in before if row.get(PoolMembership.STATE) == _MEMBER]
        changing = [row for row in inside if row.get(PoolMembership.STAGE) != self._stage]
        failures = [(row[PoolMembership.CANDIDATE], "is not in the pool") for row in before if row not in inside]
        rows = [{PoolMembership.ID: row[PoolMembership.ID], PoolMembership.STAGE: self._stage} for row in changing]
        written = self.write(rows, [row[PoolMembership.CANDIDATE] for row in changing])
        return Part(written.done, len(inside) - len(changing), (*written.failures, *failures))

    def restore(self, before: Before) -> tuple[int, int]:
        ours = [
            row
            for row in before
            if row.get(PoolMembership.STATE) == _MEMBER and row.get(PoolMembership.STAGE) != self._stage
        ]
        now = self.now_of(ours)
        back = [row for row in ours if now[row[PoolMembership.CANDIDATE]].get(PoolMembership.STAGE) == self._stage]
        rows = [{name: row[name] for name in (PoolMembership.ID, PoolMembership.STAGE)} for row in back]
        return self.write(rows, [row[PoolMembership.CANDIDATE] for row in back]).done, len(ours)
