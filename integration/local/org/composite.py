"""Composite requests: up to 25 calls in one, with references from one answer to the next request."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.datastructures import MultiDict

from integration.local.org.bodies import flag
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.web import Call, Reply

MOST_CALLS = 25
MOST_QUERIES = 5
_REFERENCE = re.compile(r"@\{([^}]*)\}")
_PATH = re.compile(r"([A-Za-z]\w*)((?:\.\w+|\[\d+\])+)")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_QUERY_LIKE = re.compile(r"/services/data/v[\d.]+/(query(All)?|composite/sobjects)\b")
_REFERENCE_ID = re.compile(r"[A-Za-z]\w*")
_PART = frozenset({"method", "url", "referenceId", "body", "httpHeaders"})
_BATCHED = frozenset({"method", "url", "richInput", "binaryPartName", "binaryPartNameAlias"})
_OUTSIDE = re.compile(r"/composite(/batch|/graph)?/?$|/jobs/")
"""No parts of a composite request: other requests with parts, and files of rows."""


def composite(call: Call) -> Reply:
    """POST /composite"""
    body = call.json_object("compositeRequest", "allOrNone", "collateSubrequests")
    parts = body.get("compositeRequest")
    if not isinstance(parts, list) or not parts:
        raise ApiError(400, "MISSING_ARGUMENT", "The request must hold a list named compositeRequest")
    _check(parts)
    all_or_none = flag(body, "allOrNone")
    flag(body, "collateSubrequests")  # Parts run one by one here, so there is nothing to collate.
    answers: list[tuple[str, Reply]] = []
    if not all_or_none:
        for part in parts:
            answers.append((part["referenceId"], _answer(call, part, answers, all_or_none)))
    else:
        with call.org.engine.transaction(call.person, call.org.now()) as transaction, transaction.savepoint() as point:
            for part in parts:
                answers.append((part["referenceId"], _answer(call, part, answers, all_or_none)))
                if answers[-1][1].status >= 400:
                    point.undone = True
                    break
        if point.undone:
            answers = _halted(parts, answers)
        call.org.announce()
    return Reply(200, {"compositeResponse": [_shown(reference, reply) for reference, reply in answers]})


def _check_keys(part: Any, known: frozenset[str]) -> None:
    """A misspelt key would silently change what is done."""
    for name in part if isinstance(part, dict) else ():
        if name not in known:
            raise ApiError(400, "JSON_PARSER_ERROR", f'Unrecognized field "{name}" in a subrequest')
    headers = part.get("httpHeaders") if isinstance(part, dict) else None
    if headers is not None and not isinstance(headers, dict):
        raise ApiError(400, "JSON_PARSER_ERROR", "httpHeaders of a subrequest must be an object")


def _check(parts: list[Any]) -> None:
    if len(parts) > MOST_CALLS:
        text = f"The request cannot have more than {MOST_CALLS} subrequests"
        raise ApiError(400, "LIMIT_EXCEEDED", text)
    seen: set[str] = set()
    queries = 0
    for part in parts:
        reference = part.get("referenceId") if isinstance(part, dict) else None
        if not isinstance(reference, str) or not _REFERENCE_ID.fullmatch(reference):
            raise ApiError(400, "INVALID_REFERENCE_ID", f"Provided referenceId ({reference}) is not valid")
        if reference.lower() in seen:
            raise ApiError(400, "DUPLICATE_VALUE", f"Duplicate referenceId provided: {reference}")
        if not isinstance(part.get("url"), str) or not isinstance(part.get("method"), str):
            raise ApiError(400, "MISSING_ARGUMENT", f"The subrequest {reference} must have a method and a url")
        _check_keys(part, _PART)
        seen.add(reference.lower())
        queries += bool(_QUERY_LIKE.match(part["url"]))
    if queries > MOST_QUERIES:
        text = f"The request cannot have more than {MOST_QUERIES} subrequests of queries and collections"
        raise ApiError(400, "LIMIT_EXCEEDED", text)


def _answer(call: Call, part: dict[str, Any], earlier: list[tuple[str, Reply]], all_or_none: bool) -> Reply:
    answers = dict(earlier)
    try:
        url = str(_filled(part["url"], answers))
        content = _filled(part.get("body"), answers)
        inner = _inner_call(call, part, url, content, all_or_none)
    except ApiError as error:
        return Reply(error.status, error.body())
    reply = call.org.answer(inner)
    if isinstance(reply.body, bytes):
        # A composite answer is JSON, so content of files cannot be part of it.
        return Reply(400, ApiError(400, "INVALID_INPUT", "This resource cannot be part of a composite request").body())
    return reply


def _inner_call(call: Call, part: dict[str, Any], url: str, content: Any, all_or_none: bool) -> Call:
    try:
        split = urlsplit(url)
    except ValueError as error:
        raise ApiError(400, "INVALID_INPUT", f"The address {url} cannot be read") from error
    path = unquote(split.path)
    is_inside = not split.netloc and re.match(r"/services/data/v\d+\.\d/", path)
    if not is_inside or _OUTSIDE.search(path):
        raise ApiError(400, "INVALID_INPUT", f"The resource {path} cannot be part of a composite request")
    headers = {name.lower(): str(value) for name, value in (part.get("httpHeaders") or {}).items()}
    return Call(
        call.org,
        part["method"].upper(),
        path,
        MultiDict(parse_qsl(split.query, keep_blank_values=True)),
        headers,
        body=json.dumps(content).encode() if content is not None else b"",
        content=content,
        user=call.user,
        all_or_none=all_or_none or None,
    )


def _filled(value: Any, answers: dict[str, Reply]) -> Any:
    """The value with every `@{reference.path}` replaced by what that answer held."""
    if isinstance(value, dict):
        return {name: _filled(each, answers) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, answers) for each in value]
    if not isinstance(value, str) or "@{" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _looked_up(whole, answers)
    return _REFERENCE.sub(lambda match: str(_looked_up(match, answers)), value)


def _looked_up(match: re.Match[str], answers: dict[str, Reply]) -> Any:
    path = _PATH.fullmatch(match[1])
    if path is None:
        raise ApiError(400, "PROCESSING_HALTED", f"Invalid reference specified: {match[0]}")
    text = f"Invalid reference specified. No value for {match[1]} found in {path[1]}"
    reply = answers.get(path[1])
    if reply is None or reply.status >= 400:
        raise ApiError(400, "PROCESSING_HALTED", text)
    found = reply.body
    for name, place in _STEP.findall(path[2]):
        try:
            found = found[name] if name else found[int(place)]
        except (KeyError, IndexError, TypeError) as error:
            raise ApiError(400, "PROCESSING_HALTED", text) from error
    return found


def _halted(parts: list[Any], answers: list[tuple[str, Reply]]) -> list[tuple[str, Reply]]:
    """The guilty part keeps its own answer; those before were undone and those after never run."""
    text = "The transaction was rolled back since another operation in the same transaction failed."
    body = ApiError(400, "PROCESSING_HALTED", text).body()
    guilty = dict([answers[-1]])
    return [(part["referenceId"], guilty.get(part["referenceId"]) or Reply(400, body)) for part in parts]


def _shown(reference: str, reply: Reply) -> dict[str, Any]:
    headers = {name: value for name, value in reply.headers.items() if name in ("Location", "ETag", "Last-Modified")}
    return {"body": reply.body, "httpHeaders": headers, "httpStatusCode": reply.status, "referenceId": reference}


def batch(call: Call) -> Reply:
    """POST /composite/batch"""
    body = call.json_object("batchRequests", "haltOnError")
    parts = body.get("batchRequests")
    if not isinstance(parts, list) or not parts:
        raise ApiError(400, "MISSING_ARGUMENT", "The request must hold a list named batchRequests")
    if len(parts) > MOST_CALLS:
        raise ApiError(400, "LIMIT_EXCEEDED", f"The request cannot have more than {MOST_CALLS} subrequests")
    halt = flag(body, "haltOnError")
    for part in parts:
        _check_batched(part)
    results: list[dict[str, Any]] = []
    for part in parts:
        if halt and any(each["statusCode"] >= 400 for each in results):
            error = ApiError(412, "BATCH_PROCESSING_HALTED", "An earlier subrequest failed and haltOnError is set")
            results.append({"statusCode": 412, "result": error.body()})
            continue
        reply = _batched(call, part)
        results.append({"statusCode": reply.status, "result": reply.body})
    return Reply(200, {"hasErrors": any(each["statusCode"] >= 400 for each in results), "results": results})


def _check_batched(part: Any) -> None:
    if not isinstance(part, dict) or not all(isinstance(part.get(name), str) for name in ("url", "method")):
        raise ApiError(400, "MISSING_ARGUMENT", "The subrequest must have a method and a url")
    _check_keys(part, _BATCHED)
    if "binaryPartName" in part or "binaryPartNameAlias" in part:
        raise not_implemented("binary parts of batches")


def _batched(call: Call, part: dict[str, Any]) -> Reply:
    given = part["url"]
    url = given if given.startswith("/services/data/") else f"/services/data/{given.lstrip('/')}"
    filled = {"method": part["method"], "url": url, "body": part.get("richInput")}
    return _answer(call, filled, [], all_or_none=False)
