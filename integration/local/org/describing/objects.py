"""What the org says of itself: versions, resources, objects and fields."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.describing.field import field_describe
from integration.local.org.describing.urls import full_urls, summary_urls
from integration.local.org.recent import recent_items
from integration.local.org.rest import named_object, seen
from integration.local.org.web import VERSIONS, Call, Reply

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
    "tooling",
)
_SEASONS = ("Spring", "Summer", "Winter")


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
        "fields": [field_describe(info, _within(info, each)) for each in info.fields.values()],
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
        "supportedScopes": _scopes(info),
        "urls": full_urls(call, info),
    }
    return _unless_unchanged(call, body)


def _within(info: ObjectInfo, each: FieldInfo) -> FieldInfo:
    """No field can be filled of an object that cannot be created."""
    return replace(each, createable=each.createable and info.createable, updateable=each.updateable and info.updateable)


def _scopes(info: ObjectInfo) -> list[dict[str, str]]:
    plural = info.plural.lower()
    scopes = [{"label": f"All {plural}", "name": "everything"}]
    return scopes + [{"label": f"My {plural}", "name": "mine"}] * ("OwnerId" in info.fields)


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
    stored = not info.is_event
    return {
        "activateable": False,
        "associateEntityType": None,
        "associateParentEntity": None,
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
        "urls": summary_urls(call, info),
    }


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
