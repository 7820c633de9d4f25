"""The mailbox over HTTP: an API for the stack, the demo and tests, and pages for people.

POST /accept                a mail that SES took        GET  /messages?to=&campaign=   GET /messages/{id}
GET  /ledger?campaign=      what was really sent        POST /messages/{id}/answer|bounce|complaint
GET /compose  POST /compose     a mail of somebody's own accord
POST /faults  GET /faults   what goes wrong             POST /replay  POST /clock  GET /health
GET  /  and  /mail/{id}     the pages
"""

import base64
import json
import re
from collections.abc import Callable, Iterable
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import jinja2
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, ServiceUnavailable
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from integration.local.loopback import refuse_other_sites
from integration.local.mailbox import writing
from integration.local.mailbox.delivering import CHECKS, Delivery, NotDelivered
from integration.local.mailbox.provider import Provider, parse
from integration.local.mailbox.store import Mail, Store
from integration.model.address import sendable
from integration.model.mime import one_line

_ROUTES = Map(
    [
        Rule("/health", endpoint="health", methods=["GET"]),
        Rule("/accept", endpoint="accept", methods=["POST"]),
        Rule("/messages", endpoint="messages", methods=["GET"]),
        Rule("/messages/<message_id>", endpoint="message", methods=["GET"]),
        Rule("/messages/<message_id>/answer", endpoint="answer", methods=["POST"]),
        Rule("/messages/<message_id>/<any(bounce, complaint):kind>", endpoint="event", methods=["POST"]),
        Rule("/compose", endpoint="compose", methods=["GET", "POST"]),
        Rule("/ledger", endpoint="ledger", methods=["GET"]),
        Rule("/faults", endpoint="faults", methods=["GET", "POST"]),
        Rule("/replay", endpoint="replay", methods=["POST"]),
        Rule("/clock", endpoint="clock", methods=["POST"]),
        Rule("/", endpoint="inbox", methods=["GET"]),
        Rule("/mail/<message_id>", endpoint="mail", methods=["GET"]),
        Rule("/mail/<message_id>/body", endpoint="body", methods=["GET"]),
        Rule("/mailbox.css", endpoint="style", methods=["GET"]),
        Rule("/favicon.ico", endpoint="icon", methods=["GET"]),
    ]
)
_PAGE_SIZE = 50
_FOLDER = Path(__file__).parent / "pages"
_PAGES = jinja2.Environment(loader=jinja2.FileSystemLoader(_FOLDER), autoescape=True, undefined=jinja2.StrictUndefined)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
# Pictures may load, as in a real mail program: looking at a mail here is an open.
_BODY_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src *; style-src 'unsafe-inline'"
)


