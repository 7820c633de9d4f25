"""Which objects and fields a name can stand for."""

from integration.metadata.schema import Field, Schema

STANDARD_FIELDS = frozenset({
    "Id", "Name", "OwnerId", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp",
})  # fmt: skip
STANDARD_OBJECTS = frozenset({"User", "ContentVersion", "ContentDocument", "ContentDocumentLink"})
LIST_COLUMNS = frozenset({
    "NAME", "OWNER.ALIAS", "CREATED_DATE", "CREATEDBY_USER", "LAST_UPDATE", "UPDATEDBY_USER",
})  # fmt: skip
"""How list views and search layouts spell the standard fields."""
STANDARD_RELATED_LISTS = frozenset({"RelatedFileList", "RelatedActivityList", "RelatedHistoryList", "RelatedNoteList"})
STANDARD_TABS = frozenset({"standard-home", "standard-report", "standard-Dashboard"})


def field_of(schema: Schema, object_name: str, name: str) -> Field | None:
    """The custom field of that name."""
    found = schema.objects.get(object_name)
    return found.fields.get(name) if found else None


def knows(schema: Schema, object_name: str, path: str) -> bool:
    """Whether an object has a field, or a path through lookups (`Pool__r.Private__c`) leads to one."""
    step, _, rest = path.partition(".")
    if rest:
        lookup = field_of(schema, object_name, step.removesuffix("__r") + "__c")
        if lookup is None or not step.endswith("__r") or not lookup.reference_to:
            return False
        return lookup.reference_to in STANDARD_OBJECTS or knows(schema, lookup.reference_to, rest)
    return step in STANDARD_FIELDS or field_of(schema, object_name, step) is not None


def is_list_column(schema: Schema, object_name: str, name: str) -> bool:
    """Whether a list view or search layout of the object can show the column."""
    return name in LIST_COLUMNS or field_of(schema, object_name, name) is not None


def picklist_words(field: Field) -> frozenset[str]:
    """The words of a picklist field."""
    return frozenset(value.name for value in field.picklist)
