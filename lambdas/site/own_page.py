"""The candidate's own page: what is held and from where, applications, corrections, a file to take along, erasure."""

import json
from collections.abc import Mapping

from flask import Flask, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import own_page, registration
from integration.app import App
from integration.errors import TryAgain
from integration.model import link
from integration.model.link import Purpose
from integration.model.registration import Kind, Registration, identity_of
from integration.registration import TooMany
from integration.sending.aliases import current
from lambdas.site import forms
from lambdas.site.forms import FormView, Posted
from lambdas.site.jobs import visitor
from lambdas.site.private import accepted, claims_of
from lambdas.site.snapshots import Snapshot, Snapshots
from lambdas.site.speech import say

FIELD_WORDS = {
    "First_Name__c": "First name",
    "Last_Name__c": "Last name",
    "Title__c": "Current job",
    "Employer__c": "Current employer",
    "City__c": "City",
    "Country__c": "Country",
    "Language__c": "Language",
    "Desired_Role__c": "Job you would like",
    "Desired_Location__c": "Place you would like",
    "Availability__c": "When you could start",
}
SOURCE_WORDS = {
    "Candidate": "from you",
    "Recruiter": "entered by our team",
    "Import": "from a list that we loaded",
    "Search": "found in a public source",
    "Resume": "read from your résumé",
    "Referral": "from somebody who recommended you",
    "Applicant tracking system": "from an application",
}
BASIS_WORDS = {
    "Consent": "You agreed to it. You can take that back at any time.",
    "Legitimate interest": "We believe that a job with us may interest you. You can object at any time.",
    "Contract": "You applied for a job with us.",
}
KIND_WORDS = {"Email": "E-mail", "Phone": "Phone", "Profile": "Profile"}
STATE_WORDS = {
    "Given": "agreed",
    "Pending": "waits for your confirmation",
    "Withdrawn": "taken back",
    "Expired": "run out",
}
PURPOSE_WORDS = {
    "Talent community": "Jobs that may fit me, and news of the team",
    "Newsletter": "The newsletter",
    "Job alerts": "New jobs by e-mail",
    "SMS": "Text messages",
}
OFTEN = {"Daily": "Every day", "Weekly": "Once a week"}
MOST_JOBS = 6
CORRECTED = ("first_name", "last_name", "title", "employer", "city", "desired_role", "resume")
WANTED = ("desired_role", "desired_location")
_FIELD_OF = {"First_Name__c": "first_name", "Last_Name__c": "last_name", "Title__c": "title", "Employer__c": "employer",
             "City__c": "city", "Desired_Role__c": "desired_role"}  # fmt: skip


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.route("/preferences/<token>/data", methods=["GET", "POST"])
    def own_data(token: str) -> AnyResponse:
        key = claims_of(app, Purpose.PREFERENCES, token)[link.CANDIDATE]
        errors: Mapping[str, str] = {}
        if request.method == "POST":
            forms.allow_files()
            posted, errors = _posted(app)
            if not errors:
                _accept(app, key, posted)
                is_last = request.form["action"] == "erase"
                return redirect("/thanks/erasure" if is_last else f"{request.path}?asked=1", 303)
        known = own_page.shown(app, current(app, key))
        text = render_template(
            "own_page.html.j2",
            brand=snapshots.brand(),
            form=_form(app, known, errors),
            action=request.path,
            mails=f"/preferences/{token}",
            jobs=snapshots.listing()["jobs"][:MOST_JOBS],
            one_step=f"/apply/{token}",
            pages=snapshots.listing()["pages"][:MOST_JOBS],
            join=f"/join/{token}",
            recommend=f"/recommend/{token}",
            page=known,
            words=FIELD_WORDS,
            sources=SOURCE_WORDS,
            bases=BASIS_WORDS,
            kinds=KIND_WORDS,
            states=STATE_WORDS,
            purposes=PURPOSE_WORDS,
            often=OFTEN,
            asked=bool(request.args.get("asked")),
            waiting=known is None and bool(request.args.get("asked")),
        )
        return make_response(text, 400 if errors else 200)

    @web.get("/preferences/<token>/data.json")
    def own_file(token: str) -> Response:
        key = claims_of(app, Purpose.PREFERENCES, token)[link.CANDIDATE]
        known = own_page.shown(app, current(app, key))
        if known is None:
            abort(404)
        response = Response(json.dumps(known, ensure_ascii=False, indent=2) + "\n", mimetype="application/json")
        response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response

    @web.route("/address/<token>", methods=["GET", "POST"])
    def address(token: str) -> AnyResponse:
        claims = claims_of(app, Purpose.ADDRESS, token)
        if request.method == "POST":
            accepted(app, _said_yes(app, claims))
            return redirect("/thanks/address", 303)
        return make_response(render_template("address.html.j2", brand=snapshots.brand(), action=request.path))


def _posted(app: App) -> tuple[Posted, dict[str, str]]:
    """One of the page's forms, checked by what its button asks for."""
    action = request.form.get("action", "")
    asked = {"correct": CORRECTED, "email": ("email",), "alert": WANTED}.get(action, ())
    posted = forms.read_posted(app, request.path, asked)
    errors = dict(posted.errors)
    if action not in own_page.ACTIONS:
        errors[""] = say("Press one of the buttons.")
    if action == "erase" and request.form.get("sure") != "yes":
        errors["sure"] = say("Tick the box when you are sure.")
    if action == "alert":
        if not any(posted.values.values()):
            errors[""] = say("Say which job you would like, or where.")
        elif request.form.get("frequency") not in OFTEN:
            errors[""] = say("Choose how often.")
    if action == "correct":  # a name that is left out stays as it is
        errors = {name: text for name, text in errors.items() if posted.values.get(name) or name in ("", "resume")}
    return posted, errors


def _accept(app: App, key: str, posted: Posted) -> None:
    if posted.robot and request.form["action"] != "show":
        return
    at = app.clock.now().isoformat()
    fields = {
        "action": request.form["action"],
        "application": request.form.get("application", "")[:18],
        "alert": request.form.get("alert", "")[:18],
        "frequency": request.form.get("frequency", "")[:10],
        **posted.values,
    }
    sent = Registration(
        id=identity_of(posted.item, fields, posted.issued),
        kind=Kind.OWN_PAGE,
        at=at,
        candidate=key,
        fields=fields,
        evidence=f"Own page at {at} from network {visitor().network}",
    )
    try:
        registration.accept(app, sent, visitor().network, resume=posted.resume)
    except TooMany:
        abort(429)
    except TryAgain:
        abort(503)


def _said_yes(app: App, claims: Mapping[str, str]) -> Registration:
    return Registration(
        id=f"{claims[link.ITEM]}-{claims[link.DOOR]}-yes",
        kind=Kind.OWN_PAGE,
        at=app.clock.now().isoformat(),
        candidate=claims[link.CANDIDATE],
        cause=claims[link.ITEM],
        fields={"action": "email confirmed", "side": claims[link.DOOR]},
    )


def _form(app: App, known: Snapshot | None, errors: Mapping[str, str]) -> FormView:
    held = {
        _FIELD_OF[fact["field"]]: fact["value"] for fact in (known or {}).get("facts", ()) if fact["field"] in _FIELD_OF
    }
    values = {**held, **{name: request.form[name] for name in CORRECTED if name in request.form}}
    return FormView(
        action=request.path,
        token=forms.new_token(app, request.path),
        fields=forms.field_views((*CORRECTED, "email"), values, errors),
        errors=errors,
    )
