"""The org's metadata, file by file, in its own database: what was deployed survives a restart."""

import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from integration.local.org.deploying.overlay import as_folder
from integration.metadata.read import read
from integration.metadata.refusal import UnsupportedMetadata
from integration.metadata.schema import Schema
from integration.metadata.understood import refusals_of

_RULES = "1"
"""Part of the digest: another number has every folder checked once more."""


def files_of(connection: sqlite3.Connection) -> dict[str, bytes]:
    """The org's source tree by path."""
    return {path: bytes(content) for path, content in connection.execute("SELECT path, content FROM _metadata")}


def joined(connection: sqlite3.Connection, schema: Schema) -> Schema:
    """What an org begins with: the schema of its folder, and of what was deployed before.

    A folder that changed since the last start is checked and laid over what is there, and what it no longer holds goes;
    a folder that did not change adds nothing, so that what was deployed stays as it is. Without a folder the org is
    what its database holds.
    """
    if schema.folder is not None:
        _follow(connection, schema.folder)
        if _setting(connection, "metadata_deployed") != "yes":
            return schema
    kept = files_of(connection)
    return read_files(kept) if kept else schema


def read_files(files: Mapping[str, bytes]) -> Schema:
    """The schema of a source tree in memory."""
    with as_folder(files) as folder:
        return read(folder)


def put(connection: sqlite3.Connection, files: Mapping[str, bytes]) -> None:
    """Makes these the org's files after a deployment; those that came from the folder keep being its own."""
    old = files_of(connection)
    connection.executemany("DELETE FROM _metadata WHERE path = ?", [(path,) for path in old.keys() - files.keys()])
    changed = [(path, content) for path, content in files.items() if old.get(path) != content]
    connection.executemany("INSERT OR REPLACE INTO _metadata (path, content, deployed) VALUES (?, ?, 1)", changed)
    _set(connection, "metadata_deployed", "yes")


def _follow(connection: sqlite3.Connection, folder: Path) -> None:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    present = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    digest = _digest(present)
    if _setting(connection, "metadata_folder") == digest:
        return
    findings = refusals_of(folder)
    if findings:
        raise UnsupportedMetadata(findings)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM _metadata WHERE deployed = 0")
    rows = present.items()
    connection.executemany("INSERT OR REPLACE INTO _metadata (path, content, deployed) VALUES (?, ?, 0)", rows)
    _set(connection, "metadata_folder", digest)
    connection.execute("COMMIT")


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256(_RULES.encode())
    for path, content in files.items():
        digest.update(f"\0{path}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _setting(connection: sqlite3.Connection, name: str) -> str:
    row = connection.execute("SELECT value FROM _settings WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


def _set(connection: sqlite3.Connection, name: str, value: str) -> None:
    connection.execute("INSERT OR REPLACE INTO _settings VALUES (?, ?)", (name, value))
