"""What the provider's events prove about a mail: they move its row, and build it again when it was lost."""

from datetime import datetime
from typing import TYPE_CHECKING

from integration.model.event import SITE, Event, Kind
from integration.model.ledger import State, before, ledger_pk
from integration.sending.suppression import Reason, suppress

if TYPE_CHECKING:
    from integration.app import App

PROOFS = frozenset({Kind.SEND, Kind.DELIVERY, Kind.DELAY, Kind.BOUNCE, Kind.COMPLAINT, Kind.REJECT})


def settle(app: "App", event: Event) -> None:
    """Idempotency key: campaign, step, version and candidate key; any order and any number of copies end alike."""
    if event.kind not in PROOFS or event.campaign == SITE or not event.candidate:
        return
    pk = ledger_pk(event.campaign, event.step, event.version, event.candidate)
    # A Send event finds a row that is not settled; the others mostly find one that is, and a read costs less.
    row = None if event.kind is Kind.SEND else app.sends.get(pk, event.candidate)
    if row is None or row.get("state") != State.SETTLED:
        values = {"state": State.SETTLED, "message_id": event.message_id, "settled_at": event.at}
        app.sends.update(pk, event.candidate, values, only_if={"state": set(before(State.SETTLED))})
    _stop(app, event, str((row or {}).get("address", "")))


def _stop(app: "App", event: Event, address_mark: str) -> None:
    """A hard bounce stops the address, a complaint the person and the address."""
    at, candidate = datetime.fromisoformat(event.at), event.candidate.partition(".")[0]
    if event.kind is Kind.COMPLAINT:
        suppress(app, candidate, Reason.COMPLAINED, at, address_mark=address_mark)
    elif event.kind is Kind.BOUNCE and event.detail.startswith("Permanent"):
        # Of a row that was lost only the person is known; their mail stops until the address is put right.
        known = "" if address_mark else candidate
        suppress(app, known, Reason.BOUNCED, at, address_mark=address_mark)
