"""`<job>+<source>@…`: a mail that is an application. The job is named by a posting's or a requisition's reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.model.address import fingerprint
from integration.model.answers import judge
from integration.model.delivered import Delivered
from integration.model.identity import candidate_key
from integration.model.incoming import Incoming, Kind
from integration.model.registration import Kind as Sent
from integration.model.registration import Registration, Source
from integration.model.vocabulary import ContactKind, RequisitionStatus
from integration.records import Candidate, Channel, ContactPoint, JobPosting, JobRequisition
from integration.registration.applying import apply
from integration.replies import bounding, files, names, resumes, tasks
from integration.replies.people import colleague
from integration.soql import Condition, both, equals, select

if TYPE_CHECKING:
    from integration.app import App

LONGEST_RESUME = 100_000


@dataclass(frozen=True)
class _Job:
    """What a reference names."""

    requisition: str
    posting: str
    channel: str


def take(app: App, told: Delivered, mail: Incoming, local: str, cause: str) -> str:
    """Key: the mail's cause. Raises Rejected when no open job is named or nobody can be made of the sender."""
    reference, _, source = local.partition("+")
    job = _job(app, reference)
    kind = judge(mail).kind
    if kind not in (Kind.PERSON, Kind.REMOVE_ME) or not mail.sender:
        raise Rejected("a machine sent it, or nobody can be answered")
    if not bounding.is_within(app, mail.sender, cause, told.at):
        _tell_held(app, mail.sender, job, told.at)
        raise Rejected(f"more than {bounding.MOST} applications within an hour from one sender; it is held")
    found = resumes.first_read(mail.attachments)
    sent = _application(told, mail, job, _channel(app, source) or job.channel, found, cause)
    apply(app, sent)
    candidate = _candidate_at(app, sent.fields["email"])
    if candidate:
        _keep_resume(app, candidate, found)
        files.attach(app, candidate, mail, cause)
        _tell_owner(app, candidate, mail, job, cause, told.at[:10])
    log.event("application.by_mail", cause=cause, requisition=job.requisition)
    return "application"


def _job(app: App, reference: str) -> _Job:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", reference):
        raise Rejected("the address names no job")
    fields = [JobPosting.ID, JobPosting.REQUISITION, JobPosting.CHANNEL]
    where = equals(JobPosting.REFERENCE, reference)
    for row in app.salesforce.query(select(JobPosting.API_NAME, fields, where=where, limit=1)):
        found, requisition, channel = (str(row[field] or "") for field in fields)
        return _open(app, equals(JobRequisition.ID, requisition), found, channel)
    for field in (JobRequisition.ATS_ID, JobRequisition.NAME):
        if (job := _find(app, equals(field, reference), "", "")) is not None:
            return job
    raise Rejected("the address names no open job")


def _open(app: App, where: Condition, posting: str, channel: str) -> _Job:
    job = _find(app, where, posting, channel)
    if job is None:
        raise Rejected("the job of this address is not open")
    return job


def _find(app: App, where: Condition, posting: str, channel: str) -> _Job | None:
    is_open = equals(JobRequisition.STATUS, RequisitionStatus.OPEN.value)
    fields = [JobRequisition.ID]
    rows = app.salesforce.query(select(JobRequisition.API_NAME, fields, where=both(where, is_open), limit=1))
    return _Job(str(rows[0][JobRequisition.ID]), posting, channel) if rows else None


def _channel(app: App, source: str) -> str:
    """The active channel that the address names: by its key, or its name without what an address cannot hold."""
    wanted = _slug(source)
    if not wanted:
        return ""
    fields = [Channel.ID, Channel.NAME, Channel.KEY]
    where = equals(Channel.ACTIVE, True)
    for row in app.salesforce.query(select(Channel.API_NAME, fields, where=where)):
        if wanted in (_slug(str(row[Channel.NAME] or "")), _slug(str(row[Channel.KEY] or ""))):
            return str(row[Channel.ID])
    log.event("application.source_unknown")
    return ""


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def _application(
    told: Delivered, mail: Incoming, job: _Job, channel: str, found: dict[str, str], cause: str
) -> Registration:
    """As if the person had used the form; their own word in the mail counts more than what a program read."""
    first, last = names.of(mail.sender_name, mail.sender, found)
    fields = {
        "first_name": first,
        "last_name": last,
        "email": mail.sender,
        "phone": found.get("Phone", ""),
        "profile": found.get("Profile", "").split(" ")[0],
        "city": found.get("City", ""),
        "title": found.get("Title", ""),
        "employer": found.get("Employer", ""),
    }
    return Registration(
        id=candidate_key(f"mail/{cause}", datetime.fromisoformat(told.at)),
        kind=Sent.APPLICATION,
        at=told.at,
        posting=job.posting,
        requisition=job.requisition,
        fields={name: value[:255] for name, value in fields.items() if value},
        source=Source(channel=channel, posting=job.posting, requisition=job.requisition, at=told.at),
        evidence="applied by mail",
    )


def _candidate_at(app: App, address: str) -> str:
    where = both(equals(ContactPoint.KIND, ContactKind.EMAIL.value), equals(ContactPoint.VALUE, address.lower()))
    rows = app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.CANDIDATE], where=where, limit=1))
    return str(rows[0][ContactPoint.CANDIDATE]) if rows else ""


def _keep_resume(app: App, candidate: str, found: dict[str, str]) -> None:
    """The newest résumé is the one that searches should find."""
    if text := found.get("Resume text", ""):
        app.salesforce.update(Candidate.API_NAME, candidate, {Candidate.RESUME_TEXT: text[:LONGEST_RESUME]})


def _tell_held(app: App, sender: str, job: _Job, at: str) -> None:
    """Once an hour for a sender and a job: whoever fills it decides what to do with the rest."""
    fields = [JobRequisition.OWNER, JobRequisition.TITLE]
    row = app.salesforce.get(JobRequisition.API_NAME, job.requisition, fields)
    owner = colleague(app, str(row[JobRequisition.OWNER] or ""))
    text = (
        f"{sender} has sent more than {bounding.MOST} applications by mail within an hour. The first {bounding.MOST}"
        " came in; the others are held for 30 days. If they are real, ask your administrator for them, or have the"
        " person use the job's page."
    )
    mark = fingerprint(sender, app.links.salt)
    subject = f"Applications held: {row[JobRequisition.TITLE] or 'a job'}"
    tasks.write(app, job.requisition, subject, text, cause=f"mail/held/{mark}/{at[:13]}", owner=owner, on=at[:10])


def _tell_owner(app: App, candidate: str, mail: Incoming, job: _Job, cause: str, day: str) -> None:
    """The letter, for whoever fills the job."""
    fields = [JobRequisition.OWNER, JobRequisition.TITLE]
    row = app.salesforce.get(JobRequisition.API_NAME, job.requisition, fields)
    owner = colleague(app, str(row[JobRequisition.OWNER] or ""))
    text = "\n".join([*(f"Left out: {each}" for each in mail.left_out), mail.own_text or mail.text])
    subject = f"Applied by mail: {row[JobRequisition.TITLE] or 'a job'}"
    tasks.write(app, candidate, subject, text, cause=f"mail/{cause}", owner=owner, on=day)
