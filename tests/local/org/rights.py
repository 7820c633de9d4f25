"""The two small objects with permission sets that close a part of them, for the tests of rights and sharing."""

from integration.metadata.schema import Schema
from tests.local.org.conftest import OBJECTS, everything, permission_set

RECRUITER = permission_set(
    "Warmbench_Recruiter",
    {"Pool__c": "CRE", "Member__c": "R"},
    readable=["Pool__c.Key__c", "Pool__c.Size__c", "Pool__c.Label__c", "Pool__c.Parent__c"],
    editable=["Pool__c.Colour__c", "Pool__c.Geo__c"],
)
VIEWER = permission_set("Warmbench_Recruiting_Viewer", {"Pool__c": "R"}, readable=["Pool__c.Size__c"])
MANAGER = permission_set("Warmbench_Recruiting_Manager", {"Pool__c": "CREDVM"}, permissions=["ViewAllData"])
CREATOR = permission_set("Creator", {"Pool__c": "CR"}, readable=["Pool__c.Key__c"])
SETS = (RECRUITER, VIEWER, MANAGER, CREATOR, everything("Warmbench_Integration"))
GUARDED = Schema(objects={each.name: each for each in OBJECTS}, permission_sets={each.name: each for each in SETS})


def ask(small, kind, method, path, **options):
    """(status, code) of a refusal, or the answer's JSON."""
    answer = small.call(method, path, token=small.app.issue_token(kind), **options)
    if answer.status_code < 400:
        return answer.json() if answer.content else None
    return answer.status_code, answer.json()[0]["errorCode"]
