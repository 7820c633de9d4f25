"""Lookups and master-detail: what may be pointed at, and what happens when the parent goes."""

import pytest


@pytest.fixture
def pool(small):
    return small.sf.Pool__c.create({"Name": "A pool", "Key__c": "p1"})["id"]


def test_parent_is_found_by_its_external_id(small, pool):
    member = small.sf.Member__c.create({"Pool__r": {"Key__c": "P1"}, "Note__c": "n"})["id"]
    assert small.sf.Member__c.get(member)["Pool__c"] == pool


def test_external_id_of_no_parent_is_refused(small):
    wanted = "Foreign key external ID: none not found for field Key__c in entity Pool__c"
    assert small.refusal("Member__c", {"Pool__r": {"Key__c": "none"}, "Note__c": "n"}) == ("INVALID_FIELD", wanted, [])


def test_parent_by_a_field_that_is_no_key_is_refused(small, pool):
    code, message, _ = small.refusal("Member__c", {"Pool__r": {"Name": "A pool"}, "Note__c": "n"})
    assert (code, message.split(",")[0]) == ("INVALID_FIELD", "Field name provided")


def test_lookup_to_nothing_is_refused(small):
    missing = "a02WB0000000999"
    code, message, _ = small.refusal("Pool__c", {"Parent__c": missing})
    assert (code, message) == ("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")


def test_lookup_to_another_object_is_refused(small, pool):
    member = small.sf.Member__c.create({"Pool__c": pool, "Note__c": "n"})["id"]
    code, message, fields = small.refusal("Pool__c", {"Parent__c": member})
    wanted = ("FIELD_INTEGRITY_EXCEPTION", f"Parent: id value of incorrect type: {member}", ["Parent__c"])
    assert (code, message, fields) == wanted


def test_lookup_to_a_deleted_record_is_refused(small, pool):
    small.sf.Pool__c.delete(pool)
    assert small.refusal("Pool__c", {"Parent__c": pool})[0] == "ENTITY_IS_DELETED"


def test_lookup_is_cleared_when_its_parent_goes(small, pool):
    child = small.sf.Pool__c.create({"Name": "child", "Parent__c": pool})["id"]
    small.sf.Pool__c.delete(pool)
    assert small.sf.Pool__c.get(child)["Parent__c"] is None


def test_details_go_with_their_master(small, pool):
    small.sf.Member__c.create({"Pool__c": pool, "Note__c": "n"})
    small.sf.Pool__c.delete(pool)
    assert small.sf.query("SELECT COUNT() FROM Member__c")["totalSize"] == 0
    assert small.sf.query_all("SELECT IsDeleted FROM Member__c", include_deleted=True)["totalSize"] == 1


def test_restricting_lookup_keeps_its_parent(small, pool):
    small.sf.Guard__c.create({"Name": "The guard", "Pool__c": pool})
    small.sf.Member__c.create({"Pool__c": pool, "Note__c": "n"})
    answer = small.call("DELETE", f"sobjects/Pool__c/{pool}")
    (error,) = answer.json()
    assert (answer.status_code, error["errorCode"]) == (400, "DELETE_FAILED")
    assert "A pool" in error["message"]
    assert "The guard" in error["message"]
    assert small.sf.query("SELECT COUNT() FROM Member__c")["totalSize"] == 1


def test_cascading_lookup_goes_with_its_parent(small, pool):
    small.sf.Guard__c.create({"Name": "x", "Home__c": pool})
    small.sf.Pool__c.delete(pool)
    assert small.sf.query("SELECT COUNT() FROM Guard__c")["totalSize"] == 0


def test_fixed_master_cannot_be_named_in_an_upsert_of_an_existing_detail(small, pool):
    rows = [{"Key__c": "m", "Pool__c": pool, "Note__c": "n"}]
    body = {"records": [{"attributes": {"type": "Member__c"}, **rows[0]}]}
    first, second = (small.call("PATCH", "composite/sobjects/Member__c/Key__c", json=body).json()[0] for _ in "12")
    assert (first["success"], first["created"]) == (True, True)
    assert second["errors"][0]["statusCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_relationship_set_to_null_clears_the_lookup(small, pool):
    child = small.sf.Pool__c.create({"Name": "child", "Parent__c": pool})["id"]
    small.sf.Pool__c.update(child, {"Parent__r": None})
    assert small.sf.Pool__c.get(child)["Parent__c"] is None
