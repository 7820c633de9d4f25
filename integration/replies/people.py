"""Whom an answer concerns: the candidate, and the colleague who should hear of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.errors import Gone
from integration.model.address import sendable
from integration.records import Candidate, RecruitingCampaign, is_record_id
from integration.records.standard import User
from integration.sending.aliases import current
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App


@dataclass(frozen=True)
class Colleague:
    """An active user."""

    id: str
    email: str


@dataclass(frozen=True)
class Person:
    """A candidate who wrote to us."""

    id: str
    key: str
    name: str
    owner: Colleague | None
    """Whoever owns the record, else the campaign; None when both are the service itself or have left."""
    campaign: str
    """Id of the campaign; empty when it was deleted meanwhile."""


def person_of(app: App, candidate_key: str, campaign: str) -> Person:
    """Raises Gone for who was deleted or erased: nothing of their mail is kept then."""
    fields = (Candidate.ID, Candidate.CANDIDATE_KEY, Candidate.NAME, Candidate.OWNER)
    where = equals(Candidate.CANDIDATE_KEY, current(app, candidate_key))
    rows = app.salesforce.query(select(Candidate.API_NAME, fields, where=where, limit=1))
    if not rows:
        raise Gone("The candidate was deleted meanwhile.")
    found, key, name, owner = (str(rows[0][field] or "") for field in fields)
    standing, other = _campaign(app, campaign)
    return Person(found, key, name, colleague(app, owner) or colleague(app, other), standing)


def _campaign(app: App, campaign: str) -> tuple[str, str]:
    """(id, owner), empty when it is gone."""
    if not is_record_id(campaign):
        return "", ""
    where = equals(RecruitingCampaign.ID, campaign)
    fields = [RecruitingCampaign.ID, RecruitingCampaign.OWNER]
    rows = app.salesforce.query(select(RecruitingCampaign.API_NAME, fields, where=where, limit=1))
    return (str(rows[0][RecruitingCampaign.ID]), str(rows[0][RecruitingCampaign.OWNER] or "")) if rows else ("", "")


def colleague(app: App, user_id: str) -> Colleague | None:
    """An active user, not a queue and not the service itself."""
    if not user_id.startswith("005") or user_id == app.salesforce.user_id():
        return None
    rows = app.salesforce.query(
        select(User.API_NAME, [User.ID, User.EMAIL, User.IS_ACTIVE], where=equals(User.ID, user_id), limit=1)
    )
    return _active(rows[0][User.ID], rows[0][User.EMAIL]) if rows and rows[0][User.IS_ACTIVE] else None


def colleague_at(app: App, address: str) -> Colleague | None:
    """The active user with this e-mail address."""
    fields = [User.ID, User.EMAIL, User.IS_ACTIVE]
    rows = app.salesforce.query(select(User.API_NAME, fields, where=equals(User.EMAIL, address)))
    active = [row for row in rows if row[User.IS_ACTIVE] and row[User.ID] != app.salesforce.user_id()]
    return _active(active[0][User.ID], active[0][User.EMAIL]) if active else None


def _active(user_id: object, email: object) -> Colleague:
    return Colleague(str(user_id), sendable(str(email or "")))
