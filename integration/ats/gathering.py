"""What an ATS is told of a person: the data of the record, source, consents, résumé. Nobody enters it again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.ats.connecting import Connection
from integration.ats.offering import APPLICATION
from integration.errors import Gone, Rejected
from integration.model import resume_file
from integration.model.ats import Agreed, Document, HandOver, own_id
from integration.model.vocabulary import ConsentState, ContactKind
from integration.ports import Item, Record, Value
from integration.records import Application, Candidate, Channel, Consent, ContactPoint, JobRequisition, parent
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

LINK_LIFE = timedelta(hours=6)
MOST_BYTES = 5 * 1024 * 1024
COPIES = "ats/out/"
"""Copies of résumés that an ATS fetches by a link; the bucket deletes them after two days."""
_CANDIDATE = (
    Candidate.ID,
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.REGION,
    Candidate.COUNTRY,
    Candidate.ATS_ID,
    parent(Candidate.LAST_SOURCE, Channel.NAME),
)
_JOB = parent(Application.REQUISITION, JobRequisition.ATS_ID)
_POSTING = parent(Application.REQUISITION, JobRequisition.ATS_POSTING_ID)
_SOURCE = parent(Application.LAST_SOURCE, Channel.NAME)
_APPLICATION = (Application.ATS_ID, Application.CANDIDATE, Application.APPLIED_AT, _JOB, _POSTING, _SOURCE)


def gather(app: App, connection: Connection, mark: str, row: Item) -> HandOver | None:
    """What is handed over; None when the ATS knows it already. Raises Rejected and Gone."""
    if row["kind"] != APPLICATION:
        candidate_id = str(row["record"])
        person = app.salesforce.get(Candidate.API_NAME, candidate_id, _CANDIDATE)
        if own_id(connection.key, str(person[Candidate.ATS_ID] or "")):
            return None
        return _wanted(app, connection, mark, person)
    application = _application(app, str(row["record"]))
    candidate_id = str(application[Application.CANDIDATE])
    if application[Application.ATS_ID]:
        return None
    person = app.salesforce.get(Candidate.API_NAME, candidate_id, _CANDIDATE)
    return _wanted(app, connection, mark, person, application)


def _application(app: App, application_id: str) -> Record:
    where = equals(Application.ID, application_id)
    rows = app.salesforce.query(select(Application.API_NAME, _APPLICATION, where=where, limit=1))
    if not rows:
        raise Gone("The application was deleted meanwhile.")
    return rows[0]


def _wanted(app: App, connection: Connection, mark: str, person: Record, application: Record | None = None) -> HandOver:
    candidate_id = str(person[Candidate.ID])
    text = {name: str(value or "") for name, value in person.items()}
    about = application or {}
    if not text[Candidate.EMAIL]:
        raise Rejected("The candidate has no e-mail address, and the ATS knows people by it. Add one.", field="Email")
    applied_at = str(about.get(Application.APPLIED_AT) or "")
    return HandOver(
        mark=mark,
        first=text[Candidate.FIRST_NAME] or text[Candidate.LAST_NAME],
        last=text[Candidate.LAST_NAME] or text[Candidate.FIRST_NAME],
        email=text[Candidate.EMAIL],
        phone=text[Candidate.PHONE],
        profiles=_profiles(app, candidate_id),
        title=text[Candidate.TITLE],
        employer=text[Candidate.EMPLOYER],
        location=", ".join(
            part for name in (Candidate.CITY, Candidate.REGION, Candidate.COUNTRY) if (part := text[name])
        ),
        job=own_id(connection.key, _text(about.get(_JOB))),
        posting=_text(about.get(_POSTING)),
        candidate=own_id(connection.key, text[Candidate.ATS_ID]),
        source=_text(about.get(_SOURCE)) or text[parent(Candidate.LAST_SOURCE, Channel.NAME)],
        applied_at=datetime.fromisoformat(applied_at) if applied_at else None,
        consents=_consents(app, candidate_id),
        resume=_resume(app, candidate_id, mark),
    )


def _profiles(app: App, candidate_id: str) -> tuple[str, ...]:
    where = both(equals(ContactPoint.CANDIDATE, candidate_id), equals(ContactPoint.KIND, ContactKind.PROFILE))
    rows = app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.VALUE], where=where, limit=10))
    return tuple(_address(str(row[ContactPoint.VALUE])) for row in rows if row[ContactPoint.VALUE])


def _address(value: str) -> str:
    return value if value.startswith(("https://", "http://")) else f"https://{value}"


def _consents(app: App, candidate_id: str) -> tuple[Agreed, ...]:
    """The newest word of each purpose, where it is yes."""
    fields = (Consent.PURPOSE, Consent.STATE, Consent.AT, Consent.TEXT_VERSION)
    where = equals(Consent.CANDIDATE, candidate_id)
    rows = app.salesforce.query(select(Consent.API_NAME, fields, where=where))
    newest: dict[str, Record] = {}
    for row in sorted(rows, key=lambda one: str(one[Consent.AT] or "")):
        newest[str(row[Consent.PURPOSE])] = row
    given = [row for row in newest.values() if row[Consent.STATE] == ConsentState.GIVEN]
    return tuple(
        Agreed(_text(row[Consent.PURPOSE]), _text(row[Consent.AT]), _text(row[Consent.TEXT_VERSION])) for row in given
    )


def _resume(app: App, candidate_id: str, mark: str) -> Document | None:
    """The newest file of the record when it is a résumé, with a copy that can be fetched for some hours."""
    attached = app.salesforce.attached_file(candidate_id)
    if attached is None:
        return None
    version, name = attached
    kind = resume_file.TYPES.get(name.rpartition(".")[2].lower())
    if kind is None:
        return None
    data = b""
    for piece in app.salesforce.read_file(version):
        data += piece
        if len(data) > MOST_BYTES:
            return None
    key = f"{COPIES}{candidate_id}/{mark}"  # by the person, so that an erasure finds it
    app.data.write(key, data, content_type=kind)
    return Document(name, kind, data, app.data.link(key, seconds=int(LINK_LIFE.total_seconds()), file_name=name))


def _text(value: Value) -> str:
    return str(value or "")
