"""Searches for people, what they found, and people added by hand."""

from integration.records._core import Commanded, SObject


class ProspectSearch(Commanded):
    """One Boolean query over several sources."""

    API_NAME = "Prospect_Search__c"
    QUERY = "Query__c"
    SOURCES = "Sources__c"
    POOL = "Pool__c"
    CHANNEL = "Channel__c"
    AUTO_LOAD = "Auto_Load__c"
    REPEAT = "Repeat__c"
    LIMIT = "Limit__c"
    RANK = "Rank__c"
    TRANSLATIONS = "Translations__c"
    WEB_LINKS = "Web_Links__c"
    SOURCE_STATUS = "Source_Status__c"
    FOUND = "Found__c"
    NEW = "New__c"
    KNOWN = "Known__c"
    LOADED = "Loaded__c"
    REFUSED = "Refused__c"
    LAST_RUN_AT = "Last_Run_At__c"
    NEXT_RUN_AT = "Next_Run_At__c"


class ProspectResult(SObject):
    """One person whom a search found."""

    API_NAME = "Prospect_Result__c"
    SEARCH = "Search__c"
    FIRST_NAME = "First_Name__c"
    LAST_NAME = "Last_Name__c"
    TITLE = "Title__c"
    EMPLOYER = "Employer__c"
    LOCATION = "Location__c"
    COUNTRY = "Country__c"
    EMAIL = "Email__c"
    PHONE = "Phone__c"
    PROFILE_URL = "Profile_URL__c"
    SKILLS = "Skills__c"
    ADDRESSES = "Addresses__c"
    ABOUT = "About__c"
    SOURCE = "Source__c"
    SOURCE_URL = "Source_URL__c"
    PROVENANCE = "Provenance__c"
    SCORE = "Score__c"
    SCORE_REASONS = "Score_Reasons__c"
    CANDIDATE = "Candidate__c"
    DECISION = "Decision__c"
    NOTE = "Note__c"
    FOUND_AT = "Found_At__c"
    KEY = "Key__c"


class QuickAdd(Commanded):
    """One person to be added."""

    API_NAME = "Quick_Add__c"
    FULL_NAME = "Full_Name__c"
    EMAIL = "Email__c"
    PHONE = "Phone__c"
    COUNTRY = "Country__c"
    PROFILE_URL = "Profile_URL__c"
    SOURCE_URL = "Source_URL__c"
    TITLE = "Title__c"
    EMPLOYER = "Employer__c"
    NOTE = "Note__c"
    POOL = "Pool__c"
    CANDIDATE = "Candidate__c"
    MATCHES = "Matches__c"
