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


class Operations(SObject):
    """The state of the service."""

    API_NAME = "Operations__c"
    KEY = "Key__c"
    SENDING_PAUSED = "Sending_Paused__c"
    VERSION = "Version__c"
    ORG_CALLS_TODAY = "Org_Calls_Today__c"
    QUEUE_DEPTH = "Queue_Depth__c"
    DEAD_LETTERS = "Dead_Letters__c"
    MAILS_PUT_ASIDE = "Mails_Put_Aside__c"
    UPDATED_AT = "Updated_At__c"
