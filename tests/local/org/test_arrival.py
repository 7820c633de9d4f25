"""How requests may arrive: packed, with another method than their own, with headers and formats of many clients."""

import gzip
import json
import zlib

import pytest

RECORD = {"Name": "a"}


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("GZIP", gzip.compress), ("deflate", zlib.compress)]
)
def test_packed_body_is_read(small, encoding, pack):
    headers = {"Content-Encoding": encoding, "Content-Type": "application/json;charset=UTF-8"}
    answer = small.call("POST", "sobjects/Pool__c", data=pack(json.dumps(RECORD).encode()), headers=headers)
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", b"not gzip", 400),
        ("gzip", gzip.compress(b"{}", mtime=0)[:-6], 400),
        ("gzip", b"", 400),
        ("br", b"{}", 415),
        ("gzip, gzip", b"{}", 415),
    ],
)
def test_badly_packed_body_is_refused(small, encoding, body, status):
    answer = small.call("POST", "sobjects/Pool__c", data=body, headers={"Content-Encoding": encoding})
    assert answer.status_code == status
    assert answer.json()[0]["errorCode"] in ("INVALID_CONTENT_ENCODING", "UNSUPPORTED_MEDIA_TYPE")


def test_body_that_unpacks_without_end_is_refused(small, monkeypatch):
    monkeypatch.setattr("integration.local.org.arrival.MOST_BODY", 1000)
    body = gzip.compress(b" " * 100_000)
    answer = small.call("POST", "sobjects/Pool__c", data=body, headers={"Content-Encoding": "gzip"})
    assert answer.status_code == 413


def test_method_can_be_given_in_the_address_of_a_post(small):
    pool = small.sf.Pool__c.create(RECORD)["id"]
    path = f"sobjects/Pool__c/{pool}"
    assert small.call("POST", f"{path}?_HttpMethod=PATCH", json={"Name": "b"}).status_code == 204
    assert small.call("GET", f"{path}?_HttpMethod=DELETE").json()["Name"] == "b"
    assert small.call("POST", f"{path}?_HttpMethod=NONSENSE", json={}).status_code == 405


def test_head_answers_like_get_without_a_body(small):
    pool = small.sf.Pool__c.create(RECORD)["id"]
    answer = small.call("HEAD", f"sobjects/Pool__c/{pool}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert small.call("HEAD", "sobjects/Pool__c/a00WB0000000999").status_code == 404


@pytest.mark.parametrize(
    "path", ["sobjects/", "sobjects/Pool__c/", "limits/", "search/?q=FIND+%7Bab%7D", "recent/", ""]
)
def test_slash_at_the_end_changes_nothing(small, path):
    assert small.call("GET", path).status_code == 200


def test_headers_of_other_clients_are_taken(small):
    headers = {
        "Sforce-Call-Options": "client=tests, defaultNamespace=none",
        "Sforce-Query-Options": "batchSize=200",
        "Sforce-Mru": "updateMru=true",
        "Sforce-Duplicate-Rule-Header": "allowSave=true",
        "Sforce-Auto-Assign": "FALSE",
        "X-PrettyPrint": "1",
        "Accept-Encoding": "gzip, deflate, br",
    }
    assert small.call("POST", "sobjects/Pool__c", json=RECORD, headers=headers).status_code == 201
    params = {"q": "SELECT Id FROM Pool__c"}
    assert small.call("GET", "query", params=params, headers=headers).json()["totalSize"] == 1


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json", 200),
        ("*/*", 200),
        ("application/xml;q=0.9, application/json", 200),
        ("", 200),
        ("text/html, application/xml;q=0.9", 200),
        ("application/xml", 406),
        ("text/xml, application/xml;q=0.5", 406),
    ],
)
def test_answers_in_xml_are_refused(small, accept, status):
    assert small.call("GET", "limits", headers={"Accept": accept}).status_code == status


def test_type_of_a_body_that_is_not_there_does_not_matter(small):
    assert small.call("GET", "limits", headers={"Content-Type": "text/xml"}).status_code == 200


def test_bodies_in_xml_are_refused(small):
    headers = {"Content-Type": "application/xml"}
    answer = small.call("POST", "sobjects/Pool__c", data="<Pool__c/>", headers=headers)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "path",
    [
        "sobjects/Pool__c/describe/layouts",
        "sobjects/Pool__c/describe/layouts/012000000000000AAA",
        "sobjects/Pool__c/describe/compactLayouts",
        "sobjects/Pool__c/listviews",
        "sobjects/Pool__c/quickActions/New",
        "search/scopeOrder",
        "search/layout",
        "analytics/reports",
        "process/approvals",
        "tabs",
        "composite/graph",
    ],
)
def test_missing_resources_are_refused_by_name(small, path, capfd):
    answer = small.call("GET", path)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (501, "FUNCTIONALITY_NOT_ENABLED")
    assert path in answer.json()[0]["message"]
    assert path in capfd.readouterr().err
