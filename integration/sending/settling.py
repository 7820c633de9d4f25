"""What the provider's events prove about a mail: they move its row, and build it again when it was lost."""

from datetime import datetime
from typing import TYPE_CHECKING

from integration import log
from integration.model.bounce import Failure, enough, failure_of, soft_bounces
from integration.model.event import SITE, Event, Kind
from integration.model.ledger import State, before, ledger_pk
from integration.sending.suppression import Reason, address_mark_pk, suppress

if TYPE_CHECKING:
    from integration.app import App

PROOFS = frozenset({Kind.SEND, Kind.DELIVERY, Kind.DELAY, Kind.BOUNCE, Kind.COMPLAINT, Kind.REJECT})
_SOFT = "soft bounces"


def settle(app: "App", event: Event) -> None:
    """Idempotency key: campaign, step, version and candidate key; any order and any number of copies end alike."""
    if event.kind not in PROOFS or event.campaign == SITE or not event.candidate:
        return
    pk = ledger_pk(event.campaign, event.step, event.version, event.candidate)
    if event.kind is Kind.REJECT:
        _did_not_go(app, pk, event)
        return
    # A Send event finds a row that is not settled; the others mostly find one that is, and a read costs less.
    row = None if event.kind is Kind.SEND else app.sends.get(pk, event.candidate)
    if row is None or row.get("state") != State.SETTLED:
        values = {"state": State.SETTLED, "message_id": event.message_id, "settled_at": event.at}
        only_if = {"state": set(before(State.SETTLED)), "rejected_at": None}
        app.sends.update(pk, event.candidate, values, only_if=only_if)
    _stop(app, event, str((row or {}).get("address", "")))


def _did_not_go(app: "App", pk: str, event: Event) -> None:
    """The provider took the mail and then kept it back: whatever was believed before, and whatever Send event comes
    after, it reached nobody."""
    values = {
        "state": State.FAILED,
        "reason": f"the provider took the mail, but did not send it: {event.detail or 'no reason given'}"[:200],
        "message_id": event.message_id,
        "rejected_at": event.at,
    }
    if app.sends.update(pk, event.candidate, values, only_if={"rejected_at": None}):
        log.event("mail.rejected", campaign=event.campaign, candidate=event.candidate)


def _stop(app: "App", event: Event, address_mark: str) -> None:
    """A hard bounce stops the address, a complaint the person and the address, three soft bounces in a week as well."""
    at, candidate = datetime.fromisoformat(event.at), event.candidate.partition(".")[0]
    # Of a row that was lost only the person is known; their mail stops until the address is put right.
    known = "" if address_mark else candidate
    if event.kind is Kind.COMPLAINT:
        suppress(app, candidate, Reason.COMPLAINED, at, address_mark=address_mark)
    elif event.kind is Kind.BOUNCE:
        failure = failure_of(event.detail)
        if failure is Failure.HARD or (failure is Failure.SOFT and _once_too_often(app, event, address_mark)):
            suppress(app, known, Reason.BOUNCED, at, address_mark=address_mark)


def _once_too_often(app: "App", event: Event, address_mark: str) -> bool:
    """Notes a soft bounce under its mail, so that a copy changes nothing; whether there were enough."""
    if not address_mark:
        return False
    pk = address_mark_pk(address_mark)
    noted = soft_bounces(app.people.get(pk, _SOFT) or {}, event.message_id, event.at)
    app.people.update(pk, _SOFT, noted)
    return enough([at for at in noted.values() if at is not None])
