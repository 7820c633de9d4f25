"""sObject trees: nested records created all together, and every way in which a tree is refused."""

import pytest


def record(reference, kind="Pool__c", /, **values):
    return {"attributes": {"type": kind, "referenceId": reference}, **values}


def plant(small, *records, of="Pool__c"):
    return small.call("POST", f"composite/tree/{of}", json={"records": list(records)})


def nested(*records):
    return {"records": list(records)}


def chain(levels):
    """Pools under one another, the innermost first made."""
    values = {}
    for level in range(levels, 0, -1):
        values = record(f"r{level}", Name=f"level {level}", **({"Children__r": nested(values)} if values else {}))
    return values


def test_children_are_created_with_their_parents(small):
    answer = plant(
        small,
        record(
            "ref1",
            Name="first",
            Members__r=nested(record("ref2", "Member__c", Note__c="a"), record("ref3", "Member__c", Note__c="b")),
        ),
        record("ref4", Name="second", Children__r=nested(record("ref5", Name="third"))),
    )
    assert answer.status_code == 201
    body = answer.json()
    assert body["hasErrors"] is False
    assert [each["referenceId"] for each in body["results"]] == ["ref1", "ref4", "ref2", "ref3", "ref5"]
    ids = {each["referenceId"]: each["id"] for each in body["results"]}
    members = small.sf.query("SELECT Id, Pool__c FROM Member__c ORDER BY Note__c")["records"]
    assert [(each["Id"], each["Pool__c"]) for each in members] == [
        (ids["ref2"], ids["ref1"]),
        (ids["ref3"], ids["ref1"]),
    ]
    assert small.sf.Pool__c.get(ids["ref5"])["Parent__c"] == ids["ref4"]


def test_one_fault_undoes_the_whole_tree(small):
    answer = plant(
        small,
        record("good", Name="good"),
        record("parent", Name="p", Members__r=nested(record("bad", "Member__c", Note__c="longer than ten"))),
    )
    assert answer.status_code == 400
    (result,) = answer.json()["results"]
    assert (answer.json()["hasErrors"], result["referenceId"]) == (True, "bad")
    assert result["errors"][0]["statusCode"] == "STRING_TOO_LONG"
    assert result["errors"][0]["fields"] == ["Note__c"]
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


def test_parent_of_a_tree_may_be_named_by_its_external_id(small):
    small.sf.Pool__c.create({"Name": "old", "Key__c": "old"})
    answer = plant(small, record("new", Name="new", Parent__r={"Key__c": "OLD"}))
    assert answer.status_code == 201
    assert small.sf.query("SELECT Id FROM Pool__c WHERE Parent__r.Key__c = 'old'")["totalSize"] == 1


def test_largest_tree_is_planted(small):
    assert plant(small, *(record(f"r{number}", Name="x") for number in range(200))).status_code == 201
    assert plant(small, chain(5)).status_code == 201


def test_tree_inside_a_composite_call_falls_with_it(small):
    parts = [
        {
            "method": "POST",
            "url": "/services/data/v62.0/composite/tree/Pool__c",
            "referenceId": "tree",
            "body": {"records": [record("a", Name="a")]},
        },
        {"method": "GET", "url": "/services/data/v62.0/sobjects/Pool__c/@{tree.results[0].id}", "referenceId": "read"},
        {"method": "GET", "url": "/services/data/v62.0/sobjects/Nope__c", "referenceId": "bad"},
    ]
    answer = small.call("POST", "composite", json={"compositeRequest": parts[:2]}).json()["compositeResponse"]
    assert answer[1]["body"]["Name"] == "a"
    small.call("POST", "composite", json={"compositeRequest": parts, "allOrNone": True})
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 1


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([record(f"r{number}", Name="x") for number in range(201)], "more than 200 records"),
        ([chain(6)], "more than 5 levels"),
        ([record("a", Name="x"), record("a", Name="y")], "Duplicate ReferenceId"),
        ([{"attributes": {"type": "Pool__c"}, "Name": "x"}], "reference ID for each record"),
        ([{"attributes": {"type": "Pool__c", "referenceId": 5}}], "reference ID for each record"),
        ([record("not an id", Name="x")], "begins with a letter or digit"),
        ([{"attributes": {"referenceId": "a"}}], "type must be Pool__c"),
        ([record("a", "Member__c", Name="x")], "type must be Pool__c"),
        ([{"Name": "x"}], "Include attributes"),
        (["text"], "Include attributes"),
        ([None], "Include attributes"),
        ([record("a", Members__r=[])], "must hold a list named records"),
        ([record("a", Members__r=None)], "must hold a list named records"),
        ([record("a", Members__r={"records": {}})], "must hold a list named records"),
        ([record("a", Members__r=nested(5))], "Include attributes"),
        ([record("a", Members__r=nested(record("b", Name="x")))], "type must be Member__c"),
    ],
)
def test_misshapen_tree_is_refused(small, records, message):
    answer = plant(small, *records)
    (result,) = answer.json()["results"]
    (error,) = result["errors"]
    assert (answer.status_code, answer.json()["hasErrors"], error["statusCode"]) == (400, True, "INVALID_INPUT")
    assert message in error["message"]
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "MISSING_ARGUMENT"),
        ({"records": []}, 400, "MISSING_ARGUMENT"),
        ({"records": {}}, 400, "MISSING_ARGUMENT"),
        ([], 400, "JSON_PARSER_ERROR"),
        ({"records": [record("a")], "allOrNone": False}, 400, "JSON_PARSER_ERROR"),
        ({"records": [record("a", Nope__c="x")]}, 400, "INVALID_FIELD"),
        ({"records": [record("a", Name=["x"])]}, 400, "JSON_PARSER_ERROR"),
        ({"records": [record("a", Parent__r={})]}, 400, "INVALID_FIELD"),
    ],
)
def test_bad_body_is_refused(small, body, status, code):
    answer = small.call("POST", "composite/tree/Pool__c", json=body)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_id_cannot_be_given(small):
    answer = plant(small, record("a", Id="a00WB0000000001", Name="x"))
    assert answer.json()["results"][0]["errors"][0]["statusCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"


@pytest.mark.parametrize(("name", "status"), [("Nope__c", 404), ("Changed__e", 400), ("Organization", 400)])
def test_object_that_cannot_be_planted_is_refused(small, name, status):
    assert plant(small, record("a", name), of=name).status_code == status
