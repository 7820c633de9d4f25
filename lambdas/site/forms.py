"""Forms as they are shown and as they come back, without cookies and without JavaScript."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import g, request

from integration.app import App
from integration.candidates import parsing
from integration.errors import Rejected
from integration.model import form as rules
from integration.model import link
from integration.model import resume_file as resume_rules
from integration.model.consent import LABELS
from integration.model.link import BadToken, Purpose
from integration.model.referrer import DIRECT, origin_of
from integration.model.registration import Source
from integration.model.ulid import ulid
from integration.model.wording import said
from lambdas.site.speech import say, speak_to

TRAP = "reference_note"
"""Hidden from people and their helpers; no browser fills it in by itself, robots fill in everything."""
LEAST_SECONDS = 2.0
LIFE = timedelta(hours=24)
LARGEST_UPLOAD = 4_000_000
"""A function takes at most 6 MB, and base64 makes a third more of a file."""
TOO_OLD = "This page was open for too long. Please send it once more."


@dataclass(frozen=True)
class FieldView:
    name: str
    label: str
    kind: str
    autocomplete: str
    longest: int
    required: bool
    hint: str
    value: str
    problem: str


@dataclass(frozen=True)
class PurposeView:
    name: str
    label: str
    required: bool
    ticked: bool


@dataclass(frozen=True)
class FormView:
    """What a template needs to draw a form."""

    action: str
    token: str
    wb: str = ""
    fields: Sequence[FieldView] = ()
    purposes: Sequence[PurposeView] = ()
    consent_text: str = ""
    privacy_url: str = ""
    button: str = "Send"
    errors: Mapping[str, str] = field(default_factory=dict)
    trap: str = TRAP
    arm: str = ""
    """The layout that was shown."""

    tells: str = ""
    """`no` or `yes`, as it is ticked, where somebody came recommended."""
    confirms: bool = True
    """Whether a mail asks for a confirmation before it counts."""

    @property
    def has_file(self) -> bool:
        return any(field.kind == "file" for field in self.fields)

    @property
    def consent_problem(self) -> str:
        return self.errors.get("consent", "")


@dataclass(frozen=True)
class Posted:
    """A form that came back. `robot`: to be thanked and forgotten."""

    item: str
    issued: datetime
    robot: bool
    values: Mapping[str, str]
    purposes: tuple[str, ...]
    errors: Mapping[str, str]
    resume: bytes = b""


def allow_files() -> None:
    """For forms that may carry a résumé; every other door stays at what a typed form can hold."""
    if request.mimetype == "multipart/form-data":
        request.max_content_length = LARGEST_UPLOAD


def new_token(app: App, door: str) -> str:
    """Signed for one form at one path. Its item makes a repeated sending the same sending."""
    now = app.clock.now()
    claims = {link.AT: str(int(now.timestamp() * 1000)), link.ITEM: ulid(now), link.DOOR: door}
    return app.links.sign(Purpose.FORM, claims, expires=now + LIFE)


def read_posted(
    app: App, door: str, asked: Collection[str], purposes: Sequence[str] = (), *, required: Sequence[str] = ()
) -> Posted:
    """What came back by a form of `door`, checked."""
    now = app.clock.now()
    values, errors = rules.read(request.form, asked, say)
    if values.get("email") and "email" not in errors:
        errors |= _wrong_email(values["email"])
    ticked = tuple(purpose for purpose in purposes if purpose in request.form.getlist("consent"))
    resume, problem = _resume() if "resume" in asked else (b"", "")
    if problem:
        errors["resume"] = problem
    if any(purpose not in ticked for purpose in required):
        errors["consent"] = say("Tick the box, so that we may keep your details and write to you.")
    try:
        claims = app.links.read(Purpose.FORM, request.form.get("form", ""), now)
        if claims[link.DOOR] != door:
            raise BadToken
    except BadToken:
        return Posted("", now, bool(request.form.get(TRAP)), values, ticked, {"": say(TOO_OLD), **errors})
    issued = datetime.fromtimestamp(int(claims[link.AT]) / 1000, UTC)
    quick = (now - issued).total_seconds() < LEAST_SECONDS
    return Posted(claims[link.ITEM], issued, quick or bool(request.form.get(TRAP)), values, ticked, errors, resume)


def _resume() -> tuple[bytes, str]:
    """The file that came along, and what is wrong with it. Its name is not asked: its bytes say what it is."""
    file = request.files.get("resume")
    data = file.read() if file else b""
    if data and resume_rules.kind(data) is None:
        return b"", say("That is no PDF or Word file. Save your résumé as one of these, or leave it out.")
    return data, ""


def _wrong_email(text: str) -> dict[str, str]:
    """What the worker could not take, said while the person is still there."""
    try:
        parsing.email(text)
    except Rejected as rejected:
        return {"email": say(rejected.message)}
    return {}


def field_views(names: Iterable[str], values: Mapping[str, str], errors: Mapping[str, str]) -> list[FieldView]:
    return [
        FieldView(
            name=name,
            label=say((known := rules.FIELDS[name]).label),
            kind=known.kind,
            autocomplete=known.autocomplete,
            longest=known.longest,
            required=known.required,
            hint=say(known.hint) if known.hint else "",
            value=values.get(name, ""),
            problem=errors.get(name, ""),
        )
        for name in names
    ]


def purpose_views(consent: Mapping[str, Any], required: Sequence[str], ticked: Sequence[str]) -> list[PurposeView]:
    """The boxes, in the language whose words the consent's version keeps as proof."""
    spoken, purposes = consent["version"].partition("-")[0], consent["purposes"]
    return [PurposeView(name, said(LABELS[name], spoken), name in required, name in ticked) for name in purposes]


def source_token() -> str:
    """The `wb` of the address or the form, as it came, or what was made of a referrer."""
    return (request.form.get("wb") or request.args.get("wb") or g.get("wb", ""))[: link.MAX_TOKEN]


def remember_referrer(app: App) -> None:
    """Without a tag of ours the site that led here is carried on to the form, signed like a tag."""
    if request.method != "GET" or request.args.get("wb") or not request.path.startswith(("/jobs/", "/p/", "/events/")):
        return
    own = urlsplit(app.config.public_base_url).hostname or ""
    origin = origin_of(request.url, request.headers.get("Referer", ""), own)
    if origin != DIRECT:
        at = str(int(app.clock.now().timestamp()))
        g.wb = app.links.sign(Purpose.SOURCE, {link.REFERRER: origin.key, link.AT: at})


def tells(app: App) -> str:
    """Whether the visitor lets whoever recommended them know how it goes; blank when nobody has."""
    if not source_of(app).brought:
        return ""
    return "yes" if request.form.get("tell") == "yes" else "no"


def told(app: App) -> dict[str, str]:
    """The same as it travels with what was typed."""
    return {"tell": "yes"} if tells(app) == "yes" else {}


def speak_as_written(app: App) -> None:
    """Who comes by a mail of ours reads on in the language of the mail."""
    if request.method == "GET" and request.args.get("wb"):
        speak_to(source_of(app).language)


def source_of(app: App) -> Source:
    """Where the visitor came from; a token that does not read says nothing, and nothing fails."""
    token = source_token()
    if not token:
        return Source()
    try:
        return Source.from_claims(app.links.read(Purpose.SOURCE, token, app.clock.now()))
    except BadToken:
        return Source()
