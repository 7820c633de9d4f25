"""Parents and children at addresses below a record."""

import pytest


@pytest.fixture
def family(small):
    small.pool = small.sf.Pool__c.create({"Name": "parent", "Key__c": "p"})["id"]
    small.child = small.sf.Pool__c.create({"Name": "child", "Parent__c": small.pool})["id"]
    small.member = small.sf.Member__c.create({"Pool__c": small.pool, "Note__c": "n"})["id"]
    return small


def test_parent_is_read_whole_or_in_part(family):
    whole = family.call("GET", f"sobjects/Member__c/{family.member}/Pool__r").json()
    assert (whole["Id"], whole["Name"], whole["attributes"]["type"]) == (family.pool, "parent", "Pool__c")
    part = family.call("GET", f"sobjects/Member__c/{family.member[:15]}/pool__R?fields=Name").json()
    assert set(part) - {"attributes", "Id"} == {"Name"}
    owner = family.call("GET", f"sobjects/Pool__c/{family.pool}/Owner").json()
    assert owner["attributes"]["type"] == "User"


def test_parent_is_changed_and_deleted(family):
    changed = family.call("PATCH", f"sobjects/Pool__c/{family.child}/Parent__r", json={"Name": "new"})
    assert changed.status_code == 204
    assert family.sf.Pool__c.get(family.pool)["Name"] == "new"
    assert family.call("DELETE", f"sobjects/Pool__c/{family.child}/Parent__r").status_code == 204
    assert family.call("GET", f"sobjects/Pool__c/{family.child}/Parent__r").status_code == 404


def test_children_are_a_query_result(family):
    answer = family.call("GET", f"sobjects/Pool__c/{family.pool}/Members__r").json()
    assert (answer["totalSize"], answer["done"]) == (1, True)
    assert (answer["records"][0]["Id"], answer["records"][0]["Note__c"]) == (family.member, "n")
    part = family.call("GET", f"sobjects/Pool__c/{family.pool}/members__r?fields=note__c, Note__c").json()
    assert set(part["records"][0]) == {"attributes", "Note__c"}
    none = family.call("GET", f"sobjects/Pool__c/{family.child}/Members__r").json()
    assert none == {"totalSize": 0, "done": True, "records": []}


def test_many_children_come_in_pages(family):
    rows = [{"Pool__c": family.pool, "Note__c": "m"} for _ in range(250)]
    family.sf.bulk2.Member__c.insert(records=rows, wait=0)
    headers = {"Sforce-Query-Options": "batchSize=200"}
    first = family.call("GET", f"sobjects/Pool__c/{family.pool}/Members__r", headers=headers).json()
    rest = family.call("GET", first["nextRecordsUrl"]).json()
    assert (len(first["records"]), len(rest["records"]), first["totalSize"]) == (200, 51, 251)


def test_record_by_external_id_keeps_its_address(family):
    assert family.call("GET", "sobjects/Pool__c/Key__c/p").json()["Id"] == family.pool
    assert family.call("PATCH", "sobjects/Pool__c/Key__c/new", json={"Name": "x"}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "Pool__c/{pool}/Nope__r", 404, "NOT_FOUND"),
        ("GET", "Pool__c/{pool}/Parent__r", 404, "NOT_FOUND"),
        ("GET", "Pool__c/{pool}/Parent__c", 404, "NOT_FOUND"),
        ("GET", "Pool__c/{pool}/Members__r/more", 404, "NOT_FOUND"),
        ("GET", "Pool__c/{member}/Members__r", 404, "NOT_FOUND"),
        ("GET", "Pool__c/{pool}/Members__r?fields=Nope__c", 400, "INVALID_FIELD"),
        ("GET", "Member__c/{member}/Pool__r?fields=Nope__c", 400, "INVALID_FIELD"),
        ("PATCH", "Pool__c/{pool}/Members__r", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "Pool__c/{pool}/Members__r", 405, "METHOD_NOT_ALLOWED"),
        ("PATCH", "Member__c/{member}/Pool__r", 400, "JSON_PARSER_ERROR"),
        ("PATCH", "Pool__c/{pool}/Nope__r", 404, "NOT_FOUND"),
        ("POST", "Pool__c/{pool}/Parent__r", 405, "METHOD_NOT_ALLOWED"),
    ],
)
def test_bad_address_is_refused(family, method, path, status, code):
    answer = family.call(method, "sobjects/" + path.format(pool=family.pool, member=family.member))
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code), answer.text


def test_children_of_a_deleted_record_are_gone(family):
    family.sf.Pool__c.delete(family.pool)
    answer = family.call("GET", f"sobjects/Pool__c/{family.pool}/Members__r")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (404, "ENTITY_IS_DELETED")
