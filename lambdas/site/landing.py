"""Landing pages and their registration form, and the drafts that recruiters look at."""

from collections.abc import Mapping

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import registration
from integration.app import App
from integration.errors import TryAgain
from integration.model import form as rules
from integration.model import link, snapshot
from integration.model.link import BadToken, Purpose
from integration.model.registration import Kind, Registration, identity_of
from integration.registration import TooMany
from lambdas.site import forms
from lambdas.site.forms import FormView, Posted
from lambdas.site.jobs import NOT_SAVED, visitor, with_source
from lambdas.site.snapshots import Snapshot, Snapshots


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.route("/p/<slug>", methods=["GET", "POST"])
    def landing(slug: str) -> AnyResponse | tuple[str, int]:
        page = snapshots.page(slug)
        if page is None:
            if new := snapshots.moved_to(slug):
                return redirect(with_source(f"/p/{new}"), 301)
            abort(404)
        if request.method == "POST":
            return _register(app, snapshots, page)
        if request.method == "GET":
            source = forms.source_of(app)
            registration.visited(app, visitor(), source, page=page["id"], requisition=page["requisition"])
        return make_response(_drawn(app, snapshots, page, None, {}))

    @web.get("/preview/<token>")
    def preview(token: str) -> AnyResponse:
        try:
            claims = app.links.read(Purpose.PREVIEW, token, app.clock.now())
        except BadToken:
            abort(404)
        draft = snapshots.json(snapshot.preview(claims[link.PAGE]))
        if draft is None:
            abort(404)
        return make_response(_drawn(app, snapshots, draft, None, {}, draft=True))


def form_block(page: Snapshot) -> Snapshot | None:
    return next((block for block in page["blocks"] if block["type"] == "form"), None)


def _register(app: App, snapshots: Snapshots, page: Snapshot) -> AnyResponse | tuple[str, int]:
    block = form_block(page)
    if block is None:
        abort(404)
    asked = rules.names(block.get("fields") or ())
    posted = forms.read_posted(
        app, request.path, asked, page["consent"]["purposes"], required=page["consent"]["purposes"][:1]
    )
    thanks = redirect(f"/thanks/{'registration' if page['double_opt_in'] else 'member'}?page={page['slug']}", 303)
    if posted.robot:
        return thanks
    if posted.errors:
        return _drawn(app, snapshots, page, posted, posted.errors), 400
    try:
        registration.accept(app, _registration(app, page, posted), visitor().network)
    except TooMany:
        abort(429)
    except TryAgain:
        return _drawn(app, snapshots, page, posted, {"": NOT_SAVED}), 503
    return thanks


def _registration(app: App, page: Snapshot, posted: Posted) -> Registration:
    now = app.clock.now().isoformat()
    source = forms.source_of(app)
    return Registration(
        id=identity_of(posted.item, {**posted.values, "consent": posted.purposes}, posted.issued),
        kind=Kind.REGISTRATION,
        at=now,
        page=page["id"],
        posting=source.posting,
        requisition=page["requisition"] or source.requisition,
        fields=posted.values,
        purposes=posted.purposes,
        consent_version=page["consent"]["version"],
        locale=page["language"],
        source=source,
        evidence=f"Form {request.path} version {page['version']} at {now} from network {visitor().network}",
    )


def _drawn(
    app: App,
    snapshots: Snapshots,
    page: Snapshot,
    posted: Posted | None,
    errors: Mapping[str, str],
    *,
    draft: bool = False,
) -> str:
    block = form_block(page) or {}
    listing = snapshots.listing()["jobs"]

    def jobs_for(wanted: Snapshot) -> list[Snapshot]:
        department = wanted.get("department")
        fitting = [job for job in listing if not department or job["department"] == department]
        # The page's own job stands first.
        fitting.sort(key=lambda job: job["requisition"] != page["requisition"])
        return fitting[: wanted.get("limit") or 12]

    form = FormView(
        action=request.path,
        token="" if draft else forms.new_token(app, request.path),
        wb="" if draft else forms.source_token(),
        fields=forms.field_views(rules.names(block.get("fields") or ()), posted.values if posted else {}, errors),
        purposes=forms.purpose_views(
            page["consent"]["purposes"], page["consent"]["purposes"][:1], posted.purposes if posted else ()
        ),
        consent_text=page["consent"]["text"],
        privacy_url=page["brand"]["privacy_url"],
        button=block.get("button") or "Join",
        errors=errors,
    )
    return render_template(
        "landing.html.j2",
        brand=page["brand"],
        page=page,
        lang=page["language"],
        form=form,
        has_form=bool(block),
        jobs_for=jobs_for,
        draft=draft,
    )
