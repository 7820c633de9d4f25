"""Reads what decides the referrals of one person: the claims, the applications, who the two people are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from integration.model.address import normalised
from integration.model.referral import Applied, Claim
from integration.model.stage import in_words
from integration.model.vocabulary import BonusState, ContactKind, Lifecycle, PairStatus, ReferralStatus
from integration.ports import Record
from integration.records import (
    Application,
    Candidate,
    ContactPoint,
    DuplicatePair,
    JobRequisition,
    Referral,
    parent,
)
from integration.soql import both, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

_TITLE = parent(Referral.REQUISITION, JobRequisition.TITLE)
_MANAGER = parent(Referral.REQUISITION, JobRequisition.HIRING_MANAGER_EMAIL)
FIELDS = (
    Referral.ID,
    Referral.NAME,
    Referral.REFERRER,
    Referral.REQUISITION,
    Referral.APPLICATION,
    Referral.REFERRED_AT,
    Referral.CREATED_AT,
    Referral.EXPIRES_ON,
    Referral.BONUS_STATE,
    Referral.EXPLANATION,
    Referral.DUE_ON,
    Referral.APPROVED_ON,
    Referral.PAID_ON,
    Referral.REASON,
    Referral.STATUS,
    Referral.KEY,
    _TITLE,
    _MANAGER,
)
_OF_APPLICATION = (
    Application.ID,
    Application.NAME,
    Application.REQUISITION,
    Application.STAGE,
    Application.APPLIED_AT,
    Application.CREATED_AT,
    Application.HIRED_AT,
    parent(Application.REQUISITION, JobRequisition.TITLE),
    parent(Application.REQUISITION, JobRequisition.HIRING_MANAGER_EMAIL),
)
_KIND_WORDS = {
    ContactKind.EMAIL: "both have the same e-mail address.",
    ContactKind.PHONE: "both have the same phone number.",
    ContactKind.PROFILE: "both have the same profile.",
}


@dataclass(frozen=True)
class Facts:
    """Everything that decides, and the rows as they stand, by id."""

    rows: Mapping[str, Record]
    claims: Sequence[Claim]
    applications: Sequence[Applied]
    employed: bool


def read(app: App, candidate_id: str) -> Facts:
    """Key: the candidate. One query for somebody whom nobody recommended."""
    rows = app.salesforce.query(select(Referral.API_NAME, FIELDS, where=equals(Referral.CANDIDATE, candidate_id)))
    if not rows:
        return Facts({}, (), (), False)
    referrers = sorted({str(row[Referral.REFERRER]) for row in rows if row[Referral.REFERRER]})
    people = [candidate_id, *referrers]
    point = [ContactPoint.CANDIDATE, ContactPoint.KIND, ContactPoint.VALUE]
    applications, found, points, pairs = app.salesforce.together(
        [
            select(Application.API_NAME, _OF_APPLICATION, where=equals(Application.CANDIDATE, candidate_id)),
            select(Candidate.API_NAME, [Candidate.LIFECYCLE, *_ADDRESSES], where=is_in(Candidate.ID, people)),
            select(ContactPoint.API_NAME, point, where=is_in(ContactPoint.CANDIDATE, people)),
            _open_pairs(candidate_id),
        ]
    )
    addresses = _addresses(found, points)
    same = {one: _same_person(candidate_id, one, addresses, pairs) for one in referrers}
    managers = _managers(rows, applications)
    claims = [_claim(row, same, managers, addresses) for row in rows]
    person = next((row for row in found if row[Candidate.ID] == candidate_id), {})
    employed = person.get(Candidate.LIFECYCLE) == Lifecycle.EMPLOYEE
    return Facts({str(row[Referral.ID]): row for row in rows}, claims, list(map(_applied, applications)), employed)


_ADDRESSES = (Candidate.ID, Candidate.EMAIL, Candidate.PHONE)
_PAIR = (DuplicatePair.NAME, DuplicatePair.FIRST, DuplicatePair.SECOND)


def _open_pairs(candidate_id: str) -> str:
    names = either(equals(DuplicatePair.FIRST, candidate_id), equals(DuplicatePair.SECOND, candidate_id))
    return select(DuplicatePair.API_NAME, _PAIR, where=both(equals(DuplicatePair.STATUS, PairStatus.OPEN), names))


def _addresses(people: Sequence[Record], points: Sequence[Record]) -> dict[str, set[tuple[str, str]]]:
    """Candidate -> (kind, address) of everything that leads to them."""
    found: dict[str, set[tuple[str, str]]] = {}
    for row in people:
        mine = found.setdefault(str(row[Candidate.ID]), set())
        mine |= {(ContactKind.EMAIL, normalised(str(row[Candidate.EMAIL])))} if row[Candidate.EMAIL] else set()
        mine |= {(ContactKind.PHONE, str(row[Candidate.PHONE]))} if row[Candidate.PHONE] else set()
    for row in points:
        kind, value = str(row[ContactPoint.KIND]), str(row[ContactPoint.VALUE] or "")
        same = normalised(value) if kind == ContactKind.EMAIL else value
        found.setdefault(str(row[ContactPoint.CANDIDATE]), set()).add((kind, same))
    return found


def _same_person(
    candidate: str, referrer: str, addresses: Mapping[str, set[tuple[str, str]]], pairs: Sequence[Record]
) -> str:
    """Why the two are, or may be, one person; blank when nothing says so."""
    if referrer == candidate:
        return "it is one record."
    shared = addresses.get(candidate, set()) & addresses.get(referrer, set())
    if shared:
        return _KIND_WORDS[ContactKind(min(shared)[0])]
    for pair in pairs:
        if referrer in (pair[DuplicatePair.FIRST], pair[DuplicatePair.SECOND]):
            return f"{pair[DuplicatePair.NAME]} asks whether the two are one person. Decide that pair, then Check."
    return ""


def _managers(rows: Sequence[Record], applications: Sequence[Record]) -> dict[str, str]:
    """Requisition -> address of its hiring manager."""
    of_application = parent(Application.REQUISITION, JobRequisition.HIRING_MANAGER_EMAIL)
    known = [(row[Referral.REQUISITION], row[_MANAGER]) for row in rows]
    known += [(row[Application.REQUISITION], row[of_application]) for row in applications]
    return {str(requisition): normalised(str(email)) for requisition, email in known if requisition and email}


def _claim(
    row: Record, same: Mapping[str, str], managers: Mapping[str, str], addresses: Mapping[str, set[tuple[str, str]]]
) -> Claim:
    referrer = str(row[Referral.REFERRER] or "")
    own = {value for kind, value in addresses.get(referrer, ()) if kind == ContactKind.EMAIL}
    return Claim(
        id=str(row[Referral.ID]),
        name=str(row[Referral.NAME]),
        referrer=referrer,
        at=datetime.fromisoformat(str(row[Referral.REFERRED_AT] or row[Referral.CREATED_AT])),
        requisition=str(row[Referral.REQUISITION] or ""),
        title=str(row[_TITLE] or ""),
        same_person=same.get(referrer, ""),
        manages=frozenset(requisition for requisition, email in managers.items() if email in own),
        rejected=row[Referral.STATUS] == ReferralStatus.REJECTED,
        reason=str(row[Referral.REASON] or ""),
        approved_on=_day(row[Referral.APPROVED_ON]),
        paid_on=_day(row[Referral.PAID_ON]),
        application=str(row[Referral.APPLICATION] or ""),
        was_due=row[Referral.BONUS_STATE] == BonusState.DUE,
    )


def _applied(row: Record) -> Applied:
    return Applied(
        id=str(row[Application.ID]),
        name=str(row[Application.NAME]),
        requisition=str(row[Application.REQUISITION] or ""),
        title=str(row[parent(Application.REQUISITION, JobRequisition.TITLE)] or ""),
        at=datetime.fromisoformat(str(row[Application.APPLIED_AT] or row[Application.CREATED_AT])),
        hired_on=_day(row[Application.HIRED_AT]),
        is_open=in_words(str(row[Application.STAGE] or "")).is_open,
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None
