"""The Tooling and Connect APIs, for what this org is known to have none of; everything else of them is refused."""

from typing import Any

from integration.local.org import soql
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.web import Call, Reply

EMPTY = (
    "ApexClass",
    "ApexCodeCoverage",
    "ApexCodeCoverageAggregate",
    "ApexComponent",
    "ApexLog",
    "ApexPage",
    "ApexTestQueueItem",
    "ApexTestResult",
    "ApexTestRunResult",
    "ApexTrigger",
    "AuraDefinitionBundle",
    "DebugLevel",
    "InstalledSubscriberPackage",
    "Package2",
    "StaticResource",
    "TraceFlag",
)
"""There is no Apex here and nothing is installed; clients ask before they do what needs either."""


def resources(call: Call) -> Reply:
    """GET /tooling"""
    return Reply(200, {"query": call.data("tooling/query")})


def query(call: Call) -> Reply:
    """GET /tooling/query?q="""
    text = call.query.get("q")
    if text is None:
        raise ApiError(400, "MALFORMED_QUERY", "A query must be given with the parameter q")
    asked = soql.parse(text).source
    if asked.lower() not in {each.lower() for each in EMPTY}:
        raise not_implemented(f"Tooling API queries of {asked}")
    found: dict[str, Any] = {
        "size": 0,
        "totalSize": 0,
        "done": True,
        "queryLocator": None,
        # A real org names the object only when there are records of it.
        "entityTypeName": None,
        "records": [],
    }
    return Reply(200, found)


def run_tests(call: Call) -> Reply:
    """POST /tooling/runTestsAsynchronous"""
    raise not_implemented("Apex, so there are no tests of it to run")


def communities(call: Call) -> Reply:
    """GET /connect/communities: there are none."""
    return Reply(200, {"communities": [], "total": 0})
