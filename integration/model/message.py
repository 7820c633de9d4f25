"""A message compiled once for a campaign step, and the mail to one person made from it.

A body is a row of pieces: literals that are already in wire form, slots that take one value, and blocks (conditions
and loops) that are rendered for each person. A message without blocks needs one join per mail.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import Any

from integration.model.mime import CRLF, date_text, escaped, header_text, one_line, quoted, quoted_token
from integration.model.reply_address import LOCAL
from integration.model.tongue import spoken

MAIL_TOKEN = "_mail"  # noqa: S105  (a slot's name)
PREFERENCES_TOKEN = "_preferences"  # noqa: S105
REPLY_TOKEN = "_reply"  # noqa: S105
CONFIRM_URL = "confirm_url"
NOTICE_HTML, NOTICE_TEXT = "_notice_html", "_notice_text"
"""What people are told at first contact; written and escaped by the service, empty for everybody else."""
JOBS_HTML, JOBS_TEXT = "_jobs_html", "_jobs_text"
"""The jobs of a person's alerts; written and escaped by the service."""
URL_SLOTS = frozenset({MAIL_TOKEN, PREFERENCES_TOKEN, CONFIRM_URL})
"""Slots the service fills with tokens and addresses of its own: they go into links, so they are not escaped."""

_OWN_WORDS = frozenset({NOTICE_HTML, NOTICE_TEXT, JOBS_HTML, JOBS_TEXT})

Render = Callable[[str, bool, Mapping[str, str]], str]
"""(block source, whether to escape, values) -> text. The template engine, which this module must not import."""


@dataclass(frozen=True)
class Slot:
    """A value of the person, or the default when it is empty."""

    name: str
    default: str = ""

    def value(self, values: Mapping[str, str]) -> str:
        return values.get(self.name, "") or self.default


@dataclass(frozen=True)
class Block:
    """A piece of template source with a condition or a loop."""

    source: str


Piece = str | Slot | Block
"""A literal is in wire form in bodies, and plain in the subject."""


@dataclass(frozen=True)
class Link:
    """One tracked address of a step; its number is made from the target, so it outlives new versions."""

    number: str
    target: str


