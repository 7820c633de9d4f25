"""sObject collections: an outcome for each record, all or none when asked."""

import pytest


def typed(name, **values):
    return {"attributes": {"type": name}, **values}


def post(small, records, **options):
    return small.call("POST", "composite/sobjects", json={"records": records, **options})


def count(small, name="Pool__c"):
    return small.sf.query(f"SELECT COUNT() FROM {name}")["totalSize"]


def test_good_records_are_saved_beside_bad_ones(small):
    answer = post(small, [typed("Pool__c", Name="a"), typed("Pool__c", Kind__c="Odd"), typed("Pool__c", Name="c")])
    first, second, third = answer.json()
    assert answer.status_code == 200
    assert (set(first), first["success"], first["errors"]) == ({"id", "success", "errors"}, True, [])
    assert third["success"]
    message = "Kind: bad value for restricted picklist field: Odd"
    error = {"statusCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "message": message, "fields": ["Kind__c"]}
    assert second == {"success": False, "errors": [error]}
    assert count(small) == 2


def test_one_bad_record_undoes_all_when_asked(small):
    answer = post(small, [typed("Pool__c", Name="a"), typed("Pool__c", Kind__c="Odd")], allOrNone=True).json()
    codes = [each["errors"][0]["statusCode"] for each in answer]
    assert codes == ["ALL_OR_NONE_OPERATION_ROLLED_BACK", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]
    assert count(small) == 0


def test_records_of_several_objects_go_together(small):
    records = [typed("Pool__c", Name="a", Key__c="k"), typed("Member__c", Pool__r={"Key__c": "k"}, Note__c="n")]
    assert [each["success"] for each in post(small, records).json()] == [True, True]


def test_same_unique_value_twice_in_a_call_saves_the_first(small):
    first, second = post(small, [typed("Pool__c", Key__c="k"), typed("Pool__c", Key__c="K")]).json()
    assert first["success"]
    assert second["errors"][0]["statusCode"] == "DUPLICATE_VALUE"


def test_update_needs_ids(small):
    record_id = small.sf.Pool__c.create({"Name": "a"})["id"]
    records = [typed("Pool__c", Id=record_id, Name="b"), typed("Pool__c", Name="c"), typed("Pool__c", id="x")]
    answer = small.call("PATCH", "composite/sobjects", json={"records": records}).json()
    assert answer[0] == {"id": record_id, "success": True, "errors": []}
    assert [each["errors"][0]["statusCode"] for each in answer[1:]] == ["MISSING_ARGUMENT", "MALFORMED_ID"]


def test_upsert_tells_what_was_created(small):
    small.sf.Pool__c.create({"Name": "a", "Key__c": "old"})
    records = [typed("Pool__c", Key__c="OLD", Name="b"), typed("Pool__c", Key__c="new"), typed("Pool__c", Name="x")]
    answer = small.call("PATCH", "composite/sobjects/Pool__c/Key__c", json={"records": records}).json()
    assert [each["success"] for each in answer] == [True, True, False]
    assert [each["created"] for each in answer] == [False, True, True]
    assert answer[2]["errors"][0]["statusCode"] == "MISSING_ARGUMENT"


def test_upsert_refuses_rows_with_the_same_key(small):
    records = [typed("Pool__c", Key__c=key) for key in ("a", "b", "A")]
    answer = small.call("PATCH", "composite/sobjects/Pool__c/Key__c", json={"records": records}).json()
    assert [each["success"] for each in answer] == [False, True, False]
    assert answer[0]["errors"][0]["message"] == "Duplicate external id specified: a"


def test_delete_takes_a_list_of_ids(small):
    made = [small.sf.Pool__c.create({"Name": name})["id"] for name in "ab"]
    ids = [*made, "a00000000000009AAA", "x"]
    answer = small.call("DELETE", "composite/sobjects", params={"ids": ",".join(ids)}).json()
    assert [each["success"] for each in answer] == [True, True, False, False]
    assert count(small) == 0


def test_delete_of_all_or_none(small):
    made = small.sf.Pool__c.create({"Name": "a"})["id"]
    params = {"ids": f"{made},x", "allOrNone": "true"}
    answer = small.call("DELETE", "composite/sobjects", params=params).json()
    assert answer[0]["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert count(small) == 1


def test_read_leaves_a_gap_for_what_is_missing(small):
    made = small.sf.Pool__c.create({"Name": "a"})["id"]
    answer = small.call(
        "GET", "composite/sobjects/Pool__c", params={"ids": f"a00000000000009AAA,{made}", "fields": "Name"}
    )
    missing, found = answer.json()
    assert missing is None
    assert (found["Id"], found["Name"]) == (made, "a")


def test_more_than_two_hundred_records_are_refused(small):
    answer = post(small, [typed("Pool__c", Name="a")] * 201)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "EXCEEDED_ID_LIMIT")


def test_more_than_ten_changes_of_type_are_refused(small):
    records = [typed(name, Name="a") for name in ("Pool__c", "Guard__c") * 6]
    assert post(small, records).status_code == 400
    assert count(small) == 0


@pytest.mark.parametrize("body", [{}, {"records": []}, {"records": [{"Name": "a"}]}, {"records": ["a"]}])
def test_body_without_typed_records_is_refused(small, body):
    assert small.call("POST", "composite/sobjects", json=body).status_code == 400


def test_unknown_field_refuses_the_whole_call(small):
    answer = post(small, [typed("Pool__c", Name="a"), typed("Pool__c", Nope__c=1)])
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")
    assert count(small) == 0


@pytest.mark.parametrize(
    "body", [{"ids": 5}, {"ids": "x"}, {"ids": [5]}, {"ids": [], "fields": {}}, {"idz": []}, {}, []]
)
def test_misshapen_request_to_read_is_refused(small, body):
    assert small.call("POST", "composite/sobjects/Pool__c", json=body).status_code == 400


def test_misspelt_choice_is_refused(small):
    body = {"records": [{"attributes": {"type": "Pool__c"}, "Name": "a"}], "allOrNothing": True}
    answer = small.call("POST", "composite/sobjects", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")
