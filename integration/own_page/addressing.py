"""A new e-mail address of a person: it counts when both the old and the new one have said yes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.candidates import parsing
from integration.errors import Rejected, TryAgain
from integration.model import link
from integration.model.link import Purpose
from integration.model.registration import Registration
from integration.model.vocabulary import ContactKind, ContactStatus
from integration.records import Candidate, ContactPoint
from integration.registration.writing import Known
from integration.sending import queue_transactional
from integration.sending.aliases import person_pk
from integration.soql import both, equals, select

if TYPE_CHECKING:
    from integration.app import App

CONFIRM_LIFE = timedelta(days=7)
_SIDES = ("old", "new")


def ask(app: App, sent: Registration, candidate: Known) -> None:
    """Key: the wish. A mail to each address; nothing changes yet, whoever asked."""
    new = parsing.email(sent.fields.get("email", "")).value
    if new == candidate.email or not candidate.email:
        return
    until = sent.when + CONFIRM_LIFE
    waiting = {"old_address": candidate.email, "new_address": new, "ttl": int(until.timestamp())}
    # With what is noted of the person: it goes when they are erased.
    app.people.put({"pk": person_pk(candidate.key), "sk": _sk(sent.id), **waiting}, unless_exists=True)
    for side, address in zip(_SIDES, (candidate.email, new), strict=True):
        claims = {link.CANDIDATE: candidate.key, link.ITEM: sent.id, link.DOOR: side}
        token = app.links.sign(Purpose.ADDRESS, claims, expires=until)
        recipient = {"key": candidate.key, "id": candidate.id, "email": address}
        slots = {"confirm_url": f"{app.config.public_base_url}/address/{token}"}
        try:
            queue_transactional(app, "address", recipient, slots, f"{sent.id}-{side}")
        except Rejected as rejected:
            raise TryAgain(
                f"the mail to confirm an address cannot be made: {rejected.message}", seconds=300
            ) from rejected


def confirm(app: App, sent: Registration, candidate: Known) -> None:
    """Key: the wish and the side. The second yes changes the address."""
    side = sent.fields.get("side", "")
    place = (person_pk(sent.candidate), _sk(sent.cause))
    if side not in _SIDES or not app.people.update(*place, {side: "yes"}, only_if={"pk": place[0]}):
        return
    waiting = app.people.get(*place) or {}
    if all(waiting.get(each) for each in _SIDES):
        _change(app, candidate, str(waiting["old_address"]), str(waiting["new_address"]))
        app.people.delete(*place)


def _change(app: App, candidate: Known, old: str, new: str) -> None:
    """The address's own row takes the new one. An address that is another record's is left: people settle that."""
    address = parsing.email(new)
    others = select(
        ContactPoint.API_NAME, [ContactPoint.CANDIDATE], where=equals(ContactPoint.KEY, address.key), limit=1
    )
    if app.salesforce.query(others):
        log.event("address.taken", candidate=candidate.id)
        return
    where = both(
        equals(ContactPoint.CANDIDATE, candidate.id),
        equals(ContactPoint.KIND, ContactKind.EMAIL.value),
        equals(ContactPoint.VALUE, old),
    )
    for row in app.salesforce.query(select(ContactPoint.API_NAME, [ContactPoint.ID], where=where)):
        values = {ContactPoint.VALUE: address.value, ContactPoint.KEY: address.key}
        status = {ContactPoint.STATUS: ContactStatus.CONFIRMED.value}
        app.salesforce.update(ContactPoint.API_NAME, str(row[ContactPoint.ID]), {**values, **status})
    app.salesforce.update(Candidate.API_NAME, candidate.id, {Candidate.EMAIL: address.value})
    log.event("address.changed", candidate=candidate.id)


def _sk(wish: str) -> str:
    return f"address change {wish}"
