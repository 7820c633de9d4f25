"""People, their addresses, consents and dealings with us."""

from integration.records._core import Commanded, SObject


class Candidate(SObject):
    """One person."""

    API_NAME = "Candidate__c"
    CANDIDATE_KEY = "Candidate_Key__c"
    FIRST_NAME = "First_Name__c"
    LAST_NAME = "Last_Name__c"
    EMAIL = "Email__c"
    PHONE = "Phone__c"
    TITLE = "Title__c"
    EMPLOYER = "Employer__c"
    CITY = "City__c"
    REGION = "Region__c"
    COUNTRY = "Country__c"
    GEO = "Geo__c"
    TIME_ZONE = "Time_Zone__c"
    LANGUAGE = "Language__c"
    LIFECYCLE = "Lifecycle__c"
    LIFECYCLE_HISTORY = "Lifecycle_History__c"
    ENGAGEMENT_BAND = "Engagement_Band__c"
    LAST_ENGAGED_AT = "Last_Engaged_At__c"
    FIRST_SOURCE = "First_Source__c"
    LAST_SOURCE = "Last_Source__c"
    COLLECTED_FROM = "Collected_From__c"
    COLLECTED_AT = "Collected_At__c"
    LAWFUL_BASIS = "Lawful_Basis__c"
    MAIL_FREQUENCY = "Mail_Frequency__c"
    NOTICE_DUE_ON = "Notice_Due_On__c"
    NOTICE_SENT_AT = "Notice_Sent_At__c"
    PAUSED_UNTIL = "Paused_Until__c"
    HOLD_UNTIL = "Hold_Until__c"
    DO_NOT_CONTACT = "Do_Not_Contact__c"
    DO_NOT_REHIRE = "Do_Not_Rehire__c"
    LEFT_ON = "Left_On__c"
    LEAVING_REASON = "Leaving_Reason__c"
    REGRETTABLE = "Regrettable__c"
    AVAILABILITY = "Availability__c"
    DESIRED_ROLE = "Desired_Role__c"
    DESIRED_LOCATION = "Desired_Location__c"
    RATING = "Rating__c"
    RESUME_TEXT = "Resume_Text__c"
    ATS_ID = "ATS_Id__c"
    FIELD_SOURCES = "Field_Sources__c"
    NAME_KEY = "Name_Key__c"


class ContactPoint(SObject):
    """One address of a person."""

    API_NAME = "Contact_Point__c"
    CANDIDATE = "Candidate__c"
    KIND = "Kind__c"
    VALUE = "Value__c"
    KEY = "Key__c"
    PRIMARY = "Primary__c"
    STATUS = "Status__c"
    SOURCE = "Source__c"


class Tag(SObject):
    """A tag or skill."""

    API_NAME = "Tag__c"
    KEY = "Key__c"
    KIND = "Kind__c"


class CandidateTag(SObject):
    """A tag on a candidate."""

    API_NAME = "Candidate_Tag__c"
    CANDIDATE = "Candidate__c"
    TAG = "Tag__c"
    KEY = "Key__c"


class Application(SObject):
    """A candidate for a requisition."""

    API_NAME = "Application__c"
    CANDIDATE = "Candidate__c"
    REQUISITION = "Requisition__c"
    KEY = "Key__c"
    STAGE = "Stage__c"
    APPLIED_AT = "Applied_At__c"
    QUALIFIED_AT = "Qualified_At__c"
    INTERVIEW_AT = "Interview_At__c"
    OFFER_AT = "Offer_At__c"
    HIRED_AT = "Hired_At__c"
    FIRST_SOURCE = "First_Source__c"
    LAST_SOURCE = "Last_Source__c"
    ATS_ID = "ATS_Id__c"
    HANDED_OVER_AT = "Handed_Over_At__c"
    HAND_OVER_PROBLEM = "Hand_Over_Problem__c"
    CAMPAIGN = "Campaign__c"


class Touchpoint(SObject):
    """A meaningful contact."""

    API_NAME = "Touchpoint__c"
    CANDIDATE = "Candidate__c"
    KEY = "Key__c"
    KIND = "Kind__c"
    AT = "At__c"
    CHANNEL = "Channel__c"
    POSTING = "Posting__c"
    PAGE = "Page__c"
    CAMPAIGN = "Campaign__c"
    REQUISITION = "Requisition__c"


class JobAlert(SObject):
    """A search that a person saved."""

    API_NAME = "Job_Alert__c"
    CANDIDATE = "Candidate__c"
    KEY = "Key__c"
    QUERY = "Query__c"
    PLACE = "Place__c"
    FREQUENCY = "Frequency__c"
    LAST_SENT_AT = "Last_Sent_At__c"


