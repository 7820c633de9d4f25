"""Pages of fairs, open days and webinars: what they are, a place, and giving it up by the link in the mail."""

from collections.abc import Mapping
from datetime import datetime

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import registration
from integration.app import App
from integration.errors import TryAgain
from integration.gatherings.times import in_words
from integration.model import form as rules
from integration.model import link
from integration.model.event_page import json_ld
from integration.model.link import Purpose
from integration.model.posting import script
from integration.model.registration import Kind, Registration, identity_of
from integration.model.schedule import zone_of
from integration.registration import TooMany
from lambdas.site import forms
from lambdas.site.forms import FormView, Posted
from lambdas.site.jobs import NOT_SAVED, visitor, with_source
from lambdas.site.private import accepted, claims_of
from lambdas.site.snapshots import Snapshot, Snapshots
from lambdas.site.speech import say, speak


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.route("/events/<slug>", methods=["GET", "POST"])
    def event(slug: str) -> AnyResponse | tuple[str, int]:
        page = snapshots.event(slug)
        if page is None:
            if new := snapshots.event_moved_to(slug):
                return redirect(with_source(f"/events/{new}"), 301)
            abort(404)
        speak(page["language"])
        if request.method == "POST":
            return _register(app, snapshots, page)
        if request.method == "GET":
            registration.visited(app, visitor(), forms.source_of(app))
        response = make_response(_drawn(app, snapshots, page, None, {}))
        response.headers["Content-Language"] = page["language"]
        return response

    @web.route("/place/<token>", methods=["GET", "POST"])
    def place(token: str) -> AnyResponse | tuple[str, int]:
        claims = claims_of(app, Purpose.PLACE, token)
        page = snapshots.event(claims[link.DOOR]) or snapshots.event(snapshots.event_moved_to(claims[link.DOOR]))
        if page is None or page["id"] != claims[link.ITEM]:
            abort(404)
        speak(page["language"])
        errors: dict[str, str] = {}
        if request.method == "POST" and is_open(app, page):
            posted = forms.read_posted(app, request.path, ())
            errors = dict(posted.errors)
            if not errors:
                accepted(app, _given_up(app, page, claims, posted))
                return redirect(f"/thanks/preferences?event={page['slug']}", 303)
        form = FormView(action=request.path, token=forms.new_token(app, request.path), errors=errors)
        text = render_template(
            "place.html.j2", brand=page["brand"], page=page, when=when(page), is_open=is_open(app, page), form=form
        )
        return make_response(text, 400 if errors else 200)


def when(page: Snapshot) -> str:
    starts, ends = (datetime.fromisoformat(page[name]) for name in ("starts", "ends"))
    return in_words(starts, ends, zone_of(page["zone"]), page["language"])


def is_open(app: App, page: Snapshot) -> bool:
    return not page["cancelled"] and app.clock.now() < datetime.fromisoformat(page["ends"])


def _register(app: App, snapshots: Snapshots, page: Snapshot) -> AnyResponse | tuple[str, int]:
    if not is_open(app, page):
        return _drawn(app, snapshots, page, None, {}), 410
    posted = forms.read_posted(app, request.path, rules.ALWAYS, page["consent"]["purposes"])
    thanks = redirect(f"/thanks/place?event={page['slug']}", 303)
    if posted.robot:
        return thanks
    if posted.errors:
        return _drawn(app, snapshots, page, posted, posted.errors), 400
    try:
        registration.accept(app, _registration(app, page, posted), visitor().network)
    except TooMany:
        abort(429)
    except TryAgain:
        return _drawn(app, snapshots, page, posted, {"": say(NOT_SAVED)}), 503
    return thanks


def _registration(app: App, page: Snapshot, posted: Posted) -> Registration:
    now = app.clock.now().isoformat()
    return Registration(
        id=identity_of(posted.item, {**posted.values, "consent": posted.purposes, "event": page["id"]}, posted.issued),
        kind=Kind.PLACE,
        at=now,
        event=page["id"],
        fields=posted.values,
        purposes=posted.purposes,
        consent_version=page["consent"]["version"] if posted.purposes else "",
        locale=page["language"],
        source=forms.source_of(app),
        evidence=f"Form {request.path} at {now} from network {visitor().network}",
    )


def _given_up(app: App, page: Snapshot, claims: Mapping[str, str], posted: Posted) -> Registration:
    """Pressing twice on one page gives up once; who comes back and gives up again presses on a new page."""
    return Registration(
        id=identity_of(posted.item, {"event": page["id"], "candidate": claims[link.CANDIDATE]}, posted.issued),
        kind=Kind.PLACE_GIVEN_UP,
        at=app.clock.now().isoformat(),
        event=page["id"],
        candidate=claims[link.CANDIDATE],
        locale=page["language"],
    )


def _drawn(app: App, snapshots: Snapshots, page: Snapshot, posted: Posted | None, errors: Mapping[str, str]) -> str:
    door = f"/events/{page['slug']}"
    form = FormView(
        action=door,
        token=forms.new_token(app, door),
        wb=forms.source_token(),
        fields=forms.field_views(rules.ALWAYS, posted.values if posted else {}, errors),
        purposes=forms.purpose_views(page["consent"], (), posted.purposes if posted else ())
        if page["consent"]["purposes"]
        else (),
        consent_text=page["consent"]["text"],
        privacy_url=page["brand"]["privacy_url"],
        button=say("Take part"),
        errors=errors,
    )
    return render_template(
        "event.html.j2",
        brand=page["brand"],
        page=page,
        when=when(page),
        form=form,
        is_open=is_open(app, page),
        is_full=snapshots.is_full(page["slug"]),
        json_ld=script(json_ld(page)),
    )
