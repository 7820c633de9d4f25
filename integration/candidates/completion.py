"""Candidates that people make or change by hand get what the service keeps: a key, and their contact points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from integration import log
from integration.candidates.matching import Reason
from integration.candidates.pairs import Suspicion, propose
from integration.candidates.parsing import email, phone
from integration.candidates.writing import is_taken, raise_passing
from integration.errors import Rejected
from integration.model.identity import Address, Name, candidate_key, name_key
from integration.model.vocabulary import ContactKind, ContactStatus
from integration.ports import Record, Value
from integration.records import Candidate, ContactPoint
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

IDS_PER_QUERY = 200
SOURCE = "Entered by hand"


def complete(app: App, candidate_ids: Sequence[str]) -> None:
    """Key: the candidate. Writes missing keys, and contact points for a primary e-mail or phone that has none."""
    ids = sorted(set(candidate_ids))
    for start in range(0, len(ids), IDS_PER_QUERY):
        _complete(app, ids[start : start + IDS_PER_QUERY])


def _complete(app: App, ids: Sequence[str]) -> None:
    fields = [Candidate.ID, Candidate.CREATED_AT, Candidate.CANDIDATE_KEY, Candidate.EMAIL, Candidate.PHONE]
    fields += [Candidate.COUNTRY, Candidate.FIRST_NAME, Candidate.LAST_NAME, Candidate.NAME_KEY]
    points = [ContactPoint.ID, ContactPoint.CANDIDATE, ContactPoint.KEY, ContactPoint.KIND, ContactPoint.PRIMARY]
    people, standing = app.salesforce.together(
        [
            select(Candidate.API_NAME, fields, where=is_in(Candidate.ID, ids)),
            select(
                ContactPoint.API_NAME,
                points,
                where=both(is_in(ContactPoint.CANDIDATE, ids), equals(ContactPoint.PRIMARY, True)),
            ),
        ]
    )
    keys: list[dict[str, Value]] = [
        {Candidate.ID: row[Candidate.ID], **missing} for row in people if (missing := _missing_keys(row))
    ]
    if keys:
        raise_passing(app.salesforce.update_many(Candidate.API_NAME, keys))
    primary = {(row[ContactPoint.CANDIDATE], row[ContactPoint.KIND]): row for row in standing}
    for row in people:
        for address in _addresses(row):
            now = primary.get((row[Candidate.ID], address.kind.value))
            if now is None or str(now[ContactPoint.KEY]).partition("|")[0] != address.key:
                _make_primary(app, str(row[Candidate.ID]), address, now)


def _suspect(app: App, candidate_id: str, address: Address) -> None:
    """Two candidates with one address: a pair for a recruiter to judge, never merged by itself."""
    where = equals(ContactPoint.KEY, address.key)
    rows = app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.CANDIDATE], where=where))
    reason = Reason.ADDRESS if address.identifies else Reason.PHONE
    if reason is Reason.PHONE and address.kind is not ContactKind.PHONE:
        return
    suspicions = [
        Suspicion(candidate_id, str(row[ContactPoint.CANDIDATE]), reason.score, (reason.words,)) for row in rows
    ]
    propose(app, suspicions, found_by=SOURCE)


def _missing_keys(row: Record) -> dict[str, Value]:
    """The key that never changes, and the one that follows the name."""
    keys: dict[str, Value] = {} if row[Candidate.CANDIDATE_KEY] else {Candidate.CANDIDATE_KEY: _key_of(row)}
    by_name = name_key(Name(str(row[Candidate.FIRST_NAME] or ""), str(row[Candidate.LAST_NAME] or "")))
    if by_name != (row[Candidate.NAME_KEY] or ""):
        keys[Candidate.NAME_KEY] = by_name or None
    return keys


def _key_of(row: Record) -> str:
    return candidate_key(str(row[Candidate.ID]), datetime.fromisoformat(str(row[Candidate.CREATED_AT])))


def _addresses(row: Record) -> Iterator[Address]:
    """The primary addresses that can be read; what a recruiter mistyped stays as typed."""
    try:
        if row[Candidate.EMAIL]:
            yield email(str(row[Candidate.EMAIL]))
        if row[Candidate.PHONE]:
            yield phone(str(row[Candidate.PHONE]), str(row[Candidate.COUNTRY] or ""))
    except Rejected as rejected:
        log.event("candidate.address_unreadable", candidate=row[Candidate.ID], field=rejected.field)


def _make_primary(app: App, candidate_id: str, address: Address, before: Record | None) -> None:
    outcome = app.salesforce.create_many(
        ContactPoint.API_NAME,
        [
            {
                ContactPoint.CANDIDATE: candidate_id,
                ContactPoint.KIND: address.kind.value,
                ContactPoint.VALUE: address.value,
                ContactPoint.KEY: address.key,
                ContactPoint.PRIMARY: True,
                ContactPoint.STATUS: ContactStatus.UNCONFIRMED.value,
                ContactPoint.SOURCE: SOURCE,
            }
        ],
    )[0]
    raise_passing([outcome])
    if is_taken(outcome):
        where = both(equals(ContactPoint.KEY, address.key), equals(ContactPoint.CANDIDATE, candidate_id))
        mine = app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.ID], where=where))
        if not mine:
            log.event("candidate.address_taken", candidate=candidate_id, kind=ContactKind(address.kind).value)
            _suspect(app, candidate_id, address)
            return
        app.salesforce.update(ContactPoint.API_NAME, str(mine[0][ContactPoint.ID]), {ContactPoint.PRIMARY: True})
    if before is not None:
        app.salesforce.update(ContactPoint.API_NAME, str(before[ContactPoint.ID]), {ContactPoint.PRIMARY: False})
