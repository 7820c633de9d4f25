"""Reads the bytes of a mail as far as they can be read: within limits, and never by trusting what they say.

The standard library's parser takes nearly anything. What would make it slow, such as a header of a megabyte or parts
within parts within parts, is cut or refused before it begins.
"""

import email.policy
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

from integration.model.address import normalised, sendable
from integration.model.incoming import Attachment, Incoming, Report
from integration.model.mime import one_line
from integration.model.quoting import own_text
from integration.replies.pages import text_of_html

MOST_BYTES = 25 * 1024 * 1024
MOST_CONTAINERS = 60
"""Parts that hold parts; the depth can be no more."""
MOST_PARTS = 200
MOST_ATTACHMENTS = 10
MOST_ATTACHED = 7 * 1024 * 1024
"""In all: what can be forwarded again, grown by a third as it is on the wire."""
LONGEST_HEADER = 4_000
LONGEST_TEXT = 100_000
_LONGEST_HTML = 400_000
_LONGEST_NAME = 120
_REPORTS = frozenset({"delivery-status", "feedback-report", "disposition-notification"})
_RECIPIENT_HEADERS = ("to", "cc", "delivered-to", "x-original-to", "x-forwarded-to")


class Unreadable(Exception):
    """Nothing can be made of it; the message says why, without quoting it."""


