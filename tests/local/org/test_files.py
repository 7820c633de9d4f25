"""Files: versions by JSON and multipart, the document behind them, links to records."""

import base64
import json


def version(small, **values):
    body = {"PathOnClient": "cv.PDF", "VersionData": base64.b64encode(b"%PDF-\x00\xff").decode(), **values}
    return small.call("POST", "sobjects/ContentVersion", json=body)


def test_content_comes_back_as_it_went(small):
    record_id = version(small).json()["id"]
    answer = small.call("GET", f"sobjects/ContentVersion/{record_id}/VersionData")
    assert (answer.status_code, answer.content) == (200, b"%PDF-\x00\xff")


def test_version_knows_its_file(small):
    read = small.sf.ContentVersion.get(version(small).json()["id"])
    assert (read["Title"], read["FileExtension"], read["ContentSize"], read["IsLatest"]) == ("cv", "PDF", 7, True)
    assert read["VersionNumber"] == "1"
    assert read["VersionData"] == f"/services/data/v62.0/sobjects/ContentVersion/{read['Id']}/VersionData"
    document = small.sf.ContentDocument.get(read["ContentDocumentId"])
    assert (document["Title"], document["LatestPublishedVersionId"]) == ("cv", read["Id"])


def test_file_published_on_a_record_is_linked_to_it(small):
    pool = small.sf.Pool__c.create({"Name": "a"})["id"]
    version(small, FirstPublishLocationId=pool)
    fields = "ContentDocument.LatestPublishedVersionId, ShareType"
    soql = f"SELECT {fields} FROM ContentDocumentLink WHERE LinkedEntityId = '{pool}'"
    (link,) = small.sf.query(soql)["records"]
    assert link["ShareType"] == "V"
    assert link["ContentDocument"]["LatestPublishedVersionId"].startswith("068")


def test_second_version_takes_over(small):
    first = small.sf.ContentVersion.get(version(small).json()["id"])
    second = version(small, ContentDocumentId=first["ContentDocumentId"]).json()["id"]
    soql = "SELECT Id, IsLatest, VersionNumber FROM ContentVersion ORDER BY VersionNumber"
    rows = small.sf.query(soql)["records"]
    assert [(row["Id"], row["IsLatest"], row["VersionNumber"]) for row in rows] == [
        (first["Id"], False, "1"),
        (second, True, "2"),
    ]


def test_multipart_upload(small):
    parts = {
        "entity_content": ("", json.dumps({"PathOnClient": "a.txt", "Title": "A"}), "application/json"),
        "VersionData": ("a.txt", b"\x00binary\r\n--", "application/octet-stream"),
    }
    answer = small.call("POST", "sobjects/ContentVersion", files=parts)
    assert answer.status_code == 201
    content = small.call("GET", f"sobjects/ContentVersion/{answer.json()['id']}/VersionData").content
    assert content == b"\x00binary\r\n--"


def test_bad_uploads_are_refused(small):
    assert version(small, VersionData="not base64!").json()[0]["errorCode"] == "JSON_PARSER_ERROR"
    assert version(small, PathOnClient=None).json()[0]["errorCode"] == "REQUIRED_FIELD_MISSING"
    missing = small.call("POST", "sobjects/ContentVersion", json={"PathOnClient": "a.txt"}).json()[0]
    assert (missing["errorCode"], missing["fields"]) == ("REQUIRED_FIELD_MISSING", ["VersionData"])
    assert small.call("POST", "sobjects/Pool__c", files={"VersionData": b"x"}).status_code == 415
    assert small.call("POST", "sobjects/ContentVersion", files={"VersionData": b"x"}).status_code == 400
    assert small.sf.query("SELECT COUNT() FROM ContentVersion")["totalSize"] == 0


def test_links_go_with_the_record_and_versions_with_the_document(small):
    pool = small.sf.Pool__c.create({"Name": "a"})["id"]
    made = small.sf.ContentVersion.get(version(small, FirstPublishLocationId=pool).json()["id"])
    small.sf.Pool__c.delete(pool)
    assert small.sf.query("SELECT COUNT() FROM ContentDocumentLink")["totalSize"] == 1
    small.sf.ContentDocument.delete(made["ContentDocumentId"])
    assert small.sf.query("SELECT COUNT() FROM ContentVersion")["totalSize"] == 0
    assert small.sf.query("SELECT COUNT() FROM ContentDocumentLink")["totalSize"] == 0
