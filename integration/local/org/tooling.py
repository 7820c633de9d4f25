"""Queries of the Tooling API, for what this org is known to have none of; everything else of it is refused."""

from typing import Any

from integration.local.org import soql
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.web import Call, Reply

EMPTY = (
    "ApexClass",
    "ApexComponent",
    "ApexLog",
    "ApexPage",
    "ApexTestQueueItem",
    "ApexTestResult",
    "ApexTrigger",
    "AuraDefinitionBundle",
    "DebugLevel",
    "InstalledSubscriberPackage",
    "Package2",
    "StaticResource",
    "TraceFlag",
)
"""There is no Apex here and nothing is installed; clients ask before they do what needs either."""


def query(call: Call) -> Reply:
    """GET /tooling/query?q="""
    text = call.query.get("q")
    if text is None:
        raise ApiError(400, "MALFORMED_QUERY", "A query must be given with the parameter q")
    asked = soql.parse(text).source
    name = next((each for each in EMPTY if each.lower() == asked.lower()), None)
    if name is None:
        raise not_implemented(f"Tooling API queries of {asked}")
    found: dict[str, Any] = {
        "size": 0,
        "totalSize": 0,
        "done": True,
        "queryLocator": None,
        "entityTypeName": name,
        "records": [],
    }
    return Reply(200, found)
