"""The service's own rows."""

from integration.records._core import Commanded, SObject


class RecruitingCommand(SObject):
    """One request."""

    API_NAME = "Recruiting_Command__c"
    OBJECT = "Object__c"
    RECORD_ID = "Record_Id__c"
    COMMAND = "Command__c"
    PARAMETERS = "Parameters__c"
    STATUS = "Status__c"
    ATTEMPTS = "Attempts__c"
    MESSAGE = "Message__c"


class RecruitingCommandEvent(SObject):
    """After commit of one request."""

    API_NAME = "Recruiting_Command__e"
    COMMAND_ID = "Command_Id__c"
    OBJECT = "Object__c"
    RECORD_ID = "Record_Id__c"
    COMMAND = "Command__c"
    ORG_ID = "Org_Id__c"


class ATSConnection(Commanded):
    """One applicant tracking system."""

    API_NAME = "ATS_Connection__c"
    KEY = "Key__c"
    KIND = "Kind__c"
    SECRET_NAME = "Secret_Name__c"
    HEALTH = "Health__c"
    LAST_SUCCESS_AT = "Last_Success_At__c"
    RECEIVED = "Received__c"
    APPLIED_COUNT = "Applied_Count__c"
    FAILED_COUNT = "Failed_Count__c"
    HANDED_OVER = "Handed_Over__c"
    SEND_REGISTRATIONS = "Send_Registrations__c"
    CONFIRM_CLOSING = "Confirm_Closing__c"
    FIELD_MAP = "Field_Map__c"


OPERATIONS_ROW = "service"
"""Key__c of the one row of Operations."""


class Operations(Commanded):
    """The state of the service, and commands over all numbers: one row."""

    API_NAME = "Operations__c"
    KEY = "Key__c"
    SENDING_PAUSED = "Sending_Paused__c"
    VERSION = "Version__c"
    ORG_CALLS_TODAY = "Org_Calls_Today__c"
    QUEUE_DEPTH = "Queue_Depth__c"
    DEAD_LETTERS = "Dead_Letters__c"
    MAILS_PUT_ASIDE = "Mails_Put_Aside__c"
    UPDATED_AT = "Updated_At__c"
    ATTRIBUTION_MODEL = "Attribution_Model__c"
    ATTRIBUTION_WINDOW_DAYS = "Attribution_Window_Days__c"
    FIRST_TOUCH_PERCENT = "First_Touch_Percent__c"
    LAST_TOUCH_PERCENT = "Last_Touch_Percent__c"
    HALF_LIFE_DAYS = "Half_Life_Days__c"
    ATTRIBUTED_AT = "Attributed_At__c"
    ALUMNI_COOL_OFF_DAYS = "Alumni_Cool_Off_Days__c"
