"""What every kind of registration writes: consents, touchpoints, memberships, events; each under a key of its cause."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from integration.candidates import Found, Origin, Person, State, find_or_create, parsing
from integration.candidates.writing import DUPLICATE, raise_passing
from integration.errors import Gone, Rejected
from integration.model import consent
from integration.model.event import SITE, Event, Kind
from integration.model.identity import Address, Name
from integration.model.registration import Registration, Source
from integration.model.topic import Word
from integration.model.vocabulary import ConsentState, ContactKind, ContactStatus, Touch
from integration.ports import Queue, Value
from integration.records import (
    Candidate,
    Channel,
    Consent,
    ContactPoint,
    LandingPage,
    RecruitingCampaign,
    Touchpoint,
)
from integration.sending.aliases import current
from integration.sending.suppression import note_topics
from integration.soql import both, equals, is_in, select

if TYPE_CHECKING:
    from integration.app import App

_FACTS = {
    "city": Candidate.CITY,
    "title": Candidate.TITLE,
    "employer": Candidate.EMPLOYER,
    "desired_role": Candidate.DESIRED_ROLE,
    "desired_location": Candidate.DESIRED_LOCATION,
}
_CONFIRMABLE = (ContactStatus.UNCONFIRMED, ContactStatus.UNSUBSCRIBED, ContactStatus.BOUNCED)


@dataclass(frozen=True)
class Known:
    """A candidate as the worker needs it."""

    id: str
    key: str
    email: str
    first_source: str
    """Channel__c id."""
    collected_at: str
    lifecycle: str
    history: str = ""
    """Of the lifecycle."""


def person_of(sent: Registration, *, whole: bool) -> Person:
    """The person of a form. Not `whole`: name and e-mail only, until the address is proven. Raises Rejected."""
    addresses: list[Address] = [parsing.email(sent.fields.get("email", ""))]
    facts: dict[str, Value] = {}
    if whole:
        addresses += _other_addresses(sent)
        facts = {name: sent.fields[field] for field, name in _FACTS.items() if sent.fields.get(field)}
        facts[Candidate.LANGUAGE] = sent.locale[:2]
    name = Name(sent.fields.get("first_name", ""), sent.fields.get("last_name", ""))
    return Person(cause=sent.id, name=name, addresses=tuple(addresses), facts=facts)


def _other_addresses(sent: Registration) -> list[Address]:
    """Phone and profile; what cannot be read is left out, because a registration is worth more than a phone."""
    found = []
    for field, read in (("phone", parsing.phone), ("profile", parsing.profile)):
        if text := sent.fields.get(field):
            try:
                found.append(read(text))
            except Rejected:
                continue
    return found


def candidate_of(app: App, person: Person, origin: Origin) -> Found:
    """The one candidate of a form. Raises Rejected when Salesforce refuses the row."""
    [found] = find_or_create(app, [person], origin)
    if found.state is State.REFUSED:
        raise Rejected(found.reason, field=found.field)
    return found


def known(app: App, *, candidate_id: str = "", candidate_key: str = "") -> Known:
    """Raises Gone when the candidate was deleted meanwhile."""
    fields = (
        Candidate.ID,
        Candidate.CANDIDATE_KEY,
        Candidate.EMAIL,
        Candidate.FIRST_SOURCE,
        Candidate.COLLECTED_AT,
        Candidate.LIFECYCLE,
        Candidate.LIFECYCLE_HISTORY,
    )
    if candidate_id:
        where = equals(Candidate.ID, candidate_id)
    else:  # a link in a mail outlives the merge of its record
        where = equals(Candidate.CANDIDATE_KEY, current(app, candidate_key))
    rows = app.salesforce.query(select(Candidate.API_NAME, fields, where=where, limit=1))
    if not rows:
        raise Gone("The candidate was deleted meanwhile.")
    return Known(*(str(rows[0][name] or "") for name in fields))


def channel_of(app: App, source: Source) -> str:
    """The channel that brought a visitor: the link's, or its campaign's."""
    if source.channel:
        return source.channel
    if not source.campaign:
        return _channel_of_engine(app, source.referrer) if source.referrer else ""
    where = equals(RecruitingCampaign.ID, source.campaign)
    rows = app.salesforce.query(select(RecruitingCampaign.API_NAME, [RecruitingCampaign.CHANNEL], where=where, limit=1))
    return str(rows[0][RecruitingCampaign.CHANNEL] or "") if rows else ""


def page_of(app: App, sent: Registration) -> tuple[Registration, dict[str, str]]:
    """A registration with its landing page. A page that was deleted meanwhile costs nobody the registration."""
    fields = (LandingPage.POOL, LandingPage.BRAND, LandingPage.SLUG)
    try:
        row = app.salesforce.get(LandingPage.API_NAME, sent.page, (*fields, LandingPage.DOUBLE_OPT_IN))
    except Gone:
        return replace(sent, page=""), {**dict.fromkeys(fields, ""), LandingPage.DOUBLE_OPT_IN: "yes"}
    page = {name: str(row[name] or "") for name in fields}
    return sent, page | {LandingPage.DOUBLE_OPT_IN: "yes" if row[LandingPage.DOUBLE_OPT_IN] else ""}


def write_consents(app: App, candidate_id: str, sent: Registration, state: ConsentState) -> None:
    """Rows under the key of the form that caused them."""
    rows = consent.rows(
        cause=sent.id,
        purposes=sent.purposes,
        state=state,
        text_version=sent.consent_version,
        locale=sent.locale,
        at=sent.when,
        evidence=sent.evidence,
    )
    values: list[dict[str, Value]] = [
        {
            Consent.CANDIDATE: candidate_id,
            Consent.KEY: row.key,
            Consent.PURPOSE: row.purpose.value,
            Consent.STATE: row.state.value,
            Consent.TEXT_VERSION: row.text_version,
            Consent.LOCALE: row.locale,
            Consent.AT: row.at.isoformat(timespec="seconds"),
            Consent.EVIDENCE: row.evidence,
            Consent.PAGE: sent.page or None,
        }
        for row in rows
    ]
    create_once(app, Consent.API_NAME, values)


def note_consents(app: App, candidate_key: str, purposes: Sequence[str], state: ConsentState) -> None:
    """Tells the senders what was agreed to or taken back; what waits for a confirmation tells them nothing."""
    word = {ConsentState.GIVEN: Word.GIVEN, ConsentState.WITHDRAWN: Word.WITHDRAWN}.get(state)
    if word:
        note_topics(app, candidate_key, purposes, word)


def confirm_address(app: App, candidate_id: str, email: str, status: ContactStatus = ContactStatus.CONFIRMED) -> None:
    """The contact point of an address that was proven; one that complained stays as it is."""
    where = both(
        equals(ContactPoint.CANDIDATE, candidate_id),
        equals(ContactPoint.KIND, ContactKind.EMAIL),
        equals(ContactPoint.VALUE, email),
        is_in(ContactPoint.STATUS, [known.value for known in _CONFIRMABLE]),
    )
    rows = app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.ID], where=where))
    for row in rows:
        app.salesforce.update(ContactPoint.API_NAME, str(row[ContactPoint.ID]), {ContactPoint.STATUS: status.value})


def touch(app: App, candidate_id: str, kind: Touch, sent: Registration, channel: str, requisition: str) -> None:
    """A touchpoint under the key of the form."""
    value: dict[str, Value] = {
        Touchpoint.CANDIDATE: candidate_id,
        Touchpoint.KEY: f"{sent.id}|{kind.value}",
        Touchpoint.KIND: kind.value,
        Touchpoint.AT: sent.when.isoformat(timespec="seconds"),
        Touchpoint.CHANNEL: channel or None,
        Touchpoint.POSTING: sent.posting or sent.source.posting or None,
        Touchpoint.PAGE: sent.page or None,
        Touchpoint.CAMPAIGN: sent.source.campaign or None,
        Touchpoint.REQUISITION: requisition or None,
    }
    create_once(app, Touchpoint.API_NAME, [value])


def write_event(app: App, kind: Kind, candidate: Known, sent: Registration, *, cause: str, requisition: str) -> None:
    """Credited to the first touch: the channel that brought the person, in the month in which it did."""
    event = Event(
        id=hashlib.sha256(f"{kind.value}|{cause}".encode()).hexdigest()[:32],
        kind=kind,
        at=sent.when.isoformat(timespec="milliseconds"),
        campaign=sent.source.campaign or SITE,
        candidate=candidate.key,
        channel=candidate.first_source,
        posting=sent.posting or sent.source.posting,
        requisition=requisition,
        page=sent.page,
        version=sent.arm,
        source_month=_month_of_first_touch(candidate, sent.source) or sent.at[:7],
    )
    app.queues.send(Queue.EVENTS, event.as_message())


def _month_of_first_touch(candidate: Known, source: Source) -> str:
    """The month of the click when it brought the person to us, else of the day on which we came to know them."""
    brought = source.at and candidate.first_source == source.channel
    if brought and candidate.collected_at:
        brought = datetime.fromisoformat(source.at) <= datetime.fromisoformat(candidate.collected_at)
    return source.at[:7] if brought else candidate.collected_at[:7]


def create_once(app: App, object_name: str, rows: Sequence[Mapping[str, Value]]) -> None:
    """Creates rows that carry a key of their cause; one that stands there already was written by an earlier attempt."""
    outcomes = app.salesforce.create_many(object_name, rows) if rows else []
    raise_passing(outcomes)
    for outcome in outcomes:
        if not outcome.success and outcome.code != DUPLICATE:
            raise RuntimeError(f"{object_name} was refused: {outcome.code} {', '.join(outcome.fields)}")


def _channel_of_engine(app: App, key: str) -> str:
    """The channel whose key is that of the engine or site; empty when the org has none."""
    rows = app.salesforce.query(select(Channel.API_NAME, [Channel.ID], where=equals(Channel.KEY, key), limit=1))
    return str(rows[0][Channel.ID]) if rows else ""
