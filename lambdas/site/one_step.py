"""Applying and joining in one step, for who is known to us: the link is the person's own, so nothing is typed again,
and nothing is shown: the link may have been passed on."""

from typing import Any

from flask import Flask, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from integration.app import App
from integration.model import link
from integration.model.link import Purpose
from integration.model.registration import Kind, Registration, identity_of
from lambdas.site import forms
from lambdas.site.forms import FormView
from lambdas.site.jobs import visitor
from lambdas.site.landing import form_block, in_language
from lambdas.site.private import accepted, claims_of
from lambdas.site.snapshots import Snapshots
from lambdas.site.speech import language, say, speak

FIELDS = ("resume", "message")
"""What may be added; all else is held already."""


def add_routes(web: Flask, app: App, snapshots: Snapshots) -> None:
    @web.route("/apply/<token>/<reference>", methods=["GET", "POST"])
    def one_step(token: str, reference: str) -> AnyResponse:
        key = claims_of(app, Purpose.PREFERENCES, token)[link.CANDIDATE]
        job = snapshots.job(reference)
        if job is None:
            abort(404)
        if job["state"] == "closed":
            return redirect(f"/jobs/{reference}", 303)
        errors: dict[str, str] = {}
        if request.method == "POST":
            forms.allow_files()
            posted = forms.read_posted(app, request.path, FIELDS)
            errors = dict(posted.errors)
            if not errors:
                if not posted.robot:
                    accepted(app, _application(app, key, job, posted), resume=posted.resume)
                return redirect("/thanks/application", 303)
        form = FormView(
            action=request.path,
            token=forms.new_token(app, request.path),
            fields=forms.field_views(FIELDS, request.form, errors),
            errors=errors,
        )
        text = render_template("one_step.html.j2", brand=job["brand"], job=job, form=form)
        return make_response(text, 400 if errors else 200)

    @web.route("/join/<token>/<slug>", methods=["GET", "POST"])
    def join(token: str, slug: str) -> AnyResponse:
        key = claims_of(app, Purpose.PREFERENCES, token)[link.CANDIDATE]
        page = snapshots.page(slug)
        if page is None or form_block(page, "") is None:
            abort(404)
        if request.method == "GET":
            page = in_language(snapshots, page)
        speak(page["language"])
        purposes = page["consent"]["purposes"]
        errors: dict[str, str] = {}
        if request.method == "POST":
            posted = forms.read_posted(app, request.path, (), purposes, required=purposes[:1])
            errors = dict(posted.errors)
            if not errors:
                if not posted.robot:
                    accepted(app, _registration(app, key, page, posted))
                return redirect(f"/thanks/member?page={page['slug']}", 303)
        path = f"/join/{token}/{page['slug']}"
        form = FormView(
            action=path,
            token=forms.new_token(app, path),
            purposes=forms.purpose_views(page["consent"], purposes[:1], request.form.getlist("consent")),
            consent_text=page["consent"]["text"],
            privacy_url=page["brand"]["privacy_url"],
            button=(form_block(page, "") or {}).get("button") or say("Join"),
            errors=errors,
        )
        text = render_template("join.html.j2", brand=page["brand"], page=page, form=form)
        return make_response(text, 400 if errors else 200)


def _registration(app: App, key: str, page: dict[str, Any], posted: forms.Posted) -> Registration:
    now = app.clock.now().isoformat()
    return Registration(
        id=identity_of(posted.item, {"page": page["id"], "consent": posted.purposes}, posted.issued),
        kind=Kind.REGISTRATION,
        at=now,
        page=page["id"],
        requisition=page["requisition"],
        candidate=key,
        purposes=posted.purposes,
        consent_version=page["consent"]["version"],
        locale=page["language"],
        evidence=f"One step version {page['version']} at {now} from network {visitor().network}",
    )


def _application(app: App, key: str, job: dict[str, str], posted: forms.Posted) -> Registration:
    now = app.clock.now().isoformat()
    return Registration(
        id=identity_of(posted.item, {**posted.values, "posting": job["posting"]}, posted.issued),
        kind=Kind.APPLICATION,
        at=now,
        posting=job["posting"],
        requisition=job["requisition"],
        candidate=key,
        fields=posted.values,
        locale=language(),
        evidence=f"One step at {now} from network {visitor().network}",
    )
