"""Memberships: written by key, so that a person is in a pool once whoever adds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from integration.candidates.writing import raise_passing
from integration.model.vocabulary import AddedBy, MembershipState
from integration.ports import Queue, Record, Value
from integration.records import PoolMembership, TalentPool
from integration.soql import equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

KEYS_PER_QUERY = 200
IDS_PER_MESSAGE = 200
RECENT = timedelta(hours=12)


@dataclass(frozen=True)
class Joined:
    """What became of a call: membership ids by candidate id, and those that this call made."""

    memberships: dict[str, str]
    created: tuple[str, ...] = ()
    stayed_out: tuple[str, ...] = ()
    """Candidates whom a recruiter rejected for this pool or who left it, and who therefore were not added."""
    why_out: str = "was rejected for the pool"


def key_of(pool_id: str, candidate_id: str) -> str:
    """Pool_Membership__c.Key__c, as the flow writes it."""
    return f"{pool_id}|{candidate_id}"


def join(
    app: App,
    pool_id: str,
    candidate_ids: Sequence[str],
    added_by: AddedBy,
    *,
    state: MembershipState = MembershipState.MEMBER,
    again: bool = False,
    standing: Mapping[str, Record] | None = None,
    notes: Mapping[str, Mapping[str, Value]] | None = None,
) -> Joined:
    """Key: pool and candidate. Makes candidates members, and tells the drips of those who are new.

    Whom a recruiter rejected stays rejected; who left comes back only with `again`, when the person asked for it.
    `standing` are the pool's rows by candidate, where the caller has read them; `notes` more values for new rows.
    """
    wanted = list(dict.fromkeys(candidate_ids))
    if standing is None:
        frozen, rows_there = _standing(app, pool_id, wanted)
        standing = {str(row[PoolMembership.CANDIDATE]): row for row in rows_there}
        if frozen:
            inside = {one: str(row[PoolMembership.ID]) for one, row in standing.items() if _is_in(row)}
            return Joined(inside, (), tuple(one for one in wanted if one not in inside), "the pool is frozen")
    to_write = [one for one in wanted if _is_to_write(standing.get(one), state, again)]
    now = app.clock.now().isoformat(timespec="seconds")
    rows: list[dict[str, Value]] = []
    for candidate_id in to_write:
        row: dict[str, Value] = {PoolMembership.KEY: key_of(pool_id, candidate_id), PoolMembership.STATE: state.value}
        if state is MembershipState.MEMBER:
            row |= {PoolMembership.JOINED_AT: now, PoolMembership.LEFT_AT: None}
        if candidate_id not in standing:
            row |= {
                PoolMembership.POOL: pool_id,
                PoolMembership.CANDIDATE: candidate_id,
                PoolMembership.ADDED_BY: added_by.value,
                **(notes or {}).get(candidate_id, {}),
            }
        rows.append(row)
    outcomes = app.salesforce.upsert_many(PoolMembership.API_NAME, PoolMembership.KEY, rows) if rows else []
    written = dict(zip(to_write, outcomes, strict=True))
    raise_passing(outcomes)
    memberships = {one: str(standing[one][PoolMembership.ID]) for one in wanted if one in standing}
    memberships |= {one: outcome.id for one, outcome in written.items() if outcome.success}
    # Also those that an earlier attempt wrote and could not announce: enrolling twice changes nothing.
    recent = (app.clock.now() - RECENT).isoformat()
    known = [standing[one] for one in wanted if one in standing]
    late = [row for row in known if _is_in(row) and str(row[PoolMembership.JOINED_AT] or "") > recent]
    announce(app, [*(one.id for one in outcomes if one.success), *(str(row[PoolMembership.ID]) for row in late)])
    return Joined(
        memberships,
        tuple(outcome.id for outcome in outcomes if outcome.success and outcome.created),
        tuple(one for one in wanted if one in standing and one not in written and not _is_in(standing[one])),
    )


def leave(app: App, membership_ids: Sequence[str]) -> None:
    """Key: the membership. The members leave; the row stays and says when."""
    now = app.clock.now().isoformat(timespec="seconds")
    rows: list[dict[str, Value]] = [
        {PoolMembership.ID: one, PoolMembership.STATE: MembershipState.LEFT.value, PoolMembership.LEFT_AT: now}
        for one in membership_ids
    ]
    if rows:
        outcomes = app.salesforce.update_many(PoolMembership.API_NAME, rows)
        raise_passing(outcomes)
        announce(app, [one.id for one in outcomes if one.success])


def announce(app: App, membership_ids: Sequence[str]) -> None:
    """Tells the history, the drips and the pools of pools that these memberships changed."""
    ids = list(dict.fromkeys(membership_ids))
    if ids:
        parts = [ids[start : start + IDS_PER_MESSAGE] for start in range(0, len(ids), IDS_PER_MESSAGE)]
        app.queues.send_many(Queue.CHANGES, [{"memberships": part} for part in parts])


def _standing(app: App, pool_id: str, candidate_ids: Sequence[str]) -> tuple[bool, list[Record]]:
    """Whether the pool is frozen, and the memberships that these candidates have in it."""
    keys = [key_of(pool_id, one) for one in candidate_ids]
    fields = [PoolMembership.ID, PoolMembership.CANDIDATE, PoolMembership.STATE, PoolMembership.JOINED_AT]
    queries = [select(TalentPool.API_NAME, [TalentPool.FROZEN], where=equals(TalentPool.ID, pool_id))] + [
        select(PoolMembership.API_NAME, fields, where=is_in(PoolMembership.KEY, keys[start : start + KEYS_PER_QUERY]))
        for start in range(0, len(keys), KEYS_PER_QUERY)
    ]
    pools, *pages = app.salesforce.together(queries)
    return any(bool(pool[TalentPool.FROZEN]) for pool in pools), [row for page in pages for row in page]


def _is_in(row: Record) -> bool:
    return row[PoolMembership.STATE] == MembershipState.MEMBER


def _is_to_write(row: Record | None, state: MembershipState, again: bool) -> bool:
    if row is None:
        return True
    standing = row[PoolMembership.STATE]
    if standing == MembershipState.LEFT:
        return again
    return standing == MembershipState.PROPOSED and state is MembershipState.MEMBER
