"""The one place that spells API names. One class per object; constants are field names.

tests/test_records.py holds every name against sf_metadata/.
"""

from integration.records._core import Commanded, SObject, is_record_id, parent, qualified
from integration.records.campaigns import (
    Brand,
    CampaignAudience,
    CampaignEnrollment,
    CampaignLink,
    CampaignStep,
    LandingPage,
    MessageTemplate,
    RecruitingCampaign,
)
from integration.records.jobs import (
    Channel,
    ExchangeRate,
    Holiday,
    JobLocation,
    JobPosting,
    JobRequisition,
    SourceResult,
    SourceSpend,
)
from integration.records.people import (
    Application,
    BulkAction,
    Candidate,
    CandidateImport,
    CandidateTag,
    Consent,
    ContactPoint,
    DuplicatePair,
    ImportProfile,
    PoolMembership,
    PrivacyRequest,
    Tag,
    TalentPool,
    Touchpoint,
)
from integration.records.prospects import ProspectResult, ProspectSearch, QuickAdd
from integration.records.service import ATSConnection, Operations, RecruitingCommand, RecruitingCommandEvent

__all__ = [
    "ATSConnection",
    "Application",
    "Brand",
    "BulkAction",
    "CampaignAudience",
    "CampaignEnrollment",
    "CampaignLink",
    "CampaignStep",
    "Candidate",
    "CandidateImport",
    "CandidateTag",
    "Channel",
    "Commanded",
    "Consent",
    "ContactPoint",
    "DuplicatePair",
    "ExchangeRate",
    "Holiday",
    "ImportProfile",
    "JobLocation",
    "JobPosting",
    "JobRequisition",
    "LandingPage",
    "MessageTemplate",
    "Operations",
    "PoolMembership",
    "PrivacyRequest",
    "ProspectResult",
    "ProspectSearch",
    "QuickAdd",
    "RecruitingCampaign",
    "RecruitingCommand",
    "RecruitingCommandEvent",
    "SObject",
    "SourceResult",
    "SourceSpend",
    "Tag",
    "TalentPool",
    "Touchpoint",
    "is_record_id",
    "parent",
    "qualified",
]