class _Short(email.policy.Compat32):
    """Cuts every header, also those of parts, before anything looks into it."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse([line[:LONGEST_HEADER] for line in sourcelines[:100]])
        return name[:200], value[:LONGEST_HEADER]


_PARSER = BytesParser(policy=_Short())


def opened(raw: bytes, envelope: tuple[str, ...] = ()) -> Incoming:
    """The mail in our words; `envelope` are the addresses it was really delivered to. Raises Unreadable."""
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"it has {len(raw) // 1024:,} KB; at most {MOST_BYTES // 1024:,} are read")
    if raw.lower().count(b"boundary=") > MOST_CONTAINERS:
        raise Unreadable(f"it has more than {MOST_CONTAINERS} parts that hold parts")
    try:
        return _read(_PARSER.parsebytes(raw), envelope, with_forwarded=True)
    except (MessageError, RecursionError, ValueError, LookupError, AssertionError) as fault:
        raise Unreadable(f"the parser gave up ({type(fault).__name__})") from fault


def _read(message: Message, envelope: tuple[str, ...], *, with_forwarded: bool) -> Incoming:
    headers = _headers(message)
    parts = _Parts(message)
    text = parts.text()
    [(name, sender), *_] = _addresses(headers.get("from", "")) or [("", "")]
    named = [address for header in _RECIPIENT_HEADERS for _, address in _addresses(headers.get(header, ""))]
    return Incoming(
        message_id=headers.get("message-id", "").strip()[:300],
        sender=sender,
        sender_name=name,
        recipients=tuple(dict.fromkeys(normalised(address) for address in (*envelope, *named))),
        subject=headers.get("subject", "").strip()[:500],
        at=_date(headers.get("date", "")),
        headers=headers,
        text=text,
        own_text=own_text(text),
        attachments=tuple(parts.attachments),
        forwarded=_read(parts.forwarded, (), with_forwarded=False) if parts.forwarded and with_forwarded else None,
        report=parts.report,
        left_out=tuple(parts.left_out),
    )


class _Parts:
    """One walk over the parts: texts, files, reports and attached mails."""

    def __init__(self, message: Message) -> None:
        self.attachments: list[Attachment] = []
        self.left_out: list[str] = []
        self.forwarded: Message | None = None
        self.report: Report | None = None
        self._plain: list[str] = []
        self._html: list[str] = []
        self._attached = 0
        self._report_fields: list[tuple[str, dict[str, str]]] = []
        self._original = ""
        for number, part in enumerate(_walk(message)):
            if number >= MOST_PARTS:
                self.left_out.append(f"everything after the first {MOST_PARTS} parts")
                break
            self._take(part)
        for kind, fields in self._report_fields[:1]:
            self.report = Report(kind, fields, self._original)

    def text(self) -> str:
        plain = "\n".join(self._plain).strip()
        return (plain or "\n".join(text_of_html(page) for page in self._html).strip())[:LONGEST_TEXT]

    def _take(self, part: Message) -> None:
        kind = part.get_content_type()
        main, _, sub = kind.partition("/")
        if main == "message":
            self._take_message(part, sub)
        elif kind == "text/rfc822-headers":
            self._original = self._original or _text(part)[:20_000]
        elif main == "text" and sub in {"plain", "html"} and not _is_file(part):
            (self._plain if sub == "plain" else self._html).append(_text(part)[:_LONGEST_HTML])
        elif main != "multipart":
            self._attach(part, kind)

    def _take_message(self, part: Message, sub: str) -> None:
        inside = _inside(part)
        if sub in _REPORTS:
            fields: dict[str, str] = {}
            for block in inside or [part]:
                found = _headers(block)
                # Of several recipients the first that failed is told; the block without an action is about all.
                if "action" not in fields or ("fail" not in fields["action"].lower() and "action" in found):
                    fields |= found
            if not inside:
                fields |= _headers(_PARSER.parsebytes(_bytes(part)))
            self._report_fields.append((sub, fields))
        elif sub == "rfc822" and inside:
            self._original = self._original or "\n".join(
                f"{name}: {value}" for name, value in _headers(inside[0]).items()
            )
            self.forwarded = self.forwarded or inside[0]

    def _attach(self, part: Message, kind: str) -> None:
        data = _bytes(part)
        name = _file_name(part, kind)
        if len(self.attachments) >= MOST_ATTACHMENTS or self._attached + len(data) > MOST_ATTACHED:
            self.left_out.append(f"the file {name} ({len(data) // 1024:,} KB)")
        elif data:
            self._attached += len(data)
            self.attachments.append(Attachment(name, kind, data))


def _walk(message: Message) -> Iterator[Message]:
    """Every part of the mail itself: parts of an attached mail belong to that one."""
    waiting = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.get_content_maintype() == "multipart":
            waiting = _inside(part) + waiting


def _inside(part: Message) -> list[Message]:
    inner: Any = part.get_payload() if part.is_multipart() else []
    return [each for each in inner if isinstance(each, Message)]


def _headers(message: Message) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in list(message.raw_items())[:300]:
        key, text = str(name).lower().strip(), _decoded(str(value))
        headers[key] = f"{headers[key]}\n{text}"[:LONGEST_HEADER] if key in headers else text
    return headers


def _decoded(value: str) -> str:
    """A header as people read it, in one line; what cannot be decoded stays as it came."""
    unfolded = re.sub(r"\r?\n[ \t]*", " ", value[:LONGEST_HEADER])
    try:
        pieces = decode_header(unfolded) if "=?" in unfolded else [(unfolded, None)]
        text = "".join(
            piece if isinstance(piece, str) else _in_charset(piece, charset or "utf-8") for piece, charset in pieces
        )
    except (ValueError, LookupError, MessageError):
        text = unfolded
    return one_line(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _addresses(value: str) -> list[tuple[str, str]]:
    """(name, address) of those that mail can be sent to."""
    found = getaddresses([value[:LONGEST_HEADER]])[:100]
    return [(one_line(name).strip()[:200], good) for name, address in found if (good := sendable(address))]


def _date(value: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(value[:100])
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_file(part: Message) -> bool:
    return "attachment" in str(part.get("content-disposition", ""))[:40].lower()


def _bytes(part: Message) -> bytes:
    """The decoded body; where the library stumbles over what the part says of itself, the body as it came."""
    try:
        payload: Any = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError):
        payload = str(part._payload).encode("utf-8", "surrogateescape")  # type: ignore[attr-defined]
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    return _in_charset(_bytes(part), str(part.get_param("charset") or "utf-8")).replace("\0", "")


def _in_charset(data: bytes, charset: str) -> str:
    """As declared, else as UTF-8, else as the code page most programs mean by anything else."""
    for name in (charset.strip("'\" ").lower(), "utf-8", "cp1252"):
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError, TypeError):
            continue
    return data.decode("cp1252", "replace")


def _file_name(part: Message, kind: str) -> str:
    try:
        given = part.get_filename("") or ""
    except (ValueError, LookupError, TypeError):
        given = ""
    plain = _decoded(given).replace("\\", "/").rpartition("/")[2].strip(" .")
    return plain[:_LONGEST_NAME] or f"file.{re.sub('[^a-z0-9]', '', kind.partition('/')[2])[:10] or 'bin'}"
