"""Somebody who came by a personal link registers or applies: the referral and its touchpoint."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Gone
from integration.model.registration import Registration
from integration.model.vocabulary import BonusState, ReferralStatus, Touch
from integration.ports import Value
from integration.records import Referral
from integration.referrals.deciding import review
from integration.referrals.inviting import answered
from integration.referrals.programme import programme
from integration.registration.writing import Known, create_once, known, touch
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App


def record(app: App, candidate: Known, sent: Registration, channel: str, requisition: str) -> None:
    """Key: the form. Afterwards everything owed for this person is decided anew, whoever brought them."""
    if sent.source.brought and (referrer := _referrer(app, sent.source.brought)) is not None:
        if not _stands(app, referrer.id, candidate.id, sent, requisition):
            create_once(app, Referral.API_NAME, [_row(referrer, candidate, sent, requisition)])
            touch(app, candidate.id, Touch.REFERRED, sent, channel, requisition)
            log.event("candidate.referred", id=sent.id, candidate=candidate.id, referrer=referrer.id)
        answered(app, referrer.key, sent.source.invitation)
    review(app, candidate.id)


def _referrer(app: App, key: str) -> Known | None:
    """None when they had their data erased: their links lead on, and bring nobody anything."""
    try:
        return known(app, candidate_key=key)
    except Gone:
        return None


def _row(referrer: Known, candidate: Known, sent: Registration, requisition: str) -> dict[str, Value]:
    return {
        Referral.KEY: sent.id,
        Referral.REFERRER: referrer.id,
        Referral.CANDIDATE: candidate.id,
        Referral.REQUISITION: requisition or None,
        Referral.REFERRED_AT: sent.when.isoformat(timespec="seconds"),
        Referral.STATUS: ReferralStatus.ACTIVE.value,
        Referral.BONUS_STATE: BonusState.OPEN.value,
        Referral.SHARED: sent.fields.get("tell") == "yes",
    }


def _stands(app: App, referrer: str, candidate: str, sent: Registration, requisition: str) -> bool:
    """Whether the same recommendation is within its window already: a further form adds nothing to it but a yes to
    telling the referrer."""
    where = both(
        equals(Referral.REFERRER, referrer),
        equals(Referral.CANDIDATE, candidate),
        equals(Referral.REQUISITION, requisition or None),
    )
    fields = [Referral.ID, Referral.REFERRED_AT, Referral.SHARED, Referral.KEY]
    window = timedelta(days=programme(app).terms.window_days)
    for row in app.salesforce.query(select(Referral.API_NAME, fields, where=where)):
        at = str(row[Referral.REFERRED_AT] or "")
        if row[Referral.KEY] == sent.id or not at or sent.when.date() > datetime.fromisoformat(at).date() + window:
            continue
        if sent.fields.get("tell") == "yes" and not row[Referral.SHARED]:
            app.salesforce.update(Referral.API_NAME, str(row[Referral.ID]), {Referral.SHARED: True})
        return True
    return False
