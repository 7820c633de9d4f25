"""The words of the picklists around imports, searches, doubles and privacy requests."""

from enum import StrEnum


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
