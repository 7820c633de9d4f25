"""Puts the résumé that came with a form beside the candidate, and its words where searches look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.model import resume_file
from integration.model.incoming import Attachment
from integration.model.registration import Registration
from integration.records import Candidate
from integration.replies import resumes

if TYPE_CHECKING:
    from integration.app import App

LONGEST_TEXT = 100_000


def attach_resume(app: App, candidate_id: str, sent: Registration) -> None:
    """Key: the registration; the file that waited goes when it is attached, so it is attached once."""
    if sent.resume not in resume_file.KINDS:
        return
    data = app.data.read(resume_file.key(sent.id))
    if data is None:
        return
    name = f"resume.{sent.resume}"
    if text := resumes.first_read([Attachment(name, resume_file.TYPES[sent.resume], data)]).get("Resume text", ""):
        app.salesforce.update(Candidate.API_NAME, candidate_id, {Candidate.RESUME_TEXT: text[:LONGEST_TEXT]})
    app.salesforce.attach_file(candidate_id, name, data)
    app.data.delete([resume_file.key(sent.id)])
    log.event("resume.attached", id=sent.id, candidate=candidate_id)
