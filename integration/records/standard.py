"""Objects that every org has; `sf_metadata/` does not declare them."""

from integration.records._core import SObject


class Task(SObject):
    """Something to do for somebody, in the timeline of a record."""

    API_NAME = "Task"
    ABOUT = "WhatId"
    SUBJECT = "Subject"
    TEXT = "Description"
    STATUS = "Status"
    PRIORITY = "Priority"
    DUE_ON = "ActivityDate"
    CAUSE = "CallObject"
    """The one standard field for a foreign system's key: what the task was made from."""
    OPEN = "Not Started"
    DONE = "Completed"


class User(SObject):
    """Who may sign in."""

    API_NAME = "User"
    EMAIL = "Email"
    IS_ACTIVE = "IsActive"
