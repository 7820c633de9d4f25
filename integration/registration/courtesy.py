"""Mails that manners ask for: what happens next, and that a job is closed. They sell nothing, so they need no consent
to marketing, and no cap counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model import link
from integration.model.link import Purpose
from integration.model.registration import Registration
from integration.model.stage import in_words
from integration.records import Application, Candidate, JobPosting, JobRequisition, parent
from integration.registration.writing import Known
from integration.sending import queue_transactional
from integration.soql import both, compare, equals, select

if TYPE_CHECKING:
    from integration.app import App


def thank(app: App, kind: str, candidate: Known, sent: Registration, *, brand: str = "", requisition: str = "") -> None:
    """Key: the registration. `registered` or `applied`: what happens next, and the way to the person's own page."""
    token = app.links.sign(Purpose.PREFERENCES, {link.CANDIDATE: candidate.key, link.LANGUAGE: sent.locale[:2]})
    slots = {
        "confirm_url": f"{app.config.public_base_url}/preferences/{token}/data",
        "first_name": sent.fields.get("first_name", ""),
        "desired_role": _title(app, requisition) if requisition else "",
    }
    recipient = {"key": candidate.key, "id": candidate.id, "email": sent.fields.get("email", "") or candidate.email}
    _send(app, kind, recipient, slots, sent.id, brand=brand, language=sent.locale[:2])


def tell_closed(app: App, requisition_id: str, template: str) -> int:
    """Key: the requisition and the candidate. The recruiter's words to everybody still open; how many were told."""
    title = parent(Application.REQUISITION, JobRequisition.TITLE)
    person = {name: parent(Application.CANDIDATE, name) for name in _PERSON}
    fields = [Application.ID, Application.CANDIDATE, Application.STAGE, title, *person.values()]
    rows = app.salesforce.query(
        select(Application.API_NAME, fields, where=equals(Application.REQUISITION, requisition_id))
    )
    address = f"{app.config.public_base_url}/{_page_of_job(app, requisition_id)}"
    told = 0
    for row in rows:
        email = str(row[person[Candidate.EMAIL]] or "")
        if not email or not in_words(str(row[Application.STAGE] or "")).is_open:
            continue
        first_name, job = (str(row[name] or "") for name in (person[Candidate.FIRST_NAME], title))
        key = str(row[person[Candidate.CANDIDATE_KEY]])
        recipient = {"key": key, "id": str(row[Application.CANDIDATE]), "email": email}
        slots = {"confirm_url": address, "first_name": first_name, "desired_role": job}
        language = str(row[person[Candidate.LANGUAGE]] or "en")
        told += _send(
            app, "closed", recipient, slots, f"{row[Application.ID]}-closed", language=language, template=template
        )
    return told


_PERSON = (Candidate.CANDIDATE_KEY, Candidate.EMAIL, Candidate.FIRST_NAME, Candidate.LANGUAGE)


def _send(
    app: App,
    kind: str,
    recipient: dict[str, str],
    slots: dict[str, str],
    cause: str,
    *,
    brand: str = "",
    language: str = "en",
    template: str = "",
) -> bool:
    """A courtesy that cannot be made holds nothing up."""
    try:
        return queue_transactional(
            app, kind, recipient, slots, cause, brand=brand, language=language, template=template
        )
    except Rejected as rejected:
        log.event("courtesy.unsent", kind=kind, cause=cause, reason=rejected.message)
        return False


def _title(app: App, requisition: str) -> str:
    where = equals(JobRequisition.ID, requisition)
    rows = app.salesforce.query(select(JobRequisition.API_NAME, [JobRequisition.TITLE], where=where, limit=1))
    return str(rows[0][JobRequisition.TITLE] or "") if rows else ""


def _page_of_job(app: App, requisition_id: str) -> str:
    """The closed job's own page shows similar ones; without a posting the front page does."""
    where = both(equals(JobPosting.REQUISITION, requisition_id), compare(JobPosting.REFERENCE, "!=", None))
    rows = app.salesforce.query(select(JobPosting.API_NAME, [JobPosting.REFERENCE], where=where, limit=1))
    return f"jobs/{rows[0][JobPosting.REFERENCE]}" if rows else "jobs"
