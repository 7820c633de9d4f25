"""The page of the people at an event's door. It works offline: one script, which is its service worker too."""

from typing import Any

from flask import Flask, Response, abort, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration.app import App
from integration.errors import TryAgain
from integration.gatherings import door, door_list
from integration.model import door as rules
from integration.model import link
from integration.model.consent import LABELS
from integration.model.link import Purpose
from lambdas.site.private import claims_of
from lambdas.site.snapshots import Snapshots

LARGEST_CALL = 128 * 1024


def add_routes(web: Flask, app: App, snapshots: Snapshots, code: bytes) -> None:
    @web.get("/check-in/app.js")
    def check_in_script() -> Response:
        response = Response(code, mimetype="text/javascript")
        response.headers["Cache-Control"] = "no-cache"  # a browser asks for a worker's newest form by itself
        return response

    @web.get("/check-in/<token>")
    def check_in(token: str) -> AnyResponse:
        _opened(app, token)
        return make_response(render_template("check_in.html.j2", brand=snapshots.brand(), path=f"/check-in/{token}"))

    @web.route("/check-in/<token>/people", methods=["GET", "POST"])
    def people(token: str) -> AnyResponse:
        event_id, standing = _opened(app, token)
        return _taken(app, event_id, standing) if request.method == "POST" else _listed(event_id, standing)


def _listed(event_id: str, standing: dict[str, Any]) -> AnyResponse:
    people = [{name: one[name] for name in ("id", "name", "state")} for one in standing["people"]]
    return jsonify(
        {
            "event": event_id,
            "name": standing["name"],
            "when": standing["when"],
            "until": standing["until"],
            "people": people,
            "consent": standing["consent"]["text"],
            "purposes": [{"name": one, "label": LABELS[one]} for one in standing["consent"]["purposes"]],
        }
    )


def _taken(app: App, event_id: str, standing: dict[str, Any]) -> AnyResponse:
    """What a device sends: JSON only, which no form of another site can send unasked."""
    request.max_content_length = LARGEST_CALL
    consent: dict[str, Any] = standing["consent"]
    try:
        entries, refused = rules.read(request.get_json(silent=True), consent["purposes"])
    except ValueError:
        abort(400)
    try:
        door.accept(app, event_id, entries, consent_version=consent["version"], locale=standing["language"])
    except TryAgain:
        abort(503)
    return make_response(jsonify({"taken": [entry.id for entry in entries], "refused": refused}), 202)


def _opened(app: App, token: str) -> tuple[str, dict[str, Any]]:
    """The event and its list; 404 for a link that is over, was taken back or replaced: the device forgets all then."""
    claims = claims_of(app, Purpose.CHECK_IN, token)
    standing = door_list.read(app, claims[link.ITEM])
    if standing is None or standing["number"] != claims.get(link.NUMBER):
        abort(404)
    return claims[link.ITEM], standing
