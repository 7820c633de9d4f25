"""Landing pages and their registration form, and the drafts that recruiters look at."""

from collections.abc import Mapping
from hashlib import sha256

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import registration
from integration.app import App
from integration.errors import TryAgain
from integration.model import form as rules
from integration.model import link, snapshot
from integration.model.event import SECOND_LAYOUT
from integration.model.link import BadToken, Purpose
from integration.model.registration import Kind, Registration, Source, identity_of
from integration.registration import TooMany
from lambdas.site import blocks, forms, sharing
from lambdas.site.forms import FormView, Posted
from lambdas.site.jobs import NOT_SAVED, visitor, with_source
from lambdas.site.security import may_be_framed_by
from lambdas.site.snapshots import Snapshot, Snapshots
from lambdas.site.speech import prefers, say, speak


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.route("/p/<slug>", methods=["GET", "POST"])
    def landing(slug: str) -> AnyResponse | tuple[str, int]:
        page = snapshots.page(slug)
        if page is None:
            if new := snapshots.moved_to(slug):
                return redirect(with_source(f"/p/{new}"), 301)
            abort(404)
        if request.method == "POST":
            speak(page["language"])
            return _register(app, snapshots, page)
        source = forms.source_of(app)
        page = in_language(snapshots, page)
        speak(page["language"])
        arm = _arm(page, source)
        if request.method == "GET":
            registration.visited(app, visitor(), source, page=page["id"], arm=arm, requisition=page["requisition"])
        response = make_response(_drawn(app, snapshots, page, arm, None, {}))
        response.headers["Content-Language"] = page["language"]
        response.vary.add("Accept-Language")
        return response

    @web.get("/preview/<token>")
    def preview(token: str) -> AnyResponse:
        try:
            claims = app.links.read(Purpose.PREVIEW, token, app.clock.now())
        except BadToken:
            abort(404)
        draft = snapshots.json(snapshot.preview(claims[link.PAGE]))
        if draft is None:
            abort(404)
        speak(draft["language"])
        may_be_framed_by(draft.get("frames") or ())
        arm = SECOND_LAYOUT if request.args.get("arm") == SECOND_LAYOUT and draft.get("blocks_b") else ""
        return make_response(_drawn(app, snapshots, draft, arm, None, {}, draft=True))


def in_language(snapshots: Snapshots, page: Snapshot) -> Snapshot:
    """The original's address shows the translation that the visitor prefers; a translation's own shows itself."""
    group = snapshots.languages(page["slug"])
    if group["original"] != page["slug"] and request.args.get("lang", "") not in group["pages"]:
        return page
    if not group["pages"]:
        return page
    slug = group["pages"][prefers(list(group["pages"]), page["language"])]
    return page if slug == page["slug"] else snapshots.page(slug) or page


def _arm(page: Snapshot, source: Source) -> str:
    """The layout of a visitor, always the same without a cookie: by the person when a mail brought them."""
    if not page.get("blocks_b"):
        return ""
    who = visitor()
    seed = source.candidate or f"{who.network}|{who.user_agent}|{request.headers.get('Accept-Language', '')}"
    return SECOND_LAYOUT if sha256(f"{page['id']}|{seed}".encode()).digest()[0] % 2 else ""


def blocks_of(page: Snapshot, arm: str) -> list[Snapshot]:
    found: list[Snapshot] = page["blocks_b"] if arm and page.get("blocks_b") else page["blocks"]
    return found


def form_block(page: Snapshot, arm: str) -> Snapshot | None:
    return next((block for block in blocks_of(page, arm) if block["type"] == "form"), None)


def _takes_resume(page: Snapshot) -> bool:
    shown = [*page["blocks"], *(page.get("blocks_b") or ())]
    return any("resume" in (block.get("fields") or ()) for block in shown if block["type"] == "form")


def _register(app: App, snapshots: Snapshots, page: Snapshot) -> AnyResponse | tuple[str, int]:
    if _takes_resume(page):
        forms.allow_files()
    arm = SECOND_LAYOUT if request.form.get("arm") == SECOND_LAYOUT and page.get("blocks_b") else ""
    block = form_block(page, arm)
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
        return _drawn(app, snapshots, page, arm, posted, posted.errors), 400
    try:
        registration.accept(app, _registration(app, page, arm, posted), visitor().network, resume=posted.resume)
    except TooMany:
        abort(429)
    except TryAgain:
        return _drawn(app, snapshots, page, arm, posted, {"": say(NOT_SAVED)}), 503
    return thanks


def _registration(app: App, page: Snapshot, arm: str, posted: Posted) -> Registration:
    now = app.clock.now().isoformat()
    source = forms.source_of(app)
    return Registration(
        id=identity_of(posted.item, {**posted.values, "consent": posted.purposes}, posted.issued),
        kind=Kind.REGISTRATION,
        at=now,
        page=page["id"],
        arm=arm,
        posting=source.posting,
        requisition=page["requisition"] or source.requisition,
        fields={**posted.values, **forms.told(app)},
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
    arm: str,
    posted: Posted | None,
    errors: Mapping[str, str],
    *,
    draft: bool = False,
) -> str:
    shown = blocks_of(page, arm)
    block = form_block(page, arm)
    group = snapshots.languages(page["slug"])
    return render_template(
        "landing.html.j2",
        brand=page["brand"],
        page=page,
        blocks=blocks.views(shown, page, snapshots.listing()["jobs"]),
        form=_form_view(app, page, block or {}, arm, posted, errors, draft=draft),
        has_form=block is not None,
        translations={} if draft else group["pages"],
        summary=sharing.words_of(page),
        image=sharing.image_of(page, app.config.public_base_url),
        others=[code for code in group["pages"] if code != page["language"]],
        draft=draft,
    )


def _form_view(
    app: App,
    page: Snapshot,
    block: Snapshot,
    arm: str,
    posted: Posted | None,
    errors: Mapping[str, str],
    *,
    draft: bool,
) -> FormView:
    door = f"/p/{page['slug']}"
    names = rules.names(block.get("fields") or ())
    purposes = page["consent"]["purposes"]
    return FormView(
        action=door,
        token="" if draft else forms.new_token(app, door),
        wb="" if draft else forms.source_token(),
        arm=arm,
        fields=forms.field_views(names, posted.values if posted else {}, errors),
        purposes=forms.purpose_views(page["consent"], purposes[:1], posted.purposes if posted else ()),
        consent_text=page["consent"]["text"],
        privacy_url=page["brand"]["privacy_url"],
        button=block.get("button") or say("Join"),
        errors=errors,
        confirms=page["double_opt_in"],
        tells="" if draft else forms.tells(app),
    )
