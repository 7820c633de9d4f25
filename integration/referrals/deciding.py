"""Decides the referrals of a person anew and writes what changed, whichever event said that it may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.candidates.writing import GONE, raise_passing
from integration.errors import TryAgain
from integration.model.referral import Claim, Decision, decide
from integration.ports import Record, Value
from integration.records import Referral
from integration.referrals import facts
from integration.referrals.programme import programme

if TYPE_CHECKING:
    from integration.app import App

_LOOKS = 4


def review(app: App, candidate_id: str) -> int:
    """Key: the candidate. How many of their referrals changed. Looks again after it wrote: of two workers who decide
    by different facts, the one who writes last has read the newest."""
    changed = 0
    for _ in range(_LOOKS):
        rows = _changes(app, candidate_id)
        if not rows:
            return changed
        outcomes = app.salesforce.update_many(Referral.API_NAME, rows)
        raise_passing(outcomes)
        for outcome in outcomes:
            if not outcome.success and outcome.code not in GONE:
                raise RuntimeError(f"a referral was refused: {outcome.code} {outcome.message}")
        changed = max(changed, len(rows))
        log.event("referrals.decided", candidate=candidate_id, changed=len(rows))
    raise TryAgain("other workers decide the same referrals")


def _changes(app: App, candidate_id: str) -> list[dict[str, Value]]:
    known = facts.read(app, candidate_id)
    if not known.claims:
        return []
    today = app.clock.now().date()
    decided = decide(programme(app).terms, known.claims, known.applications, employed=known.employed, today=today)
    rows = []
    for claim in known.claims:
        row = known.rows[claim.id]
        if not claim.paid_on and (values := _changed(row, _values(row, claim, decided[claim.id]))):
            rows.append({Referral.ID: claim.id, **values})
    return rows


def _values(row: Record, claim: Claim, decision: Decision) -> dict[str, Value]:
    return {
        Referral.BONUS_STATE: decision.state.value,
        Referral.EXPLANATION: decision.explanation,
        Referral.EXPIRES_ON: decision.expires_on.isoformat() if decision.expires_on else None,
        Referral.DUE_ON: decision.due_on.isoformat() if decision.due_on else None,
        Referral.APPLICATION: decision.application or None,
        Referral.KEY: row[Referral.KEY] or f"by hand {claim.id}",
        Referral.REFERRED_AT: row[Referral.REFERRED_AT] or claim.at.isoformat(timespec="seconds"),
    }


def _changed(row: Record, values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if (row[name] or None) != value}
