"""One field as describe tells of it."""

from typing import Any

from integration.local.org.catalog import FieldInfo, ObjectInfo

_TYPES = {
    "Id": "id",
    "Address": "address",
    "AutoNumber": "string",
    "Base64": "base64",
    "Checkbox": "boolean",
    "Combobox": "combobox",
    "Currency": "currency",
    "Date": "date",
    "DateTime": "datetime",
    "Email": "email",
    "Html": "textarea",
    "Integer": "int",
    "Location": "location",
    "LongTextArea": "textarea",
    "Lookup": "reference",
    "MasterDetail": "reference",
    "MultiselectPicklist": "multipicklist",
    "Number": "double",
    "Percent": "percent",
    "Phone": "phone",
    "Picklist": "picklist",
    "Text": "string",
    "TextArea": "textarea",
    "Time": "time",
    "Url": "url",
}
_SOAP = {
    "id": "tns:ID",
    "reference": "tns:ID",
    "boolean": "xsd:boolean",
    "currency": "xsd:double",
    "double": "xsd:double",
    "percent": "xsd:double",
    "int": "xsd:int",
    "date": "xsd:date",
    "datetime": "xsd:dateTime",
    "time": "xsd:time",
    "base64": "xsd:base64Binary",
    "address": "urn:address",
    "location": "urn:location",
}
_NUMBERS = ("double", "currency", "percent")
_PLACES = ("address", "location")
_WITHOUT_LENGTH = (*_NUMBERS, *_PLACES, "int", "boolean", "date", "datetime", "time")
_FILLED = frozenset(
    {
        "Id",
        "IsDeleted",
        "OwnerId",
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
    }
)
"""What the org itself puts into every record."""
_AREAS = {"Html": "richtextarea", "LongTextArea": "plaintextarea", "TextArea": "plaintextarea"}


def api_type(each: FieldInfo) -> str:
    """A field's type as describe names it."""
    return _TYPES[each.type]


def is_filled(each: FieldInfo) -> bool:
    """Whether the field of a saved record always holds a value."""
    kind = api_type(each)
    return (
        each.required
        or kind in ("boolean", "id")
        or each.name in _FILLED
        or (each.type == "AutoNumber")
        or "filled" in each.traits
    )


def is_permissionable(each: FieldInfo) -> bool:
    """Whether field-level security can hide the field: the others are seen by whoever sees the record."""
    if each.custom:
        return not each.required and each.type != "MasterDetail"
    if each.traits & {"secured", "fixed"}:
        return "secured" in each.traits
    writable = each.createable or each.updateable or each.type == "Address"
    always = each.required or each.name in _FILLED or each.name in ("Name", "RecordTypeId") or each.compound == "Name"
    return writable and not always


def field_describe(info: ObjectInfo, each: FieldInfo) -> dict[str, Any]:
    """One field, with every key that a real org sends."""
    return {
        **_nature(info, each),
        **_demands(info, each),
        **_uses(info, each),
        **_reference(each),
        "controllerName": None,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "encrypted": False,
        "mask": None,
        "maskType": None,
        "picklistValues": [
            {"active": True, "defaultValue": value.default, "label": value.label, "validFor": None, "value": value.name}
            for value in each.picklist
        ],
        "restrictedPicklist": each.restricted,
    }


def _nature(info: ObjectInfo, each: FieldInfo) -> dict[str, Any]:
    kind = api_type(each)
    length = 0 if kind in _WITHOUT_LENGTH else each.length
    numeric = kind in _NUMBERS
    said = _said(each, "kind")
    switchable = said == "switchablepersonname"
    size = int(_said(each, "bytes") or 0) or length * (1 if kind in ("id", "reference") else 3)
    return {
        "aiPredictionField": False,
        "autoNumber": each.type == "AutoNumber",
        "byteLength": size,
        # Standard fields that the org works out are not called formulas.
        "calculated": bool(each.formula) and each.custom,
        "calculatedFormula": each.formula if each.formula and each.custom else None,
        "caseSensitive": each.case_sensitive,
        "compoundFieldName": each.compound or ("Name" if switchable else None),
        "custom": each.custom,
        "digits": each.precision if kind == "int" else 0,
        "displayLocationInDecimal": kind == "location",
        "extraTypeInfo": said or _AREAS.get(each.type),
        "formulaTreatNullNumberAsZero": bool(each.formula) and each.custom and numeric and each.blanks_as_zero,
        "highScaleNumber": False,
        "htmlFormatted": each.type == "Html",
        "inlineHelpText": each.help or None,
        "label": each.label,
        "length": length,
        "name": each.name,
        "nameField": each.name == info.name_field and each.name != "Id",
        "precision": each.precision if numeric else 0,
        "scale": each.scale if numeric else 0,
        "soapType": _SOAP.get(kind, "xsd:string"),
        "type": kind,
    }


def _said(each: FieldInfo, word: str) -> str | None:
    return next((trait.partition(" ")[2] for trait in each.traits if trait.startswith(f"{word} ")), None)


def _demands(info: ObjectInfo, each: FieldInfo) -> dict[str, Any]:
    kind = api_type(each)
    defaulted = (
        bool(each.default)
        or kind in ("boolean", "id")
        or each.type == "AutoNumber"
        or each.name in _FILLED
        or "defaulted" in each.traits
        or (info.custom and each.name == "Name")
    )
    return {
        "createable": each.createable,
        "defaultValue": False if kind == "boolean" and each.default != "true" else _default(each),
        "defaultValueFormula": each.default if each.default and not each.picklist and each.custom else None,
        "defaultedOnCreate": defaulted,
        "nillable": not is_filled(each),
        "unique": each.unique and each.custom,
        "updateable": each.updateable,
        "writeRequiresMasterRead": each.needs_master_read,
    }


def _uses(info: ObjectInfo, each: FieldInfo) -> dict[str, Any]:
    kind, traits = api_type(each), each.traits
    is_long = each.type in ("LongTextArea", "Html") or kind == "base64"
    grouped = not is_long and kind not in (*_NUMBERS, *_PLACES, "datetime") and each.type != "AutoNumber"
    return {
        "aggregatable": "aggregatable" in traits
        or (not is_long and kind not in (*_PLACES, "boolean") and "unaggregatable" not in traits),
        "externalId": each.external_id,
        "filterable": not is_long and "unfilterable" not in traits,
        "groupable": grouped and not (each.formula and each.custom) and "ungroupable" not in traits,
        "idLookup": each.is_key or (info.custom and each.name == "Name"),
        "permissionable": is_permissionable(each),
        "queryByDistance": kind in _PLACES,
        "searchPrefilterable": kind == "reference" and ("prefiltered" in traits or is_permissionable(each)),
        "sortable": "sortable" in traits
        or (not is_long and kind not in (*_PLACES, "multipicklist") and "unsortable" not in traits),
    }


def _reference(each: FieldInfo) -> dict[str, Any]:
    is_open = each.is_reference and len(each.reference_to) != 1
    return {
        "cascadeDelete": each.custom and (each.type == "MasterDetail" or each.delete_constraint == "Cascade"),
        "filteredLookupInfo": None,
        "namePointing": is_open,
        "polymorphicForeignKey": is_open,
        "referenceTargetField": None,
        "referenceTo": list(each.reference_to),
        "relationshipName": each.relationship_name or None,
        "relationshipOrder": 0 if each.type == "MasterDetail" else None,
        "restrictedDelete": each.custom and each.delete_constraint == "Restrict",
    }


def _default(each: FieldInfo) -> Any:
    if each.default == "true":
        return True
    return next((value.name for value in each.picklist if value.default), None)
