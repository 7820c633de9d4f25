"""The standard objects that the product and its clients touch, and the fields that every object has."""

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.metadata.schema import PicklistValue


def _text(name: str, label: str = "", length: int = 255, **rest: object) -> FieldInfo:
    return FieldInfo(name, label or name, "Text", length=length, **rest)  # type: ignore[arg-type]


def _reference(name: str, to: str, relationship: str, *, children: str = "", **rest: object) -> FieldInfo:
    return FieldInfo(
        name,
        relationship or name,
        "Lookup",
        length=18,
        reference_to=(to,) if to else (),
        relationship_name=relationship,
        child_relationship=children,
        **rest,  # type: ignore[arg-type]
    )


def _read_only(name: str, label: str, kind: str) -> FieldInfo:
    return FieldInfo(name, label, kind, createable=False, updateable=False)


def _fixed_reference(name: str, relationship: str) -> FieldInfo:
    return _reference(name, "User", relationship, createable=False, updateable=False)


def system_fields(name: FieldInfo | None, *, owned: bool) -> tuple[FieldInfo, ...]:
    """Id, owner, name and audit fields. A detail of a master-detail has no owner of its own."""
    first = [FieldInfo("Id", "Record ID", "Id", length=18, createable=False, updateable=False)]
    if owned:
        first.append(_reference("OwnerId", "User", "Owner"))
    first.append(_read_only("IsDeleted", "Deleted", "Checkbox"))
    if name:
        first.append(name)
    return (
        *first,
        _read_only("CreatedDate", "Created Date", "DateTime"),
        _fixed_reference("CreatedById", "CreatedBy"),
        _read_only("LastModifiedDate", "Last Modified Date", "DateTime"),
        _fixed_reference("LastModifiedById", "LastModifiedBy"),
        _read_only("SystemModstamp", "System Modstamp", "DateTime"),
    )


def event_fields() -> tuple[FieldInfo, ...]:
    """What every platform event carries."""
    return (
        _read_only("ReplayId", "Replay ID", "Text"),
        _read_only("EventUuid", "Event UUID", "Text"),
        _read_only("CreatedDate", "Created Date", "DateTime"),
        _fixed_reference("CreatedById", "CreatedBy"),
    )


def _standard(
    name: str,
    plural: str,
    prefix: str,
    *fields: FieldInfo,
    name_field: str = "Name",
    owned: bool = False,
    writable: bool = True,
    deletable: bool = True,
) -> ObjectInfo:
    own_name = next((each for each in fields if each.name == "Name"), None)
    rest = [each for each in fields if each.name != "Name"]
    every = {each.name: each for each in (*system_fields(own_name, owned=owned), *rest)}
    return ObjectInfo(
        name,
        name,
        plural,
        prefix,
        every,
        custom=False,
        name_field=name_field,
        createable=writable,
        updateable=writable,
        deletable=writable and deletable,
    )


def _name(length: int = 80) -> FieldInfo:
    return _text("Name", "Name", length, required=True)


def _choice(name: str, label: str, *values: str, default: str = "") -> FieldInfo:
    picklist = tuple(PicklistValue(value, value, value == default) for value in values)
    return FieldInfo(name, label, "Picklist", length=40, picklist=picklist, default=f'"{default}"' if default else "")


