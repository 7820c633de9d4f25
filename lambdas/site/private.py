"""Confirming an address, and thanks for what was sent. Nothing is done by looking at these pages."""

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import registration
from integration.app import App
from integration.errors import TryAgain
from integration.model import link
from integration.model.consent import LABELS
from integration.model.link import BadToken, Purpose
from integration.model.registration import Kind, Registration
from integration.registration import TooMany
from lambdas.site.jobs import visitor
from lambdas.site.snapshots import Snapshots
from lambdas.site.speech import say, speak, speak_to

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
    "place": (
        "Thank you",
        "We sent a mail to the address you gave: it says whether you have a place or wait for one.",
        "Nothing there after ten minutes? Look into the spam folder.",
    ),
    "address": ("Thank you", "When both addresses have said yes, we write to the new one."),
    "erasure": (
        "We are erasing what we hold of you",
        "Within a few minutes nothing is left. After that your link opens nothing any more, and we do not write to you "
        "again.",
    ),
    "refused": (
        "We do not write to you",
        "Your address is kept as a mark that nobody can read, so that no mail of ours goes to it.",
    ),
    "link": (
        "Look into your mail",
        "If we know the address you gave, the link to your page is on its way to it.",
        "It comes once a day at most. Nothing there after ten minutes? Look into the spam folder.",
    ),
}


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.get("/thanks/<what>")
    def thanks(what: str) -> str:
        if what not in _THANKS:
            abort(404)
        page = snapshots.page(request.args.get("page", "")) or snapshots.event(request.args.get("event", ""))
        if page:
            speak(page["language"])
        title, *lines = [say(line) for line in _THANKS[what]]
        brand = page["brand"] if page else snapshots.brand()
        onward = ("/", say("See open jobs"))
        return render_template("message.html.j2", title=title, lines=lines, link=onward, brand=brand)

    @web.route("/confirm/<token>", methods=["GET", "POST"])
    def confirm(token: str) -> AnyResponse:
        claims = claims_of(app, Purpose.CONFIRM, token)
        slug = claims.get(link.DOOR, "")
        page = snapshots.page(slug)
        if page:
            speak(page["language"])
        if request.method == "POST":
            accepted(app, _confirmation(app, claims))
            return redirect(f"/thanks/confirmation?page={slug}", 303)
        purposes = [say(LABELS[name]) for name in claims.get(link.PURPOSES, "").split("|") if name in LABELS]
        brand = page["brand"] if page else snapshots.brand()
        return make_response(render_template("confirm.html.j2", brand=brand, action=request.path, purposes=purposes))


def claims_of(app: App, purpose: Purpose, token: str) -> dict[str, str]:
    """All bad tokens look alike from outside; the page speaks the language of whom the link was written to."""
    try:
        claims = app.links.read(purpose, token, app.clock.now())
    except BadToken:
        abort(404)
    speak_to(claims.get(link.LANGUAGE, ""))
    return claims


def accepted(app: App, sent: Registration, *, resume: bytes = b"") -> None:
    """Durable before the person is thanked; 503 when it cannot be."""
    try:
        registration.accept(app, sent, visitor().network, resume=resume)
    except TooMany:
        abort(429)
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
