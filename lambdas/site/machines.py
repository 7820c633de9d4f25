"""What machines read: feeds, sitemap, robots, health, style sheets."""

import re
from typing import TypeVar

from flask import Flask, Response, abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from integration.app import App
from integration.model import snapshot
from integration.model.page import FONTS, text_on
from lambdas.site.security import PRIVATE_DOORS
from lambdas.site.snapshots import Snapshot, Snapshots

LARGEST_ANSWER = 4_000_000
"""A function answers at most 6 MB, and base64 makes a third more of it."""
_LINK_SECONDS = 900
_FOR_EVER = 31_536_000
_FACES = {
    "sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    "serif": 'Georgia, Cambria, "Times New Roman", serif',
    "rounded": 'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Nunito, system-ui, sans-serif',
}
_R = TypeVar("_R", bound=AnyResponse)
_HEX = re.compile(r"[0-9a-f]{6}", re.ASCII)


def look_address(brand: Snapshot) -> str:
    """The address of a brand's style sheet: the colours stand in it, so it can be kept for ever."""
    look = brand["look"]
    colours = "-".join(look[name].removeprefix("#") for name in ("primary", "background", "text"))
    return f"/static/look/{colours}-{look['font']}.css"


def add_routes(web: Flask, app: App, snapshots: Snapshots, css: bytes, script: bytes) -> None:
    base = web.config["PUBLIC_BASE_URL"]

    @web.get("/health")
    def health() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @web.get("/favicon.ico")
    def icon() -> Response:
        return _kept(Response(status=204), 86_400)

    @web.get("/robots.txt")
    def robots() -> Response:
        hidden = "".join(f"Disallow: {door}\n" for door in (*PRIVATE_DOORS, "/c/", "/u/"))
        return _kept(Response(f"User-agent: *\n{hidden}Sitemap: {base}/sitemap.xml\n", mimetype="text/plain"), 3600)

    @web.get("/static/site.css")
    def style() -> Response:
        response = Response(css, mimetype="text/css")
        return _kept(response, _FOR_EVER if request.query_string else 3_600)

    @web.get("/static/confirm.js")
    def confirm_script() -> Response:
        response = Response(script, mimetype="text/javascript")
        return _kept(response, _FOR_EVER if request.query_string else 3_600)

    @web.get("/static/look/<primary>-<background>-<text>-<font>.css")
    def look(primary: str, background: str, text: str, font: str) -> Response:
        if font not in FONTS or not all(_HEX.fullmatch(colour) for colour in (primary, background, text)):
            abort(404)
        rule = (
            f":root{{--primary:#{primary};--on-primary:{text_on('#' + primary)};--background:#{background};"
            f"--text:#{text};--font:{_FACES[font]}}}\n"
        )
        return _kept(Response(rule, mimetype="text/css"), _FOR_EVER)

    @web.get("/<key>.txt")
    def proof(key: str) -> Response:
        data = snapshots.read(snapshot.proof(key)) if snapshot.PROOF.fullmatch(key) else None
        if data is None:
            abort(404)
        return _kept(Response(data, mimetype="text/plain"), 3600)

    @web.get("/sitemap.xml")
    def sitemap() -> Response:
        return _sitemap(snapshots.read(snapshot.SITEMAP))

    @web.get("/sitemap-<int:number>.xml")
    def sitemap_part(number: int) -> Response:
        return _sitemap(snapshots.read(snapshot.sitemap_part(number)))

    @web.get("/feeds/<channel>.<ending>")
    def feed(channel: str, ending: str) -> AnyResponse:
        pointer = snapshots.json(snapshot.feed(channel)) if snapshot.CHANNEL.fullmatch(channel) else None
        if pointer is None or not pointer["file"].endswith(f".{ending}"):
            abort(404)
        return _feed(app, pointer)


def _feed(app: App, pointer: Snapshot) -> AnyResponse:
    """The whole feed, packed when the reader takes that; a large one is fetched from the bucket by a signed address."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response: AnyResponse = Response(status=304)
    if not request.if_none_match.contains_weak(pointer["etag"]):
        key, size = (pointer["packed"], pointer["packed_size"]) if packed else (pointer["file"], pointer["size"])
        if size > LARGEST_ANSWER:
            response = redirect(app.site.link(key, seconds=_LINK_SECONDS), 302)
            response.headers["Cache-Control"] = "private, no-store"
            return response
        data = app.site.read(key)
        if data is None:
            abort(503)
        response = Response(data, mimetype=pointer.get("media", "application/xml"))
        if packed:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = f'W/"{pointer["etag"]}"'
    response.headers["Vary"] = "Accept-Encoding"
    return _kept(response, 300)


def _sitemap(data: bytes | None) -> Response:
    if data is None:
        abort(404)
    return _kept(Response(data, mimetype="application/xml"), 600)


def _kept(response: _R, seconds: int) -> _R:
    response.headers["Cache-Control"] = f"public, max-age={seconds}" + (", immutable" if seconds >= _FOR_EVER else "")
    return response
