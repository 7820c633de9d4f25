"""Looks for a person everywhere: in every field of every object, in files, in the local AWS, in logs."""

import gzip
import json

import requests

from integration.local.stack import Status

_UNREAD = {"base64", "address", "location"}


def in_org(status: Status, words: list[str]) -> list[str]:
    """Objects, deleted rows included, and files that name the person."""
    org = _Org(status)
    found = [name for name in org.objects() if _names(org.everything(name), words)]
    for version in org.rows("SELECT Id, Title FROM ContentVersion"):
        body = org.get(f"/sobjects/ContentVersion/{version['Id']}/VersionData").content
        found += [f"file {version['Title']}"] if _names(body, words) else []
    return found


def in_aws(status: Status, words: list[str]) -> list[str]:
    """Keys in S3 and tables in DynamoDB that name the person."""
    return [*_in_s3(status, words), *_in_tables(status, words)]


def _in_s3(status: Status, words: list[str]) -> list[str]:
    s3, found = status.cloud.client("s3"), []
    for bucket in s3.list_buckets()["Buckets"]:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket["Name"]):
            for one in page.get("Contents", []):
                body = s3.get_object(Bucket=bucket["Name"], Key=one["Key"])["Body"].read()
                text = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
                found += [f"s3 {one['Key']}"] if _names(text + one["Key"].encode(), words) else []
    return found


def _in_tables(status: Status, words: list[str]) -> list[str]:
    tables, found = status.cloud.client("dynamodb"), []
    for name in tables.list_tables()["TableNames"]:
        for page in tables.get_paginator("scan").paginate(TableName=name):
            found += [f"table {name}" for item in page["Items"] if _names(_bytes_of(item), words)]
    return found


def _bytes_of(item: dict) -> bytes:
    """A row's texts, and what it holds compressed."""
    raw = [value["B"] for value in item.values() if "B" in value]
    unpacked = [gzip.decompress(part) if part[:2] == b"\x1f\x8b" else part for part in raw]
    return json.dumps(item, default=str, ensure_ascii=False).encode() + b"".join(unpacked)


def _names(data: bytes, words: list[str]) -> bool:
    lower = data.decode("utf-8", "replace").lower()
    return any(word.lower() in lower for word in words)


class _Org:
    """The org's REST interface, as the admin."""

    def __init__(self, status: Status) -> None:
        self._status = status

    def get(self, path: str, **query: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._status.org_token}"}
        url = f"{self._status.org}/services/data/v63.0{path}"
        response = requests.get(url, params=query, headers=headers, timeout=60)
        response.raise_for_status()
        return response

    def objects(self) -> list[str]:
        described = self.get("/sobjects").json()["sobjects"]
        return [one["name"] for one in described if one["queryable"] and not one["name"].endswith("__e")]

    def rows(self, query: str) -> list[dict]:
        return self.get("/query", q=query).json()["records"]

    def everything(self, name: str) -> bytes:
        """All rows with all fields, the recycle bin included."""
        fields = [one["name"] for one in self.get(f"/sobjects/{name}/describe").json()["fields"]
                  if one["type"] not in _UNREAD]  # fmt: skip
        answer = self.get("/queryAll", q=f"SELECT {', '.join(fields)} FROM {name}").json()
        text = json.dumps(answer["records"], ensure_ascii=False)
        while "nextRecordsUrl" in answer:
            answer = self.get("/query/" + answer["nextRecordsUrl"].rpartition("/")[2]).json()
            text += json.dumps(answer["records"], ensure_ascii=False)
        return text.encode()
