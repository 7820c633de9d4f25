"""Words of recommendations and of what is paid for them."""

from enum import StrEnum


class ReferralModel(StrEnum):
    """Channel__c.Referral_Model__c: what an exclusive claim covers."""

    PER_CANDIDATE = "Per candidate"
    PER_JOB = "Per job"


class ReferralStatus(StrEnum):
    """Referral__c.Status__c."""

    ACTIVE = "Active"
    REJECTED = "Rejected"
    SETTLED = "Settled"


class BonusState(StrEnum):
    """Referral__c.Bonus_State__c."""

    OPEN = "Open"
    ELIGIBLE = "Eligible"
    NOT_ELIGIBLE = "Not eligible"
    EARNED = "Earned"
    DUE = "Due"
    PAID = "Paid"
    FORFEITED = "Forfeited"
