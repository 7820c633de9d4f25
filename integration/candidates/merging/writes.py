"""Carries out a plan row by row; what is done already, or gone meanwhile, is no fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.merging.children import ACTIVITIES, CHILDREN
from integration.candidates.merging.plan import Plan
from integration.candidates.writing import DUPLICATE, GONE, raise_passing
from integration.errors import Rejected
from integration.ports import Outcome, Value
from integration.records import PoolMembership
from integration.soql import is_in, select

if TYPE_CHECKING:
    from integration.app import App

KINDS = tuple(kind.object for kind in (*CHILDREN, *ACTIVITIES))


def carry_out(app: App, plan: Plan) -> None:
    """Removals first: what they free (unique keys) is taken by the updates and by rows made again."""
    for name in KINDS:
        if gone := plan.removals.get(name):
            _settle(name, app.salesforce.delete_many(name, gone))
    for name in KINDS:
        if rows := [row for row in plan.updates.get(name, ()) if "Id" in row]:
            _settle(name, app.salesforce.update_many(name, rows))
    for name in KINDS:
        if rows := [row for row in plan.updates.get(name, ()) if "Id" not in row]:
            _settle(name, app.salesforce.create_many(name, rows))


def remove(app: App, object_name: str, ids: Sequence[str]) -> None:
    if ids:
        _settle(object_name, app.salesforce.delete_many(object_name, ids))


def update(app: App, object_name: str, rows: Sequence[Mapping[str, Value]]) -> None:
    if rows:
        _settle(object_name, app.salesforce.update_many(object_name, rows))


def create(app: App, object_name: str, rows: Sequence[Mapping[str, Value]]) -> None:
    if rows:
        _settle(object_name, app.salesforce.create_many(object_name, rows))


def pools_of(app: App, candidate_ids: Iterable[str]) -> set[str]:
    where = is_in(PoolMembership.CANDIDATE, candidate_ids)
    rows = app.salesforce.query(select(PoolMembership.API_NAME, [PoolMembership.POOL], where=where))
    return {str(row[PoolMembership.POOL]) for row in rows}


def _settle(name: str, outcomes: Sequence[Outcome]) -> None:
    """Passing faults come again; a row that its owner deleted, or that stands already, is as it should be."""
    raise_passing(outcomes)
    for outcome in outcomes:
        if outcome.success or outcome.code in GONE or outcome.code == DUPLICATE:
            continue
        log.event("merge.row_refused", object=name, code=outcome.code)
        raise Rejected(
            f"Salesforce refused a row of {name.removesuffix('__c').replace('_', ' ')}: {outcome.message} "
            "Put that right, then command it again: it goes on where it stopped.",
            field=outcome.fields[0] if outcome.fields else "",
        )
