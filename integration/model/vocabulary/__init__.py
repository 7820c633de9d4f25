"""The words of the picklists. A test holds every one against sf_metadata/."""

from enum import StrEnum

from integration.model.vocabulary.bulk import BulkActionKind, BulkStatus
from integration.model.vocabulary.campaigns import (
    AtTimeOut,
    AudienceMode,
    CampaignKind,
    CampaignStatus,
    DecidedBy,
    EnrollmentState,
    StepCondition,
    TimeZoneMode,
    WaitFor,
)
from integration.model.vocabulary.gatherings import AttendanceState, EventStatus
from integration.model.vocabulary.jobs import (
    AttributionModel,
    ChannelKind,
    ChannelStatus,
    ConnectionHealth,
    ConnectionKind,
    ConnectionStatus,
    CostModel,
    EmploymentType,
    OperationsStatus,
    PostingStatus,
    RequisitionStatus,
    SalaryUnit,
    SpendKind,
)
from integration.model.vocabulary.mail import AlertFrequency, MailFrequency, MailTopic
from integration.model.vocabulary.prospects import (
    Decision,
    ImportStatus,
    PairKeep,
    PairStatus,
    PrivacyKind,
    PrivacyStatus,
    QuickAddStatus,
    Repeat,
    SearchSource,
    SearchStatus,
)
from integration.model.vocabulary.referrals import BonusState, ReferralModel, ReferralStatus

__all__ = [  # what stands in other modules; the rest is declared here
    "AlertFrequency",
    "AtTimeOut",
    "AttendanceState",
    "AttributionModel",
    "AudienceMode",
    "BonusState",
    "BulkActionKind",
    "BulkStatus",
    "CampaignKind",
    "CampaignStatus",
    "ChannelKind",
    "ChannelStatus",
    "ConnectionHealth",
    "ConnectionKind",
    "ConnectionStatus",
    "CostModel",
    "DecidedBy",
    "Decision",
    "EmploymentType",
    "EnrollmentState",
    "EventStatus",
    "ImportStatus",
    "MailFrequency",
    "MailTopic",
    "OperationsStatus",
    "PairKeep",
    "PairStatus",
    "PostingStatus",
    "PrivacyKind",
    "PrivacyStatus",
    "QuickAddStatus",
    "ReferralModel",
    "ReferralStatus",
    "Repeat",
    "RequisitionStatus",
    "SalaryUnit",
    "SearchSource",
    "SearchStatus",
    "SpendKind",
    "StepCondition",
    "TimeZoneMode",
    "WaitFor",
]


class CommandStatus(StrEnum):
    """Recruiting_Command__c.Status__c."""

    NEW = "New"
    TAKEN = "Taken"
    DONE = "Done"
    FAILED = "Failed"


class Command(StrEnum):
    """Every word that stands in a Command__c picklist."""

    OPEN = "Open"
    CLOSE = "Close"
    PUBLISH = "Publish"
    UNPUBLISH = "Unpublish"
    ROLL_BACK = "Roll back"
    PREVIEW = "Preview"
    LOAD = "Load"
    UNDO = "Undo"
    SAVE_PROFILE = "Save profile"
    REFRESH = "Refresh"
    CHECK = "Check"
    REQUEST_APPROVAL = "Request approval"
    APPROVE = "Approve"
    LAUNCH = "Launch"
    PAUSE = "Pause"
    RESUME = "Resume"
    CANCEL = "Cancel"
    SEND_TEST = "Send test"
    EXPLAIN = "Explain"
    SEND_AGAIN = "Send again"
    LEAVE_IT = "Leave it"
    REVIEW_CHANGES = "Review changes"
    APPLY_TO_WAITING = "Apply to waiting"
    APPLY_TO_NEW = "Apply to new members"
    REHEARSE = "Rehearse"
    SYNC_NOW = "Sync now"
    RECOMPUTE = "Recompute attribution"
    EXPORT_RESULTS = "Export results"
    LOAD_SPEND = "Load spend"
    UNDO_SPEND = "Undo spend"
    STOP_REPEATING = "Stop repeating"
    MERGE = "Merge"
    SEARCH = "Search"
    LOAD_TICKED = "Load ticked"
    LOAD_ALL_NEW = "Load all new"
    ADD = "Add"
    ADD_ANYWAY = "Add anyway"
    DIFFERENT_PEOPLE = "Different people"
    UNMERGE = "Unmerge"
    MEMBERS_ON_DATE = "Members on date"
    ESTIMATE = "Estimate"
    ERASE = "Erase"
    RUN = "Run"
    MAKE_LINK = "Make link"
    APPROVE_PAYMENT = "Approve payment"
    MARK_PAID = "Mark paid"
    REJECT = "Reject"
    RESTORE = "Restore"
    OPEN_CHECK_IN = "Open check-in"
    CLOSE_CHECK_IN = "Close check-in"
    COMPLETE = "Complete"