class Consent(SObject):
    """One consent event."""

    API_NAME = "Consent__c"
    CANDIDATE = "Candidate__c"
    KEY = "Key__c"
    PURPOSE = "Purpose__c"
    STATE = "State__c"
    TEXT_VERSION = "Text_Version__c"
    LOCALE = "Locale__c"
    AT = "At__c"
    EVIDENCE = "Evidence__c"
    PAGE = "Page__c"


class TalentPool(Commanded):
    """A segment or folder."""

    API_NAME = "Talent_Pool__c"
    KIND = "Kind__c"
    PARENT = "Parent__c"
    PRIVATE = "Private__c"
    RULE = "Rule__c"
    RULE_TEXT = "Rule_Text__c"
    REVIEW = "Review__c"
    REQUISITION = "Requisition__c"
    MEMBER_COUNT = "Member_Count__c"
    REFRESHED_AT = "Refreshed_At__c"
    AS_OF = "As_Of__c"
    ESTIMATE = "Estimate__c"
    FROZEN = "Frozen__c"
    KEY = "Key__c"


class PoolMembership(SObject):
    """A candidate in a pool."""

    API_NAME = "Pool_Membership__c"
    POOL = "Pool__c"
    CANDIDATE = "Candidate__c"
    KEY = "Key__c"
    STATE = "State__c"
    STAGE = "Stage__c"
    RATING = "Rating__c"
    NEXT_TOUCH_ON = "Next_Touch_On__c"
    ADDED_BY = "Added_By__c"
    JOINED_AT = "Joined_At__c"
    LEFT_AT = "Left_At__c"
    PRIVATE = "Private__c"
    REASON = "Reason__c"
    SCORE = "Score__c"


class CandidateImport(Commanded):
    """A mass import."""

    API_NAME = "Candidate_Import__c"
    MAPPING = "Mapping__c"
    PROFILE = "Profile__c"
    PREVIEW = "Preview__c"
    POOL = "Pool__c"
    SOURCE = "Source__c"
    FILE_NAME = "File_Name__c"
    ROWS = "Rows__c"
    CREATED = "Created__c"
    UPDATED = "Updated__c"
    MERGED = "Merged__c"
    REJECTED = "Rejected__c"
    FINISHED_AT = "Finished_At__c"


class DuplicatePair(Commanded):
    """Two records that may be one person."""

    API_NAME = "Duplicate_Pair__c"
    FIRST = "First__c"
    SECOND = "Second__c"
    KEY = "Key__c"
    SCORE = "Score__c"
    REASONS = "Reasons__c"
    FOUND_BY = "Found_By__c"
    KEEP = "Keep__c"
    SURVIVOR = "Survivor__c"
    OUTCOME = "Outcome__c"


class PrivacyRequest(Commanded):
    """What a person asks about their own data."""

    API_NAME = "Privacy_Request__c"
    CANDIDATE = "Candidate__c"
    KIND = "Kind__c"
    DUE_ON = "Due_On__c"
    CERTIFICATE = "Certificate__c"
    KEY = "Key__c"


class Referral(Commanded):
    """Who recommended whom."""

    API_NAME = "Referral__c"
    REFERRER = "Referrer__c"
    CANDIDATE = "Candidate__c"
    REQUISITION = "Requisition__c"
    APPLICATION = "Application__c"
    REFERRED_AT = "Referred_At__c"
    EXPIRES_ON = "Expires_On__c"
    BONUS_STATE = "Bonus_State__c"
    EXPLANATION = "Explanation__c"
    DUE_ON = "Due_On__c"
    APPROVED_ON = "Approved_On__c"
    PAID_ON = "Paid_On__c"
    SHARED = "Shared__c"
    REASON = "Reason__c"
    KEY = "Key__c"


class ImportProfile(SObject):
    """A saved column mapping."""

    API_NAME = "Import_Profile__c"
    KEY = "Key__c"
    MAPPING = "Mapping__c"


class BulkAction(Commanded):
    """One act over many candidates."""

    API_NAME = "Bulk_Action__c"
    ACTION = "Action__c"
    RECORD_IDS = "Record_Ids__c"
    FILTER = "Filter__c"
    TARGET = "Target__c"
    POOL = "Pool__c"
    TOTAL = "Total__c"
    DONE = "Done__c"
    UNCHANGED = "Unchanged__c"
    FAILED = "Failed__c"
    FAILURES = "Failures__c"
