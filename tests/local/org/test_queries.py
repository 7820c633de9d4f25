"""Queries over REST: pages, locators, what is refused."""

import pytest
from simple_salesforce.exceptions import SalesforceMalformedRequest


@pytest.fixture
def many(small):
    rows = [{"Name": f"P{number:04}", "Key__c": f"k{number:04}"} for number in range(4100)]
    small.sf.bulk2.Pool__c.insert(records=rows, wait=0)
    return small


def test_pages_have_two_thousand_rows(many):
    first = many.call("GET", "query", params={"q": "SELECT Name FROM Pool__c ORDER BY Name"}).json()
    second = many.call("GET", first["nextRecordsUrl"]).json()
    third = many.call("GET", second["nextRecordsUrl"]).json()
    assert [len(page["records"]) for page in (first, second, third)] == [2000, 2000, 100]
    assert (first["totalSize"], first["done"], third["done"]) == (4100, False, True)
    assert first["nextRecordsUrl"].endswith("-2000")
    assert "nextRecordsUrl" not in third
    names = [row["Name"] for page in (first, second, third) for row in page["records"]]
    assert names == [f"P{number:04}" for number in range(4100)]


def test_page_size_can_be_asked_for(many):
    headers = {"Sforce-Query-Options": "batchSize=500"}
    page = many.call("GET", "query", params={"q": "SELECT Id FROM Pool__c"}, headers=headers).json()
    assert len(page["records"]) == 500
    assert len(many.call("GET", page["nextRecordsUrl"]).json()["records"]) == 500


@pytest.mark.parametrize("locator", ["0r8000000000000AAA-2000", "nonsense", "0r8-x"])
def test_unknown_locator_is_refused(small, locator):
    answer = small.call("GET", f"query/{locator}")
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


def test_locator_of_another_user_is_refused(many):
    page = many.call("GET", "query", params={"q": "SELECT Id FROM Pool__c"}).json()
    answer = many.call("GET", page["nextRecordsUrl"], token=many.app.issue_token("recruiter"))
    assert answer.json()[0]["errorCode"] == "INVALID_QUERY_LOCATOR"


def test_count_has_no_records(many):
    answer = many.call("GET", "query", params={"q": "SELECT COUNT() FROM Pool__c"}).json()
    assert answer == {"totalSize": 4100, "done": True, "records": []}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT Id FROM", "MALFORMED_QUERY"),
        ("SELECT Nope__c FROM Pool__c", "INVALID_FIELD"),
        ("SELECT Id FROM Nope__c", "INVALID_TYPE"),
        ("SELECT Id FROM Pool__c WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY"),
    ],
)
def test_bad_query_is_refused(small, text, code):
    with pytest.raises(SalesforceMalformedRequest) as refusal:
        small.sf.query(text)
    assert refusal.value.content[0]["errorCode"] == code


def test_query_must_be_given(small):
    assert small.call("GET", "query").json()[0]["errorCode"] == "MALFORMED_QUERY"


def test_columns_of_a_query_are_told(small):
    params = {"q": "SELECT Id, Size__c FROM Pool__c", "columns": "true"}
    answer = small.call("GET", "query", params=params).json()
    assert answer["entityName"] == "Pool__c"
    assert [each["columnName"] for each in answer["columnMetadata"]] == ["Id", "Size__c"]
    assert [each["numberType"] for each in answer["columnMetadata"]] == [False, True]


def test_over_long_address_is_refused(small):
    answer = small.call("GET", "query", params={"q": f"SELECT Id FROM Pool__c WHERE Name = '{'x' * 16_000}'"})
    assert answer.status_code == 414
