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


def single(small, method="GET", url=f"{V}/limits", **more):
    """The answer to a composite call of one part, written out."""
    part = {"method": method, "url": url, "referenceId": "a", **more}
    return small.call("POST", "composite", json={"compositeRequest": [part]})


def test_parts_of_lists_and_headers_are_understood(small):
    answer = run(
        small,
        [
            (
                "pools",
                "POST",
                "composite/sobjects",
                {"records": [{"attributes": {"type": "Pool__c"}, "Name": name} for name in "ab"]},
            ),
            ("second", "GET", "sobjects/Pool__c/@{pools[1].id}?fields=Name", None),
            ("found", "GET", "query?q=SELECT+Id,(SELECT+Id+FROM+Members__r)+FROM+Pool__c+ORDER+BY+Name", None),
            ("first", "PATCH", "sobjects/Pool__c/@{found.records[0].Id}", {"Name": "@{second.Name}@{second.Name}"}),
        ],
        collateSubrequests=True,
    )
    parts = answer.json()["compositeResponse"]
    assert [each["httpStatusCode"] for each in parts] == [200, 200, 200, 204]
    names = [each["Name"] for each in small.sf.query("SELECT Name FROM Pool__c ORDER BY Name")["records"]]
    assert names == ["b", "bb"]
    headers = {"If-None-Match": '"nothing"', "Sforce-Query-Options": "batchSize=200"}
    assert single(small, httpHeaders=headers).json()["compositeResponse"][0]["httpStatusCode"] == 200


@pytest.mark.parametrize("name", ["@{}", "@{a}", "@{a.}", "@{later.id}", "@{a.id.}", "@{a .id}", "@{pool.nothing}"])
def test_reference_to_nothing_halts_its_part(small, name):
    parts = run(
        small,
        [("pool", "POST", "sobjects/Pool__c", {"Name": "x"}), ("bad", "PATCH", f"sobjects/Pool__c/{name}", {})],
    ).json()["compositeResponse"]
    assert (parts[1]["httpStatusCode"], parts[1]["body"][0]["errorCode"]) == (400, "PROCESSING_HALTED")


@pytest.mark.parametrize(
    "more",
    [
        {"httpHeaders": "x"},
        {"httpHeaders": ["x"]},
        {"method": 5},
        {"url": None},
        {"referenceId": None},
        {"richInput": {}},
        {"bdoy": {}},
    ],
)
def test_misshapen_part_is_refused(small, more):
    assert single(small, **more).status_code == 400


@pytest.mark.parametrize(
    "options", [{"allOrNone": "true"}, {"allOrNone": 1}, {"collateSubrequests": "no"}, {"allOrNon": True}]
)
def test_choice_must_be_true_or_false(small, options):
    answer = run(small, [("a", "GET", "limits", None)], **options)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


@pytest.mark.parametrize(
    "url",
    [
        f"{V}/composite",
        f"{V}/composite/",
        f"{V}/composite/batch",
        f"{V}/composite/graph",
        f"{V}/jobs/ingest",
        f"https://elsewhere.example{V}/limits",
        "/services/oauth2/userinfo",
        "limits",
        "",
    ],
)
def test_other_calls_with_parts_cannot_be_parts(small, url):
    (part,) = single(small, method="POST", url=url).json()["compositeResponse"]
    assert (part["httpStatusCode"], part["body"][0]["errorCode"]) == (400, "INVALID_INPUT")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"batchRequests": []}, 400),
        ({"batchRequests": [5]}, 400),
        ({"batchRequests": [{"url": "v62.0/limits", "method": "GET"}], "haltOnErr": True}, 400),
        ({"batchRequests": [{"method": "GET"}]}, 400),
        ({"batchRequests": [{"url": "v62.0/limits"}]}, 400),
        ({"batchRequests": [{"url": "v62.0/limits", "method": None}]}, 400),
        ({"batchRequests": [{"url": "v62.0/limits", "method": "GET", "body": {}}]}, 400),
        ({"batchRequests": [{"url": "v62.0/limits", "method": "GET"}] * 26}, 400),
        ({"batchRequests": [{"url": "v62.0/limits", "method": "GET"}], "haltOnError": "yes"}, 400),
        ({"batchRequests": [{"url": "v62.0/limits", "method": "GET", "binaryPartName": "x"}]}, 501),
    ],
)
def test_misshapen_batch_is_refused(small, body, status):
    assert small.call("POST", "composite/batch", json=body).status_code == status


def test_batches_do_not_nest(small):
    inner = {"batchRequests": [{"url": "v62.0/limits", "method": "GET"}]}
    outer = {"batchRequests": [{"url": "v62.0/composite/batch", "method": "POST", "richInput": inner}]}
    answer = small.call("POST", "composite/batch", json=outer).json()
    assert (answer["hasErrors"], answer["results"][0]["statusCode"]) == (True, 400)
