"""Searches of a person: made when they agree to job alerts, changed and ended on their own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import log
from integration.model.form import tidy
from integration.model.registration import Registration
from integration.model.vocabulary import AlertFrequency, PoolKind
from integration.ports import Record, Value
from integration.records import Candidate, JobAlert, JobRequisition, TalentPool, is_record_id, parent
from integration.registration.writing import Known, create_once
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

MOST = 10
"""Searches of one person."""


def make(app: App, candidate: Known, sent: Registration, pool: str = "") -> None:
    """Key: the form. What they said they want, else what the pool is for; what they have already is not saved twice."""
    fields = [Candidate.DESIRED_ROLE, Candidate.DESIRED_LOCATION]
    [row] = app.salesforce.query(select(Candidate.API_NAME, fields, where=equals(Candidate.ID, candidate.id)))
    query, place = (sent.fields.get(name) or str(row[name_of] or "") for name, name_of in _WISHES.items())
    query = query or _of_pool(app, pool)
    if query:
        _save_new(app, candidate, sent, query, place, AlertFrequency.WEEKLY)
    else:
        log.event("alert.without_words", candidate=candidate.id)


_WISHES = {"desired_role": Candidate.DESIRED_ROLE, "desired_location": Candidate.DESIRED_LOCATION}


def save(app: App, candidate: Known, sent: Registration) -> None:
    """Key: the wish. A search of their own as they want it from now on, or a new one."""
    query, place = (tidy(sent.fields.get(name, "")) for name in _WISHES)
    frequency = AlertFrequency(sent.fields.get("frequency") or AlertFrequency.WEEKLY)
    if not (alert := sent.fields.get("alert", "")):
        _save_new(app, candidate, sent, query, place, frequency)
    elif _is_theirs(app, candidate, alert):
        values = {JobAlert.QUERY: query, JobAlert.PLACE: place or None, JobAlert.FREQUENCY: frequency.value}
        app.salesforce.update(JobAlert.API_NAME, alert, values)


def end(app: App, candidate: Known, sent: Registration) -> None:
    """Key: the wish. One search less."""
    alert = sent.fields.get("alert", "")
    if alert and _is_theirs(app, candidate, alert):
        app.salesforce.delete_many(JobAlert.API_NAME, [alert])


def _save_new(
    app: App, candidate: Known, sent: Registration, query: str, place: str, frequency: AlertFrequency
) -> None:
    standing = _standing(app, candidate)
    same = (query.casefold(), place.casefold())
    if len(standing) >= MOST or same in [_said(row) for row in standing]:
        return
    row: dict[str, Value] = {
        JobAlert.CANDIDATE: candidate.id,
        JobAlert.KEY: f"{sent.id}|alert",
        JobAlert.QUERY: query,
        JobAlert.PLACE: place or None,
        JobAlert.FREQUENCY: frequency.value,
    }
    create_once(app, JobAlert.API_NAME, [row])
    log.event("alert.saved", id=sent.id, candidate=candidate.id)


def _said(row: Record) -> tuple[str, str]:
    return str(row[JobAlert.QUERY] or "").casefold(), str(row[JobAlert.PLACE] or "").casefold()


def _standing(app: App, candidate: Known) -> list[Record]:
    fields = [JobAlert.ID, JobAlert.QUERY, JobAlert.PLACE]
    return app.salesforce.query(
        select(JobAlert.API_NAME, fields, where=equals(JobAlert.CANDIDATE, candidate.id), limit=MOST)
    )


def _is_theirs(app: App, candidate: Known, alert: str) -> bool:
    if not is_record_id(alert):
        return False
    where = both(equals(JobAlert.ID, alert), equals(JobAlert.CANDIDATE, candidate.id))
    return bool(app.salesforce.query(select(JobAlert.API_NAME, [JobAlert.ID], where=where)))


def _of_pool(app: App, pool: str) -> str:
    """The job of a requisition's pool, else the pool's name."""
    if not pool:
        return ""
    title = parent(TalentPool.REQUISITION, JobRequisition.TITLE)
    fields = [TalentPool.NAME, TalentPool.KIND, title]
    rows = app.salesforce.query(select(TalentPool.API_NAME, fields, where=equals(TalentPool.ID, pool)))
    if not rows or rows[0][TalentPool.KIND] == PoolKind.FOLDER:
        return ""
    return str(rows[0][title] or rows[0][TalentPool.NAME] or "")
