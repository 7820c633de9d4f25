"""The words of the picklists. A test holds every one against sf_metadata/."""

from enum import StrEnum


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
    PREVIEW = "Preview"
    LOAD = "Load"
    UNDO = "Undo"
    REFRESH = "Refresh"
    CHECK = "Check"
    REQUEST_APPROVAL = "Request approval"
    APPROVE = "Approve"
    LAUNCH = "Launch"
    PAUSE = "Pause"
    RESUME = "Resume"
    CANCEL = "Cancel"
    SEND_TEST = "Send test"
    SYNC_NOW = "Sync now"


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


class AddedBy(StrEnum):
    MANUAL = "Manual"
    IMPORT = "Import"
    SEARCH = "Search"
    RULE = "Rule"
    LANDING_PAGE = "Landing page"
    REFERRAL = "Referral"
    EVENT = "Event"
    ATS = "ATS"


class RequisitionStatus(StrEnum):
    DRAFT = "Draft"
    OPEN = "Open"
    CLOSED = "Closed"


class PostingStatus(StrEnum):
    DRAFT = "Draft"
    LIVE = "Live"
    CLOSED = "Closed"
    FAILED = "Failed"


class PageStatus(StrEnum):
    DRAFT = "Draft"
    LIVE = "Live"
    UNPUBLISHED = "Unpublished"


class ImportStatus(StrEnum):
    DRAFT = "Draft"
    PREVIEWED = "Previewed"
    LOADING = "Loading"
    DONE = "Done"
    FAILED = "Failed"
    UNDONE = "Undone"


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


class AudienceMode(StrEnum):
    INCLUDE = "Include"
    EXCLUDE = "Exclude"


class EnrollmentState(StrEnum):
    ACTIVE = "Active"
    DONE = "Done"
    EXITED = "Exited"
    HELD = "Held"


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


class SpendKind(StrEnum):
    BUDGET = "Budget"
    ACTUAL = "Actual"


class ChannelKind(StrEnum):
    JOB_BOARD = "Job board"
    AGGREGATOR = "Aggregator"
    SEARCH_ENGINE = "Search engine"
    SOCIAL = "Social"
    CAREER_SITE = "Career site"
    REFERRAL = "Referral"
    EVENT = "Event"
    EMAIL = "E-mail"
    SOURCING = "Sourcing"
    AGENCY = "Agency"
    IMPORT = "Import"
    DIRECT = "Direct"
