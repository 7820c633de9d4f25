"""Searches, trees, relationships, changes and plans show each user what it may see, and no more."""

import pytest

from tests.local.org.rights import ask


@pytest.fixture
def pools(guarded):
    values = {"Name": "South", "Text__c": "Hidden words", "Key__c": "open-key", "Parent__c": guarded.pool}
    guarded.child = guarded.sf.Pool__c.create(values)["id"]
    guarded.member = guarded.sf.Member__c.create({"Pool__c": guarded.child, "Note__c": "hidden"})["id"]
    return guarded


def found(pools, kind, statement):
    return ask(pools, kind, "GET", "search", params={"q": statement})


def test_hidden_fields_are_not_searched(pools):
    statement = "FIND {{{}}} RETURNING Pool__c(Name)"
    assert len(found(pools, "admin", statement.format("hidden"))["searchRecords"]) == 1
    assert found(pools, "recruiter", statement.format("hidden"))["searchRecords"] == []
    assert len(found(pools, "recruiter", statement.format("open"))["searchRecords"]) == 1
    assert found(pools, "viewer", statement.format("open"))["searchRecords"] == []


def test_hidden_fields_and_objects_cannot_be_returned(pools):
    assert found(pools, "recruiter", "FIND {open} RETURNING Pool__c(Text__c)") == (400, "INVALID_FIELD")
    assert found(pools, "recruiter", "FIND {open} RETURNING Pool__c(Id WHERE Mail__c = 'x')") == (400, "INVALID_FIELD")
    assert found(pools, "viewer", "FIND {hidden} RETURNING Member__c(Id)") == (400, "INVALID_TYPE")
    assert found(pools, "viewer", "FIND {hidden}")["searchRecords"] == []


def test_hidden_relationships_lead_nowhere(pools):
    assert ask(pools, "recruiter", "GET", f"sobjects/Pool__c/{pools.child}/Parent__r")["Id"] == pools.pool
    assert ask(pools, "viewer", "GET", f"sobjects/Pool__c/{pools.child}/Parent__r") == (404, "NOT_FOUND")
    assert ask(pools, "viewer", "GET", f"sobjects/Pool__c/{pools.child}/Members__r") == (404, "NOT_FOUND")
    assert ask(pools, "viewer", "GET", f"sobjects/Member__c/{pools.member}/Pool__r") == (404, "NOT_FOUND")
    whole = ask(pools, "recruiter", "GET", f"sobjects/Pool__c/{pools.pool}/Children__r")["records"][0]
    assert "Key__c" in whole
    assert "Text__c" not in whole
    path = f"sobjects/Pool__c/{pools.pool}/Children__r?fields=Text__c"
    assert ask(pools, "recruiter", "GET", path) == (400, "INVALID_FIELD")


def test_trees_hold_what_their_planter_may_write(pools):
    def plant(kind, **values):
        records = [{"attributes": {"type": "Pool__c", "referenceId": "a"}, "Name": "x", **values}]
        token = pools.app.issue_token(kind)
        answer = pools.call("POST", "composite/tree/Pool__c", token=token, json={"records": records})
        return answer.status_code

    child = {"attributes": {"type": "Member__c", "referenceId": "b"}, "Note__c": "x"}
    assert plant("recruiter", Colour__c="Red") == 201
    assert plant("recruiter", Text__c="x") == 400
    assert plant("recruiter", Members__r={"records": [child]}) == 400
    assert plant("viewer") == 400


def test_changes_and_plans_of_hidden_objects_are_refused(pools):
    span = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
    assert ask(pools, "viewer", "GET", "sobjects/Member__c/updated", params=span) == (404, "NOT_FOUND")
    assert ask(pools, "viewer", "GET", "sobjects/Member__c/deleted", params=span) == (404, "NOT_FOUND")
    text = "SELECT Id FROM Pool__c WHERE Key__c = 'x'"
    assert ask(pools, "viewer", "GET", "query", params={"explain": text}) == (400, "INVALID_FIELD")
    assert ask(pools, "viewer", "GET", "recent") == []
