"""Files on records: ContentVersion in and out."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import requests

from integration import soql
from integration.adapters.salesforce.connection import Connection
from integration.adapters.salesforce.faults import SalesforceFault
from integration.adapters.salesforce.names import checked_id
from integration.adapters.salesforce.transport import lost
from integration.errors import Gone, Rejected
from integration.ports import Record

LARGEST = 35_000_000  # bytes; base64 of more does not fit one JSON request
_CHUNK = 256 * 1024


def read(connection: Connection, version_id: str) -> Iterator[bytes]:
    """The bytes of one version; raises Gone before the first one is asked for."""
    path = f"sobjects/ContentVersion/{checked_id(version_id)}/VersionData"
    try:
        answer = connection.response("GET", path, repeatable=True, stream=True)
    except SalesforceFault as fault:
        if fault.code != "NOT_FOUND":
            raise
        raise Gone("The file was deleted. Upload it again.") from None
    return _chunks(answer)


def attach(connection: Connection, record_id: str, name: str, data: bytes) -> str:
    """A new file on a record; its ContentVersion's id."""
    if len(data) > LARGEST:
        raise Rejected(f"A file of {len(data) // 1_000_000} MB is too large for the org. Make it smaller.")
    version = {
        "Title": name.rpartition(".")[0] or name,
        "PathOnClient": name,
        "FirstPublishLocationId": checked_id(record_id),
        "VersionData": base64.b64encode(data).decode(),
    }
    made: Any = connection.run(
        lambda client: client.restful("sobjects/ContentVersion/", method="POST", json=version), repeatable=False
    )
    return str(made["id"])


def newest(query: Callable[[str], list[Record]], record_id: str) -> tuple[str, str] | None:
    """(version id, file name) of the newest file attached to a record."""
    where = soql.equals("LinkedEntityId", checked_id(record_id))
    links = query(soql.select("ContentDocumentLink", ["ContentDocumentId"], where=where))
    if not links:
        return None
    documents = soql.is_in("ContentDocumentId", [link["ContentDocumentId"] for link in links])
    versions = query(
        soql.select(
            "ContentVersion",
            ["Id", "PathOnClient"],
            where=soql.both(documents, soql.equals("IsLatest", True)),
            order_by=["-CreatedDate", "-Id"],
            limit=1,
        )
    )
    return (str(versions[0]["Id"]), str(versions[0]["PathOnClient"])) if versions else None


def _chunks(answer: requests.Response) -> Iterator[bytes]:
    try:
        with answer:
            yield from answer.iter_content(_CHUNK)
    except requests.RequestException as error:
        raise lost(error) from None
