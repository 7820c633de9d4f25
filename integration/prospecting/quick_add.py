"""Quick-add: one person by hand or from the page being looked at; who it might be already is shown first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log, pools
from integration.candidates import Origin, Person, State, find_or_create
from integration.candidates.lookalikes import Lookalike, lookalikes
from integration.candidates.parsing import country, email, name, phone, profile
from integration.errors import Rejected
from integration.model.provenance import Trust
from integration.model.vocabulary import AddedBy, LawfulBasis, QuickAddStatus
from integration.ports import Record, Value
from integration.records import Candidate, QuickAdd
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

NOTICE_WITHIN = timedelta(days=30)
"""GDPR Article 14: who was found elsewhere is told within a month where the data came from."""
SHOWN = 10
TEXT_LENGTH = 8_000
_READ = (
    QuickAdd.CREATED_AT,
    QuickAdd.FULL_NAME,
    QuickAdd.EMAIL,
    QuickAdd.PHONE,
    QuickAdd.COUNTRY,
    QuickAdd.PROFILE_URL,
    QuickAdd.SOURCE_URL,
    QuickAdd.TITLE,
    QuickAdd.EMPLOYER,
    QuickAdd.POOL,
)


@dataclass(frozen=True)
class _Wish:
    """Who is to be added, and where to."""

    person: Person
    at: datetime
    found_on: str
    pool: str

    @property
    def origin(self) -> Origin:
        return Origin(
            at=self.at,
            collected_from=f"Quick add: {self.found_on}"[:255] if self.found_on else "Quick add",
            lawful_basis=LawfulBasis.LEGITIMATE_INTEREST.value,
            notice_due_on=(self.at + NOTICE_WITHIN).date().isoformat(),
            trust=Trust.RECRUITER,
        )


def check(app: App, quick_add_id: str) -> str:
    """Key: the quick add. Lists who it might be already; makes nobody."""
    wish = _read(app, quick_add_id)
    found = lookalikes(app, wish.person)
    sure = next((one for one in found if one.is_sure), None)
    _write(app, quick_add_id, QuickAddStatus.CHECKED, found, candidate=sure.id if sure else None)
    if sure:
        return f"{sure.name} is this person: {sure.reasons[0]} Add fills what is empty there."
    if found:
        return f"{_count(found)} may be this person: see “Possible duplicates”. Add anyway makes a new candidate."
    return "Nobody like this is here yet. Choose Add."


def add(app: App, quick_add_id: str) -> str:
    """Key: the quick add. Makes or completes the candidate; possible duplicates are shown first and nothing is made."""
    wish = _read(app, quick_add_id)
    found = lookalikes(app, wish.person)
    if found and not any(one.is_sure for one in found) and not _was_made(app, wish):
        _write(app, quick_add_id, QuickAddStatus.CHECKED, found)
        raise Rejected(
            f"Nobody was added: {_count(found)} may be this person. See “Possible duplicates”; if it is somebody else, "
            "choose Add anyway.",
            field="Command",
        )
    return _add(app, quick_add_id, wish, found)


def add_anyway(app: App, quick_add_id: str) -> str:
    """Key: the quick add. As add, past possible duplicates; an address that is surely somebody's still leads there."""
    wish = _read(app, quick_add_id)
    return _add(app, quick_add_id, wish, lookalikes(app, wish.person))


def _add(app: App, quick_add_id: str, wish: _Wish, alike: Sequence[Lookalike]) -> str:
    [found] = find_or_create(app, [wish.person], wish.origin)
    if found.state is State.REFUSED:
        _write(app, quick_add_id, QuickAddStatus.FAILED, alike)
        raise Rejected(found.reason, field=found.field)
    told = "Added." if found.state is State.CREATED else "Was a candidate already: what was empty is filled now."
    if wish.pool:
        joined = pools.join(app, wish.pool, [found.id], AddedBy.MANUAL)
        pools.count(app, wish.pool)
        told += " Not added to the pool: was rejected for it or has left it." if joined.stayed_out else ""
    _write(app, quick_add_id, QuickAddStatus.ADDED, [one for one in alike if one.id != found.id], candidate=found.id)
    log.event("quick_add.added", id=quick_add_id, candidate=found.id, state=found.state.value)
    return told


def _was_made(app: App, wish: _Wish) -> bool:
    """Whether an attempt that died has made the candidate already: it must not be taken for its own duplicate."""
    key = wish.origin.key_of(wish.person)
    where = equals(Candidate.CANDIDATE_KEY, key)
    return bool(app.salesforce.query(select(Candidate.API_NAME, [Candidate.ID], where=where)))


def _read(app: App, quick_add_id: str) -> _Wish:
    record = app.salesforce.get(QuickAdd.API_NAME, quick_add_id, _READ)
    try:
        return _wish(quick_add_id, record)
    except Rejected:
        app.salesforce.update(QuickAdd.API_NAME, quick_add_id, {QuickAdd.STATUS: QuickAddStatus.FAILED.value})
        raise


def _wish(quick_add_id: str, record: Record) -> _Wish:
    """Raises Rejected for what the recruiter must put right."""
    text = {field: " ".join(str(record[field] or "").split()) for field in _READ}
    who = name(text[QuickAdd.FULL_NAME])
    if not who.last:
        raise Rejected("The person has no name. Write it in Full name.", field="Full name")
    code = country(text[QuickAdd.COUNTRY]) if text[QuickAdd.COUNTRY] else ""
    addresses = [
        *([email(text[QuickAdd.EMAIL])] if text[QuickAdd.EMAIL] else []),
        *([phone(text[QuickAdd.PHONE], code)] if text[QuickAdd.PHONE] else []),
        *([profile(text[QuickAdd.PROFILE_URL])] if text[QuickAdd.PROFILE_URL] else []),
    ]
    at = datetime.fromisoformat(text[QuickAdd.CREATED_AT].replace("+0000", "+00:00"))
    facts: Mapping[str, Value] = {
        Candidate.TITLE: text[QuickAdd.TITLE],
        Candidate.EMPLOYER: text[QuickAdd.EMPLOYER],
        Candidate.COUNTRY: code,
    }
    person = Person(f"quick-add/{quick_add_id}", who, tuple(addresses), facts)
    return _Wish(person, at, text[QuickAdd.SOURCE_URL] or text[QuickAdd.PROFILE_URL], text[QuickAdd.POOL])


def _write(
    app: App, quick_add_id: str, status: QuickAddStatus, found: Sequence[Lookalike], *, candidate: str | None = None
) -> None:
    values: dict[str, Value] = {
        QuickAdd.STATUS: status.value,
        QuickAdd.PROGRESS: 100,
        QuickAdd.CANDIDATE: candidate,
        QuickAdd.MATCHES: "\n\n".join(_shown(one) for one in found[:SHOWN])[:TEXT_LENGTH] or None,
    }
    app.salesforce.update(QuickAdd.API_NAME, quick_add_id, values)


def _shown(one: Lookalike) -> str:
    how = "surely the same" if one.is_sure else f"{min(one.score, 0.99):.0%} alike"
    return "\n".join([f"{one.shown}: {how}. /lightning/r/Candidate__c/{one.id}/view", *(f"- {r}" for r in one.reasons)])


def _count(found: Sequence[Lookalike]) -> str:
    return "1 candidate" if len(found) == 1 else f"{len(found)} candidates"