def standard_objects() -> dict[str, ObjectInfo]:
    """The built-in objects by name."""
    checkbox = "Checkbox"
    objects = [
        _standard(
            "Organization",
            "Organizations",
            "00D",
            _name(),
            _text("InstanceName"),
            FieldInfo("IsSandbox", "Is Sandbox", checkbox),
            FieldInfo("TrialExpirationDate", "Trial Expiration Date", "DateTime"),
            _text("NamespacePrefix", "Namespace Prefix", 15),
            _text("OrganizationType", "Edition", 40),
            _text("LanguageLocaleKey", "Language", 40),
            _text("TimeZoneSidKey", "Time Zone", 40),
            _text("DefaultLocaleSidKey", "Locale", 40),
            writable=False,
        ),
        _standard("Profile", "Profiles", "00e", _name(255), _text("UserType", "User Type", 40), writable=False),
        _standard("UserRole", "Roles", "00E", _name(), _text("DeveloperName", "Developer Name", 80), writable=False),
        _standard(
            "User",
            "Users",
            "005",
            _text("Name", "Full Name", 121, createable=False, updateable=False),
            _text("Username", "Username", 80, unique=True, required=True),
            _text("FirstName", "First Name", 40),
            _text("LastName", "Last Name", 80, required=True),
            FieldInfo("Email", "Email", "Email", length=128, required=True),
            _text("Alias", "Alias", 8),
            FieldInfo("IsActive", "Active", checkbox, default="true"),
            _text("UserType", "User Type", 40),
            _text("TimeZoneSidKey", "Time Zone", 40),
            _text("LocaleSidKey", "Locale", 40),
            _text("LanguageLocaleKey", "Language", 40),
            _reference("ProfileId", "Profile", "Profile"),
            _reference("UserRoleId", "UserRole", "UserRole"),
            deletable=False,
        ),
        _standard(
            "PermissionSet",
            "Permission Sets",
            "0PS",
            _text("Name", "Name", 80, required=True),
            _text("Label", "Label", 80),
            FieldInfo("IsOwnedByProfile", "Is Owned By Profile", checkbox),
            writable=False,
        ),
        _standard(
            "PermissionSetAssignment",
            "Permission Set Assignments",
            "0Pa",
            _reference("PermissionSetId", "PermissionSet", "PermissionSet", children="Assignments", required=True),
            _reference("AssigneeId", "User", "Assignee", children="PermissionSetAssignments", required=True),
            name_field="Id",
        ),
        _standard(
            "RecordType",
            "Record Types",
            "012",
            _name(),
            _text("DeveloperName", "Developer Name", 80),
            _text("SobjectType", "SObject Type", 40),
            FieldInfo("IsActive", "Active", checkbox),
            writable=False,
        ),
        _standard(
            "Task",
            "Tasks",
            "00T",
            _text("Subject", "Subject"),
            _choice("Status", "Status", "Not Started", "In Progress", "Completed", default="Not Started"),
            _choice("Priority", "Priority", "High", "Normal", "Low", default="Normal"),
            FieldInfo("ActivityDate", "Due Date Only", "Date"),
            FieldInfo("Description", "Description", "LongTextArea", length=32000),
            _reference("WhatId", "", "What"),
            name_field="Subject",
            owned=True,
        ),
        _standard(
            "Note",
            "Notes",
            "002",
            _text("Title", "Title", 80, required=True),
            FieldInfo("Body", "Body", "LongTextArea", length=32000),
            _reference("ParentId", "", "Parent", required=True),
            FieldInfo("IsPrivate", "Private", checkbox),
            name_field="Title",
            owned=True,
        ),
        *_files(),
    ]
    return {each.name: each for each in objects}


def _files() -> list[ObjectInfo]:
    latest = _reference("LatestPublishedVersionId", "ContentVersion", "LatestPublishedVersion", createable=False)
    return [
        _standard(
            "ContentDocument",
            "Content Documents",
            "069",
            _text("Title", "Title", required=True),
            _text("FileType", "File Type", 20),
            _text("FileExtension", "File Extension", 40),
            FieldInfo("ContentSize", "Size", "Integer", createable=False, updateable=False),
            latest,
            name_field="Title",
            owned=True,
        ),
        _standard(
            "ContentVersion",
            "Content Versions",
            "068",
            _reference(
                "ContentDocumentId",
                "ContentDocument",
                "ContentDocument",
                children="ContentVersions",
                delete_constraint="Cascade",
            ),
            FieldInfo("IsLatest", "Is Latest", "Checkbox", createable=False, updateable=False),
            _text("Title", "Title"),
            _text("PathOnClient", "Path On Client", 500),
            _text("Description", "Description", 1000),
            _text("VersionNumber", "Version Number", 20, createable=False, updateable=False),
            _text("FileType", "File Type", 20, createable=False, updateable=False),
            _text("FileExtension", "File Extension", 40, createable=False, updateable=False),
            _text("Checksum", "Checksum", 50, createable=False, updateable=False),
            FieldInfo("ContentSize", "Size", "Integer", createable=False, updateable=False),
            FieldInfo("VersionData", "Version Data", "Base64"),
            _reference("FirstPublishLocationId", "", "FirstPublishLocation"),
            name_field="Title",
            owned=True,
            deletable=False,
        ),
        _standard(
            "ContentDocumentLink",
            "Content Document Links",
            "06A",
            _reference(
                "ContentDocumentId",
                "ContentDocument",
                "ContentDocument",
                children="ContentDocumentLinks",
                required=True,
                delete_constraint="Cascade",
            ),
            _reference("LinkedEntityId", "", "LinkedEntity", required=True),
            _choice("ShareType", "Share Type", "V", "C", "I", default="V"),
            _choice("Visibility", "Visibility", "AllUsers", "InternalUsers", "SharedUsers", default="AllUsers"),
            name_field="Id",
        ),
    ]
