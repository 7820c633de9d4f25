"""What all objects share, and how a name is qualified or reached through a lookup."""

import re
from typing import ClassVar

_ID = re.compile(r"[a-zA-Z0-9]{18}", re.ASCII)
_CUSTOM = re.compile(r"\b(?!\w+__\w+__)(\w+__(?:c|r|e))\b")


def qualified(text: str, namespace: str) -> str:
    """A name, path or query with `namespace__` before every custom name."""
    return _CUSTOM.sub(rf"{namespace}__\1", text) if namespace else text


def parent(lookup: str, field: str) -> str:
    """The path from a lookup to a field of its parent: `Pool__c`, `Name` -> `Pool__r.Name`."""
    return (
        f"{lookup.removesuffix('__c')}__r.{field}" if lookup.endswith("__c") else f"{lookup.removesuffix('Id')}.{field}"
    )


def is_record_id(text: str) -> bool:
    """Whether the text has the form of an 18-character id."""
    return bool(_ID.fullmatch(text))


class SObject:
    """What every object has."""

    API_NAME: ClassVar[str]
    ID = "Id"
    NAME = "Name"
    OWNER = "OwnerId"
    CREATED_AT = "CreatedDate"
    CREATED_BY = "CreatedById"
    CHANGED_BY = "LastModifiedById"
    STAMP = "SystemModstamp"


class Commanded(SObject):
    """An object that people command (objects.md §1)."""

    COMMAND = "Command__c"
    STATUS = "Status__c"
    MESSAGE = "Message__c"
    PROGRESS = "Progress__c"
