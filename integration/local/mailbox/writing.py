"""Mails as people, their programs and their servers write them: answers, absences, bounces and letters."""

import email.policy
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from integration.local.mailbox.store import Mail

KINDS = ("person", "away", "bounce")
AWAY_DAYS = 7


def answer(mail: Mail, original: EmailMessage, text: str, kind: str, at: datetime) -> EmailMessage:
    """What comes back for a mail. To where its Reply-To says, as every program does."""
    if kind == "bounce":
        return _bounce(mail, original, text, at)
    message = _begun(mail.recipient, str(original["reply-to"] or original["from"]), at)
    subject = mail.subject.removeprefix("Re: ")
    own_id = str(original["message-id"] or f"<{mail.message_id}@email.amazonses.com>")
    message["In-Reply-To"] = own_id
    message["References"] = " ".join(part for part in (str(original["references"] or "").strip(), own_id) if part)
    if kind == "away":
        back = (at + timedelta(days=AWAY_DAYS)).date().isoformat()
        message["Subject"] = f"Automatic reply: {subject}"
        message["Auto-Submitted"] = "auto-replied"
        message.set_content(text or f"I am out of the office until {back}.")
        return message
    message["Subject"] = f"Re: {subject}"
    message.set_content(f"{text}\n\nOn {mail.at[:16].replace('T', ' ')}, {mail.sender} wrote:\n\n{_quoted(original)}\n")
    return message


def letter(sender: str, to: str, subject: str, text: str, at: datetime, file: tuple[str, bytes] | None) -> EmailMessage:
    """A mail of its own, with at most one file."""
    message = _begun(sender, to, at)
    message["Subject"] = subject
    message.set_content(text)
    if file:
        name, data = file
        kind = "pdf" if data.startswith(b"%PDF") else "octet-stream"
        message.add_attachment(data, maintype="application", subtype=kind, filename=name)
    return message


def _begun(sender: str, to: str, at: datetime) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"] = sender, to
    message["Date"] = format_datetime(at)
    message["Message-ID"] = make_msgid(domain="mailbox.example")
    return message


def _quoted(original: EmailMessage) -> str:
    part = original.get_body(("plain",))
    text = part.get_content() if part else ""
    return "\n".join(f"> {line}" for line in text.splitlines()[:200])


def _bounce(mail: Mail, original: EmailMessage, text: str, at: datetime) -> EmailMessage:
    """As Postfix writes it: three parts, the original's header lines among them."""
    host = mail.recipient.rpartition("@")[2]
    to = str(original["reply-to"] or original["from"])
    message = _begun(f"Mail Delivery System <MAILER-DAEMON@{host}>", to, at)
    message["Subject"] = "Undelivered Mail Returned to Sender"
    message["Auto-Submitted"] = "auto-replied"
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    words = EmailMessage(policy=email.policy.SMTP)
    words.set_content(text or "The address does not exist.")
    status = EmailMessage(policy=email.policy.SMTP)
    status["Content-Type"] = "message/delivery-status"
    about, person = EmailMessage(policy=email.policy.SMTP), EmailMessage(policy=email.policy.SMTP)
    about["Reporting-MTA"] = f"dns; mx.{host}"
    for name, value in (
        ("Final-Recipient", f"rfc822; {mail.recipient}"),
        ("Action", "failed"),
        ("Status", "5.1.1"),
        ("Diagnostic-Code", "smtp; 550 5.1.1 no such user"),
    ):
        person[name] = value
    status.set_payload([about, person])
    headers = EmailMessage(policy=email.policy.SMTP)
    headers.set_content("\n".join(f"{name}: {value}" for name, value in original.items()), subtype="rfc822-headers")
    message.set_payload([words, status, headers])
    return message
