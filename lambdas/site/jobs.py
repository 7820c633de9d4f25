"""The front page, job pages, and applying."""

from urllib.parse import quote

from flask import Flask, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import registration
from integration.app import App
from integration.errors import TryAgain
from integration.model.event import telling_headers
from integration.model.posting import script
from integration.model.registration import Kind, Registration, identity_of
from integration.registration import TooMany
from integration.syndication import codes
from integration.tracking import Visitor
from lambdas.site import forms
from lambdas.site.forms import FormView
from lambdas.site.snapshots import Snapshot, Snapshots
from lambdas.site.speech import language, say

APPLY_FIELDS = ("email", "first_name", "last_name", "phone", "profile", "resume", "message")
MOST_JOBS = 60
NOT_SAVED = "We could not take your answers just now. They still stand here: please send once more in a minute."


def visitor() -> Visitor:
    headers = telling_headers({name.lower(): value for name, value in request.headers})
    return Visitor(request.method, request.headers.get("User-Agent", ""), request.remote_addr or "", headers)


def with_source(path: str) -> str:
    """An address of our own that carries on where the visitor came from."""
    token = forms.source_token()
    return f"{path}?wb={quote(token, safe='.-_')}" if token else path


def public(text: str) -> Response:
    """Kept for a minute by whoever asks, unless the address says where the visitor came from."""
    response = make_response(text)
    response.vary.add("Accept-Language")
    if not request.args and not forms.source_token():
        response.headers["Cache-Control"] = "public, max-age=60"
    return response


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.get("/")
    def home() -> Response:
        listing = snapshots.listing()
        return public(
            render_template(
                "home.html.j2",
                brand=snapshots.brand(),
                jobs=listing["jobs"][:MOST_JOBS],
                pages=listing["pages"],
                count=listing["count"],
            )
        )

    @web.get("/jobs/<reference>")
    def job(reference: str) -> Response:
        found = _known(snapshots.job(reference))
        if found["state"] == "closed":
            return _closed(snapshots, found)
        if request.method == "GET":
            source = forms.source_of(app)
            registration.visited(app, visitor(), source, posting=found["posting"], requisition=found["requisition"])
        text = render_template(
            "job.html.j2",
            brand=found["brand"],
            job=found,
            json_ld=script(found["json_ld"]),
            apply=with_source(f"/jobs/{reference}/apply"),
            join=with_source(f"/p/{found['page']}"),
        )
        return public(text)

    @web.get("/s/<reference>")
    def short(reference: str) -> AnyResponse:
        """The short link of a posting, channel or campaign: on to its tracked link; a closed job's page says so."""
        found = _known(snapshots.link(reference))
        response = redirect(found.get("tracked") or f"/jobs/{reference}", 302)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @web.get("/s/<reference>.svg")
    def picture(reference: str) -> Response:
        """The short link as a QR code."""
        found = _known(snapshots.link(reference))
        drawn = codes.svg(f"{app.config.public_base_url}/s/{reference}", title=found["title"])
        response = make_response(drawn)
        response.headers["Content-Type"] = "image/svg+xml"
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    @web.route("/jobs/<reference>/apply", methods=["GET", "POST"])
    def apply(reference: str) -> AnyResponse | tuple[str, int]:
        found = _known(snapshots.job(reference))
        if found["state"] == "closed":
            return _closed(snapshots, found)
        if request.method != "POST":
            return make_response(_apply_page(app, found, None, {}))
        forms.allow_files()
        posted = forms.read_posted(app, request.path, APPLY_FIELDS, found["consent"]["purposes"])
        thanks = redirect("/thanks/application", 303)
        if posted.robot:
            return thanks
        if posted.errors:
            return _apply_page(app, found, posted, posted.errors), 400
        try:
            registration.accept(app, _application(app, found, posted), visitor().network, resume=posted.resume)
        except TooMany:
            abort(429)
        except TryAgain:
            return _apply_page(app, found, posted, {"": say(NOT_SAVED)}), 503
        return thanks


def _known(found: Snapshot | None) -> Snapshot:
    if found is None:
        abort(404)
    return found


def _closed(snapshots: Snapshots, found: Snapshot) -> Response:
    """Gone, with somewhere to go."""
    page = render_template("closed.html.j2", brand=found["brand"], job=found, similar=snapshots.similar(found))
    return make_response(page, 410)


def _apply_page(app: App, found: Snapshot, posted: forms.Posted | None, errors: dict[str, str] | object) -> str:
    problems = dict(errors) if isinstance(errors, dict) else {}
    form = FormView(
        action=request.path,
        token=forms.new_token(app, request.path),
        wb=forms.source_token(),
        fields=forms.field_views(APPLY_FIELDS, posted.values if posted else {}, problems),
        purposes=forms.purpose_views(found["consent"], (), posted.purposes if posted else ()),
        consent_text=found["consent"]["text"],
        privacy_url=found["brand"]["privacy_url"],
        button=say("Send application"),
        tells=forms.tells(app),
        errors=problems,
    )
    return render_template(
        "apply.html.j2", brand=found["brand"], job=found, form=form, back=with_source(f"/jobs/{found['reference']}")
    )


def _application(app: App, found: Snapshot, posted: forms.Posted) -> Registration:
    source = forms.source_of(app)
    typed = {**posted.values, "consent": posted.purposes, "posting": found["posting"]}
    now = app.clock.now().isoformat()
    return Registration(
        id=identity_of(posted.item, typed, posted.issued),
        kind=Kind.APPLICATION,
        at=now,
        posting=found["posting"],
        requisition=found["requisition"],
        fields={**posted.values, **forms.told(app)},
        purposes=posted.purposes,
        consent_version=found["consent"]["version"],
        locale=language(),
        source=source,
        evidence=f"Form {request.path} at {now} from network {visitor().network}",
    )
