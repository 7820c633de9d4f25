"""A request as it arrives: its real method, its body unpacked, and formats that this org does not speak refused."""

import zlib

from werkzeug.wrappers import Request

from integration.local.org.errors import ApiError

MOST_BODY = 200_000_000
"""Of an unpacked body: beyond the largest upload that a real org takes, in base64."""
_XML = {"application/xml", "text/xml"}
_WINDOWS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def method_of(request: Request) -> str:
    """Clients that cannot send PATCH send POST with ?_HttpMethod=PATCH."""
    override = request.args.get("_HttpMethod", "") if request.method == "POST" else ""
    return (override or request.method).upper()


def body_of(request: Request) -> bytes:
    """The body, unpacked."""
    body = request.get_data(cache=False)
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in _WINDOWS:
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", f"Content-Encoding {encoding} is not supported; gzip is")
    unpacker = zlib.decompressobj(_WINDOWS[encoding])
    try:
        unpacked = unpacker.decompress(body, MOST_BODY)
    except zlib.error as error:
        raise ApiError(400, "INVALID_CONTENT_ENCODING", f"The body is not {encoding}: {error}") from error
    if unpacker.unconsumed_tail:
        raise ApiError(413, "REQUEST_ENTITY_TOO_LARGE", "The unpacked body is too large")
    if not unpacker.eof:
        raise ApiError(400, "INVALID_CONTENT_ENCODING", f"The body is not {encoding}: it ends too early")
    return unpacked


def check_formats(request: Request) -> None:
    """Refuses XML, which a real org speaks too; clients of the REST API have long used JSON."""
    has_body = method_of(request) in ("POST", "PUT", "PATCH")
    if has_body and _kinds(request, "Content-Type") & _XML:
        text = "This org reads application/json; it does not implement XML"
        raise ApiError(415, "UNSUPPORTED_MEDIA_TYPE", text, loud=True)
    accepted = _kinds(request, "Accept")
    if accepted and accepted <= _XML:
        text = "This org answers application/json; it does not implement XML"
        raise ApiError(406, "NOT_ACCEPTABLE", text, loud=True)


def _kinds(request: Request, header: str) -> set[str]:
    """The media types that a header names."""
    kinds = (each.split(";")[0].strip().lower() for each in request.headers.get(header, "").split(","))
    return {kind for kind in kinds if kind}
