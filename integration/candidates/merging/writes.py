"""Carries out a plan row by row; what is done already, or gone meanwhile, is no fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.merging.children import MOVED
from integration.candidates.merging.plan import Plan
from integration.candidates.writing import DUPLICATE, GONE, raise_passing
from integration.errors import Rejected
from integration.ports import Outcome, Value

if TYPE_CHECKING:
    from integration.app import App

KINDS = tuple(kind.object for kind in MOVED)


def carry_out(app: App, plan: Plan) -> dict[str, str]:
    """Removals first: what they free (unique keys) is taken by the updates and by rows made again.

    Gives the new id of each row that was made again, by its old one.
    """
    if gone := [row_id for name in KINDS for row_id in plan.removals.get(name, ())]:
        _settle("", app.salesforce.delete_many("", gone))
    rows = [(name, row) for name in KINDS for row in plan.updates.get(name, ())]
    if changed := [(name, row) for name, row in rows if "Id" in row]:
        _settle_all(changed, app.salesforce.update_together(changed))
    made = [(name, row) for name, row in rows if "Id" not in row]
    if not made:
        return {}
    outcomes = app.salesforce.create_together(made)
    _settle_all(made, outcomes)
    before = [row_id for name in KINDS for row_id in plan.again.get(name, ())]
    return {row_id: outcome.id for row_id, outcome in zip(before, outcomes, strict=True) if outcome.id}


def remove(app: App, object_name: str, ids: Sequence[str]) -> None:
    if ids:
        _settle(object_name, app.salesforce.delete_many(object_name, ids))


def update(app: App, object_name: str, rows: Sequence[Mapping[str, Value]]) -> None:
    if rows:
        _settle(object_name, app.salesforce.update_many(object_name, rows))


def create(app: App, object_name: str, rows: Sequence[Mapping[str, Value]]) -> None:
    if rows:
        _settle(object_name, app.salesforce.create_many(object_name, rows))


def _settle_all(rows: Sequence[tuple[str, Mapping[str, Value]]], outcomes: Sequence[Outcome]) -> None:
    for name in dict.fromkeys(name for name, _ in rows):
        _settle(name, [outcome for (each, _), outcome in zip(rows, outcomes, strict=True) if each == name])


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
