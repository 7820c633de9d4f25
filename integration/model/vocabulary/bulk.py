"""The words of the picklists of bulk actions."""

from enum import StrEnum


class BulkActionKind(StrEnum):
    """Bulk_Action__c.Action__c."""

    ADD_TO_POOL = "Add to pool"
    REMOVE_FROM_POOL = "Remove from pool"
    ACCEPT = "Accept"
    REJECT = "Reject"
    TAG = "Tag"
    UNTAG = "Untag"
    SET_STAGE = "Set stage"
    ASSIGN_OWNER = "Assign owner"
    EXPORT = "Export"
    ENROL = "Enrol"
    HAND_OVER = "Hand over to ATS"


class BulkStatus(StrEnum):
    """Bulk_Action__c.Status__c."""

    DRAFT = "Draft"
    RUNNING = "Running"
    DONE = "Done"
    FAILED = "Failed"
    UNDONE = "Undone"