class Mailbox:
    """The WSGI application."""

    def __init__(self, store: Store, provider: Provider, delivery: Delivery | None = None) -> None:
        self._store, self._provider, self._delivery = store, provider, delivery or Delivery("", "")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = Request(environ)
        try:
            refuse_other_sites(request)
            endpoint, values = _ROUTES.bind_to_environ(environ).match()
            response = getattr(self, f"_{endpoint}")(request, **values)
        except HTTPException as refused:
            response = _json({"error": refused.description}, refused.code or 500)
        answered: Iterable[bytes] = response(environ, start_response)
        return answered

    def _health(self, request: Request) -> Response:
        return _json({"status": "ok", **self._store.counts()})

    def _accept(self, request: Request) -> Response:
        body = _body(request)
        try:
            [recipient] = body["destination"]
            raw = base64.b64decode(body["raw_base64"], validate=True)
            tags = {str(name): str(value) for name, value in body["tags"].items()}
            outcome = self._provider.accept(str(body["message_id"]), raw, str(body["source"]), str(recipient), tags)
        except (KeyError, ValueError, TypeError, AttributeError) as fault:
            raise BadRequest(
                "A mail needs message_id, source, destination (a list of one), raw_base64 and tags."
            ) from fault
        return _json({"outcome": outcome})

    def _messages(self, request: Request) -> Response:
        found = self._store.mails(
            recipient=request.args.get("to", ""),
            campaign=request.args.get("campaign", ""),
            limit=_number(request, "limit", _PAGE_SIZE, 10_000),
            offset=_number(request, "offset", 0, 10_000_000),
        )
        return _json([mail.listed() for mail in found])

    def _message(self, request: Request, message_id: str) -> Response:
        mail = self._found(message_id)
        events = [{"kind": notice.kind, "at": notice.at} for notice in self._store.notices(message_id)]
        return _json({**mail.listed(), **_opened(mail), "events": events})

    def _answer(self, request: Request, message_id: str) -> Response:
        given = request.form if request.form else _body(request)
        text, kind = str(given.get("text", "")), str(given.get("kind", "person"))
        if kind not in writing.KINDS:
            raise BadRequest(f"An answer is one of {', '.join(writing.KINDS)}, not {kind[:40]!r}.")
        if kind == "person" and not text.strip():
            raise BadRequest("An answer needs a text.")
        answer = self._provider.answer(self._found(message_id), text, kind)
        self._deliver(answer, "passed")
        if request.form:
            return _see(f"/mail/{message_id}")
        return _json(answer.listed(), 201)

    def _compose(self, request: Request) -> Response:
        names = ("from", "to", "subject", "text")
        given = request.form if request.method == "GET" or request.form else _body(request)
        fields = {name: str(given.get(name, request.args.get(name, ""))) for name in names}
        if request.method == "GET":
            return _page("compose.html", domain=self._delivery.domain, given=fields, fault="")
        check = str(given.get("check", "passed"))
        if check not in CHECKS:
            raise BadRequest(f"check is one of {', '.join(CHECKS)}, not {check[:40]!r}.")
        if fault := self._fault_of(fields):
            page = _page("compose.html", domain=self._delivery.domain, given=fields, fault=fault)
            page.status_code = 400
            return page
        upload = request.files.get("file")
        file = (upload.filename, upload.read()) if upload and upload.filename else None
        request.close()
        sender, to, subject = (one_line(fields[name]).strip() for name in names[:3])
        mail = self._provider.letter(sender, to, subject, fields["text"], file)
        self._deliver(mail, check)
        return _see(f"/mail/{mail.message_id}") if request.form else _json(mail.listed(), 201)

    def _fault_of(self, fields: dict[str, str]) -> str:
        for name in ("from", "to"):
            if not sendable(parseaddr(one_line(fields[name]))[1]):
                return f"“{fields[name][:80]}” under {name.capitalize()} is no address. Write it like ada@example.com."
        if not self._delivery.takes(parseaddr(one_line(fields["to"]))[1]):
            return (
                f"Mail to “{fields['to'][:80]}” does not come in here: write to an address of {self._delivery.domain}."
            )
        return ""

    def _deliver(self, mail: Mail, check: str) -> None:
        """Into the product, when the address is one of its own; other mail ends here."""
        if not self._delivery.takes(mail.recipient):
            return
        try:
            self._delivery.deliver(mail.message_id, mail.raw, mail.recipient, mail.sender, mail.at, check)
        except NotDelivered as fault:
            raise ServiceUnavailable(str(fault)) from fault

    def _event(self, request: Request, message_id: str, kind: str) -> Response:
        self._provider.tell(self._found(message_id), kind.capitalize())
        return _see(f"/mail/{message_id}") if request.form else _json({"told": kind}, 201)

    def _ledger(self, request: Request) -> Response:
        return _json(self._store.ledger(request.args.get("campaign", "")))

    def _faults(self, request: Request) -> Response:
        if request.method == "GET":
            return _json(self._provider.faults.as_json())
        try:
            return _json(self._provider.set_faults(_body(request)).as_json())
        except (ValueError, TypeError) as fault:
            raise BadRequest(str(fault)) from fault

    def _replay(self, request: Request) -> Response:
        return _json({"events": self._store.replay(str(_body(request).get("since", "")))})

    def _clock(self, request: Request) -> Response:
        offset = _body(request).get("offset_seconds")
        if not isinstance(offset, int | float):
            raise BadRequest("offset_seconds is a number of seconds.")
        self._provider.move_clock(float(offset))
        return _json({"offset_seconds": offset})

    def _inbox(self, request: Request) -> Response:
        page = _number(request, "page", 1, 1_000_000)
        recipient = request.args.get("to", "").strip()
        mails = self._store.mails(recipient=recipient, limit=_PAGE_SIZE + 1, offset=(page - 1) * _PAGE_SIZE)
        return _page(
            "inbox.html",
            mails=mails[:_PAGE_SIZE],
            more=len(mails) > _PAGE_SIZE,
            page=page,
            to=recipient,
            counts=self._store.counts(),
        )

    def _mail(self, request: Request, message_id: str) -> Response:
        mail = self._found(message_id)
        answers = [other for other in self._store.mails(recipient="", limit=500) if other.answer_to == message_id]
        headers = dict(_opened(mail)["headers"])
        answers_to = headers.get("Reply-To") or headers.get("From", "")
        return _page(
            "mail.html",
            mail=mail,
            answers_to=answers_to,
            comes_in=self._delivery.takes(parseaddr(answers_to)[1]),
            opened=_opened(mail),
            notices=self._store.notices(message_id),
            answers=[(answer, _opened(answer)["text"]) for answer in answers],
        )

    def _body(self, request: Request, message_id: str) -> Response:
        # As mail programs do, every link opens a window of its own: no page of the site lets itself be framed.
        html = _opened(self._found(message_id))["html"]
        head = _HEAD.search(html)
        at = head.end() if head else 0
        response = Response(f'{html[:at]}<base target="_blank">{html[at:]}', mimetype="text/html")
        response.headers["content-security-policy"] = _BODY_POLICY
        return response

    def _style(self, request: Request) -> Response:
        return Response((_FOLDER / "mailbox.css").read_text(), mimetype="text/css")

    def _icon(self, request: Request) -> Response:
        """There is none; browsers ask all the same."""
        return Response(status=204)

    def _found(self, message_id: str) -> Mail:
        mail = self._store.mail(message_id)
        if mail is None:
            raise NotFound(f"There is no mail {message_id!r} here.")
        return mail


def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError as fault:
        raise BadRequest("The body is not JSON.") from fault
    if not isinstance(body, dict):
        raise BadRequest("The body is not a JSON object.")
    return body


def _number(request: Request, name: str, default: int, most: int) -> int:
    text = request.args.get(name, str(default))
    if not text.isdecimal() or int(text) > most:
        raise BadRequest(f"{name} is a whole number up to {most}, not {text[:40]!r}.")
    return int(text)


def _opened(mail: Mail) -> dict[str, Any]:
    """Header lines, text and HTML of a mail."""
    parsed = parse(mail.raw)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    return {
        "headers": [[name, str(value)] for name, value in parsed.items()],
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
    }


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, mimetype="application/json")


def _page(name: str, **values: Any) -> Response:
    response = Response(_PAGES.get_template(name).render(values), mimetype="text/html")
    response.headers["content-security-policy"] = "default-src 'self'; frame-ancestors 'self'"
    return response


def _see(path: str) -> Response:
    return Response(status=303, headers={"location": path})
