"""The console's way into the org: the REST API with a person's session, its refusals in words by field."""

import json
from collections.abc import Mapping
from typing import Any

import requests

_VERSION = "v63.0"
_TIMEOUT = 30


class Refused(Exception):
    """The org said no: messages by field API name, "" for the record as a whole."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class Absent(Exception):
    """No such record."""


class OrgRest:
    """One session of requests for all pages; the console serves one person."""

    def __init__(self, url: str, token: str, session: requests.Session | None = None) -> None:
        self._data = f"{url}/services/data/{_VERSION}"
        self._session = session or requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def query(self, soql: str) -> tuple[int, list[dict[str, Any]]]:
        """(total size, first page of rows with parents as nested objects)."""
        answer = self._json("GET", "/query", params={"q": soql})
        return int(answer["totalSize"]), list(answer["records"])

    def create(self, object_name: str, values: Mapping[str, Any]) -> str:
        return str(self._json("POST", f"/sobjects/{object_name}", json=dict(values))["id"])

    def update(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        self._json("PATCH", f"/sobjects/{object_name}/{record_id}", json=dict(values))

    def delete(self, object_name: str, record_id: str) -> None:
        self._json("DELETE", f"/sobjects/{object_name}/{record_id}")

    def attach(self, record_id: str, name: str, data: bytes) -> None:
        """Uploads a file to a record."""
        entity = json.dumps({"Title": name, "PathOnClient": name, "FirstPublishLocationId": record_id})
        parts: list[tuple[str, tuple[str | None, str | bytes, str]]] = [
            ("entity_content", (None, entity, "application/json")),
            ("VersionData", (name, data, "application/octet-stream")),
        ]
        self._json("POST", "/sobjects/ContentVersion", files=parts)

    def files(self, record_id: str) -> list[dict[str, Any]]:
        """Files of a record, newest first: Id of the version, title and size."""
        links = f"SELECT ContentDocumentId FROM ContentDocumentLink WHERE LinkedEntityId = '{record_id}'"  # noqa: S608 (a checked id)
        documents = [row["ContentDocumentId"] for row in self.query(links)[1]]
        if not documents:
            return []
        named = ",".join(f"'{document}'" for document in documents)
        versions = (
            "SELECT Id, Title, FileExtension, ContentSize, CreatedDate FROM ContentVersion "  # noqa: S608 (the org's ids)
            f"WHERE IsLatest = true AND ContentDocumentId IN ({named}) ORDER BY CreatedDate DESC"
        )
        return self.query(versions)[1]

    def file(self, version_id: str) -> bytes:
        response = self._session.get(f"{self._data}/sobjects/ContentVersion/{version_id}/VersionData", timeout=_TIMEOUT)
        if response.status_code == 404:
            raise Absent
        response.raise_for_status()
        return response.content

    def _json(self, method: str, path: str, **request: Any) -> Any:
        response = self._session.request(method, self._data + path, timeout=_TIMEOUT, **request)
        if response.status_code == 404:
            raise Absent
        if response.status_code >= 400:
            raise Refused(_problems(response))
        return response.json() if response.content else None


def _problems(response: requests.Response) -> dict[str, str]:
    try:
        entries = response.json()
        found: dict[str, str] = {}
        for entry in entries:
            for field in entry.get("fields") or [""]:
                found[field] = str(entry["message"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"": f"The org answered {response.status_code}."}
    return found
