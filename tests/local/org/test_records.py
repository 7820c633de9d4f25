"""Create, read, change, delete and upsert of single records, as simple-salesforce sees them."""

from urllib.parse import quote

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceMoreThanOneRecord

from integration.local.org.ids import full_id, new_id, with_checksum


def test_created_record_is_read_back(small):
    made = small.sf.Pool__c.create({"Name": "Engineers", "Key__c": "k1"})
    read = small.sf.Pool__c.get(made["id"])
    assert (made["success"], made["errors"]) == (True, [])
    assert (read["Name"], read["Key__c"], read["Open__c"], read["Kind__c"]) == ("Engineers", "k1", True, "Static")
    assert read["attributes"] == {"type": "Pool__c", "url": f"/services/data/v62.0/sobjects/Pool__c/{made['id']}"}


def test_create_answers_with_its_location(small):
    answer = small.call("POST", "sobjects/Pool__c", json={"Name": "x"})
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/services/data/v62.0/sobjects/Pool__c/{answer.json()['id']}"


def test_audit_fields_are_of_the_user_and_the_clock(small):
    record_id = small.client("recruiter").Pool__c.create({"Name": "x"})["id"]
    small.app.set_clock(3600)
    small.client("integration").Pool__c.update(record_id, {"Name": "y"})
    read = small.sf.Pool__c.get(record_id)
    users = {row["Id"]: row["Username"] for row in small.sf.query("SELECT Id, Username FROM User")["records"]}
    assert users[read["CreatedById"]] == users[read["OwnerId"]] == "recruiter@warmbench.local"
    assert users[read["LastModifiedById"]] == "integration@warmbench.local"
    assert read["LastModifiedDate"] > read["CreatedDate"]
    assert read["SystemModstamp"].endswith(".000+0000")


def test_names_of_objects_and_fields_ignore_case(small):
    record_id = small.call("POST", "sobjects/pool__C", json={"nAmE": "x", "KEY__c": "k"}).json()["id"]
    assert small.sf.Pool__c.get(record_id)["Key__c"] == "k"


def test_some_fields_can_be_asked_for(small):
    record_id = small.sf.Pool__c.create({"Name": "x"})["id"]
    read = small.call("GET", f"sobjects/Pool__c/{record_id}?fields=name,Label__c").json()
    assert {name for name in read if name != "attributes"} == {"Id", "Name", "Label__c"}
    assert read["Label__c"] == "x (Static)"


def test_id_of_fifteen_characters_will_do(small):
    record_id = small.sf.Pool__c.create({"Name": "x"})["id"]
    assert small.sf.Pool__c.get(record_id[:15])["Id"] == record_id


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_unknown_record_is_not_found(small, method):
    answer = small.call(method, "sobjects/Pool__c/a00000000000099AAA", json={} if method == "PATCH" else None)
    text = "Provided external ID field does not exist or is not accessible: a00000000000099AAA"
    assert (answer.status_code, answer.json()) == (404, [{"message": text, "errorCode": "NOT_FOUND"}])


