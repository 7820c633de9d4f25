"""A person's own page of preferences, and the way to it for people who have no mail of ours at hand."""

from flask import Flask, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration.app import App
from integration.errors import TryAgain
from integration.model import link
from integration.model.link import Purpose
from integration.model.registration import Kind, Registration, identity_of
from integration.model.topic import MAIL_TOPICS
from integration.model.vocabulary import MailFrequency
from integration.model.vocabulary import Purpose as Topic
from integration.registration.wishes import ACTIONS, NOTHING_KNOWN, Standing, standing_of
from lambdas.site import forms
from lambdas.site.forms import FormView
from lambdas.site.jobs import visitor
from lambdas.site.private import accepted, claims_of
from lambdas.site.snapshots import Snapshots
from lambdas.site.speech import say

_TOPICS = {
    Topic.TALENT_COMMUNITY: "Jobs that may fit me, and news of the team",
    Topic.NEWSLETTER: "The newsletter",
    Topic.JOB_ALERTS: "New jobs by e-mail",
}
_FREQUENCIES = {
    MailFrequency.AS_IT_COMES: "As it comes",
    MailFrequency.WEEKLY: "One mail a week",
    MailFrequency.MONTHLY: "One mail a month",
}
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ar": "العربية",
    "he": "עברית",
}
"""In which a mail may be wished for; it comes so where the campaign has a translation."""


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.route("/preferences/<token>", methods=["GET", "POST"])
    def preferences(token: str) -> AnyResponse:
        claims = claims_of(app, Purpose.PREFERENCES, token)
        errors: dict[str, str] = {}
        if request.method == "POST":
            posted = forms.read_posted(app, request.path, ())
            errors = {**posted.errors, **_wrong_wish()}
            if not errors:
                accepted(app, _wish(app, claims[link.CANDIDATE], posted))
                return redirect("/thanks/preferences", 303)
        form = FormView(action=request.path, token=forms.new_token(app, request.path), errors=errors)
        page = render_template(
            "preferences.html.j2",
            brand=snapshots.brand(),
            form=form,
            action=request.path,
            standing=_standing(app, claims[link.CANDIDATE]),
            topics=[{"name": topic.value, "label": say(text)} for topic, text in _TOPICS.items()],
            frequencies=[{"name": one.value, "label": say(text)} for one, text in _FREQUENCIES.items()],
            languages=[{"name": code, "label": text} for code, text in LANGUAGES.items()],
        )
        return make_response(page, 400 if errors else 200)

    @web.route("/preferences", methods=["GET", "POST"])
    def preferences_link() -> AnyResponse:
        values: dict[str, str] = {}
        errors: dict[str, str] = {}
        if request.method == "POST":
            posted = forms.read_posted(app, request.path, ("email",))
            values, errors = dict(posted.values), dict(posted.errors)
            if not errors:
                if not posted.robot:
                    accepted(app, _asked_for_link(app, posted))
                return redirect("/thanks/link", 303)
        form = FormView(
            action=request.path,
            token=forms.new_token(app, request.path),
            fields=forms.field_views(("email",), values, errors),
            errors=errors,
        )
        page = render_template("preferences_link.html.j2", brand=snapshots.brand(), form=form, action=request.path)
        return make_response(page, 400 if errors else 200)


def _standing(app: App, candidate: str) -> Standing:
    """The page is there for everybody who wants less mail, also while nothing can be read."""
    try:
        return standing_of(app, candidate)
    except TryAgain:
        return NOTHING_KNOWN


def _wrong_wish() -> dict[str, str]:
    if request.form.get("action", "") not in ACTIONS:
        return {"": say("Press one of the buttons.")}
    if request.form.get("frequency", MailFrequency.AS_IT_COMES) not in set(MailFrequency):
        return {"frequency": say("Choose how often at most.")}
    return {"language": say("Choose a language of the list.")} if request.form.get("language", "") not in _CODES else {}


_CODES = {"", *LANGUAGES}


def _wish(app: App, candidate: str, posted: forms.Posted) -> Registration:
    at = app.clock.now().isoformat()
    fields = {"action": request.form["action"]}
    topics: tuple[str, ...] = ()
    if fields["action"] == "save":
        topics = tuple(topic.value for topic in MAIL_TOPICS if topic.value in request.form.getlist("topic"))
        fields |= {
            "frequency": request.form.get("frequency", MailFrequency.AS_IT_COMES),
            "language": request.form.get("language", ""),
            "shown": "|".join(sorted(_standing(app, candidate).topics)),
        }
    return Registration(
        id=identity_of(posted.item, {**fields, "shown": "", "topics": topics}, posted.issued),
        kind=Kind.PREFERENCES,
        at=at,
        candidate=candidate,
        fields=fields,
        purposes=topics,
        evidence=f"Page of preferences at {at} from network {visitor().network}",
    )


def _asked_for_link(app: App, posted: forms.Posted) -> Registration:
    return Registration(
        id=identity_of(posted.item, {"email": posted.values["email"]}, posted.issued),
        kind=Kind.PREFERENCES_LINK,
        at=app.clock.now().isoformat(),
        fields={"email": posted.values["email"]},
    )
