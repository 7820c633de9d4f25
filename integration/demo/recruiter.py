"""The recruiter of the story: makes records and sets commands in the org, as a person would in Salesforce."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce

from integration import soql
from integration.adapters.salesforce.transport import Transport
from integration.local.stack import Status
from integration.model.vocabulary import CommandStatus
from integration.records import Commanded, RecruitingCommand

_POLL_SECONDS = 0.3
_PATIENCE_SECONDS = 180


class StoryBroke(Exception):
    """A step of the story did not end as it should; the message says which and what was seen."""


class Recruiter:
    """One person at work in the org, by the org's own REST interface."""

    def __init__(self, status: Status, token: str = "") -> None:
        """Without a token of somebody's own: the admin."""
        transport = Transport()
        host = urlsplit(status.org).netloc
        transport.allow_plain_http(host)
        self._org = Salesforce(instance=host, session_id=token or status.org_token, session=transport)

    def query(self, text: str) -> list[dict[str, Any]]:
        """All rows, without the attributes."""
        rows: list[dict[str, Any]] = self._org.query_all(text)["records"]
        return [{name: value for name, value in row.items() if name != "attributes"} for row in rows]

    def count(self, object_name: str, where: soql.Condition | None = None) -> int:
        total: int = self._org.query(soql.count(object_name, where))["totalSize"]
        return total

    def get(self, object_name: str, record_id: str, *fields: str) -> dict[str, Any]:
        [row] = self.query(soql.select(object_name, fields, where=soql.equals("Id", record_id)))
        return row

    def ensure(self, object_name: str, found_by: Mapping[str, str], values: Mapping[str, Any]) -> str:
        """The id of the record with these fields; made when there is none, so that a story that broke can go on."""
        where = soql.both(*(soql.equals(field, value) for field, value in found_by.items()))
        rows = self.query(soql.select(object_name, ["Id"], where=where, limit=1))
        if rows:
            return str(rows[0]["Id"])
        return self.create(object_name, {**found_by, **values})

    def create(self, object_name: str, values: Mapping[str, Any]) -> str:
        made: dict[str, Any] = getattr(self._org, object_name).create(dict(values))
        return str(made["id"])

    def update(self, object_name: str, record_id: str, values: Mapping[str, Any]) -> None:
        getattr(self._org, object_name).update(record_id, dict(values))

    def attach(self, record_id: str, name: str, data: bytes) -> None:
        """Uploads a file to a record, as the file button does."""
        url = f"{self._org.base_url}sobjects/ContentVersion"
        entity = f'{{"Title":"{name}","PathOnClient":"{name}","FirstPublishLocationId":"{record_id}"}}'
        parts: list[tuple[str, tuple[str | None, str | bytes, str]]] = [
            ("entity_content", (None, entity, "application/json")),
            ("VersionData", (name, data, "application/octet-stream")),
        ]
        headers = {"Authorization": f"Bearer {self._org.session_id}"}
        response = self._org.session.post(url, files=parts, headers=headers)
        _require(response)

    def command(self, object_name: str, record_id: str, command: str) -> str:
        """Sets a command and waits for its outcome: the message on the record."""
        before = self._commands(record_id)
        self.update(object_name, record_id, {Commanded.COMMAND: command})
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for row in self._commands(record_id):
                if row not in before and row[RecruitingCommand.STATUS] in {CommandStatus.DONE, CommandStatus.FAILED}:
                    message = str(row[RecruitingCommand.MESSAGE] or "")
                    if row[RecruitingCommand.STATUS] == CommandStatus.FAILED:
                        raise StoryBroke(f"{command} on {object_name} {record_id} failed: {message}")
                    return message
            time.sleep(_POLL_SECONDS)
        raise StoryBroke(f"{command} on {object_name} {record_id} had no outcome after {_PATIENCE_SECONDS} seconds.")

    def _commands(self, record_id: str) -> list[dict[str, Any]]:
        fields = [RecruitingCommand.ID, RecruitingCommand.STATUS, RecruitingCommand.MESSAGE]
        where = soql.equals(RecruitingCommand.RECORD_ID, record_id)
        return self.query(soql.select(RecruitingCommand.API_NAME, fields, where=where))


def _require(response: requests.Response) -> None:
    if not response.ok:
        raise StoryBroke(f"{response.request.method} {response.request.url} answered {response.status_code}.")