def test_unknown_object_is_not_found(small, capsys):
    answer = small.call("GET", "sobjects/Nothing__c/describe")
    wanted = [{"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}]
    assert (answer.status_code, answer.json()) == (404, wanted)
    assert "404 GET /services/data/v62.0/sobjects/Nothing__c/describe" in capsys.readouterr().err


def test_method_that_a_resource_lacks_is_refused(small):
    answer = small.call("PUT", "sobjects/Pool__c")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (405, "METHOD_NOT_ALLOWED")


def test_deleted_record_is_gone_but_in_query_all(small):
    record_id = small.sf.Pool__c.create({"Name": "x"})["id"]
    assert small.sf.Pool__c.delete(record_id) == 204
    answer = small.call("GET", f"sobjects/Pool__c/{record_id}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")
    assert small.sf.query("SELECT Id FROM Pool__c")["totalSize"] == 0
    assert small.sf.query_all("SELECT Id FROM Pool__c WHERE IsDeleted = true", include_deleted=True)["totalSize"] == 1


def test_patch_by_post_override(small):
    record_id = small.sf.Pool__c.create({"Name": "x"})["id"]
    assert small.call("POST", f"sobjects/Pool__c/{record_id}?_HttpMethod=PATCH", json={"Name": "y"}).status_code == 204
    assert small.sf.Pool__c.get(record_id)["Name"] == "y"


def test_upsert_creates_then_updates(small):
    first = small.call("PATCH", "sobjects/Pool__c/Key__c/k%2F1", json={"Name": "x"})
    second = small.call("PATCH", "sobjects/Pool__c/Key__c/K%2F1", json={"Name": "y"})
    record_id = first.json()["id"]
    assert (first.status_code, first.json()["created"]) == (201, True)
    assert (second.status_code, second.json()) == (
        200,
        {"id": record_id, "success": True, "errors": [], "created": False},
    )
    assert small.sf.Pool__c.get_by_custom_id("Key__c", "k/1")["Name"] == "y"


@pytest.mark.parametrize("key", ["a/b", "100%", "x%2Fy", "é ü", "a+b", "a?b#c&d"])
def test_key_in_an_address_means_itself(small, key):
    address = f"sobjects/Pool__c/Key__c/{quote(key, safe='')}"
    assert small.call("PATCH", address, json={"Name": "x"}).status_code == 201
    assert small.call("GET", address).json()["Key__c"] == key


def test_upsert_of_old_versions_says_nothing_of_an_update(small):
    small.sf.Pool__c.create({"Name": "x", "Key__c": "k"})
    answer = small.call("PATCH", "/services/data/v45.0/sobjects/Pool__c/Key__c/k", json={"Name": "y"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_upsert_names_all_records_that_match(small):
    for name in "ab":
        small.sf.Pool__c.create({"Name": name, "Legacy__c": "same"})
    with pytest.raises(SalesforceMoreThanOneRecord) as refusal:
        small.sf.Pool__c.upsert("Legacy__c/same", {"Name": "c"})
    assert len(refusal.value.content) == 2
    assert all(address.startswith("/services/data/v62.0/sobjects/Pool__c/") for address in refusal.value.content)


def test_upsert_for_update_only_creates_nothing(small):
    answer = small.call("PATCH", "sobjects/Pool__c/Key__c/k?updateOnly=true", json={"Name": "x"})
    assert answer.status_code == 404
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


@pytest.mark.parametrize("name", ["Key__c", "Id"])
def test_upsert_refuses_its_key_in_the_body(small, name):
    with pytest.raises(SalesforceMalformedRequest) as refusal:
        small.sf.Pool__c.upsert("Key__c/k", {"Name": "x", name: "k"})
    assert refusal.value.content[0]["errorCode"] == "INVALID_FIELD"


def test_upsert_by_a_field_that_is_no_key_is_refused(small):
    answer = small.call("PATCH", "sobjects/Pool__c/Name/x", json={})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "NOT_FOUND")


def test_post_to_id_creates(small):
    assert small.call("POST", "sobjects/Pool__c/Id", json={"Name": "x"}).status_code == 201


def test_body_that_is_no_json_is_refused(small):
    for body in (b"{", b"\xff", b'{"Name": NaN}', b"[" * 100_000, b"[]", b""):
        answer = small.call("POST", "sobjects/Pool__c", data=body)
        assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR"), body[:20]


def test_ids_carry_a_checksum_of_their_case():
    # Ids that stand in public documentation of real orgs.
    for whole in ("001D000000IqhSLIAZ", "0053000000AWRC6AAP", "00DU0000000KwchMAC", "a00000000000001AAA"):
        assert with_checksum(whole[:15]) == whole
    assert full_id("001D000000IqhSLIAA") == ""
    assert new_id("a01", 62**8 + 1) == with_checksum("a01WB0100000001")


def test_every_answer_tells_how_many_calls_were_made(small):
    first = small.call("GET", "limits").headers["Sforce-Limit-Info"]
    second = small.call("GET", "limits")
    assert (first, second.headers["Sforce-Limit-Info"]) == ("api-usage=1/15000", "api-usage=2/15000")
    assert second.json()["DailyApiRequests"] == {"Max": 15000, "Remaining": 14999}


def test_counts_of_records_leave_empty_objects_out(small):
    small.sf.Pool__c.create({"Name": "x"})
    counts = small.call("GET", "limits/recordCount?sObjects=Pool__c,Member__c").json()
    assert counts == {"sObjects": [{"count": 1, "name": "Pool__c"}]}
