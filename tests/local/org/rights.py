"""The two small objects with permission sets that close a part of them, for the tests of rights and sharing."""

import dataclasses

from integration.metadata.schema import Criterion, Schema, SharingRule
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


ALL_FIELDS = [f"{each.name}.{name}" for each in OBJECTS for name in each.fields]
AT_WORK = {"Pool__c": "CRED", "Member__c": "CRED", "Guard__c": "CRED"}


def shared_schema(rules=(), **models):
    """The small objects, open to recruiter, manager and viewer alike, with the sharing models given."""
    objects = [dataclasses.replace(each, sharing=models.get(each.name, "ReadWrite")) for each in OBJECTS]
    names = ("Warmbench_Recruiter", "Warmbench_Recruiting_Manager", "Warmbench_Recruiting_Viewer")
    sets = [permission_set(name, AT_WORK, editable=ALL_FIELDS) for name in names]
    return Schema(
        objects={each.name: each for each in objects},
        permission_sets={each.name: each for each in (*sets, everything("Warmbench_Integration"))},
        sharing_rules=tuple(rules),
    )


def rule(*criteria, access="Edit", name="Open", **others):
    """A criteria-based rule on pools, for everybody inside."""
    values = {"kind": "criteria", "shared_to": ("allInternalUsers",)} | others
    return SharingRule("Pool__c", name, access=access, criteria=tuple(Criterion(*each) for each in criteria), **values)
