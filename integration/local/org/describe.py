"""What the org says of itself: versions, resources, objects and fields."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.recent import recent_items
from integration.local.org.rest import named_object, seen
from integration.local.org.web import VERSIONS, Call, Reply

_TYPES = {
    "Id": "id",
    "AutoNumber": "string",
    "Base64": "base64",
    "Checkbox": "boolean",
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
    "location": "urn:location",
}


_RESOURCES = (
    "composite",
    "jobs",
    "limits",
    "parameterizedSearch",
    "query",
    "queryAll",
    "recent",
    "search",
    "sobjects",
)
_SEASONS = ("Spring", "Summer", "Winter")


def api_type(each: FieldInfo) -> str:
    """A field's type as describe names it."""
    return _TYPES[each.type]


def versions(call: Call) -> Reply:
    """GET /services/data"""
    rows = [
        # v51 was Spring '21, and each year has three.
        {
            "label": f"{_SEASONS[number % 3]} '{21 + (number - 51) // 3 + (number % 3 == 2)}",
            "url": f"/services/data/v{number}.0",
            "version": f"{number}.0",
        }
        for number in VERSIONS
    ]
    return Reply(200, rows)


def resources(call: Call) -> Reply:
    """GET /services/data/vX"""
    body = {name: call.data(name) for name in _RESOURCES}
    return Reply(200, {**body, "identity": f"{call.org.url}/id/{call.org.id}/{call.person.id}"})


