"""What simple-salesforce asks of the org as a whole."""

from typing import Any

from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceExpiredSession
from simple_salesforce.util import Usage

from integration.local.fidelity._calls import Calls, holds, refused, same
from integration.local.fidelity.simple_salesforce._world import World

ORG_CALLS: Calls[World] = Calls()


@ORG_CALLS("Salesforce.describe")
def describe(world: World) -> None:
    answer = world.sf.describe()
    same((answer["encoding"], answer["maxBatchSize"]), ("UTF-8", 200))
    found: dict[str, Any] = {each["name"]: each["keyPrefix"] for each in answer["sobjects"]}
    same(found["User"], "005")
    holds("Candidate__c" in found, "Candidate__c is not described")


@ORG_CALLS("Salesforce.is_sandbox")
def is_sandbox(world: World) -> None:
    same(world.sf.is_sandbox(), True)


@ORG_CALLS("Salesforce.limits")
def limits(world: World) -> None:
    requests = world.sf.limits()["DailyApiRequests"]
    holds(0 < requests["Remaining"] < requests["Max"], f"DailyApiRequests is {dict(requests)}")


@ORG_CALLS("Salesforce.parse_api_usage")
def api_usage(world: World) -> None:
    world.sf.limits()
    before = world.sf.api_usage["api-usage"]
    world.sf.limits()
    same(world.sf.api_usage["api-usage"], Usage(before.used + 1, before.total))


@ORG_CALLS("Salesforce.restful")
def restful(world: World) -> None:
    found = world.sf.restful("limits/recordCount", {"sObjects": "Organization,Note"})
    same(found["sObjects"], [{"count": 1, "name": "Organization"}])
    part = {"method": "GET", "url": "/services/data/v62.0/limits", "referenceId": "limits"}
    answer = world.sf.restful("composite", method="POST", json={"compositeRequest": [part]})
    same([each["httpStatusCode"] for each in answer["compositeResponse"]], [200])
    made = world.candidate("restful")
    same(world.sf.restful(f"sobjects/Candidate__c/{made}", method="DELETE"), None, "an answer without content")


@ORG_CALLS("Salesforce.restful (collections)")
def collections(world: World) -> None:
    rows = [{"attributes": {"type": "Candidate__c"}, "Last_Name__c": name} for name in ("Ní Bhriain", "Čapek")]
    body = {"allOrNone": True, "records": rows}
    made = world.sf.restful("composite/sobjects", method="POST", json=body)
    same([each["success"] for each in made], [True, True])
    ids = ",".join(each["id"] for each in made)
    read = world.sf.restful("composite/sobjects/Candidate__c", {"ids": ids, "fields": "Last_Name__c"})
    same([each["Last_Name__c"] for each in read], ["Ní Bhriain", "Čapek"])
    gone = world.sf.restful("composite/sobjects", {"ids": ids, "allOrNone": "true"}, method="DELETE")
    same([each["success"] for each in gone], [True, True])


@ORG_CALLS("Salesforce.restful (tree)")
def tree(world: World) -> None:
    points = [{"attributes": {"type": "Contact_Point__c", "referenceId": "point"}, "Kind__c": "Email"}]
    points[0] |= {"Value__c": "tree@example.com", "Key__c": "tree@example.com"}
    root = {"attributes": {"type": "Candidate__c", "referenceId": "person"}, "Last_Name__c": "Tree"}
    body = {"records": [{**root, "Contact_Points__r": {"records": points}}]}
    answer = world.sf.restful("composite/tree/Candidate__c", method="POST", json=body)
    same(answer["hasErrors"], False)
    same([each["referenceId"] for each in answer["results"]], ["person", "point"])
    child = world.sf.Contact_Point__c.get(answer["results"][1]["id"])
    same(child["Candidate__c"], answer["results"][0]["id"], "the child's parent")


@ORG_CALLS("Salesforce.oauth2")
def oauth2(world: World) -> None:
    info = world.sf.oauth2("userinfo")
    same(info["organization_id"], world.org.org_id)
    token = world.login(username="recruiter@warmbench.local", password=world.org.password, security_token="").session_id
    same(world.sf.oauth2("revoke", {"token": token}), None)
    ended = Salesforce(session_id=token, instance_url=world.org.url, session=world.session)
    refused(SalesforceExpiredSession, ended.limits)


@ORG_CALLS("Salesforce.set_password")
def set_password(world: World) -> None:
    user = world.sf.query("SELECT Id, Username FROM User WHERE Username LIKE 'recruiter@%'")["records"][0]
    same(world.sf.set_password(user["Id"], "a better one"), None)
    same(world.login(username=user["Username"], password="a better one", security_token="").is_sandbox(), True)


@ORG_CALLS("Salesforce.toolingexecute")
def toolingexecute(world: World) -> None:
    answer = world.sf.toolingexecute("query/?q=SELECT+Id+FROM+ApexClass")
    wanted: dict[str, Any] = {
        "size": 0,
        "totalSize": 0,
        "done": True,
        "queryLocator": None,
        "entityTypeName": None,
        "records": [],
    }
    same(answer, wanted)


@ORG_CALLS("Salesforce.search")
def search(world: World) -> None:
    made = world.candidate("search", First_Name__c="Zebedee", Last_Name__c="Quux")
    found = world.sf.search("FIND {Quux} IN NAME FIELDS RETURNING Candidate__c(Id, Last_Name__c)")
    rows = found["searchRecords"]
    same(
        [(row["attributes"]["type"], row["Id"], row["Last_Name__c"]) for row in rows], [("Candidate__c", made, "Quux")]
    )


@ORG_CALLS("Salesforce.quick_search")
def quick_search(world: World) -> None:
    made = world.candidate("quick", First_Name__c="Zenobia", Last_Name__c="Xyzzy")
    same([row["Id"] for row in world.sf.quick_search("Xyzzy")["searchRecords"]], [made])
