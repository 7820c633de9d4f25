"""Fairs, open days and webinars, and who comes to them."""

from integration.records._core import Commanded, SObject


class RecruitingEvent(Commanded):
    """A fair, an open day or a webinar."""

    API_NAME = "Recruiting_Event__c"
    SLUG = "Slug__c"
    DESCRIPTION = "Description__c"
    PLACE = "Place__c"
    ONLINE_URL = "Online_URL__c"
    STARTS_AT = "Starts_At__c"
    ENDS_AT = "Ends_At__c"
    TIME_ZONE = "Time_Zone__c"
    CAPACITY = "Capacity__c"
    LANGUAGE = "Language__c"
    CONSENT_TEXT = "Consent_Text__c"
    BRAND = "Brand__c"
    POOL = "Pool__c"
    CHANNEL = "Channel__c"
    URL = "URL__c"
    CHECK_IN_URL = "Check_In_URL__c"
    CHECK_IN_UNTIL = "Check_In_Until__c"
    CALENDAR_NUMBER = "Calendar_Number__c"
    REGISTERED = "Registered__c"
    WAITING = "Waiting__c"
    ATTENDED = "Attended__c"
    NO_SHOW = "No_Show__c"


class EventAttendance(SObject):
    """A person at an event."""

    API_NAME = "Event_Attendance__c"
    CANDIDATE = "Candidate__c"
    EVENT = "Event__c"
    KEY = "Key__c"
    STATE = "State__c"
    ANSWERED_AT = "Answered_At__c"
    CHECKED_IN_AT = "Checked_In_At__c"
    WALK_IN = "Walk_In__c"
    ANSWERS = "Answers__c"
    PLACE = "Place__c"
    TOLD = "Told__c"
