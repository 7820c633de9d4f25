"""The Flask app: routes of each kind of page, templates, friendly errors."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from integration import log
from integration.app import App
from integration.errors import TryAgain
from integration.model.page import Look, pieces
from integration.model.wording import RIGHT_TO_LEFT
from lambdas.site import (
    check_in,
    forms,
    gatherings,
    jobs,
    landing,
    machines,
    media,
    one_step,
    openapi,
    own_page,
    preferences,
    private,
    recommending,
    sharing,
    shelves,
    speech,
)
from lambdas.site.blocks import day_words
from lambdas.site.security import protect
from lambdas.site.snapshots import Snapshot, Snapshots

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "site"
LARGEST_FORM = 64 * 1024
MOST_PARTS = 200

_MESSAGES = {
    400: ("We could not read that", "The address or form came to us broken. Please go back and try once more."),
    403: ("This form did not come from our page", "Please open the page again and send the form from there."),
    404: ("We could not find that page", "It may have moved, or the link was cut. See what is open now."),
    405: ("That is not possible here", "Please go back and use the page's own buttons."),
    413: ("That is too much at once", "The form holds more text than we can take. Please shorten it and try again."),
    429: (
        "Please wait a little",
        "Very many forms came from your network within the hour. Nothing was taken yet: please try again later.",
    ),
    500: ("Something went wrong on our side", "It was noted, and people will look into it. Please try again later."),
    503: ("Please try again in a minute", "We could not reach our own files just now. Nothing is lost."),
}


def create_app(app: App, *, cache_seconds: float = 3.0) -> Flask:
    """The site of one stage."""
    web = Flask("lambdas.site", static_folder=None, template_folder=None)
    web.config.update(
        PUBLIC_BASE_URL=app.config.public_base_url,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    # Snapshots are read as JSON, so that no template can reach anything but text, numbers and lists.
    web.jinja_env.loader = FileSystemLoader(TEMPLATES)
    web.jinja_env.undefined = StrictUndefined
    web.jinja_env.autoescape = True
    web.jinja_env.trim_blocks = web.jinja_env.lstrip_blocks = True
    web.jinja_env.globals.update(
        look_address=machines.look_address,
        pieces=pieces,
        day=_day,
        tongue=_tongue,
        locale=sharing.locale,
        logo_of=sharing.logo_of,
    )
    snapshots = Snapshots(app.site, cache_seconds)
    protect(web)
    web.before_request(lambda: forms.remember_referrer(app))
    web.before_request(lambda: forms.speak_as_written(app))
    css, script, door = ((TEMPLATES / name).read_bytes() for name in ("site.css", "confirm.js", "check-in.js"))
    jobs.add_routes(web, app, snapshots)
    landing.add_routes(web, app, snapshots)
    private.add_routes(web, app, snapshots)
    preferences.add_routes(web, app, snapshots)
    own_page.add_routes(web, app, snapshots)
    one_step.add_routes(web, app, snapshots)
    recommending.add_routes(web, app, snapshots)
    gatherings.add_routes(web, app, snapshots)
    check_in.add_routes(web, app, snapshots, door)
    media.add_routes(web, snapshots)
    shelves.add_routes(web, snapshots)
    machines.add_routes(web, app, snapshots, css, script)
    openapi.add_routes(web)
    _add_context(web, hashlib.sha256(css + script + door).hexdigest()[:8])
    _add_errors(web, snapshots)
    return web


def _add_context(web: Flask, css_version: str) -> None:
    @web.context_processor
    def everywhere() -> dict[str, Any]:
        lang = speech.language()
        return {
            "base": web.config["PUBLIC_BASE_URL"],
            "css_version": css_version,
            "lang": lang,
            "direction": "rtl" if lang in RIGHT_TO_LEFT else "ltr",
            "t": speech.say,
            "carried": jobs.with_source,
        }


def _add_errors(web: Flask, snapshots: Snapshots) -> None:
    def page(status: int) -> tuple[str, int]:
        title, line = _MESSAGES.get(status, _MESSAGES[400 if status < 500 else 500])
        link = ("/", speech.say("See all open jobs")) if status in (404, 405) else None
        text = render_template(
            "message.html.j2",
            title=speech.say(title),
            lines=[speech.say(line)],
            link=link,
            brand=_brand_or_plain(snapshots),
        )
        return text, status

    @web.errorhandler(HTTPException)
    def expected(error: HTTPException) -> Response:
        response = make_response(page(error.code or 500))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @web.errorhandler(TryAgain)
    def passing(error: TryAgain) -> tuple[str, int]:
        log.event("page.unavailable", path=request.path.split("/")[1], reason=str(error))
        return page(503)

    @web.errorhandler(Exception)
    def unexpected(error: Exception) -> tuple[str, int]:
        log.fault("page.failed", error, path=request.path.split("/")[1])
        return page(500)


def _brand_or_plain(snapshots: Snapshots) -> Snapshot:
    """An error page is shown also when the files cannot be read."""
    try:
        return snapshots.brand()
    except Exception as fault:
        log.fault("brand.unread", fault)
        return {"name": "Careers", "logo": "", "privacy_url": "", "postal_address": "", "look": Look().__dict__}


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text[:10]))


_TONGUES = dict(preferences.LANGUAGES)


def _tongue(code: str) -> str:
    """A language by its own name."""
    return _TONGUES.get(code[:2], code)
