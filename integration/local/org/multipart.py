"""The parts of a multipart request by name, files and fields alike."""

import io
from typing import Any

from werkzeug.formparser import parse_form_data

from integration.local.org.web import Call


def is_multipart(call: Call) -> bool:
    """Whether the body comes in parts."""
    return call.headers.get("content-type", "").lower().startswith("multipart/form-data")


def parts(call: Call) -> dict[str, bytes]:
    """Every part's content."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": call.headers["content-type"],
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.input": io.BytesIO(call.body),
    }
    _, fields, files = parse_form_data(environ, _in_memory)
    return {name: value.encode() for name, value in fields.items()} | {
        name: each.stream.read() for name, each in files.items()
    }


def _in_memory(*args: Any, **kwargs: Any) -> io.BytesIO:
    # werkzeug's own choice is a temporary file that nobody closes when a request is refused half-way.
    return io.BytesIO()
