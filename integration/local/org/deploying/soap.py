"""The Metadata API over SOAP, as far as `sf project deploy` needs it."""

import base64
import binascii
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from integration.local.org.deploying import rest, result
from integration.local.org.deploying.archive import MOST_PACKED
from integration.local.org.deploying.describing import described, listed
from integration.local.org.deploying.retrieving import check_status, retrieve
from integration.local.org.errors import ApiError, not_implemented
from integration.local.org.web import Call, Reply
from integration.metadata.source import Node, child, children, local_name, text

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_METADATA = "http://soap.sforce.com/2006/04/metadata"
_MOST_BYTES = MOST_PACKED * 3 // 2


def answer(call: Call) -> Reply:
    """POST /services/Soap/m/NN.0"""
    try:
        envelope = _envelope(call.body)
        token = next((text(each) for each in envelope.iter(f"{{{_METADATA}}}sessionId")), "")
        asker = replace(call, user=call.org.sessions.user_of(token))
        if asker.user is None:
            message = (
                "Invalid Session ID found in SessionHeader: Illegal Session. Session not found, missing session key"
            )
            raise ApiError(500, "INVALID_SESSION_ID", message)
        rest.only_admin(asker)
        operation = next(children(envelope.find(f"{{{_SOAP}}}Body")), None)
        return _carried_out(asker, operation)
    except ApiError as error:
        if error.loud:
            print(f"warmbench org: {call.path}: {error.message}", file=sys.stderr)
        return _reply(500, _fault(error))


def _envelope(body: bytes) -> Node:
    if len(body) > _MOST_BYTES:
        raise ApiError(500, "EXCEEDED_MAX_SIZE_REQUEST", f"The request has more than {_MOST_BYTES:,} bytes")
    # The zip is one text of many megabytes, which the parser takes only without its limits; the size is limited above.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        envelope = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ApiError(500, "UNKNOWN_EXCEPTION", f"The request cannot be read as XML: {error}") from error
    if envelope.getroottree().docinfo.doctype or envelope.find(f"{{{_SOAP}}}Body") is None:
        raise ApiError(500, "UNKNOWN_EXCEPTION", "The request is no SOAP envelope")
    return envelope


def _carried_out(call: Call, operation: Node | None) -> Reply:
    name = local_name(operation) if operation is not None else ""
    carry_out = _OPERATIONS.get(name)
    if operation is None or carry_out is None:
        raise not_implemented(f"the Metadata API's call {name or '(none)'}")
    results = "".join(f"<result>{_xml(each)}</result>" for each in carry_out(call, operation))
    return _reply(200, f"<{name}Response>{results}</{name}Response>")


def _deploy(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    try:
        data = base64.b64decode(text(operation, "ZipFile"), validate=False)
    except binascii.Error as error:
        raise ApiError(500, "INVALID_ARGUMENT", "ZipFile is not base64") from error
    found = child(operation, "DeployOptions")
    options: dict[str, Any] = {local_name(each): text(each) for each in children(found)} if found is not None else {}
    told = rest.deployed(call, data, options)
    yield {"done": False, "id": told["id"], "state": "Queued"}


def _check_status(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    told = result.find(call.org.store, text(operation, "asyncProcessId"))
    yield told if text(operation, "includeDetails") == "true" else {**told, "details": None}


def _cancel(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    """A deployment that has an id is done."""
    told = result.find(call.org.store, text(operation, "String") or text(operation, "asyncProcessId"))
    yield {"done": True, "id": told["id"]}


def _describe(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    yield described()


def _list(call: Call, operation: Node) -> Iterator[dict[str, Any]]:
    for query in children(operation, "queries"):
        yield from listed(call, text(query, "type"))


_OPERATIONS: dict[str, Callable[[Call, Node], Iterator[dict[str, Any]]]] = {
    "cancelDeploy": _cancel,
    "checkDeployStatus": _check_status,
    "checkRetrieveStatus": check_status,
    "deploy": _deploy,
    "describeMetadata": _describe,
    "listMetadata": _list,
    "retrieve": retrieve,
}


def _xml(value: dict[str, Any]) -> str:
    return "".join(_element(name, each) for name, each in value.items())


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if isinstance(value, bool):
        return f"<{name}>{str(value).lower()}</{name}>"
    return f"<{name}>{_xml(value) if isinstance(value, dict) else escape(str(value))}</{name}>"


def _fault(error: ApiError) -> str:
    code, message = escape(error.code), escape(error.message)
    return (
        f"<soapenv:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring></soapenv:Fault>"
    )


def _reply(status: int, body: str) -> Reply:
    declared = f'xmlns:soapenv="{_SOAP}" xmlns:sf="http://soap.sforce.com/2006/04/metadata" xmlns="{_METADATA}"'
    envelope = f"<soapenv:Envelope {declared}><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    headers = {"Content-Type": "text/xml;charset=UTF-8"}
    return Reply(status, f'<?xml version="1.0" encoding="UTF-8"?>{envelope}', headers)
