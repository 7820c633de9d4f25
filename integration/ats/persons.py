"""Merges and anonymisations of the ATS: a pair for a recruiter to judge, and a request of erasure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.ats.connecting import Connection
from integration.candidates.pairs import Suspicion, propose
from integration.candidates.writing import DUPLICATE, raise_passing
from integration.model.ats import AtsAnonymised, AtsMerge, ats_id
from integration.model.vocabulary import Command, PrivacyKind
from integration.ports import AtsChanges, Value
from integration.records import Candidate, PrivacyRequest
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

SURE = 0.99
ERASED_WITHIN = timedelta(days=30)
"""GDPR Article 12: without undue delay, a month at most; the request runs at once."""


def changed_hands(system: AtsChanges, holders: Mapping[str, str], at: datetime) -> list[AtsMerge]:
    """Merges whose webhook was lost: who had the application is gone from the ATS, another has it."""
    if not holders:
        return []
    there = system.people([*holders.keys(), *holders.values()])
    gone = [had for had, has in holders.items() if had not in there and has in there]
    return [AtsMerge(kept=holders[had], lost=had, at=at) for had in gone]


def merge(app: App, connection: Connection, change: AtsMerge) -> int:
    """Key: the two people. Known both: a pair to merge; known the lost one only: it goes on under the kept one's id."""
    lost, kept = (_candidate(app, connection, number) for number in (change.lost, change.kept))
    if not lost:
        return 0
    if not kept:
        values: dict[str, Value] = {Candidate.ATS_ID: ats_id(connection.key, change.kept)}
        app.salesforce.update(Candidate.API_NAME, lost, values)
        log.event("ats.merged", connection=connection.key, candidate=lost)
        return 1
    reasons = (f"{connection.kind} has merged the two.",)
    return propose(app, [Suspicion(lost, kept, SURE, reasons)], found_by=f"ATS {connection.key}")


def anonymise(app: App, connection: Connection, change: AtsAnonymised) -> int:
    """Key: connection and person. Asks for the erasure of who was made nobody there; the command runs it."""
    candidate = _candidate(app, connection, change.candidate)
    if not candidate:
        return 0
    row: dict[str, Value] = {
        PrivacyRequest.CANDIDATE: candidate,
        PrivacyRequest.KEY: f"ats|{ats_id(connection.key, change.candidate)}"[:80],
        PrivacyRequest.KIND: PrivacyKind.ERASURE.value,
        PrivacyRequest.DUE_ON: (app.clock.now() + ERASED_WITHIN).date().isoformat(),
        PrivacyRequest.COMMAND: Command.ERASE.value,
    }
    [outcome] = app.salesforce.create_many(PrivacyRequest.API_NAME, [row])
    raise_passing([outcome])
    if not outcome.success and outcome.code != DUPLICATE:
        raise RuntimeError(f"the request of erasure was refused: {outcome.code} {', '.join(outcome.fields)}")
    log.event("ats.anonymised", connection=connection.key, candidate=candidate, new=outcome.created)
    return int(outcome.created)


def _candidate(app: App, connection: Connection, number: str) -> str:
    where = equals(Candidate.ATS_ID, ats_id(connection.key, number))
    rows = app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID], where=where, limit=1))
    return str(rows[0][Candidate.ID]) if rows else ""
