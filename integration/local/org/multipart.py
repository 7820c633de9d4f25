"""The parts of a multipart request by name, files and fields alike."""

import io
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from integration.local.org.errors import ApiError
from integration.local.org.web import Call


def is_multipart(call: Call) -> bool:
    """Whether the body comes in parts."""
    return call.headers.get("content-type", "").lower().startswith("multipart/form-data")


def parts(call: Call) -> dict[str, bytes]:
    """Every part's content. Raises ApiError when the body breaks off, or two parts have one name."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": call.headers["content-type"],
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.input": io.BytesIO(call.body),
    }
    try:
        _, fields, files = parse_form_data(environ, _in_memory, silent=False)
    except (ValueError, HTTPException) as error:
        raise ApiError(400, "INVALID_MULTIPART_REQUEST", f"The multipart body cannot be read: {error}") from error
    found = [(name, value.encode()) for name, value in fields.items(multi=True)]
    found += [(name, each.stream.read()) for name, each in files.items(multi=True)]
    if any("\ufffd" in value for value in fields.values()) and "\ufffd".encode() not in call.body:
        raise ApiError(400, "INVALID_MULTIPART_REQUEST", "The multipart body is not UTF-8")
    if len(dict(found)) != len(found):
        raise ApiError(400, "INVALID_MULTIPART_REQUEST", "Two parts have the same name")
    return dict(found)


def _in_memory(*args: Any, **kwargs: Any) -> io.BytesIO:
    # werkzeug's own choice is a temporary file that nobody closes when a request is refused half-way.
    return io.BytesIO()
