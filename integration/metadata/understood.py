"""What the embedded org reads of the metadata: an element that it would silently do without is refused."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

from integration.metadata import wsdl
from integration.metadata.schema import FieldType
from integration.metadata.source import Document, Finding, Node, Tree, child, children, load, local_name, text

_FIELD_TYPES = frozenset(get_args(FieldType))
_SHOWN = frozenset({
    "CompactLayout", "CustomApplication", "CustomLabels", "CustomTab", "Dashboard", "DashboardFolder", "FlexiPage",
    "Layout", "LightningComponentBundle", "ListView", "QuickAction", "Report", "ReportFolder", "ReportType",
    "StaticResource", "WebLink",
})  # fmt: skip
"""Types that change what people see and nothing of what the org's APIs do."""
_READ = frozenset({"CustomField", "CustomObject", "CustomPermission", "Flow", "PermissionSet", "SharingRules",
                   "ValidationRule"})  # fmt: skip
SERVED = _SHOWN | _READ
"""The metadata types that the embedded org takes."""

_ELEMENTS: Mapping[str, frozenset[str]] = {
    "CustomField": frozenset({
        "businessOwnerGroup", "businessOwnerUser", "businessStatus", "caseSensitive", "complianceGroup",
        "defaultValue", "deleteConstraint", "description", "displayFormat", "displayLocationInDecimal", "externalId",
        "formula", "formulaTreatBlanksAs", "fullName", "inlineHelpText", "label", "length", "precision", "referenceTo",
        "relationshipLabel", "relationshipName", "relationshipOrder", "reparentableMasterDetail", "required", "scale",
        "securityClassification", "startingNumber", "trackFeedHistory", "trackHistory", "trackTrending", "type",
        "unique", "valueSet", "visibleLines", "writeRequiresMasterRead",
    }),
    "CustomObject": frozenset({
        "actionOverrides", "compactLayoutAssignment", "deploymentStatus", "description", "enableActivities",
        "enableBulkApi", "enableChangeDataCapture", "enableEnhancedLookup", "enableFeeds", "enableHistory",
        "enableLicensing", "enableReports", "enableSearch", "enableSharing", "enableStreamingApi", "eventType",
        "externalSharingModel", "fullName", "gender", "label", "nameField", "pluralLabel", "publishBehavior",
        "searchLayouts", "sharingModel", "startsWith", "visibility",
    }),
    "ValidationRule": frozenset({
        "active", "description", "errorConditionFormula", "errorDisplayField", "errorMessage", "fullName",
    }),
    "valueSet": frozenset({"restricted", "valueSetDefinition"}),
}  # fmt: skip
"""Elements that are read, or that change nothing here; any other would have to be implemented first."""


def refusals(tree: Tree) -> list[Finding]:
    """Everything in a source tree that is no metadata, breaks its schema, or is not understood here."""
    findings = list(tree.unreadable)
    for document in tree.documents:
        findings += (each for each in wsdl.check(document) if not each.advice)
        findings += not_understood(document)
    return sorted(set(findings))


def refusals_of(folder: Path) -> list[Finding]:
    """The same for a source folder."""
    return refusals(load(folder))


def not_understood(document: Document) -> Iterator[Finding]:
    """Known to Salesforce and not to the embedded org."""
    if document.type not in SERVED:
        if document.type in wsdl.types().complex:
            yield document.find(f"the embedded org does not implement metadata of type {document.type}")
        return
    yield from _elements(document, document.root, document.type)
    if document.type == "CustomField":
        yield from _field(document)


def _field(document: Document) -> Iterator[Finding]:
    kind = text(document.root, "type")
    if not kind:
        yield document.find("has no type")
    elif kind not in _FIELD_TYPES and kind in wsdl.types().words["FieldType"]:
        yield document.find(f"the embedded org does not implement fields of type {kind}", "type")
    values = child(document.root, "valueSet")
    if values is not None:
        yield from _elements(document, values, "valueSet")


def _elements(document: Document, node: Node, kind: str) -> Iterator[Finding]:
    allowed = _ELEMENTS.get(kind)
    for each in children(node) if allowed is not None else ():
        name = local_name(each)
        # An element that Salesforce does not know either is told by the check against its schema.
        if name not in allowed and (kind == "valueSet" or name in wsdl.types().complex[kind]):  # type: ignore[operator]
            yield document.find(f"the embedded org does not implement <{name}> in {kind}", each)
