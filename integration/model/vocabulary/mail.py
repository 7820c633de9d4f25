"""The words of the picklists around mail."""

from enum import StrEnum


class MailTopic(StrEnum):
    """Recruiting_Campaign__c.Purpose__c: those consent purposes that a mail can be about."""

    TALENT_COMMUNITY = "Talent community"
    NEWSLETTER = "Newsletter"
    JOB_ALERTS = "Job alerts"


class AlertFrequency(StrEnum):
    """Job_Alert__c.Frequency__c: how often a person hears of new jobs that fit."""

    DAILY = "Daily"
    WEEKLY = "Weekly"

    @property
    def days(self) -> int:
        """Days between two mails at the least."""
        return 7 if self is AlertFrequency.WEEKLY else 1


class MailFrequency(StrEnum):
    """Candidate__c.Mail_Frequency__c: how often a person wants to hear from us."""

    AS_IT_COMES = "As it comes"
    WEEKLY = "At most weekly"
    MONTHLY = "At most monthly"

    @property
    def days(self) -> int:
        """Days between two mails at the least; 0: any."""
        return {MailFrequency.WEEKLY: 7, MailFrequency.MONTHLY: 30}.get(self, 0)
