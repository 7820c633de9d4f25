"""`retrieve` and `checkRetrieveStatus`: the org's metadata back as a package."""

import base64
import json
from collections.abc import Iterator
from typing import Any

from integration.local.org.deploying import kept
from integration.local.org.deploying.describing import properties
from integration.local.org.deploying.manifest import Manifest, manifest_of
from integration.local.org.deploying.packing import packed
from integration.local.org.deploying.result import find
from integration.local.org.errors import not_implemented
from integration.local.org.ids import new_id
from integration.local.org.web import Call
from integration.metadata.source import Node, child, children, text

PREFIX = "09S"


def retrieve(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    """Packs at once what the request's manifest names; it is fetched under the id of the answer."""
    request = next(children(operation), operation)
    for name in ("packageNames", "specificFiles"):
        if child(request, name) is not None:
            raise not_implemented(f"retrieving by {name}")
    unpackaged = child(request, "unpackaged")
    root = "" if text(request, "singlePackage") == "true" else "unpackaged/"
    org = call.org
    with org.store.reading() as connection:
        files = kept.files_of(connection)
    wanted = manifest_of(unpackaged) if unpackaged is not None else None
    data, components = packed(files, wanted, root)
    with org.store.writing() as connection:
        retrieval_id = new_id(PREFIX, org.store.next_number("_retrievals"))
        told = {
            "done": True,
            "fileProperties": [properties(call, *each) for each in components],
            "id": retrieval_id,
            "messages": _missing(wanted, components) if wanted else [],
            "status": "Succeeded",
            "success": True,
            "zipFile": base64.b64encode(data).decode(),
        }
        row = (retrieval_id, json.dumps(told))
        connection.execute("INSERT INTO _deployments (id, result) VALUES (?, ?)", row)
    yield {"done": False, "id": retrieval_id, "state": "Queued"}


def _missing(wanted: Manifest, components: list[tuple[str, str, str]]) -> list[dict[str, str]]:
    found = {(kind, name) for kind, name, _ in components}
    return [
        {"fileName": "unpackaged/package.xml", "problem": f"Entity of type '{kind}' named '{name}' cannot be found"}
        for kind, name in wanted.pairs()
        if (kind, name) not in found
    ]


def check_status(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    """With the zip unless the request does without."""
    told = find(call.org.store, text(operation, "asyncProcessId"), PREFIX)
    yield {**told, "zipFile": None} if text(operation, "includeZip") == "false" else told