def global_describe(call: Call) -> Reply:
    """GET /sobjects"""
    readable = [info for info in call.org.catalog.objects.values() if call.person.can_query(info.name)]
    objects = [object_summary(call, seen(call, info)) for info in sorted(readable, key=lambda o: o.name)]
    return _unless_unchanged(call, {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": objects})


def object_resource(call: Call, object_name: str) -> Reply:
    """GET /sobjects/X"""
    info = seen(call, named_object(call, object_name))
    return Reply(200, {"objectDescribe": object_summary(call, info), "recentItems": recent_items(call, info)})


def object_describe(call: Call, object_name: str) -> Reply:
    """GET /sobjects/X/describe"""
    info = seen(call, named_object(call, object_name))
    names = {each.name: each for each in call.org.catalog.objects.values()}
    body = {
        "actionOverrides": [],
        **object_summary(call, info),
        "associateEntityType": None,
        "associateParentEntity": None,
        "childRelationships": [
            {
                "cascadeDelete": child.cascade,
                "childSObject": child.object,
                "deprecatedAndHidden": False,
                "field": child.field,
                "junctionIdListNames": [],
                "junctionReferenceTo": [],
                "relationshipName": child.name or None,
                "restrictedDelete": child.constraint == "Restrict",
            }
            for child in info.children
            if child.object in names
        ],
        "compactLayoutable": not info.is_event,
        "defaultImplementation": None,
        "extendedBy": None,
        "extendsInterfaces": None,
        "fields": [field_describe(_within(info, each)) for each in info.fields.values()],
        "implementedBy": None,
        "implementsInterfaces": None,
        "isInterface": False,
        "listviewable": None,
        "lookupLayoutable": None,
        "namedLayoutInfos": [],
        "networkScopeFieldName": None,
        "recordTypeInfos": [_master_record_type(call, info)],
        "searchLayoutable": not info.is_event,
        "sobjectDescribeOption": "FULL",
        "supportedScopes": [{"label": f"All {info.plural.lower()}", "name": "everything"}],
    }
    return _unless_unchanged(call, body)


def _within(info: ObjectInfo, each: FieldInfo) -> FieldInfo:
    """No field can be filled of an object that cannot be created."""
    return replace(each, createable=each.createable and info.createable, updateable=each.updateable and info.updateable)


def _master_record_type(call: Call, info: ObjectInfo) -> dict[str, Any]:
    return {
        "active": True,
        "available": True,
        "defaultRecordTypeMapping": True,
        "developerName": "Master",
        "master": True,
        "name": "Master",
        "recordTypeId": "012000000000000AAA",
        "urls": {"layout": call.data(f"sobjects/{info.name}/describe/layouts/012000000000000AAA")},
    }


def object_summary(call: Call, info: ObjectInfo) -> dict[str, Any]:
    """An object in the global describe."""
    base = call.data(f"sobjects/{info.name}")
    stored = not info.is_event
    return {
        "activateable": False,
        "createable": info.createable,
        "custom": info.custom,
        "customSetting": False,
        "deepCloneable": False,
        "deletable": info.deletable,
        "deprecatedAndHidden": False,
        "feedEnabled": False,
        "hasSubtypes": False,
        "isInterface": False,
        "isSubtype": False,
        "keyPrefix": info.prefix,
        "label": info.label,
        "labelPlural": info.plural,
        "layoutable": stored,
        "mergeable": False,
        "mruEnabled": stored,
        "name": info.name,
        "queryable": stored,
        "replicateable": stored,
        "retrieveable": stored,
        "searchable": info.searchable,
        "triggerable": True,
        "undeletable": False,
        "updateable": info.updateable and stored,
        "urls": {
            "describe": f"{base}/describe",
            "rowTemplate": f"{base}/{{ID}}",
            "sobject": base,
        },
    }


def field_describe(each: FieldInfo) -> dict[str, Any]:
    """One field, with every key that a real org sends."""
    kind = api_type(each)
    numeric = kind in ("double", "currency", "percent")
    is_long = each.type in ("LongTextArea", "Html")
    is_name = each.name == "Name"
    has_default = bool(each.default) or kind == "boolean" or each.name in ("OwnerId", "Name") or not each.createable
    length = each.length if kind not in ("boolean", "date", "datetime", "time", "double", "currency", "percent") else 0
    return {
        "aggregatable": not is_long and kind not in ("boolean", "base64", "location"),
        "aiPredictionField": False,
        "autoNumber": each.type == "AutoNumber",
        "byteLength": length * (1 if kind in ("id", "reference") else 3),
        "calculated": bool(each.formula),
        "calculatedFormula": each.formula or None,
        "cascadeDelete": each.type == "MasterDetail" or each.delete_constraint == "Cascade",
        "caseSensitive": each.case_sensitive,
        "compoundFieldName": each.compound or None,
        "controllerName": None,
        "createable": each.createable,
        "custom": each.custom,
        "defaultValue": False if kind == "boolean" and each.default != "true" else _default(each),
        "defaultValueFormula": each.default if each.default and not each.picklist else None,
        "defaultedOnCreate": has_default,
        "dependentPicklist": False,
        "deprecatedAndHidden": False,
        "digits": 8 if kind == "int" else 0,
        "displayLocationInDecimal": kind == "location",
        "encrypted": False,
        "externalId": each.external_id,
        "extraTypeInfo": {"Html": "richtextarea", "LongTextArea": "plaintextarea"}.get(each.type),
        "filterable": not is_long and kind != "base64",
        "filteredLookupInfo": None,
        "formulaTreatNullNumberAsZero": bool(each.formula) and numeric and each.blanks_as_zero,
        "groupable": not is_long
        and not each.formula
        and kind not in ("base64", "datetime", "location")
        and not numeric,
        "highScaleNumber": False,
        "htmlFormatted": each.type == "Html",
        "idLookup": each.external_id or each.name in ("Id", "Name"),
        "inlineHelpText": each.help or None,
        "label": each.label,
        "length": length,
        "mask": None,
        "maskType": None,
        "name": each.name,
        "nameField": is_name,
        "namePointing": kind == "reference" and len(each.reference_to) != 1,
        "nillable": not each.required and kind not in ("boolean", "id") and each.createable,
        "permissionable": each.custom and not each.required,
        "picklistValues": [
            {
                "active": True,
                "defaultValue": value.default,
                "label": value.label,
                "validFor": None,
                "value": value.name,
            }
            for value in each.picklist
        ],
        "polymorphicForeignKey": kind == "reference" and len(each.reference_to) != 1,
        "precision": each.precision if numeric else 0,
        "queryByDistance": kind == "location",
        "referenceTargetField": None,
        "referenceTo": list(each.reference_to),
        "relationshipName": each.relationship_name or None,
        "relationshipOrder": 0 if each.type == "MasterDetail" else None,
        "restrictedDelete": each.delete_constraint == "Restrict",
        "restrictedPicklist": each.restricted,
        "scale": each.scale if numeric else 0,
        "searchPrefilterable": kind == "reference",
        "soapType": _SOAP.get(kind, "xsd:string"),
        "sortable": not is_long and kind not in ("base64", "location", "multipicklist"),
        "type": kind,
        "unique": each.unique,
        "updateable": each.updateable,
        "writeRequiresMasterRead": False,
    }


def _default(each: FieldInfo) -> Any:
    if each.default == "true":
        return True
    return next((value.name for value in each.picklist if value.default), None)


def _unless_unchanged(call: Call, body: Any) -> Reply:
    """The metadata does not change while the org runs, so an ETag tells all."""
    tag = hashlib.sha256(json.dumps(body).encode()).hexdigest()[:16]
    headers = {"ETag": f'"{tag}"', "Last-Modified": format_datetime(call.org.started.astimezone(UTC), usegmt=True)}
    since = call.headers.get("if-modified-since", "")
    if call.headers.get("if-none-match", "").strip('"') == tag or (since and _is_after(since, call.org.started)):
        return Reply(304, None, headers)
    return Reply(200, body, headers)


def _is_after(header: str, started: datetime) -> bool:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(header) >= started.replace(microsecond=0)
    except (TypeError, ValueError):
        return False
