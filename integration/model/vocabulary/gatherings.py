"""The words of events and of who comes to them."""

from enum import StrEnum


class EventStatus(StrEnum):
    """Recruiting_Event__c.Status__c."""

    DRAFT = "Draft"
    LIVE = "Live"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


class AttendanceState(StrEnum):
    """Event_Attendance__c.State__c."""

    INVITED = "Invited"
    REGISTERED = "Registered"
    WAITING = "Waiting"
    ATTENDED = "Attended"
    NO_SHOW = "No-show"
    CANCELLED = "Cancelled"
