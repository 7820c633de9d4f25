"""Words of jobs, of where they are shown and what that costs, and of the systems that keep them."""

from enum import StrEnum


class EmploymentType(StrEnum):
    """Job_Requisition__c.Employment_Type__c, in the words of schema.org; people see the picklist's labels."""

    FULL_TIME = "FULL_TIME"
    PART_TIME = "PART_TIME"
    CONTRACTOR = "CONTRACTOR"
    TEMPORARY = "TEMPORARY"
    INTERN = "INTERN"
    VOLUNTEER = "VOLUNTEER"
    PER_DIEM = "PER_DIEM"
    OTHER = "OTHER"


class SalaryUnit(StrEnum):
    """Job_Requisition__c.Salary_Unit__c, in the words of schema.org."""

    HOUR = "HOUR"
    DAY = "DAY"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


class RequisitionStatus(StrEnum):
    DRAFT = "Draft"
    OPEN = "Open"
    CLOSED = "Closed"


class PostingStatus(StrEnum):
    DRAFT = "Draft"
    LIVE = "Live"
    CLOSED = "Closed"
    FAILED = "Failed"


class SpendKind(StrEnum):
    BUDGET = "Budget"
    ACTUAL = "Actual"


class ChannelStatus(StrEnum):
    READY = "Ready"
    NEEDS_ATTENTION = "Needs attention"


class AttributionModel(StrEnum):
    """Operations__c.Attribution_Model__c: which touches an outcome is credited to."""

    FIRST = "First touch"
    LAST = "Last touch"
    LINEAR = "Linear"
    POSITION = "Position-based"
    DECAY = "Time decay"


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


class CostModel(StrEnum):
    """Channel__c.Cost_Model__c."""

    FREE = "Free"
    CPC = "CPC"
    CPA = "CPA"
    FLAT = "Flat"
    SUBSCRIPTION = "Subscription"


class OperationsStatus(StrEnum):
    """Operations__c.Status__c."""

    READY = "Ready"
    WORKING = "Working"
    FAILED = "Failed"


class ConnectionStatus(StrEnum):
    """ATS_Connection__c.Status__c."""

    READY = "Ready"
    SYNCING = "Syncing"
    FAILED = "Failed"


class ConnectionKind(StrEnum):
    """ATS_Connection__c.Kind__c."""

    GENERIC = "Generic"
    GREENHOUSE = "Greenhouse"
    ASHBY = "Ashby"
    LEVER = "Lever"
    FILES = "CSV files"


class ConnectionHealth(StrEnum):
    """ATS_Connection__c.Health__c."""

    UNKNOWN = "Unknown"
    HEALTHY = "Healthy"
    LATE = "Late"
    FAILING = "Failing"
