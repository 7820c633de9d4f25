"""Plans of queries, and the records a user changed last."""

import pytest


def plans(small, text):
    answer = small.call("GET", "query", params={"explain": text})
    assert answer.status_code == 200, answer.text
    return answer.json()["plans"]


def test_index_is_named_where_one_is_used(small):
    small.sf.Pool__c.create({"Name": "a", "Key__c": "k"})
    small.sf.Pool__c.create({"Name": "b"})
    index, scan = plans(small, "SELECT Id FROM Pool__c WHERE Key__c = 'k'")
    assert (index["leadingOperationType"], index["fields"], index["cardinality"]) == ("Index", ["Key__c"], 1)
    assert (scan["leadingOperationType"], scan["fields"], scan["cardinality"]) == ("TableScan", [], 2)
    assert set(index) == {
        "cardinality",
        "fields",
        "leadingOperationType",
        "notes",
        "relativeCost",
        "sobjectCardinality",
        "sobjectType",
    }
    assert set(index["notes"][0]) == {"description", "fields", "tableEnumOrId"}


@pytest.mark.parametrize(
    "text",
    [
        "SELECT Name FROM Pool__c WHERE Name LIKE '%a%' ORDER BY Name",
        "SELECT COUNT() FROM Pool__c",
        "SELECT Kind__c, COUNT(Id) FROM Pool__c GROUP BY Kind__c",
        "SELECT Id, (SELECT Id FROM Members__r) FROM Pool__c WHERE Seen_At__c = TODAY",
        "SELECT Id FROM Pool__c WHERE Label__c = 'x' AND Name = 'ß'",
    ],
)
def test_whole_table_is_read_without_an_index(small, text):
    (plan,) = plans(small, text)
    assert (plan["leadingOperationType"], plan["sobjectType"]) == ("TableScan", "Pool__c")
    assert plan["relativeCost"] >= 1


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("", 400, "MALFORMED_QUERY"),
        ("nonsense", 400, "MALFORMED_QUERY"),
        ("SELECT Id FROM", 400, "MALFORMED_QUERY"),
        ("SELECT Nope__c FROM Pool__c", 400, "INVALID_FIELD"),
        ("SELECT Id FROM Nope__c", 400, "INVALID_TYPE"),
        ("00OWB0000000001", 501, "FUNCTIONALITY_NOT_ENABLED"),
    ],
)
def test_bad_query_is_not_explained(small, text, status, code):
    answer = small.call("GET", "query", params={"explain": text})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (status, code)


def test_recent_records_are_those_changed_last(small):
    names = ["one", "two", "three"]
    for number, name in enumerate(names):
        small.app.set_clock(number * 10)
        small.sf.Pool__c.create({"Name": name})
    small.client("recruiter").Pool__c.create({"Name": "of another"})
    answer = small.call("GET", "recent?limit=2").json()
    assert [each["Name"] for each in answer] == ["three", "two"]
    assert set(answer[0]) == {"attributes", "Id", "Name"}
    items = small.call("GET", "sobjects/Pool__c").json()["recentItems"]
    assert [each["Name"] for each in items] == ["three", "two", "one"]
    assert small.call("GET", "sobjects/Changed__e").json()["recentItems"] == []


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "", "1.5", "²"])
def test_bad_limit_of_recent_records_is_refused(small, limit):
    answer = small.call("GET", "recent", params={"limit": limit})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_INPUT")
