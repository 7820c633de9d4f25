"""What goes wrong arrives as the exception that simple-salesforce has for it, with the org's code and words."""

import json
from typing import Any

from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from integration.local.fidelity._calls import Calls, holds, refused, same
from integration.local.fidelity.simple_salesforce._world import World

REFUSALS: Calls[World] = Calls()


def _error(exception: Any) -> dict[str, Any]:
    """The first error of the answer; bulk calls keep it as bytes."""
    content = exception.content
    found: dict[str, Any] = (json.loads(content) if isinstance(content, bytes | str) else content)[0]
    return found


@REFUSALS("SalesforceMoreThanOneRecord")
def more_than_one(world: World) -> None:
    made = [world.candidate(f"twin {number}", ATS_Id__c="twin") for number in range(2)]
    error = refused(
        SalesforceMoreThanOneRecord, lambda: world.sf.Candidate__c.upsert("ATS_Id__c/twin", {"City__c": "Cork"})
    )
    same(error.status, 300)
    same(sorted(error.content), sorted(f"/services/data/v62.0/sobjects/Candidate__c/{each}" for each in made))


@REFUSALS("SalesforceMalformedRequest")
def malformed(world: World) -> None:
    error = refused(SalesforceMalformedRequest, lambda: world.sf.query("SELECT Nothing__c FROM Candidate__c"))
    found = _error(error)
    same((error.status, found["errorCode"]), (400, "INVALID_FIELD"))
    holds("No such column 'Nothing__c' on entity 'Candidate__c'" in found["message"], found["message"])


@REFUSALS("SalesforceMalformedRequest (validation rule)")
def broken_rule(world: World) -> None:
    error = refused(SalesforceMalformedRequest, lambda: world.sf.Candidate__c.create({"Rating__c": 9}))
    found = _error(error)
    same((found["errorCode"], found["fields"]), ("FIELD_CUSTOM_VALIDATION_EXCEPTION", ["Rating__c"]))


@REFUSALS("SalesforceMalformedRequest (required field)")
def required(world: World) -> None:
    error = refused(SalesforceMalformedRequest, lambda: world.sf.Contact_Point__c.create({"Kind__c": "Email"}))
    same(_error(error)["errorCode"], "REQUIRED_FIELD_MISSING")


@REFUSALS("SalesforceMalformedRequest (duplicate)")
def duplicate(world: World) -> None:
    made = world.candidate("double")
    error = refused(SalesforceMalformedRequest, lambda: world.candidate("double"))
    found = _error(error)
    same(found["errorCode"], "DUPLICATE_VALUE")
    text = f"duplicate value found: Candidate_Key__c duplicates value on record with id: {made[:15]}"
    holds(found["message"].startswith(text), found["message"])


@REFUSALS("SalesforceMalformedRequest (bulk2)")
def malformed_job(world: World) -> None:
    error = refused(SalesforceMalformedRequest, lambda: list(world.sf.bulk2.Tag__c.query("SELECT FROM", wait=0)))
    same(_error(error)["errorCode"], "MALFORMED_QUERY")


@REFUSALS("SalesforceExpiredSession")
def expired(world: World) -> None:
    sf = world.login(session_id=f"{world.org.org_id[:15]}!ended", instance_url=world.org.url)
    for call in (
        sf.limits,
        lambda: sf.Candidate__c.describe(),
        lambda: list(sf.bulk2.Tag__c.query("SELECT Id", wait=0)),
    ):
        error = refused(SalesforceExpiredSession, call)
        found = _error(error)
        same((error.status, found["errorCode"]), (401, "INVALID_SESSION_ID"))


@REFUSALS("SalesforceRefusedRequest")
def forbidden(world: World) -> None:
    admin = world.sf.query("SELECT Id FROM User WHERE Username LIKE 'admin@%'")["records"][0]["Id"]
    error = refused(SalesforceRefusedRequest, lambda: world.service.set_password(admin, "a stolen one"))
    same((error.status, _error(error)["errorCode"]), (403, "INSUFFICIENT_ACCESS"))


@REFUSALS("SalesforceResourceNotFound")
def not_found(world: World) -> None:
    for call in (
        lambda: world.sf.Candidate__c.get("a0000000000zzzzAAA"),
        lambda: world.sf.Nothing__c.describe(),
        lambda: world.sf.Candidate__c.get_by_custom_id("Candidate_Key__c", "nobody"),
    ):
        error = refused(SalesforceResourceNotFound, call)
        same((error.status, _error(error)["errorCode"]), (404, "NOT_FOUND"))


@REFUSALS("SalesforceResourceNotFound (deleted)")
def deleted(world: World) -> None:
    made = world.candidate("gone")
    world.sf.Candidate__c.delete(made)
    error = refused(SalesforceResourceNotFound, lambda: world.sf.Candidate__c.delete(made))
    same(_error(error)["errorCode"], "ENTITY_IS_DELETED")


@REFUSALS("SalesforceGeneralError")
def other(world: World) -> None:
    error = refused(SalesforceGeneralError, lambda: world.sf.restful("query", method="DELETE"))
    same((error.status, _error(error)["errorCode"]), (405, "METHOD_NOT_ALLOWED"))
