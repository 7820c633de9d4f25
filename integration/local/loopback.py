"""Pages of this machine for programs and people of this machine."""

from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Request


def refuse_other_sites(request: Request) -> None:
    """Raises Forbidden: no other web page may post here, and no foreign name may point here (DNS rebinding)."""
    if request.host.rsplit(":", 1)[0] not in {"127.0.0.1", "localhost"}:
        raise Forbidden("This page answers to 127.0.0.1 and localhost only.")
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forbidden("This page takes no requests of other sites.")
