"""Who in the org may be a given person: sure by an address, or likely by what is known of both. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integration.candidates.matching import known_targets, owner
from integration.candidates.people import Person
from integration.matching import Decision, Profile, judge
from integration.model.identity import Address, lookup_keys
from integration.model.vocabulary import ContactKind
from integration.ports import Record
from integration.records import Candidate, ContactPoint
from integration.soql import Condition, both, compare, either, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

MOST_NAMESAKES = 200
"""A very frequent last name: more than a recruiter would look through; those found by an address come besides."""
_SEEN = (
    Candidate.ID,
    Candidate.FIRST_NAME,
    Candidate.LAST_NAME,
    Candidate.EMAIL,
    Candidate.PHONE,
    Candidate.TITLE,
    Candidate.EMPLOYER,
    Candidate.CITY,
    Candidate.COUNTRY,
)


@dataclass(frozen=True)
class Lookalike:
    """A candidate who is, or may be, the person."""

    id: str
    name: str
    shown: str
    """Name, title and employer, for choosing."""
    score: float
    reasons: tuple[str, ...]
    is_sure: bool = False
    """An address names them alone: loading the person would complete this candidate."""


def lookalikes(app: App, person: Person) -> list[Lookalike]:
    """Sure ones first, then by how much is alike."""
    sure = owner(person, known_targets(app, [person]))
    sure_id = sure.id if sure is not None else ""
    ids = _by_address(app, person) | ({sure_id} if sure_id else set())
    rows = {str(row[Candidate.ID]): row for row in _candidates(app, person, ids)}
    addresses = _addresses(app, list(rows))
    found = [_judged(person, row, addresses.get(one, ()), is_sure=one == sure_id) for one, row in rows.items()]
    alike = [one for one in found if one is not None]
    return sorted(alike, key=lambda one: (not one.is_sure, -one.score, one.id))


def _judged(person: Person, row: Record, addresses: Sequence[tuple[str, str]], *, is_sure: bool) -> Lookalike | None:
    shared = tuple(_shared(person, addresses))
    verdict = judge(_profile(person), _standing(row, addresses))
    if not is_sure and not shared and verdict.decision is Decision.DIFFERENT:
        return None
    name = " ".join(str(row[field]) for field in (Candidate.FIRST_NAME, Candidate.LAST_NAME) if row[field])
    work = ", ".join(str(row[field]) for field in (Candidate.TITLE, Candidate.EMPLOYER, Candidate.CITY) if row[field])
    score = 1.0 if is_sure else max(verdict.score, 0.5 if shared else 0.0)
    reasons = tuple(dict.fromkeys([*shared, *verdict.reasons]))
    return Lookalike(str(row[Candidate.ID]), name, f"{name} ({work})" if work else name, score, reasons, is_sure)


def _shared(person: Person, addresses: Sequence[tuple[str, str]]) -> Iterable[str]:
    """What both have, in words for the recruiter."""
    theirs = {value for _, value in addresses}
    boxes = {_mailbox(value): value for kind, value in addresses if kind == ContactKind.EMAIL}
    for address in person.addresses:
        if address.value in theirs:
            yield f"Same {_WORDS[address.kind]}: {address.value}."
        elif address.kind is ContactKind.EMAIL and _mailbox(address.value) in boxes:
            yield f"Same mailbox apart from the part after +: {boxes[_mailbox(address.value)]}."


_WORDS: Mapping[ContactKind, str] = {
    ContactKind.EMAIL: "e-mail address",
    ContactKind.PHONE: "phone number",
    ContactKind.PROFILE: "profile",
}


def _mailbox(address: str) -> str:
    """An address without its tag: ann+jobs@example.com is delivered to ann@example.com at most providers."""
    local, _, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _by_address(app: App, person: Person) -> set[str]:
    """Candidates with one of the addresses, or with another tag of the same mailbox."""
    keys = list(lookup_keys(person.addresses, person.name))
    keys += [Address(ContactKind.EMAIL, _mailbox(one.value)).key for one in person.addresses if _is_mail(one)]
    conditions: list[Condition] = [is_in(ContactPoint.KEY, keys)] if keys else []
    for address in person.addresses:
        if _is_mail(address):
            local, _, domain = _mailbox(address.value).partition("@")
            conditions.append(compare(ContactPoint.KEY, "LIKE", f"email:{local}+%@{domain}"))
        if address.kind is ContactKind.PHONE:
            conditions.append(both(equals(ContactPoint.KIND, address.kind), equals(ContactPoint.VALUE, address.value)))
    if not conditions:
        return set()
    fields = [ContactPoint.CANDIDATE]
    rows = app.salesforce.query(select(ContactPoint.API_NAME, fields, where=either(*conditions), limit=MOST_NAMESAKES))
    return {str(row[ContactPoint.CANDIDATE]) for row in rows}


def _is_mail(address: Address) -> bool:
    return address.kind is ContactKind.EMAIL


def _candidates(app: App, person: Person, ids: Iterable[str]) -> list[Record]:
    """Those found by an address, and those of the same last name (either way round)."""
    names = {one for one in (person.name.last, person.name.first) if one}
    by_id = select(Candidate.API_NAME, _SEEN, where=is_in(Candidate.ID, ids))
    order = [f"-{Candidate.CREATED_AT}"]
    where = is_in(Candidate.LAST_NAME, names)
    by_name = select(Candidate.API_NAME, _SEEN, where=where, order_by=order, limit=MOST_NAMESAKES)
    return [row for rows in app.salesforce.together([by_id, by_name]) for row in rows]


def _addresses(app: App, ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """(kind, value) of all contact points, by candidate."""
    found: dict[str, list[tuple[str, str]]] = {}
    fields = [ContactPoint.CANDIDATE, ContactPoint.KIND, ContactPoint.VALUE]
    for row in app.salesforce.query(select(ContactPoint.API_NAME, fields, where=is_in(ContactPoint.CANDIDATE, ids))):
        pair = (str(row[ContactPoint.KIND]), str(row[ContactPoint.VALUE]))
        found.setdefault(str(row[ContactPoint.CANDIDATE]), []).append(pair)
    return found


def _profile(person: Person) -> Profile:
    def of(kind: ContactKind) -> tuple[str, ...]:
        return tuple(address.value for address in person.addresses if address.kind is kind)

    facts = {field: str(value) for field, value in person.facts.items() if value}
    return Profile(
        id="person",
        first_name=person.name.first,
        last_name=person.name.last,
        emails=of(ContactKind.EMAIL),
        phones=of(ContactKind.PHONE),
        profiles=of(ContactKind.PROFILE),
        employer=facts.get(Candidate.EMPLOYER, ""),
        title=facts.get(Candidate.TITLE, ""),
        city=facts.get(Candidate.CITY, ""),
        country=facts.get(Candidate.COUNTRY, ""),
    )


def _standing(row: Record, addresses: Sequence[tuple[str, str]]) -> Profile:
    text = {field: str(row[field] or "") for field in _SEEN}

    def of(kind: ContactKind, primary: str = "") -> tuple[str, ...]:
        values = [primary, *(value for its, value in addresses if its == kind)]
        return tuple(dict.fromkeys(value for value in values if value))

    return Profile(
        id=text[Candidate.ID],
        first_name=text[Candidate.FIRST_NAME],
        last_name=text[Candidate.LAST_NAME],
        emails=of(ContactKind.EMAIL, text[Candidate.EMAIL]),
        phones=of(ContactKind.PHONE, text[Candidate.PHONE]),
        profiles=of(ContactKind.PROFILE),
        employer=text[Candidate.EMPLOYER],
        title=text[Candidate.TITLE],
        city=text[Candidate.CITY],
        country=text[Candidate.COUNTRY],
    )
