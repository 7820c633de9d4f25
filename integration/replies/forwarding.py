"""Sends an answer on to a colleague, as a mail of our own: nothing of the stranger's headers is taken over.

The colleague's answer goes to the person directly. Machines that answer are told not to.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import quote

from integration import log
from integration.errors import TryAgain
from integration.model.address import is_allowed, sendable
from integration.model.incoming import Attachment, Incoming
from integration.model.mime import CRLF, date_text, header_text, mailbox, one_line
from integration.ports import MailInDoubt, MailRefused, MailSendingPaused, MailThrottled

if TYPE_CHECKING:
    from integration.app import App

OWN_MARK = "x-warmbench-forwarded"
_KIND = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
_SHOWN_INLINE = ("text/", "message/", "multipart/", "image/svg")
"""What programs show or run rather than save: sent on as plain bytes."""


def forward(app: App, mail: Incoming, cause: str, *, sender: str, to: str, candidate_id: str) -> bool:
    """Key: the cause. One attempt: when there is no answer it is not sent again, the task shows the text anyway."""
    address = sendable(to)
    if not address or not is_allowed(address, app.config.mail_allow_list):
        log.event("answer.not_forwarded", reason="no address that this stage may mail")
        return False
    claim = {"pk": f"forward#{cause}", "sk": "claim"}
    ttl = int(app.clock.now().timestamp()) + 60 * 86_400
    if not app.claims.put({**claim, "ttl": ttl}, unless_exists=True):
        return False
    raw = composed(mail, cause, sender=sender, to=address, candidate_id=candidate_id, at=app.clock.now())
    try:
        app.mailer.send(raw, sender=sender, recipient=address, tags={"forward": cause})
    except MailThrottled as refusal:
        app.claims.delete(claim["pk"], claim["sk"])
        raise TryAgain(f"the answer could not be forwarded: {refusal}") from refusal
    except (MailRefused, MailSendingPaused, MailInDoubt) as refusal:
        log.event("answer.not_forwarded", reason=type(refusal).__name__)
        return False
    return True


def composed(mail: Incoming, cause: str, *, sender: str, to: str, candidate_id: str, at: datetime) -> bytes:
    """The whole mail; every value of the stranger's is cleaned, encoded or both."""
    who = one_line(mail.sender_name).strip()[:60] or mail.sender
    boundary = f"=_wb_{sha256(cause.encode()).hexdigest()[:24]}"
    head = [
        "MIME-Version: 1.0",
        f"From: {mailbox(f'{who} (answer)', sender)}",
        f"To: {to}",
        *([f"Reply-To: {mailbox(one_line(mail.sender_name)[:60], mail.sender)}"] if mail.sender else []),
        header_text("Subject", mail.subject[:200] or "(no subject)"),
        f"Date: {date_text(at)}",
        "Auto-Submitted: auto-forwarded",
        "X-Auto-Response-Suppress: All",
        f"{OWN_MARK.title()}: {cause}",
        f'Content-Type: multipart/mixed;{CRLF} boundary="{boundary}"',
    ]
    parts = [_part("text/plain; charset=utf-8", _body(mail, candidate_id).encode("utf-8", "replace"))]
    parts += [_file(each) for each in mail.attachments]
    lines = [*head, "", *(f"--{boundary}{CRLF}{part}" for part in parts), f"--{boundary}--", ""]
    return CRLF.join(lines).encode()


def _body(mail: Incoming, candidate_id: str) -> str:
    notes = [f"Answer of {mail.sender or 'somebody without an address'} to a campaign."]
    notes += [f"The candidate in Salesforce: /lightning/r/Candidate__c/{candidate_id}/view"]
    notes += [f"Left out: {each}" for each in mail.left_out]
    return "\n".join([*notes, "", mail.text])


def _part(kind: str, data: bytes, *more: str) -> str:
    encoded = CRLF.join(_lines(base64.b64encode(data).decode()))
    return CRLF.join([f"Content-Type: {kind}", "Content-Transfer-Encoding: base64", *more, "", encoded])


def _lines(text: str) -> Iterator[str]:
    for start in range(0, len(text), 76):
        yield text[start : start + 76]


def _file(attachment: Attachment) -> str:
    kind = attachment.content_type if _KIND.fullmatch(attachment.content_type) else "application/octet-stream"
    if kind.startswith(_SHOWN_INLINE):
        kind = "application/octet-stream"
    name = quote(attachment.name.encode("utf-8", "replace"), safe="")
    return _part(kind, attachment.data, f"Content-Disposition: attachment;{CRLF} filename*=utf-8''{name}")
