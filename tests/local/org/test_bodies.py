"""Request bodies are read strictly: nothing in them is lost, guessed or overwritten on the way in."""

import gzip
import json

import pytest


def refused(answer):
    """(status, code, message)"""
    (error,) = answer.json()
    return answer.status_code, error["errorCode"], error["message"]


def post(small, path, data, content_type="application/json", **headers):
    return small.call("POST", path, data=data, headers={"Content-Type": content_type, **headers})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('{"Name": "a", "Name": "b"}', "Duplicate field 'Name'"),
        ('{"Size__c": NaN}', "NaN is not a JSON number"),
        ("[" * 50_000, "nested too deep"),
        ('{"Name": "a"} {}', "Extra data"),
    ],
)
def test_json_that_says_two_things_or_none_is_refused(small, body, message):
    status, code, text = refused(post(small, "sobjects/Pool__c", body))
    assert (status, code) == (400, "JSON_PARSER_ERROR")
    assert message in text


@pytest.mark.parametrize("values", [{"Name": "a", "name": "b"}, {"Parent__c": None, "Parent__r": {"Key__c": "x"}}])
def test_field_that_is_given_twice_is_refused(small, values):
    code, message, _ = small.refusal("Pool__c", values)
    assert (code, message.partition(":")[0]) == ("INVALID_FIELD", "Duplicate field specified")


def test_column_that_stands_twice_fails_the_job(small):
    job = small.call("POST", "jobs/ingest", json={"object": "Pool__c", "operation": "insert"}).json()["id"]
    small.call("PUT", f"jobs/ingest/{job}/batches", data=b"Name,NAME\na,b\n")
    small.call("PATCH", f"jobs/ingest/{job}", json={"state": "UploadComplete"})
    shown = small.call("GET", f"jobs/ingest/{job}").json()
    assert (shown["state"], "Duplicate field specified" in shown["errorMessage"]) == ("Failed", True)


def test_gzip_is_unpacked(small):
    data = gzip.compress(json.dumps({"Name": "packed"}).encode())
    headers = {"Content-Encoding": "gzip"}
    made = post(small, "sobjects/Pool__c", data, **headers).json()["id"]
    assert small.sf.Pool__c.get(made)["Name"] == "packed"
    assert refused(post(small, "sobjects/Pool__c", data[:-4], **headers))[0] == 400
    assert refused(post(small, "sobjects/Pool__c", b"plain", **headers))[0] == 400
    assert refused(post(small, "sobjects/Pool__c", data, **{"Content-Encoding": "br"}))[0] == 415


@pytest.mark.parametrize("given", ["application/xml", "text/plain", "application/json; charset=ISO-8859-1"])
def test_content_that_is_not_json_is_refused(small, given, capsys):
    assert refused(post(small, "sobjects/Pool__c", '{"Name": "a"}', given))[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "warmbench org: 415 POST" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("composite/sobjects", {"records": [], "allornone": True}),
        ("composite", {"compositeRequest": [], "allORNone": True}),
        ("composite/batch", {"batchRequests": [], "haltonerror": True}),
        ("jobs/ingest", {"object": "Pool__c", "operation": "insert", "externalId": "Key__c"}),
        ("jobs/query", {"operation": "query", "query": "SELECT Id FROM Pool__c", "delimiter": "TAB"}),
    ],
)
def test_option_that_is_misspelt_does_not_pass_as_left_out(small, path, body):
    status, code, message = refused(small.call("POST", path, json=body))
    assert (status, code) == (400, "JSON_PARSER_ERROR")
    assert message.startswith("Unrecognized field ")


@pytest.mark.parametrize("value", ["true", 1, [], "yes"])
def test_all_or_none_is_true_or_false_and_nothing_else(small, value):
    record = {"attributes": {"type": "Pool__c"}, "Name": "a"}
    answer = small.call("POST", "composite/sobjects", json={"allOrNone": value, "records": [record]})
    assert refused(answer)[:2] == (400, "JSON_PARSER_ERROR")
    assert small.sf.query("SELECT COUNT() FROM Pool__c")["totalSize"] == 0


def test_id_in_a_create_is_refused(small):
    made = small.sf.Pool__c.create({"Name": "a"})["id"]
    assert small.refusal("Pool__c", {"Id": made, "Name": "b"})[0] == "INVALID_FIELD_FOR_INSERT_UPDATE"


def test_owner_cannot_be_emptied(small):
    assert small.refusal("Pool__c", {"OwnerId": None})[1] == "Owner ID: owner cannot be blank"


@pytest.mark.parametrize(
    "part", [{"method": 1.5, "url": "v62.0/limits"}, {"url": "v62.0/limits"}, {"method": "GET"}, 7]
)
def test_part_of_a_batch_without_method_or_address_is_refused(small, part):
    answer = small.call("POST", "composite/batch", json={"batchRequests": [part]})
    assert refused(answer)[:2] == (400, "MISSING_ARGUMENT")


@pytest.mark.parametrize("more", [{"httpHeaders": [1]}, {"url": "http://[x"}])
def test_part_of_a_composite_that_cannot_be_read_is_refused(small, more):
    part = {"method": "GET", "url": "/services/data/v62.0/limits", "referenceId": "a", **more}
    answer = small.call("POST", "composite", json={"compositeRequest": [part]})
    shown = answer.json() if answer.status_code == 400 else answer.json()["compositeResponse"][0]["body"]
    assert shown[0]["errorCode"] in ("JSON_PARSER_ERROR", "INVALID_INPUT")


def multipart(*found, end=b"--edge--\r\n"):
    parts = [b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % each for each in found]
    return b"".join(parts) + end


JOB = (b"job", b'{"object": "Pool__c", "operation": "insert"}')


@pytest.mark.parametrize(
    "body",
    [
        multipart(JOB, (b"content", b"Name\na\n"), end=b""),
        multipart(JOB, (b"content", b"Name\na\n"), (b"content", b"Name\nb\n")),
        multipart(JOB, (b"content", b"Name\n\xff\n")),
        multipart((b"job", b"[1]"), (b"content", b"Name\na\n")),
        multipart((b"job", b'{"object": "Pool__c", "operation": "insert", "columnDelimiter": []}'), (b"content", b"")),
    ],
)
def test_multipart_that_is_cut_doubled_or_odd_is_refused(small, body):
    answer = post(small, "jobs/ingest", body, "multipart/form-data; boundary=edge")
    assert refused(answer)[0] == 400
    assert small.call("GET", "jobs/ingest").json()["records"] == []


def test_half_a_surrogate_pair_in_a_refusal_is_answered(small):
    assert small.refusal("Pool__c", {"Kind__c": "\ud800"})[0] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_clock_takes_no_eternity(small):
    assert small.call("POST", "/warmbench/clock", json={"offset_seconds": 10**30}).status_code == 400