@dataclass(frozen=True)
class Message:
    """What is stored in S3 and never changed: to send it needs no template, no record and no key of links."""

    campaign: str
    step: str
    version: str
    sender: str
    """The address of the envelope."""
    headers: str
    """Those that are the same for everybody, in wire form."""
    unsubscribe_base: str
    """Before the mail token, in the List-Unsubscribe header."""
    subject: tuple[Piece, ...]
    text: tuple[Piece, ...]
    html: tuple[Piece, ...]
    links: tuple[Link, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    """Words of the campaign that a block asks for."""
    reply_to: str = ""
    """Where answers go, in wire form and without the token: `"Kestrel" <reply+@in.example>`; empty: to the sender."""
    reply_mark: str = ""
    """The message's short name in the tokens of such addresses."""
    answers_to: str = ""
    """Whose mails they are, when that address may not send itself; empty: the candidate's owner, or the sender."""
    kind: str = "campaign"
    """`transactional`: no unsubscribe header, and sent to people who have not confirmed."""
    language: str = "en"
    topic: str = ""
    """What it is about, a word of consents: only people who want that get it. Blank: it is nobody's to stop."""
    calendar: str = ""
    """The file of the event it invites to, in wire form."""
    calendar_method: str = "PUBLISH"
    """`CANCEL` when the file takes the event out of calendars."""
    translations: tuple["Message", ...] = ()
    """The same mail in other languages; `links` holds the links of all."""

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "Message":
        return _read(json.loads(data))

    @property
    def has_blocks(self) -> bool:
        return any(isinstance(piece, Block) for piece in (*self.subject, *self.text, *self.html))


def _read(stored: Mapping[str, Any]) -> Message:
    parts = {part: tuple(_piece(piece) for piece in stored[part]) for part in ("subject", "text", "html")}
    links = tuple(Link(**link) for link in stored["links"])
    return Message(
        **{**stored, **parts, "links": links, "translations": tuple(map(_read, stored.get("translations", ())))}
    )


def _piece(stored: str | dict[str, str]) -> Piece:
    if isinstance(stored, str):
        return stored
    return Block(stored["source"]) if "source" in stored else Slot(**stored)


def link_number(target: str) -> str:
    """The same for the same address in every version of every step."""
    return sha256(target.encode()).hexdigest()[:10]


class Writer:
    """Makes the mails of one message: everything that is the same for all is done once, here."""

    def __init__(self, message: Message, render: Render) -> None:
        self.message = message
        self._render = render
        boundary = f"=_wb_{sha256((message.campaign + message.step + message.version).encode()).hexdigest()[:24]}"
        alternative = f'Content-Type: multipart/alternative;{CRLF} boundary="{boundary}"{CRLF}'
        self._head = f"MIME-Version: 1.0{CRLF}{message.headers}{_mixed(boundary) if message.calendar else alternative}"
        self._reply_before, _, self._reply_after = message.reply_to.partition(LOCAL)
        self._reply_domain = self._reply_after.rstrip(">")
        transfer = f"Content-Transfer-Encoding: quoted-printable{CRLF}{CRLF}"
        around = f"{CRLF}--{boundary}m{CRLF}{alternative}" if message.calendar else ""
        plain = f"{CRLF}--{boundary}{CRLF}Content-Type: text/plain; charset=utf-8{CRLF}{transfer}"
        self._opening = f"{around}{plain}".encode()
        self._between = f"{CRLF}--{boundary}{CRLF}Content-Type: text/html; charset=utf-8{CRLF}{transfer}".encode()
        after = _attached(boundary, message.calendar, message.calendar_method) if message.calendar else ""
        self._closing = f"{CRLF}--{boundary}--{CRLF}{after}".encode()
        self._text, self._text_fills = _prepared(message.text)
        self._html, self._html_fills = _prepared(message.html)

    @cached_property
    def names(self) -> frozenset[str]:
        """The slots this message asks for; of blocks only those that hold addresses."""
        pieces = (*self.message.subject, *self.message.text, *self.message.html)
        slots = {piece.name for piece in pieces if isinstance(piece, Slot)}
        sources = " ".join(piece.source for piece in pieces if isinstance(piece, Block))
        return frozenset(slots | {name for name in URL_SLOTS if name in sources})

    @cached_property
    def _others(self) -> dict[str, "Writer"]:
        return {one.language: Writer(one, self._render) for one in self.message.translations}

    def speaking(self, wanted: str) -> "Writer":
        """The mail in the language nearest to a person's, kept like this one."""
        if not self.message.translations:
            return self
        chosen = spoken(wanted, self.message.language, [one.language for one in self.message.translations])
        return self._others.get(chosen, self)

    def write(self, recipient: str, values: Mapping[str, str], at: datetime) -> bytes:
        """One whole mail. `values` holds every slot, the mail token among them; `recipient` is a sendable address."""
        text, html = self._text.copy(), self._html.copy()
        self._fill(text, self._text_fills, values, escape=False)
        self._fill(html, self._html_fills, values, escape=True)
        parts = (self._heading(recipient, values, at), self._opening, *text, self._between, *html, self._closing)
        return b"".join(parts)

    def subject(self, values: Mapping[str, str]) -> str:
        """The subject line as the person reads it."""
        return one_line("".join(self._plain(piece, values) for piece in self.message.subject)).strip()

    def _heading(self, recipient: str, values: Mapping[str, str], at: datetime) -> bytes:
        lines = f"{self._head}To: {recipient}{CRLF}{header_text('Subject', self.subject(values))}{CRLF}"
        lines += f"Date: {date_text(at)}{CRLF}"
        reply, by_mail = values.get(REPLY_TOKEN, "") if self._reply_after else "", ""
        if reply:
            # The provider writes a Message-ID of its own; programs that answer keep what References said before.
            lines += (
                f"Reply-To: {self._reply_before}{LOCAL}{reply}{self._reply_after}{CRLF}"
                f"References:{CRLF} <{reply}{self._reply_domain}>{CRLF}"
            )
            by_mail = f",{CRLF} <mailto:{LOCAL}{reply}{self._reply_domain}?subject=unsubscribe>"
        if self.message.unsubscribe_base:
            lines += (
                f"List-Unsubscribe: <{self.message.unsubscribe_base}{values[MAIL_TOKEN]}>{by_mail}{CRLF}"
                f"List-Unsubscribe-Post: List-Unsubscribe=One-Click{CRLF}"
            )
        return lines.encode()

    def _plain(self, piece: Piece, values: Mapping[str, str]) -> str:
        if isinstance(piece, str):
            return piece
        return piece.value(values) if isinstance(piece, Slot) else self._block(piece, False, values)

    def _block(self, piece: Block, escape: bool, values: Mapping[str, str]) -> str:
        return self._render(piece.source, escape, {**self.message.constants, **values})

    def _fill(
        self, parts: list[bytes], fills: Sequence[tuple[int, Slot | Block]], values: Mapping[str, str], *, escape: bool
    ) -> None:
        for place, piece in fills:
            if isinstance(piece, Block):
                parts[place] = quoted(self._block(piece, escape, values))
            elif piece.name in URL_SLOTS:
                parts[place] = _token(values.get(piece.name, ""))
            elif piece.name in _OWN_WORDS:
                parts[place] = quoted(values.get(piece.name, ""))
            else:
                parts[place] = _value(piece.value(values), escape)


def _mixed(boundary: str) -> str:
    return f'Content-Type: multipart/mixed;{CRLF} boundary="{boundary}m"{CRLF}'


def _attached(boundary: str, calendar: str, method: str) -> str:
    """The calendar file after the parts that are read."""
    lines = (
        f"{CRLF}--{boundary}m",
        f'Content-Type: text/calendar; charset=utf-8; method={method}; name="event.ics"',
        'Content-Disposition: attachment; filename="event.ics"',
        f"Content-Transfer-Encoding: base64{CRLF}",
        f"{calendar}--{boundary}m--{CRLF}",
    )
    return CRLF.join(lines)


def _prepared(pieces: Sequence[Piece]) -> tuple[list[bytes], list[tuple[int, Slot | Block]]]:
    parts = [piece.encode() if isinstance(piece, str) else b"" for piece in pieces]
    return parts, [(place, piece) for place, piece in enumerate(pieces) if not isinstance(piece, str)]


@lru_cache(maxsize=4_096)
def _value(value: str, escape: bool) -> bytes:
    """Names repeat, within one mail and between mails."""
    return quoted(escaped(one_line(value)) if escape else one_line(value))


@lru_cache(maxsize=64)
def _token(token: str) -> bytes:
    """One person's token stands in every link of the mail."""
    return quoted_token(token)
