"""What people command on a referral: decide anew, approve, mark as paid, reject, and take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.errors import Rejected
from integration.model.vocabulary import BonusState, ReferralStatus
from integration.ports import Record, Value
from integration.records import Referral
from integration.referrals.deciding import review

if TYPE_CHECKING:
    from integration.app import App

_FIELDS = (
    Referral.CANDIDATE,
    Referral.STATUS,
    Referral.BONUS_STATE,
    Referral.EXPLANATION,
    Referral.DUE_ON,
    Referral.APPROVED_ON,
    Referral.PAID_ON,
)


def check(app: App, referral_id: str) -> str:
    """Key: the referral. Decides it by what is known now."""
    row = _decided(app, referral_id)
    return f"{row[Referral.BONUS_STATE]}. {row[Referral.EXPLANATION]}"


def approve(app: App, referral_id: str) -> str:
    """Key: the referral. Only what is due by today's facts; approving twice approves once."""
    row = _decided(app, referral_id)
    if row[Referral.APPROVED_ON] and row[Referral.BONUS_STATE] == BonusState.DUE:
        return f"The payment was approved on {row[Referral.APPROVED_ON]} already."
    _needs_due(row)
    today = app.clock.now().date().isoformat()
    _write(app, referral_id, {Referral.APPROVED_ON: today})
    _decided(app, referral_id)
    return f"Payment approved on {today}. Choose Mark paid when payroll has paid."


def mark_paid(app: App, referral_id: str) -> str:
    """Key: the referral. The record of a payment that payroll made; nothing changes it but Restore."""
    row = _decided(app, referral_id)
    if row[Referral.PAID_ON]:
        return f"It was marked as paid on {row[Referral.PAID_ON]} already."
    _needs_due(row)
    if not row[Referral.APPROVED_ON]:
        raise Rejected("The payment is not approved yet. Choose Approve payment first.", field="Approved_On__c")
    today = app.clock.now().date().isoformat()
    paid: dict[str, Value] = {
        Referral.PAID_ON: today,
        Referral.BONUS_STATE: BonusState.PAID.value,
        Referral.STATUS: ReferralStatus.SETTLED.value,
        Referral.EXPLANATION: f"{row[Referral.EXPLANATION]} Paid on {today}.",
    }
    _write(app, referral_id, paid)
    review(app, str(row[Referral.CANDIDATE]))
    return f"Marked as paid on {today}. Restore takes it back."


def reject(app: App, referral_id: str) -> str:
    """Key: the referral. It holds no claim any more, so another one may."""
    row = _read(app, referral_id)
    if row[Referral.PAID_ON]:
        raise Rejected(
            f"It was paid on {row[Referral.PAID_ON]}. Choose Restore to take that back, then Reject.",
            field="Paid_On__c",
            value=str(row[Referral.PAID_ON]),
        )
    _write(app, referral_id, {Referral.STATUS: ReferralStatus.REJECTED.value, Referral.APPROVED_ON: None})
    _decided(app, referral_id)
    return "Rejected. Restore takes it back."


def restore(app: App, referral_id: str) -> str:
    """Key: the referral. Takes back a rejection or a payment, and decides anew."""
    row = _read(app, referral_id)
    if row[Referral.STATUS] == ReferralStatus.ACTIVE:
        row = _decided(app, referral_id)
        return f"There is nothing to take back. {row[Referral.BONUS_STATE]}. {row[Referral.EXPLANATION]}"
    back: dict[str, Value] = {Referral.STATUS: ReferralStatus.ACTIVE.value, Referral.PAID_ON: None}
    if row[Referral.PAID_ON]:  # it was due when it was paid, and is so again
        back[Referral.BONUS_STATE] = BonusState.DUE.value
    _write(app, referral_id, back)
    row = _decided(app, referral_id)
    return f"Restored. {row[Referral.BONUS_STATE]}. {row[Referral.EXPLANATION]}"


def _decided(app: App, referral_id: str) -> Record:
    """The row after a decision by today's facts."""
    row = _read(app, referral_id)
    if not row[Referral.CANDIDATE]:
        raise Rejected("The referral names nobody who was recommended. Choose a candidate.", field="Candidate__c")
    review(app, str(row[Referral.CANDIDATE]))
    return _read(app, referral_id)


def _needs_due(row: Record) -> None:
    if row[Referral.BONUS_STATE] != BonusState.DUE:
        state = str(row[Referral.BONUS_STATE])
        words = f"Only a bonus that is due can be paid; this one is “{state}”. {row[Referral.EXPLANATION]}"
        raise Rejected(words, field="Bonus_State__c", value=state)


def _read(app: App, referral_id: str) -> Record:
    return app.salesforce.get(Referral.API_NAME, referral_id, _FIELDS)


def _write(app: App, referral_id: str, values: dict[str, Value]) -> None:
    app.salesforce.update(Referral.API_NAME, referral_id, values)
