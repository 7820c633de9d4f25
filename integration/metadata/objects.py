"""Reading objects/: an object, its fields and its validation rules."""

from pathlib import Path
from typing import cast, get_args
from xml.etree.ElementTree import Element

from integration.metadata.schema import DeleteConstraint, Field, FieldType, ObjectType, PicklistValue, ValidationRule
from integration.metadata.xml import flag, line_of, number, root, text

_TYPES = frozenset(get_args(FieldType))


def read_object(path: Path) -> ObjectType:
    """The object of one *.object-meta.xml, with what lies in its folder."""
    folder, xml = path.parent, root(path)
    fields = (read_field(file) for file in sorted((folder / "fields").glob("*.field-meta.xml")))
    rules = (read_rule(file) for file in sorted((folder / "validationRules").glob("*.validationRule-meta.xml")))
    return ObjectType(
        name=folder.name,
        label=text(xml, "label"),
        plural=text(xml, "pluralLabel"),
        description=text(xml, "description"),
        name_label=text(xml, "nameField/label", "Name"),
        name_type="AutoNumber" if text(xml, "nameField/type") == "AutoNumber" else "Text",
        name_format=text(xml, "nameField/displayFormat"),
        sharing=text(xml, "sharingModel"),
        is_event=folder.name.endswith("__e"),
        history=flag(xml, "enableHistory"),
        activities=flag(xml, "enableActivities"),
        fields={field.name: field for field in fields},
        rules=tuple(rules),
        searchable=flag(xml, "enableSearch"),
        source=path,
    )


def read_field(path: Path) -> Field:
    """One custom field."""
    xml = root(path)
    kind = text(xml, "type")
    if kind not in _TYPES:
        line = line_of(xml.find("type"))
        raise ValueError(f"{path}:{line}: field type {kind or 'missing'} is not one of {', '.join(sorted(_TYPES))}")
    return Field(
        name=text(xml, "fullName"),
        label=text(xml, "label"),
        type=cast(FieldType, kind),
        description=text(xml, "description"),
        help=text(xml, "inlineHelpText"),
        required=flag(xml, "required"),
        unique=flag(xml, "unique"),
        case_sensitive=flag(xml, "caseSensitive"),
        external_id=flag(xml, "externalId"),
        length=number(xml, "length"),
        precision=number(xml, "precision"),
        scale=number(xml, "scale"),
        visible_lines=number(xml, "visibleLines"),
        default=text(xml, "defaultValue"),
        formula=text(xml, "formula"),
        blanks_as_zero=text(xml, "formulaTreatBlanksAs") != "BlankAsBlank",
        picklist=_picklist(xml),
        restricted=flag(xml, "valueSet/restricted"),
        reference_to=text(xml, "referenceTo"),
        relationship_name=text(xml, "relationshipName"),
        relationship_label=text(xml, "relationshipLabel"),
        delete_constraint=_delete_constraint(xml, kind),
        reparentable=flag(xml, "reparentableMasterDetail"),
        needs_master_read=flag(xml, "writeRequiresMasterRead"),
        display_format=text(xml, "displayFormat"),
        security_classification=text(xml, "securityClassification"),
        source=path,
        line=line_of(xml.find("formula") if xml.find("formula") is not None else xml.find("defaultValue")),
    )


def _picklist(xml: Element) -> tuple[PicklistValue, ...]:
    values = xml.iterfind("valueSet/valueSetDefinition/value")
    return tuple(
        PicklistValue(text(value, "fullName"), text(value, "label"), flag(value, "default"))
        for value in values
        if flag(value, "isActive", default=True)
    )


def _delete_constraint(xml: Element, kind: str) -> DeleteConstraint:
    # A lookup without the element clears itself when its parent goes: the platform's default.
    return cast(DeleteConstraint, text(xml, "deleteConstraint", "SetNull" if kind == "Lookup" else ""))


def read_rule(path: Path) -> ValidationRule:
    """One validation rule."""
    xml = root(path)
    return ValidationRule(
        name=text(xml, "fullName"),
        condition=text(xml, "errorConditionFormula"),
        message=text(xml, "errorMessage"),
        display_field=text(xml, "errorDisplayField"),
        active=flag(xml, "active"),
        source=path,
        line=line_of(xml.find("errorConditionFormula")),
    )
