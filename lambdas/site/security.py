"""What holds for every page: one host, no foreign forms, headers that leave scripts and frames no place."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from integration.model.guarding import GUARDING, NO_FRAME, ONLY_HTTPS

_GATEWAY = re.compile(r"[a-z0-9]+\.execute-api\.([a-z0-9-]+\.amazonaws\.com|localhost(:\d{1,5})?)", re.ASCII)
_FRAMING = re.compile(r"https?://[a-z0-9.-]{1,250}(:\d{1,5})?", re.ASCII)
"""No wildcard and nothing that could end the directive."""
_STATE_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
PRIVATE_DOORS = (
    "/confirm/",
    "/preferences/",
    "/preview/",
    "/address/",
    "/apply/",
    "/join/",
    "/recommend/",
    "/invited/",
    "/r/",
    "/place/",
    "/check-in/",
)
"""Addresses that hold a token of a person, or of the door of an event."""
SCRIPTED = ("/confirm/", "/check-in/")
"""Pages with a script of ours."""


def protect(web: Flask) -> None:
    """Checks every request and dresses every answer."""
    public = urlsplit(web.config["PUBLIC_BASE_URL"])

    @web.before_request
    def check() -> None:
        # The gateway's own name comes when a proxy stands in front; nothing we write is ever made from the header.
        host = request.environ.get("HTTP_HOST", "").lower()
        if host != public.netloc and not _GATEWAY.fullmatch(host):
            abort(400)
        if request.method in _STATE_CHANGING and not _is_own_form(web.config["PUBLIC_BASE_URL"]):
            abort(403)

    @web.after_request
    def dress(response: Response) -> Response:
        frames = g.get("frames", "")
        private = request.path.startswith(PRIVATE_DOORS)
        headers = response.headers
        scripted = request.path.startswith(SCRIPTED)
        headers["Content-Security-Policy"] = _policy(frames or "'none'", scripted=scripted)
        headers.update(GUARDING)
        headers["Referrer-Policy"] = "no-referrer" if private else "strict-origin"
        if not frames:
            headers.update(NO_FRAME)
        if public.scheme == "https":
            headers.update(ONLY_HTTPS)
        if private:
            headers["X-Robots-Tag"] = "noindex"
        if private or response.status_code >= 500 or "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-store"
        return response


def may_be_framed_by(origins: Iterable[str]) -> None:
    """The answer may stand in a frame of pages at these origins; without this no page may be framed."""
    g.frames = " ".join(origin for origin in origins if _FRAMING.fullmatch(origin))


def _policy(frames: str, *, scripted: bool) -> str:
    """Two pages have a script of their own, a file of ours; nothing that stands inside a page ever runs.

    `connect-src` is for programs that judge a page from inside it (Lighthouse reads robots.txt so); no page asks.
    """
    scripts = "script-src 'self'; " if scripted else ""
    return (
        f"default-src 'none'; {scripts}style-src 'self'; img-src 'self' https:; media-src https:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors {frames}"
    )


def _is_own_form(base_url: str) -> bool:
    """Whether a form of our own pages sent this. There are no cookies to steal; the signed form token is checked too.

    A page with `no-referrer` sends `Origin: null`, so the browser's Sec-Fetch-Site is asked first.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin in (None, "null") or origin == base_url
