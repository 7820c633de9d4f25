"""The words of the picklists. A test holds every one against sf_metadata/."""

from enum import StrEnum

from integration.model.vocabulary.bulk import BulkActionKind, BulkStatus
from integration.model.vocabulary.jobs import (
    ChannelKind,
    ConnectionHealth,
    ConnectionKind,
    ConnectionStatus,
    CostModel,
    EmploymentType,
    PostingStatus,
    RequisitionStatus,
    SalaryUnit,
    SpendKind,
)

__all__ = [
    "BulkActionKind",
    "BulkStatus",  # what stands in other modules; the rest is declared here
    "ChannelKind",
    "ConnectionHealth",
    "ConnectionKind",
    "ConnectionStatus",
    "CostModel",
    "EmploymentType",
    "PostingStatus",
    "RequisitionStatus",
    "SalaryUnit",
    "SpendKind",
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
    SYNC_NOW = "Sync now"
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


class ImportStatus(StrEnum):
    DRAFT = "Draft"
    PREVIEWED = "Previewed"
    LOADING = "Loading"
    DONE = "Done"
    FAILED = "Failed"
    UNDONE = "Undone"


class SearchStatus(StrEnum):
    """Prospect_Search__c.Status__c."""

    DRAFT = "Draft"
    CHECKED = "Checked"
    SEARCHING = "Searching"
    LOADING = "Loading"
    DONE = "Done"
    FAILED = "Failed"


class Repeat(StrEnum):
    """Prospect_Search__c.Repeat__c."""

    OFF = "Off"
    HOURLY = "Hourly"
    EVERY_SIX_HOURS = "Every 6 hours"
    DAILY = "Daily"
    WEEKLY = "Weekly"


class QuickAddStatus(StrEnum):
    """Quick_Add__c.Status__c."""

    DRAFT = "Draft"
    CHECKED = "Checked"
    ADDED = "Added"
    FAILED = "Failed"


class Decision(StrEnum):
    """Prospect_Result__c.Decision__c."""

    NEW = "New"
    TICKED = "Ticked"
    LOADED = "Loaded"
    KNOWN = "Known"
    REJECTED = "Rejected"
    REFUSED = "Refused"
    ERASED = "Erased"


class PairStatus(StrEnum):
    """Duplicate_Pair__c.Status__c."""

    OPEN = "Open"
    MERGING = "Merging"
    MERGED = "Merged"
    DIFFERENT = "Different people"
    UNMERGING = "Unmerging"
    UNMERGED = "Unmerged"
    FAILED = "Failed"


class PrivacyKind(StrEnum):
    """Privacy_Request__c.Kind__c."""

    ACCESS = "Access"
    CORRECTION = "Correction"
    ERASURE = "Erasure"
    OBJECTION = "Objection"


class PrivacyStatus(StrEnum):
    """Privacy_Request__c.Status__c."""

    OPEN = "Open"
    RUNNING = "Running"
    DONE = "Done"
    FAILED = "Failed"


class PairKeep(StrEnum):
    """Duplicate_Pair__c.Keep__c: which of the two records a recruiter wants to remain."""

    FIRST = "First"
    SECOND = "Second"


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
    APPLICATION = "Application"


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


class SearchSource(StrEnum):
    """Where a prospect search looks (Sources__c, Source__c); what `query` and `parameters` of a Translation mean.

    Every source takes the query as it stands; `parameters` not named here are ignored.
    """

    ORG = "Salesforce"
    """query: what stands between the braces of SOSL's FIND, empty for none. parameters: `where`, a SOQL condition on
    Candidate__c made with soql.py; `beside`, the same for the text of tags and further addresses, of which one must
    hold it for those whom the query does not find."""
    APPLICANTS = "Past applicants"
    """As ORG, of candidates with an application. parameters also: `stage`, one of Stage."""
    DIRECTORY = "Directory"
    """A CSV or JSON file at an address. query: the Boolean query itself, since the file is filtered here. parameters:
    `url`, unless the operator has set one."""
    LDAP = "LDAP directory"
    """query: an LDAP filter of RFC 4515 with escaped values."""
    GITHUB = "GitHub"
    """query: the `q` of GET /search/users; `type:user` is added."""
    STACK_EXCHANGE = "Stack Exchange"
    """query: for people to read. parameters: `inname`, `min` (reputation), `tagged` (tags joined by `;`), `site`."""
    ORCID = "ORCID"
    """query: the Solr `q` of expanded-search."""
    OPENALEX = "OpenAlex"
    """query: the `search` of GET /authors. parameters: `filter` (comma-separated), `institution` (a name, which is
    looked up first)."""
    PEOPLE_DATA_LABS = "People Data Labs"
    """query: the Elasticsearch query as JSON, or a statement of SQL that begins with SELECT."""
