"""Tell a friend: a person's own links with their codes, one invitation by mail, and what the invited one sees."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration import own_page
from integration.app import App
from integration.model import form as rules
from integration.model import link
from integration.model.link import BadToken, Purpose
from integration.model.registration import Kind, Registration, identity_of
from integration.referrals import linking
from integration.sending.aliases import current
from integration.syndication import codes
from lambdas.site import forms
from lambdas.site.forms import FormView, Posted
from lambdas.site.jobs import visitor
from lambdas.site.private import accepted, claims_of
from lambdas.site.snapshots import Snapshot, Snapshots
from lambdas.site.speech import language, say

FIELDS = ("first_name", "email")
MOST_JOBS = 60
BONUS_WORDS = {
    "Open": "No application yet",
    "Eligible": "A hire would bring you the bonus",
    "Not eligible": "No bonus. Ask your recruiter why",
    "Earned": "The bonus is due after some time in the job",
    "Due": "The bonus is due",
    "Paid": "The bonus was paid",
    "Forfeited": "No bonus. Ask your recruiter why",
}
STATES = ("Invited", "Came by your link", "Applied", "In process", "Hired", "No longer in process")


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.get("/r/<token>")
    def personal(token: str) -> AnyResponse:
        """On to the tracked link; a personal link lives as long as its keys."""
        claims = _personal(app, token)
        return _onward(linking.tracked(app, claims, _job(snapshots, claims)))

    @web.get("/r/<token>.svg")
    def personal_code(token: str) -> Response:
        claims = _personal(app, token)
        title = str((_job(snapshots, claims) or {}).get("title", "")) or say("Open jobs")
        response = make_response(codes.svg(f"{app.config.public_base_url}/r/{token}", title=title))
        response.headers["Content-Type"] = "image/svg+xml"
        return response

    @web.route("/recommend/<token>", methods=["GET", "POST"])
    def recommend(token: str) -> AnyResponse:
        key = current(app, claims_of(app, Purpose.PREFERENCES, token)[link.CANDIDATE])
        known = own_page.shown(app, key)
        jobs = snapshots.listing()["jobs"][:MOST_JOBS]
        errors: Mapping[str, str] = {}
        if request.method == "POST":
            posted, errors = _posted(app, known)
            if not errors:
                _accept(app, key, posted, jobs)
                return redirect(f"{request.path}?asked=1", 303)
        told = (known or {}).get("recommended")
        text = render_template(
            "recommend.html.j2",
            brand=snapshots.brand(),
            form=_form(app, errors),
            own=f"/preferences/{token}/data",
            told=told,
            general=linking.short(app, key, told["channel"]) if told and told["channel"] else "",
            jobs=[{**job, "link": linking.short(app, key, told["channel"], job["reference"])} for job in jobs]
            if told and told["channel"]
            else [],
            chosen=request.form.get("job", ""),
            bonuses=BONUS_WORDS,
            waiting=told is None and bool(request.args.get("asked")),
            asked=bool(request.args.get("asked")),
        )
        return make_response(text, 400 if errors else 200)

    @web.route("/invited/<token>", methods=["GET", "POST"])
    def invited(token: str) -> AnyResponse:
        """What the link in an invitation opens. A yes goes on by the tracked link; a no holds for good."""
        claims = claims_of(app, Purpose.INVITATION, token)
        job = _job(snapshots, claims)
        if request.method == "POST":
            accepted(app, _refusal(app, claims))
            return redirect("/thanks/refused", 303)
        onward = linking.tracked(app, claims, job)
        text = render_template("invited.html.j2", brand=snapshots.brand(), job=job, onward=onward, action=request.path)
        return make_response(text)


def _personal(app: App, token: str) -> dict[str, str]:
    try:
        return app.links.read(Purpose.REFERRAL, token, app.clock.now())
    except BadToken:
        abort(404)


def _job(snapshots: Snapshots, claims: Mapping[str, str]) -> Snapshot | None:
    return snapshots.job(claims[link.DOOR]) if claims.get(link.DOOR) else None


def _onward(target: str) -> AnyResponse:
    response = redirect(target, 302)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _posted(app: App, known: Snapshot | None) -> tuple[Posted, dict[str, str]]:
    action = request.form.get("action", "")
    posted = forms.read_posted(app, request.path, FIELDS if action == "invite" else ())
    errors = dict(posted.errors)
    if action not in ("show", "invite"):
        errors[""] = say("Press one of the buttons.")
    if action == "invite":
        told = (known or {}).get("recommended") or {"left": 1}
        if not told["left"]:
            errors[""] = say("You have invited as many people as we take at once. Pass on a link instead.")
        elif request.form.get("may") != "yes":
            errors["may"] = say("Tick the box when you know that the person does not mind.")
    return posted, errors


def _accept(app: App, key: str, posted: Posted, jobs: list[dict[str, Any]]) -> None:
    action = request.form["action"]
    if posted.robot and action != "show":
        return
    job: Snapshot = next((one for one in jobs if one["reference"] == request.form.get("job")), {})
    fields = {
        "action": action,
        **posted.values,
        **({"reference": job["reference"], "job": job["title"]} if job else {}),
    }
    at = app.clock.now().isoformat()
    sent = Registration(
        id=identity_of(posted.item, fields, posted.issued),
        kind=Kind.OWN_PAGE,
        at=at,
        candidate=key,
        fields=fields,
        locale=language(),
        evidence=f"Page of recommendations at {at} from network {visitor().network}",
    )
    accepted(app, sent)


def _refusal(app: App, claims: Mapping[str, str]) -> Registration:
    """Pressing twice says no once."""
    return Registration(
        id=f"{claims[link.ITEM]}-refused",
        kind=Kind.REFUSAL,
        at=app.clock.now().isoformat(),
        fields={"mark": claims[link.MARK]},
    )


def _form(app: App, errors: Mapping[str, str]) -> FormView:
    values = {name: rules.tidy(request.form.get(name, ""))[:80] for name in FIELDS} if errors else {}
    return FormView(
        action=request.path,
        token=forms.new_token(app, request.path),
        fields=forms.field_views(FIELDS, values, errors),
        errors=errors,
    )
