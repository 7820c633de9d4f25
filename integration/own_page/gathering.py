"""Collects what is held of a person for their own page, where the site reads it; Salesforce is asked by the worker."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration.model import provenance
from integration.model.notice import is_import
from integration.model.stage import in_words
from integration.ports import Record
from integration.records import (
    Application,
    CampaignEnrollment,
    Candidate,
    Channel,
    Consent,
    ContactPoint,
    JobAlert,
    JobRequisition,
    RecruitingCampaign,
    parent,
)
from integration.referrals import showing
from integration.sending.aliases import person_pk
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

OWN_PAGE = "own page"
KEPT = timedelta(hours=1)
"""A person looks at it now; nothing of it lies about for longer."""
_FACTS = (
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.COUNTRY,
    Candidate.LANGUAGE,
    Candidate.DESIRED_ROLE,
    Candidate.DESIRED_LOCATION,
    Candidate.AVAILABILITY,
)
_ORIGIN = (Candidate.COLLECTED_FROM, Candidate.COLLECTED_AT, Candidate.LAWFUL_BASIS)
_SOURCE = parent(Candidate.FIRST_SOURCE, Channel.NAME)


def shown(app: App, candidate_key: str) -> dict[str, Any] | None:
    """What was gathered within the hour, or None."""
    item = app.people.get(person_pk(candidate_key), OWN_PAGE)
    if item is None or int(item["ttl"]) < app.clock.now().timestamp():
        return None
    page: dict[str, Any] = item["page"]
    return page


def gather(app: App, candidate_id: str, candidate_key: str) -> None:
    """Key: the candidate; made anew from the org each time, and gone after an hour."""
    until = app.clock.now() + KEPT
    page = collected(app, candidate_id) | {
        "recommended": showing.collected(app, candidate_id, candidate_key),
        "at": app.clock.now().isoformat(timespec="seconds"),
    }
    app.people.put({"pk": person_pk(candidate_key), "sk": OWN_PAGE, "page": page, "ttl": int(until.timestamp())})


def collected(app: App, candidate_id: str) -> dict[str, Any]:
    """Everything a person may know of themselves, in plain values."""
    fields = [*_FACTS, *_ORIGIN, _SOURCE, Candidate.FIELD_SOURCES, Candidate.RESUME_TEXT]
    where = equals(Candidate.ID, candidate_id)
    [row] = app.salesforce.query(select(Candidate.API_NAME, fields, where=where))
    facts = provenance.read(str(row[Candidate.FIELD_SOURCES] or ""))
    return {
        "facts": [
            {"field": name, "value": str(row[name]), "source": provenance.source_of(facts, name, row[name]).trust.word}
            for name in _FACTS
            if row[name]
        ],
        "addresses": _rows(app, ContactPoint.API_NAME, ContactPoint.CANDIDATE, candidate_id, _ADDRESS),
        "origin": {
            "from": "" if is_import(found := str(row[Candidate.COLLECTED_FROM] or "")) else found,
            "is_list": is_import(found),
            "at": str(row[Candidate.COLLECTED_AT] or ""),
            "channel": str(row[_SOURCE] or ""),
            "basis": str(row[Candidate.LAWFUL_BASIS] or ""),
        },
        "resume": str(row[Candidate.RESUME_TEXT] or ""),
        "consents": _rows(app, Consent.API_NAME, Consent.CANDIDATE, candidate_id, _CONSENT),
        "alerts": _rows(app, JobAlert.API_NAME, JobAlert.CANDIDATE, candidate_id, _ALERT),
        "applications": [_application(each) for each in _applications(app, candidate_id)],
        "mails": _rows(app, CampaignEnrollment.API_NAME, CampaignEnrollment.CANDIDATE, candidate_id, _MAILS),
    }


_ADDRESS = {"kind": ContactPoint.KIND, "value": ContactPoint.VALUE, "status": ContactPoint.STATUS}
_CONSENT = {"purpose": Consent.PURPOSE, "state": Consent.STATE, "at": Consent.AT, "version": Consent.TEXT_VERSION}
_ALERT = {
    "id": JobAlert.ID,
    "query": JobAlert.QUERY,
    "place": JobAlert.PLACE,
    "frequency": JobAlert.FREQUENCY,
    "sent": JobAlert.LAST_SENT_AT,
}
_MAILS = {
    "name": parent(CampaignEnrollment.CAMPAIGN, RecruitingCampaign.NAME),
    "state": CampaignEnrollment.STATE,
    "sent": CampaignEnrollment.SENT,
    "next": CampaignEnrollment.NEXT_STEP_AT,
    "since": CampaignEnrollment.ENROLLED_AT,
}


def _rows(app: App, name: str, lookup: str, candidate_id: str, fields: dict[str, str]) -> list[dict[str, str]]:
    found = app.salesforce.query(select(name, list(fields.values()), where=equals(lookup, candidate_id)))
    return [{word: _text(row[field]) for word, field in fields.items()} for row in found]


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


_TITLE = parent(Application.REQUISITION, JobRequisition.TITLE)


def _applications(app: App, candidate_id: str) -> list[Record]:
    fields = [Application.ID, _TITLE, Application.STAGE, Application.APPLIED_AT]
    where = equals(Application.CANDIDATE, candidate_id)
    return app.salesforce.query(select(Application.API_NAME, fields, where=where))


def _application(row: Record) -> dict[str, Any]:
    stage = in_words(str(row[Application.STAGE] or ""))
    return {
        "id": str(row[Application.ID]),
        "title": str(row[_TITLE] or ""),
        "stage": stage.words,
        "open": stage.is_open,
        "at": str(row[Application.APPLIED_AT] or ""),
    }
