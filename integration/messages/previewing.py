"""A template on its own, before any campaign uses it: what is wrong with it, and how it looks."""

import email
import email.policy
from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration import soql
from integration.errors import Rejected
from integration.messages import engine
from integration.messages.blocks import MOST_JOBS
from integration.messages.findings import Finding, in_words
from integration.messages.making import BRAND_FIELDS, Draft, make
from integration.messages.proofs import Proof, as_page, branches, personas
from integration.model.link import Purpose
from integration.model.message import MAIL_TOKEN, PREFERENCES_TOKEN, Message, Writer
from integration.model.vocabulary import TemplateStatus
from integration.ports import Record
from integration.records import Brand, MessageTemplate

if TYPE_CHECKING:
    from integration.app import App

PREVIEW = "preview"
"""The campaign of previews: their links open nothing that is counted."""
_FIELDS = (MessageTemplate.SUBJECT, MessageTemplate.BODY, MessageTemplate.TEXT, MessageTemplate.LANGUAGE)


def check(app: "App", template_id: str) -> str:
    """Compiles the template and lists all that has to be put right; raises Rejected when there is something."""
    message, findings = _compiled(app, template_id)
    values = {
        MessageTemplate.STATUS: TemplateStatus.CHECKED if message else TemplateStatus.FAILED,
        MessageTemplate.FINDINGS: in_words(findings) or None,
    }
    app.salesforce.update(MessageTemplate.API_NAME, template_id, values)
    if message is None:
        raise Rejected(f"Put this right and check again:\n{in_words(findings)}")
    return f"The check found nothing wrong.\n{in_words(findings)}".strip()


def preview(app: "App", template_id: str) -> str:
    """Writes the mail to made-up people, every branch of it, and attaches them to the record as a page to look at."""
    message, findings = _compiled(app, template_id)
    if message is None:
        raise Rejected(f"There is nothing to look at yet:\n{in_words(findings)}")
    people = (*personas().items(), *branches(message))
    proofs = [proof(to, written(app, message, "alex@example.com", values)) for to, values in people]
    version = app.salesforce.attach_file(template_id, "Preview.html", as_page(proofs).encode())
    values = {
        MessageTemplate.PREVIEW_URL: f"/sfc/servlet.shepherd/version/download/{version}",
        MessageTemplate.FINDINGS: in_words(findings) or None,
    }
    app.salesforce.update(MessageTemplate.API_NAME, template_id, values)
    return f"Preview made. Subject: {proofs[0].subject}"


def written(app: "App", message: Message, address: str, values: Mapping[str, str]) -> bytes:
    """The mail by the same Writer that writes the real ones; its tokens open nothing."""
    token = app.links.sign(Purpose.PREVIEW, {})
    tokens = {MAIL_TOKEN: token, PREFERENCES_TOKEN: token}
    return Writer(message, engine.render).write(address, {**values, **tokens}, app.clock.now())


def proof(to: str, raw: bytes) -> Proof:
    """What the person of a written mail reads."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    html, text = (part.get_content() if (part := mail.get_body((kind,))) else "" for kind in ("html", "plain"))
    return Proof(to, str(mail["Subject"]), html, text)


def _compiled(app: "App", template_id: str) -> tuple[Message | None, list[Finding]]:
    row = app.salesforce.get(MessageTemplate.API_NAME, template_id, _FIELDS)
    brand = _first_brand(app)
    if brand is None:
        return None, [Finding("Brand", 0, "there is none, so mail has no sender. Create one.")]
    words = {"job_title": "Job title", "department": "Department", "campaign_name": "Campaign"}
    return make(
        app,
        Draft(
            campaign=PREVIEW,
            step=template_id,
            version="1",
            subject=str(row[MessageTemplate.SUBJECT] or ""),
            body=str(row[MessageTemplate.BODY] or ""),
            text=str(row[MessageTemplate.TEXT] or ""),
            brand=brand,
            language=str(row[MessageTemplate.LANGUAGE] or "en"),
            constants={**words, "job_url": f"{app.config.public_base_url}/"},
            jobs=[
                {"title": f"Open job {number}", "place": "Cork", "url": f"{app.config.public_base_url}/"}
                for number in range(1, MOST_JOBS + 1)
            ],
        ),
    )


def _first_brand(app: "App") -> Record | None:
    rows = app.salesforce.query(soql.select(Brand.API_NAME, BRAND_FIELDS, order_by=[Brand.CREATED_AT], limit=1))
    return rows[0] if rows else None
