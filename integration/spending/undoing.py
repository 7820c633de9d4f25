"""Undo spend: takes the last list back, but for rows that somebody has worked on since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected, TryAgain, shortened
from integration.ports import Record
from integration.records import SourceSpend
from integration.spending.places import VALUES, loads, same, save, standing

if TYPE_CHECKING:
    from integration.app import App


def undo(app: App, _record_id: str) -> str:
    """Key: the load. A second run finds what is left; the list may be loaded again afterwards."""
    noted = loads(app)
    last = next((one for one in reversed(noted) if not one.is_undone and one.wrote), None)
    if last is None:
        raise Rejected("No list of spend is loaded, so there is nothing to undo.", field="Command")
    now = standing(app, list(last.wrote))
    ours = {key: row for key, row in now.items() if same(row, last.wrote[key])}
    made = [str(row[SourceSpend.ID]) for key, row in ours.items() if last.before[key] is None]
    changed: list[Record] = [
        {SourceSpend.ID: ours[key][SourceSpend.ID], **{name: before[name] for name in VALUES}}
        for key, before in last.before.items()
        if before is not None and key in ours
    ]
    outcomes = [*app.salesforce.delete_many(SourceSpend.API_NAME, made)] if made else []
    outcomes += app.salesforce.update_many(SourceSpend.API_NAME, changed) if changed else []
    if failed := [one for one in outcomes if not one.success]:
        if any(one.may_pass for one in failed):
            raise TryAgain("some rows of spend are being written by somebody else")
        raise Rejected(f"{len(failed):,} rows could not be taken back: {failed[0].message} Correct it and undo again.")
    last.is_undone = True
    save(app, noted)
    log.event("spend.undone", removed=len(made), restored=len(changed))
    before = {key for key, row in now.items() if last.before[key] is not None and same(row, last.before[key] or {})}
    kept = len(now.keys() - ours.keys() - before)
    left = f" {kept:,} were changed since and stay." if kept else ""
    return f"“{shortened(last.name)}” is undone: {len(made):,} rows removed, {len(changed):,} restored.{left}"
