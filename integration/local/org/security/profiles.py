"""What the profiles give by themselves: nothing on custom objects, on standard ones what such a user has anywhere."""

from integration.local.org.catalog import ObjectInfo
from integration.metadata.schema import ObjectAccess

ADMINISTRATOR = "System Administrator"
_MINIMUM = "Minimum Access"
"""How the names of the profiles begin that give nobody any business object."""

_SETUP = frozenset(
    {
        "Organization",
        "PermissionSet",
        "PermissionSetAssignment",
        "Profile",
        "RecordType",
        "User",
        "UserRole",
    }
)
"""Everybody reads who is there and how the org is set up; administrators change it."""

_EVERYBODY = frozenset({"ContentDocument", "ContentDocumentLink", "ContentVersion", "Event", "Note", "Task"})
"""Activities, notes and files are kept by everybody; which of them, sharing decides."""

_NOTHING = ObjectAccess(create=False, read=False, edit=False, delete=False, view_all=False, modify_all=False)
_READ = ObjectAccess(create=False, read=True, edit=False, delete=False, view_all=False, modify_all=False)
_ALL = ObjectAccess(create=True, read=True, edit=True, delete=True, view_all=False, modify_all=False)


def standard_rights(profile: str, info: ObjectInfo) -> ObjectAccess:
    """What a profile gives on an object before permission sets add to it."""
    if info.custom:
        return _NOTHING
    if info.name in _SETUP:
        return _READ
    if info.name in _EVERYBODY or not profile.startswith(_MINIMUM):
        return _ALL
    return _NOTHING
