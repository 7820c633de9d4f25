"""Registrations on a landing page, and their confirmation: candidate, consent, pool, and the opt-in mail between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import ats, drips, log
from integration.alerts import saving
from integration.candidates import Origin, leaving
from integration.candidates.writing import DUPLICATE, raise_passing
from integration.errors import Gone, Rejected, TryAgain
from integration.model import link
from integration.model.event import Kind
from integration.model.link import Purpose
from integration.model.provenance import Trust
from integration.model.registration import Registration
from integration.model.signal import Signal, SignalKind
from integration.model.vocabulary import AddedBy, ConsentState, MembershipState, Touch
from integration.model.vocabulary import Purpose as Topic
from integration.ports import Queue, Value
from integration.records import Candidate, LandingPage, PoolMembership
from integration.referrals import recording
from integration.registration.courtesy import thank
from integration.registration.files import attach_resume
from integration.registration.writing import (
    Known,
    candidate_of,
    channel_of,
    confirm_address,
    known,
    note_consents,
    page_of,
    person_of,
    touch,
    write_consents,
    write_event,
)
from integration.sending import queue_transactional
from integration.sending.aliases import person_pk
from integration.sending.suppression import release
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

CONFIRM_LIFE = timedelta(days=7)
_KEPT = timedelta(days=30)


def register(app: App, sent: Registration) -> None:
    """Key: the registration's id. With double opt-in nothing counts before the address is proven; who
    comes by a link of their own has proven it.

    Until then the org gets name and address only; what else was typed waits beside the claim, because anybody could
    have typed it for somebody else.
    """
    sent, page = page_of(app, sent)
    double = bool(page[LandingPage.DOUBLE_OPT_IN])
    channel = channel_of(app, sent.source)
    if sent.candidate:
        candidate = known(app, candidate_key=sent.candidate)
        _join(app, candidate, replace(sent, fields={"email": candidate.email}), page, channel)
        return
    found = candidate_of(app, person_of(sent, whole=not double), _origin(sent, page, channel))
    if not double:
        _join(app, known(app, candidate_id=found.id), sent, page, channel)
        return
    write_consents(app, found.id, sent, ConsentState.PENDING)
    _propose(app, page[LandingPage.POOL], found.id)
    _keep(app, found.key, sent)
    _ask_to_confirm(app, sent, page, found.id, found.key)
    log.event("registration.pending", id=sent.id, candidate=found.id, state=found.state.value)


def confirm(app: App, confirmation: Registration) -> None:
    """Key: the registration that is confirmed. The button was pressed in a mail to that address: now it counts."""
    kept = app.people.get(*_waiting(confirmation.candidate, confirmation.cause))
    if kept is None:
        raise Gone("The registration is no longer waiting; the person has to register again.")
    sent, page = page_of(app, Registration.from_message(kept["registration"]))
    channel = channel_of(app, sent.source)
    found = candidate_of(app, person_of(sent, whole=True), _origin(sent, page, channel))
    given = Registration.from_message({**sent.as_message(), "at": confirmation.at, "evidence": confirmation.evidence})
    _join(app, known(app, candidate_id=found.id), given, page, channel)


def _origin(sent: Registration, page: dict[str, str], channel: str) -> Origin:
    return Origin(
        at=sent.when,
        collected_from=f"Landing page {page[LandingPage.SLUG]}".strip(),
        channel=channel,
        lawful_basis="Consent",
        trust=Trust.CANDIDATE,
    )


def _join(app: App, candidate: Known, sent: Registration, page: dict[str, str], channel: str) -> None:
    """Consent given, address confirmed, member of the pool, touchpoint, event; then the drips may start."""
    email = person_of(sent, whole=False).addresses[0].value
    requisition = sent.source.requisition or sent.requisition
    write_consents(app, candidate.id, sent, ConsentState.GIVEN)
    confirm_address(app, candidate.id, email)
    release(app, candidate.key, address=email)
    note_consents(app, candidate.key, sent.purposes, ConsentState.GIVEN)
    if sent.purposes and candidate.lifecycle in leaving.FORMER:
        leaving.agreed(app, candidate.id)
    if channel:
        app.salesforce.update(Candidate.API_NAME, candidate.id, {Candidate.LAST_SOURCE: channel})
    if Topic.JOB_ALERTS in sent.purposes:
        saving.make(app, candidate, sent, page[LandingPage.POOL])
    attach_resume(app, candidate.id, sent)
    ats.offer_registration(app, candidate.id)
    touch(app, candidate.id, Touch.REGISTERED, sent, channel, requisition)
    recording.record(app, candidate, sent, channel, requisition)
    write_event(app, Kind.REGISTERED, candidate, sent, cause=sent.id, requisition=requisition)
    thank(app, "registered", candidate, sent, brand=page[LandingPage.BRAND])
    drips.hear(app, [Signal(SignalKind.REGISTERED, candidate.key, sent.at, cause=f"registered|{sent.id}")])
    membership = _admit(app, page[LandingPage.POOL], candidate.id, sent.when)
    app.queues.send(
        Queue.CHANGES, {"candidates": [candidate.id], **({"memberships": [membership]} if membership else {})}
    )
    log.event("candidate.registered", id=sent.id, candidate=candidate.id, page=sent.page)


def _membership(app: App, pool: str, candidate_id: str) -> dict[str, Value] | None:
    fields = (PoolMembership.ID, PoolMembership.STATE)
    where = equals(PoolMembership.KEY, f"{pool}|{candidate_id}")
    rows = app.salesforce.query(select(PoolMembership.API_NAME, fields, where=where, limit=1))
    return rows[0] if rows else None


def _propose(app: App, pool: str, candidate_id: str) -> None:
    """A place in the pool that waits for the confirmation; whoever stands there already stays as they are."""
    if pool and _membership(app, pool, candidate_id) is None:
        _create_membership(app, pool, candidate_id, {PoolMembership.STATE: MembershipState.PROPOSED.value})


def _admit(app: App, pool: str, candidate_id: str, at: datetime) -> str:
    """The id of the membership; empty without a pool. A recruiter's rejection stands."""
    if not pool:
        return ""
    joined: dict[str, Value] = {
        PoolMembership.STATE: MembershipState.MEMBER.value,
        PoolMembership.JOINED_AT: at.isoformat(timespec="seconds"),
        PoolMembership.LEFT_AT: None,
    }
    standing = _membership(app, pool, candidate_id)
    if standing is None:
        _create_membership(app, pool, candidate_id, joined)
        standing = _membership(app, pool, candidate_id) or {}
    elif standing[PoolMembership.STATE] in (MembershipState.PROPOSED, MembershipState.LEFT):
        added = {PoolMembership.ADDED_BY: AddedBy.LANDING_PAGE.value}
        app.salesforce.update(PoolMembership.API_NAME, str(standing[PoolMembership.ID]), {**joined, **added})
    return str(standing.get(PoolMembership.ID, ""))


