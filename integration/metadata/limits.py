"""The limits and house rules of objects: lengths, words for people, personal data, lookups, keys."""

import json
from collections.abc import Iterator

from integration.metadata.schema import Field, ObjectType, Schema
from integration.metadata.source import Document, Finding, Tree, child, descendants, text
from integration.metadata.wsdl import VERSION

_LABEL, _API_NAME, _HELP, _DESCRIPTION, _MESSAGE = 40, 40, 510, 1000, 255
_MASTERS = {
    "Contact_Point__c": "Candidate__c",
    "Candidate_Tag__c": "Candidate__c",
    "Application__c": "Candidate__c",
    "Touchpoint__c": "Candidate__c",
    "Consent__c": "Candidate__c",
    "Job_Alert__c": "Candidate__c",
    "Event_Attendance__c": "Candidate__c",
}
"""The only masters: every other parent can have too many children to be locked by each of them."""
_MADE_BY_PEOPLE = frozenset({
    "Talent_Pool__c", "Message_Template__c", "Recruiting_Campaign__c", "Candidate_Import__c", "Recruiting_Command__c",
    "Prospect_Search__c", "Quick_Add__c", "Bulk_Action__c", "Holiday__c",
})  # fmt: skip
"""Objects whose rows the service never creates; a command's own id is its key."""
_ABOUT_PEOPLE = frozenset({"Candidate__c", "Contact_Point__c", "Consent__c"})
_FREE_TEXT = frozenset({"Text", "TextArea", "LongTextArea", "Html"})
_PERSONAL_TYPES = frozenset({"Email", "Phone", "Location"})
_NOT_PERSONAL = frozenset({
    "Candidate__c.Time_Zone__c", "Candidate__c.Language__c", "Consent__c.Key__c", "Consent__c.Text_Version__c",
    "Consent__c.Locale__c", "Brand__c.From_Address__c", "Recruiting_Campaign__c.Sender__c",
    "Channel__c.Contact_Email__c",
})  # fmt: skip
"""Fields that would count as personal by their type but tell nothing about one person."""
_CLASSIFIED = frozenset({"Confidential", "Restricted"})


def check(tree: Tree, schema: Schema) -> Iterator[Finding]:
    """All limits."""
    for document in tree.of("CustomObject"):
        yield from _words(document)
        if found := schema.objects.get(document.object_name):
            yield from _object(document, found)
    for document in tree.of("CustomField"):
        yield from _words(document)
        yield from _help(document)
        found = schema.objects.get(document.object_name)
        if found and document.name in found.fields:
            yield from _field(document, found, found.fields[document.name])
    for document in (*tree.of("Flow"), *tree.of("PermissionSet"), *tree.of("CustomPermission")):
        yield from _description(document)
    for document in tree.of("ValidationRule"):
        yield from _description(document)
        yield from _at_most(document, "errorMessage", _MESSAGE)
    for document in tree.of("Flow"):
        for node in descendants(document.root, "errorMessage"):
            if len(text(node)) > _MESSAGE:
                yield document.find(f"the message has {len(text(node))} characters, {_MESSAGE} are allowed", node)


def check_project(tree: Tree) -> Iterator[Finding]:
    """The API version in sfdx-project.json, two folders above the source or beside it."""
    for folder in (tree.folder, *tree.folder.parents[:2]):
        path = folder / "sfdx-project.json"
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if '"sourceApiVersion"' in line:
                found = json.loads(path.read_text())["sourceApiVersion"]
                if float(found) > VERSION:
                    yield Finding(path, number, f"sourceApiVersion {found} is newer than {VERSION}, the newest checked")
                return
        yield Finding(path, 1, "sourceApiVersion is missing")
        return


def _words(document: Document) -> Iterator[Finding]:
    """Label, description and API name of an object or a field."""
    if not text(document.root, "label"):
        yield document.find("has no label")
    yield from _at_most(document, "label", _LABEL)
    yield from _at_most(document, "pluralLabel", _LABEL)
    yield from _description(document)
    bare = document.name.removesuffix("__c").removesuffix("__e")
    if len(bare) > _API_NAME:
        yield document.find(f"the API name has {len(bare)} characters, {_API_NAME} are allowed", "fullName")


def _description(document: Document) -> Iterator[Finding]:
    if not text(document.root, "description"):
        yield document.advise("has no description")
    yield from _at_most(document, "description", _DESCRIPTION)


def _help(document: Document) -> Iterator[Finding]:
    if not text(document.root, "inlineHelpText"):
        yield document.advise("has no help text (inlineHelpText)")
    yield from _at_most(document, "inlineHelpText", _HELP)


def _at_most(document: Document, name: str, limit: int) -> Iterator[Finding]:
    length = len(text(document.root, name))
    if length > limit:
        yield document.find(f"<{name}> has {length} characters, {limit} are allowed", name)


def _object(document: Document, found: ObjectType) -> Iterator[Finding]:
    if found.is_event:
        return
    has_key = any(field.unique and field.external_id for field in found.fields.values())
    if not has_key and found.name not in _MADE_BY_PEOPLE:
        yield document.advise("has no unique external id: the service could make a row of it twice")
    has_master = any(field.type == "MasterDetail" for field in found.fields.values())
    if has_master != (found.sharing == "ControlledByParent"):
        wanted = "must be ControlledByParent" if has_master else "cannot be ControlledByParent without a master"
        yield document.find(f"sharingModel {wanted}", "sharingModel")


def _field(document: Document, found: ObjectType, field: Field) -> Iterator[Finding]:
    if field.type == "MasterDetail" and _MASTERS.get(found.name) != field.reference_to:
        yield document.advise(
            f"is a master-detail to {field.reference_to}: every save would lock it; use a lookup", "type"
        )
    if field.type == "Lookup":
        yield from _lookup(document, field)
    if field.type == "Picklist" and not field.restricted:
        yield document.advise("is a picklist that takes any word: restrict it", "valueSet")
    yield from _address(document, field)
    if not found.is_event:
        yield from _personal(document, found, field)


def _lookup(document: Document, field: Field) -> Iterator[Finding]:
    if field.required:
        yield document.advise(
            "is a required lookup, which locks its parent: ask for it by a validation rule", "required"
        )
    if text(document.root, "deleteConstraint") != "SetNull":
        yield document.advise("must have deleteConstraint SetNull: others lock the parent", "deleteConstraint")


def _address(document: Document, field: Field) -> Iterator[Finding]:
    """Types that hold web addresses to 255 and e-mail addresses to 80 characters."""
    bare = field.name.removesuffix("__c")
    if bare.endswith("URL") and field.type != "Url":
        yield document.advise("holds a web address and must have type Url (at most 255 characters)", "type")
    if bare.endswith("Email") and field.type != "Email":
        yield document.advise("holds an e-mail address and must have type Email (at most 80 characters)", "type")


def _personal(document: Document, found: ObjectType, field: Field) -> Iterator[Finding]:
    free_text = found.name in _ABOUT_PEOPLE and field.type in _FREE_TEXT
    if not (free_text or field.type in _PERSONAL_TYPES) or f"{found.name}.{field.name}" in _NOT_PERSONAL:
        return
    if field.security_classification not in _CLASSIFIED:
        yield document.advise("is personal and needs securityClassification Confidential or Restricted")
    if child(document.root, "complianceGroup") is None:
        yield document.advise("is personal and needs a complianceGroup")
