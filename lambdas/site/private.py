"""Pages behind a person's token: confirming an address, and what mails to get. Nothing is done by looking at them."""

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import registration
from integration.app import App
from integration.errors import TryAgain
from integration.model import link
from integration.model.consent import LABELS
from integration.model.link import BadToken, Purpose
from integration.model.registration import Kind, Registration, identity_of
from integration.model.vocabulary import Purpose as Topic
from lambdas.site import forms
from lambdas.site.forms import FormView
from lambdas.site.jobs import visitor
from lambdas.site.snapshots import Snapshot, Snapshots

_STOPS = {
    Topic.TALENT_COMMUNITY: "Mails about jobs that may fit me",
    Topic.NEWSLETTER: "The newsletter",
    Topic.JOB_ALERTS: "New jobs by e-mail",
}
_ACTIONS = {"topics", "pause", "all"}
_THANKS = {
    "registration": (
        "Almost done",
        "We sent a mail to the address you gave. Open it and press the button in it: only then are you on the list.",
        "Nothing there after ten minutes? Look into the spam folder.",
    ),
    "member": ("Thank you", "You are on the list. We write when there is something for you."),
    "application": ("Thank you for your application", "We have it, and people will read it. You hear from us by mail."),
    "confirmation": ("Your address is confirmed", "Welcome. We write when there is something for you."),
    "preferences": ("Done", "We have your wish, and it is carried out within a minute."),
}


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.get("/thanks/<what>")
    def thanks(what: str) -> str:
        if what not in _THANKS:
            abort(404)
        title, *lines = _THANKS[what]
        brand = _brand_of(snapshots, request.args.get("page", ""))
        return render_template("message.html.j2", title=title, lines=lines, link=("/", "See open jobs"), brand=brand)

    @web.route("/confirm/<token>", methods=["GET", "POST"])
    def confirm(token: str) -> AnyResponse:
        claims = _claims(app, Purpose.CONFIRM, token)
        slug = claims.get(link.DOOR, "")
        if request.method == "POST":
            _accept(app, _confirmation(app, claims))
            return redirect(f"/thanks/confirmation?page={slug}", 303)
        purposes = [LABELS[name] for name in claims.get(link.PURPOSES, "").split("|") if name in LABELS]
        page = render_template(
            "confirm.html.j2", brand=_brand_of(snapshots, slug), action=request.path, purposes=purposes
        )
        return make_response(page)

    @web.route("/preferences/<token>", methods=["GET", "POST"])
    def preferences(token: str) -> AnyResponse:
        claims = _claims(app, Purpose.PREFERENCES, token)
        errors: dict[str, str] = {}
        if request.method == "POST":
            posted = forms.read_posted(app, request.path, ())
            action = request.form.get("action", "")
            topics = tuple(topic.value for topic in _STOPS if topic.value in request.form.getlist("topic"))
            errors = {**posted.errors, **_wrong_wish(action, topics)}
            if not errors:
                _accept(app, _wish(app, claims, posted, action, topics))
                return redirect("/thanks/preferences", 303)
        form = FormView(action=request.path, token=forms.new_token(app, request.path), errors=errors)
        purposes = [{"name": topic.value, "stop": text} for topic, text in _STOPS.items()]
        page = render_template(
            "preferences.html.j2", brand=snapshots.brand(), form=form, action=request.path, purposes=purposes
        )
        return make_response(page, 400 if errors else 200)


def _claims(app: App, purpose: Purpose, token: str) -> dict[str, str]:
    """All bad tokens look alike from outside."""
    try:
        return app.links.read(purpose, token, app.clock.now())
    except BadToken:
        abort(404)


def _accept(app: App, sent: Registration) -> None:
    try:
        registration.accept(app, sent, visitor().network)
    except TryAgain:
        abort(503)


def _confirmation(app: App, claims: dict[str, str]) -> Registration:
    """Its id comes from the registration, not from the press of the button: pressing twice confirms once."""
    now = app.clock.now()
    cause = claims[link.ITEM]
    at = now.isoformat()
    return Registration(
        id=f"{cause}-confirmed",
        kind=Kind.CONFIRMATION,
        at=at,
        page=claims.get(link.PAGE, ""),
        candidate=claims[link.CANDIDATE],
        cause=cause,
        purposes=tuple(name for name in claims.get(link.PURPOSES, "").split("|") if name),
        evidence=f"Button of the mail of {cause} at {at} from network {visitor().network}",
    )


def _wrong_wish(action: str, topics: tuple[str, ...]) -> dict[str, str]:
    if action not in _ACTIONS:
        return {"": "Press one of the three buttons."}
    return {"topic": "Tick the topics to stop."} if action == "topics" and not topics else {}


def _wish(app: App, claims: dict[str, str], posted: forms.Posted, action: str, topics: tuple[str, ...]) -> Registration:
    at = app.clock.now().isoformat()
    return Registration(
        id=identity_of(posted.item, {"action": action, "topics": topics}, posted.issued),
        kind=Kind.PREFERENCES,
        at=at,
        candidate=claims[link.CANDIDATE],
        fields={"action": action},
        purposes=topics,
        evidence=f"Page of preferences at {at} from network {visitor().network}",
    )


def _brand_of(snapshots: Snapshots, slug: str) -> Snapshot:
    page = snapshots.page(slug) if slug else None
    return page["brand"] if page else snapshots.brand()
