"""Composite requests: references between calls, all or none, their limits."""

import pytest

V = "/services/data/v62.0"


def run(small, parts, **options):
    requests = [
        {"method": method, "url": f"{V}/{url}", "referenceId": reference, **({"body": body} if body else {})}
        for reference, method, url, body in parts
    ]
    return small.call("POST", "composite", json={"compositeRequest": requests, **options})


def test_later_calls_use_earlier_answers(small):
    answer = run(
        small,
        [
            ("pool", "POST", "sobjects/Pool__c", {"Name": "a", "Key__c": "k"}),
            ("member", "POST", "sobjects/Member__c", {"Pool__c": "@{pool.id}", "Note__c": "n"}),
            ("found", "GET", "query?q=SELECT+Id,Name+FROM+Pool__c+WHERE+Id='@{pool.id}'", None),
            ("child", "POST", "sobjects/Pool__c", {"Name": "of @{found.records[0].Name}", "Parent__c": "@{pool.id}"}),
        ],
    )
    parts = answer.json()["compositeResponse"]
    assert answer.status_code == 200
    assert [(each["referenceId"], each["httpStatusCode"]) for each in parts] == [
        ("pool", 201),
        ("member", 201),
        ("found", 200),
        ("child", 201),
    ]
    assert parts[0]["httpHeaders"]["Location"] == f"{V}/sobjects/Pool__c/{parts[0]['body']['id']}"
    assert small.sf.query("SELECT Name FROM Pool__c WHERE Parent__r.Key__c = 'k'")["records"][0]["Name"] == "of a"


def test_calls_fail_one_by_one(small):
    answer = run(
        small,
        [
            ("bad", "POST", "sobjects/Pool__c", {"Kind__c": "Odd"}),
            ("lost", "PATCH", "sobjects/Pool__c/@{bad.id}", {"Name": "x"}),
            ("good", "POST", "sobjects/Pool__c", {"Name": "a"}),
        ],
    ).json()["compositeResponse"]
    assert [each["httpStatusCode"] for each in answer] == [400, 400, 201]
    assert answer[1]["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_all_or_none_undoes_what_went_before(small):
    answer = run(
        small,
        [
            ("first", "POST", "sobjects/Pool__c", {"Name": "a"}),
            ("bad", "POST", "sobjects/Pool__c", {"Kind__c": "Odd"}),
            ("never", "POST", "sobjects/Pool__c", {"Name": "b"}),
        ],
        allOrNone=True,
    ).json()["compositeResponse"]
    codes = [each["body"][0]["errorCode"] for each in answer]
    assert codes == ["PROCESSING_HALTED", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "PROCESSING_HALTED"]
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


def test_call_sees_what_an_earlier_one_wrote_before_the_commit(small):
    answer = run(
        small,
        [
            ("pool", "POST", "sobjects/Pool__c", {"Name": "a"}),
            ("read", "GET", "sobjects/Pool__c/@{pool.id}", None),
        ],
        allOrNone=True,
    ).json()["compositeResponse"]
    assert answer[1]["body"]["Name"] == "a"


def test_collection_inside_follows_the_outer_choice(small):
    body = {
        "records": [{"attributes": {"type": "Pool__c"}, **values} for values in ({"Name": "a"}, {"Kind__c": "Odd"})]
    }
    run(small, [("rows", "POST", "composite/sobjects", body)], allOrNone=True)
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [("a", "GET", "limits", None)] * 2,
        [(f"r{number}", "GET", "limits", None) for number in range(26)],
        [(f"r{number}", "GET", "query?q=SELECT+Id+FROM+Pool__c", None) for number in range(6)],
        [("not an id", "GET", "limits", None)],
    ],
)
def test_limits_of_a_composite_call(small, parts):
    assert run(small, parts).status_code == 400


def test_calls_outside_the_api_are_refused(small):
    requests = [{"method": "GET", "url": "/warmbench/stats", "referenceId": "a"}]
    answer = small.call("POST", "composite", json={"compositeRequest": requests}).json()["compositeResponse"]
    assert answer[0]["httpStatusCode"] == 400


def test_batch_goes_on_after_a_failure_unless_told(small):
    requests = [
        {"method": "GET", "url": "v62.0/sobjects/Pool__c/a00000000000009AAA"},
        {"method": "POST", "url": "v62.0/sobjects/Pool__c", "richInput": {"Name": "a"}},
    ]
    answer = small.call("POST", "composite/batch", json={"batchRequests": requests}).json()
    assert (answer["hasErrors"], [each["statusCode"] for each in answer["results"]]) == (True, [404, 201])
    halted = small.call("POST", "composite/batch", json={"batchRequests": requests, "haltOnError": True}).json()
    assert [each["statusCode"] for each in halted["results"]] == [404, 412]


def test_every_composite_call_counts_once(small):
    run(small, [(f"r{number}", "GET", "limits", None) for number in range(20)])
    assert small.app.usage.total() == 1