def _create_membership(app: App, pool: str, candidate_id: str, values: dict[str, Value]) -> None:
    """Another worker may be faster: then its row stands, and the next attempt finds it."""
    row = {
        PoolMembership.POOL: pool,
        PoolMembership.CANDIDATE: candidate_id,
        PoolMembership.KEY: f"{pool}|{candidate_id}",
        PoolMembership.ADDED_BY: AddedBy.LANDING_PAGE.value,
        **values,
    }
    [outcome] = app.salesforce.create_many(PoolMembership.API_NAME, [row])
    raise_passing([outcome])
    if outcome.created:
        return
    if outcome.success or outcome.code == DUPLICATE:
        raise TryAgain("another worker writes the same membership", seconds=5)
    raise RuntimeError(f"the membership was refused: {outcome.code} {outcome.message}")


def _keep(app: App, candidate_key: str, sent: Registration) -> None:
    """What waits for the confirmation, for as long as its link works and a little longer, or until they are erased."""
    pk, sk = _waiting(candidate_key, sent.id)
    kept: dict[str, Any] = {"registration": sent.as_message(), "ttl": int((sent.when + _KEPT).timestamp())}
    app.people.put({"pk": pk, "sk": sk, **kept})


def _waiting(candidate_key: str, cause: str) -> tuple[str, str]:
    return person_pk(candidate_key), f"registration {cause}"


def _ask_to_confirm(app: App, sent: Registration, page: dict[str, str], candidate_id: str, key: str) -> None:
    claims = {
        link.CANDIDATE: key,
        link.PAGE: sent.page,
        link.DOOR: page[LandingPage.SLUG],
        link.PURPOSES: "|".join(sent.purposes),
        link.ITEM: sent.id,
    }
    token = app.links.sign(Purpose.CONFIRM, claims, expires=sent.when + CONFIRM_LIFE)
    recipient = {"key": key, "id": candidate_id, "email": person_of(sent, whole=False).addresses[0].value}
    slots = {
        "confirm_url": f"{app.config.public_base_url}/confirm/{token}",
        "first_name": sent.fields.get("first_name", ""),
    }
    try:
        queue_transactional(
            app, "optin", recipient, slots, sent.id, brand=page[LandingPage.BRAND], language=sent.locale[:2]
        )
    except Rejected as rejected:
        # Somebody has to give the org a sender first; the queue keeps the registration until then.
        raise TryAgain(f"the opt-in mail cannot be made: {rejected.message}", seconds=300) from rejected
