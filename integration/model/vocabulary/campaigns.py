"""The words of campaigns, their steps and the people in them."""

from enum import StrEnum


class CampaignKind(StrEnum):
    BLAST = "Blast"
    DRIP = "Drip"


class CampaignStatus(StrEnum):
    DRAFT = "Draft"
    CHECKED = "Checked"
    AWAITING_APPROVAL = "Awaiting approval"
    APPROVED = "Approved"
    SCHEDULED = "Scheduled"
    RUNNING = "Running"
    PAUSED = "Paused"
    DONE = "Done"
    CANCELLED = "Cancelled"
    FAILED = "Failed"


class TimeZoneMode(StrEnum):
    """Recruiting_Campaign__c.Time_Zone_Mode__c: whose clock the sending window follows."""

    CANDIDATE = "Candidate"
    CAMPAIGN = "Campaign"


class WaitFor(StrEnum):
    """Campaign_Step__c.Wait_For__c."""

    NOTHING = "Nothing"
    OPEN = "Open"
    CLICK = "Click"
    REPLY = "Reply"
    REGISTRATION = "Registration"
    APPLICATION = "Application"
    ATTENDANCE = "Event attended"
    NO_SHOW = "Event missed"


class AtTimeOut(StrEnum):
    """Campaign_Step__c.At_Time_Out__c: what becomes of a step whose wait was in vain."""

    SKIP = "Skip this step"
    SEND = "Send anyway"
    END = "End the series"


class DecidedBy(StrEnum):
    """Recruiting_Campaign__c.Decided_By__c: what counts for a variant."""

    CLICKS = "Human clicks"
    APPLICATIONS = "Applications"


class StepCondition(StrEnum):
    """Campaign_Step__c.Condition__c: who gets a step."""

    EVERYBODY = "Everybody"
    OPENED = "Opened"
    NOT_OPENED = "Not opened"
    CLICKED = "Clicked"
    NOT_CLICKED = "Not clicked"
    REPLIED = "Replied"
    NOT_REPLIED = "Not replied"
    REGISTERED = "Registered"
    NOT_REGISTERED = "Not registered"
    APPLIED = "Applied"
    NOT_APPLIED = "Not applied"
    ATTENDED = "Attended an event"
    NOT_ATTENDED = "Not attended an event"
    NO_SHOW = "Missed an event"
    NOT_NO_SHOW = "Not missed an event"


class AudienceMode(StrEnum):
    INCLUDE = "Include"
    EXCLUDE = "Exclude"


class EnrollmentState(StrEnum):
    ACTIVE = "Active"
    DONE = "Done"
    EXITED = "Exited"
    HELD = "Held"
