"""Files: versions with their content, the documents they make up, and the links that attach them to records."""

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from integration.local.org.bodies import read_json
from integration.local.org.catalog import FieldInfo, ObjectInfo
from integration.local.org.errors import ApiError, RowError, nothing_there
from integration.local.org.incoming import Incoming, Operation
from integration.local.org.multipart import is_multipart, parts
from integration.local.org.save import Saved, save
from integration.local.org.transaction import Transaction
from integration.local.org.web import Call, Reply

MOST_BASE64 = 37_500_000
"""What a real org takes in JSON; a multipart upload may have 2 GB."""


def unpacked(call: Call, info: ObjectInfo) -> tuple[Any, bytes | None]:
    """The record of a request that may be multipart, and the bytes that came beside it."""
    if not is_multipart(call):
        return call.json(), None
    if "VersionData" not in info.fields:
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", f"{info.name} holds no file, so it takes no multipart request")
    found = parts(call)
    content = found.pop("VersionData", None)
    if not found or content is None:
        text = "Multipart message must include a non-binary part and a part named VersionData"
        raise ApiError(400, "INVALID_MULTIPART_REQUEST", text)
    return read_json({}, next(iter(found.values()))), content


def save_versions(
    transaction: Transaction,
    info: ObjectInfo,
    rows: Sequence[Incoming],
    operation: Operation,
    *,
    key: FieldInfo | None = None,
    all_or_none: bool = False,
) -> list[Saved]:
    """New versions, each with its content, its document and the link to the record it is published on."""
    for row in rows:
        _complete(row)
    saved = save(transaction, info, rows, operation, key=key, all_or_none=all_or_none)
    for row, outcome in zip(rows, saved, strict=True):
        if not outcome.error and row.content is not None:
            _store(transaction, outcome.id, row)
    return saved


def _complete(row: Incoming) -> None:
    if row.content is None:
        row.error = row.error or _missing("VersionData")
        return
    if len(row.content) > MOST_BASE64:
        row.error = row.error or RowError("FIELD_INTEGRITY_EXCEPTION", "The file is larger than an org takes this way")
    path = row.values.get("PathOnClient") or row.values.get("Title")
    if not path:
        row.error = row.error or _missing("PathOnClient")
    name = PurePosixPath(str(path))
    row.values["PathOnClient"] = str(path)
    row.values.setdefault("Title", name.stem)
    extension = name.suffix.lstrip(".")
    row.values["FileExtension"] = extension or None
    row.values["FileType"] = extension.upper() or "UNKNOWN"
    row.values["ContentSize"] = len(row.content)
    row.values["Checksum"] = hashlib.md5(row.content, usedforsecurity=False).hexdigest()
    row.values["IsLatest"] = True
    row.values["VersionData"] = "stored"


def _missing(name: str) -> RowError:
    return RowError("REQUIRED_FIELD_MISSING", f"Required fields are missing: [{name}]", [name])


def _store(transaction: Transaction, version_id: str, row: Incoming) -> None:
    execute = transaction.connection.execute
    execute("INSERT INTO _files (version_id, data) VALUES (?, ?)", (version_id, row.content))
    document = row.values.get("ContentDocumentId") or _new_document(transaction, row)
    execute("UPDATE ContentVersion SET IsLatest = 0 WHERE ContentDocumentId = ?", (document,))
    others = "SELECT COUNT(*) FROM ContentVersion WHERE ContentDocumentId = ? AND Id <> ?"
    (number,) = execute(others, (document, version_id)).fetchone()
    execute(
        "UPDATE ContentVersion SET ContentDocumentId = ?, IsLatest = 1, VersionNumber = ? WHERE Id = ?",
        (document, str(number + 1), version_id),
    )
    execute(
        "UPDATE ContentDocument SET LatestPublishedVersionId = ?, ContentSize = ? WHERE Id = ?",
        (version_id, len(row.content or b""), document),
    )
    location = row.values.get("FirstPublishLocationId")
    if location and not row.values.get("ContentDocumentId"):
        _link(transaction, str(document), str(location), "V")


def _new_document(transaction: Transaction, row: Incoming) -> str:
    names = ("Title", "FileType", "FileExtension")
    info = transaction.catalog.objects["ContentDocument"]
    incoming = Incoming(values={name: row.values.get(name) for name in names})
    document = save(transaction, info, [incoming], "insert")[0]
    if document.error:
        raise document.error
    _link(transaction, document.id, transaction.user.id, "I")
    return document.id


def _link(transaction: Transaction, document: str, entity: str, share: str) -> None:
    info = transaction.catalog.objects["ContentDocumentLink"]
    values = {"ContentDocumentId": document, "LinkedEntityId": entity, "ShareType": share, "Visibility": "AllUsers"}
    outcome = save(transaction, info, [Incoming(values=dict(values))], "insert")[0]
    if outcome.error:
        raise outcome.error


def content(call: Call, object_name: str, record_id: str) -> Reply:
    """GET /sobjects/ContentVersion/Id/VersionData"""
    from integration.local.org.rest import existing_id, named_object

    info = named_object(call, object_name)
    if "VersionData" not in info.fields:
        raise nothing_there()
    full = existing_id(call, info, record_id)
    with call.org.store.reading() as connection:
        row = connection.execute("SELECT data FROM _files WHERE version_id = ?", (full,)).fetchone()
    return Reply(200, bytes(row[0]) if row else b"", {"Content-Type": "application/octetstream"})