class Notice(StrEnum):
    """What a flow reports in Recruiting_Command__c.Command__c without a picklist: a person changed these fields."""

    CONTACT_RIGHTS = "Contact rights changed"


class Lifecycle(StrEnum):
    PROSPECT = "Prospect"
    APPLICANT = "Applicant"
    EMPLOYEE = "Employee"
    ALUMNI = "Alumni"
    CONTINGENT = "Contingent"
    FORMER_CONTINGENT = "Former contingent"


class ContactKind(StrEnum):
    EMAIL = "Email"
    PHONE = "Phone"
    PROFILE = "Profile"


class ContactStatus(StrEnum):
    UNCONFIRMED = "Unconfirmed"
    CONFIRMED = "Confirmed"
    BOUNCED = "Bounced"
    COMPLAINED = "Complained"
    UNSUBSCRIBED = "Unsubscribed"


class PoolKind(StrEnum):
    FOLDER = "Folder"
    STATIC = "Static"
    DYNAMIC = "Dynamic"
    REQUISITION = "Requisition"


class MembershipState(StrEnum):
    PROPOSED = "Proposed"
    MEMBER = "Member"
    REJECTED = "Rejected"
    LEFT = "Left"


class MembershipStage(StrEnum):
    """Pool_Membership__c.Stage__c."""

    NEW = "New"
    CONTACTED = "Contacted"
    REPLIED = "Replied"
    INTERESTED = "Interested"
    NOT_NOW = "Not now"
    SUBMITTED = "Submitted"


class AddedBy(StrEnum):
    MANUAL = "Manual"
    IMPORT = "Import"
    SEARCH = "Search"
    RULE = "Rule"
    LANDING_PAGE = "Landing page"
    REFERRAL = "Referral"
    EVENT = "Event"
    ATS = "ATS"


class EngagementBand(StrEnum):
    NEW = "New"
    INACTIVE = "Inactive"
    ENGAGED = "Engaged"
    HIGHLY_ENGAGED = "Highly engaged"


class LawfulBasis(StrEnum):
    CONSENT = "Consent"
    LEGITIMATE_INTEREST = "Legitimate interest"
    CONTRACT = "Contract"


class Availability(StrEnum):
    NOW = "Now"
    WITHIN_A_MONTH = "Within a month"
    WITHIN_THREE_MONTHS = "Within three months"
    LATER = "Later"
    NOT_LOOKING = "Not looking"


class TagKind(StrEnum):
    TAG = "Tag"
    SKILL = "Skill"


class PoolStatus(StrEnum):
    READY = "Ready"
    REFRESHING = "Refreshing"
    FAILED = "Failed"


class PoolReview(StrEnum):
    """Talent_Pool__c.Review__c."""

    AUTOMATIC = "Automatic"
    REVIEW_FIRST = "Review first"


class PageStatus(StrEnum):
    DRAFT = "Draft"
    LIVE = "Live"
    UNPUBLISHED = "Unpublished"


class TemplateStatus(StrEnum):
    DRAFT = "Draft"
    CHECKED = "Checked"
    FAILED = "Failed"


class Purpose(StrEnum):
    NEWSLETTER = "Newsletter"
    JOB_ALERTS = "Job alerts"
    TALENT_COMMUNITY = "Talent community"
    SMS = "SMS"


class ConsentState(StrEnum):
    GIVEN = "Given"
    PENDING = "Pending"
    WITHDRAWN = "Withdrawn"
    EXPIRED = "Expired"


class Touch(StrEnum):
    """Touchpoint__c.Kind__c."""

    FIRST_CLICK = "First click of a campaign"
    REGISTERED = "Registered"
    REPLIED = "Replied"
    APPLIED = "Applied"
    ATTENDED = "Attended"
    REFERRED = "Referred"
    CALLED = "Called"
    INTERVIEWED = "Interviewed"
    HIRED = "Hired"


class Stage(StrEnum):
    """Application__c.Stage__c."""

    APPLIED = "Applied"
    QUALIFIED = "Qualified"
    INTERVIEW = "Interview"
    OFFER = "Offer"
    HIRED = "Hired"
    REJECTED = "Rejected"
    WITHDRAWN = "Withdrawn"
