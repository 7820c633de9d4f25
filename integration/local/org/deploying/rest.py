"""/metadata/deployRequest: a package over REST."""

import json
from typing import Any

from integration.local.org.deploying import result
from integration.local.org.deploying.deployment import Options, deploy
from integration.local.org.errors import ApiError, nothing_there
from integration.local.org.multipart import is_multipart, parts
from integration.local.org.values import moment
from integration.local.org.web import Call, Reply

_UNTAKEN = ("purgeOnDelete", "runTests")
"""Options that would do what this org cannot."""


def start(call: Call) -> Reply:
    """POST: parts `json` (`sf` calls it entity_content) with deployOptions and `file`; answered when all is done."""
    if not is_multipart(call):
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", "a deployment comes as multipart/form-data")
    found = parts(call)
    asked = found.get("json") or found.get("entity_content")
    if asked is None or "file" not in found:
        raise ApiError(400, "INVALID_MULTIPART_REQUEST", "a deployment needs the parts json and file")
    options = _options(asked)
    told = deployed(call, found["file"], options)
    return Reply(201, {"id": told["id"], "deployOptions": options, "deployResult": told})


def _options(content: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(content)
        options = asked["deployOptions"]
    except (ValueError, KeyError, TypeError) as error:
        raise ApiError(400, "JSON_PARSER_ERROR", "the part json must hold deployOptions") from error
    if not isinstance(options, dict):
        raise ApiError(400, "JSON_PARSER_ERROR", "deployOptions must be an object")
    return options


def deployed(call: Call, data: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """Carries a deployment out for an admin and keeps its result."""
    only_admin(call)
    if call.org.shape.is_held_here:
        raise ApiError(400, "INVALID_REQUEST", "a deployment cannot be part of another request")
    for name in _UNTAKEN:
        if asked.get(name) and str(asked[name]).lower() != "false":
            raise ApiError(400, "INVALID_ARGUMENT", f"the embedded org does not take the option {name}")
    options = Options(
        check_only=_is_true(asked.get("checkOnly")), rollback_on_error=_is_true(asked.get("rollbackOnError"))
    )
    started = moment(call.org.now())
    outcome = deploy(call.org, data, options)
    times = result.Times(started, moment(call.org.now()))
    return result.keep(call.org.store, call.person, options, outcome, times)


def _is_true(value: Any) -> bool:
    """Clients write True, too, where XML says true: a check must not become a deployment by that."""
    return str(value).lower() == "true"


def only_admin(call: Call) -> None:
    """Metadata is an admin's to change and to read."""
    if not call.person.is_admin:
        text = "INSUFFICIENT_ACCESS: use of the Metadata API requires a user with the Modify Metadata permission"
        raise ApiError(403, "INSUFFICIENT_ACCESS", text)


def read(call: Call, deployment_id: str) -> Reply:
    """GET, with includeDetails=true for each component"""
    only_admin(call)
    told = result.find(call.org.store, deployment_id)
    if call.query.get("includeDetails", "").lower() != "true":
        told = {**told, "details": None}
    return Reply(200, {"id": told["id"], "deployResult": told})


def change(call: Call, deployment_id: str) -> Reply:
    """PATCH {"deployResult": {"status": "Canceling"}}: what has been answered is done and cannot be cancelled."""
    only_admin(call)
    told = result.find(call.org.store, deployment_id)
    raise ApiError(400, "INVALID_ID_FIELD", f"Deployment already completed: {told['id']}")


def source_member(call: Call) -> Reply:
    """GET /tooling/sobjects/SourceMember/describe: the words by which `sf` knows an org that does not track sources."""
    raise nothing_there()
