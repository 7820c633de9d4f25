"""The worker of the registrations queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from integration import leases, log, own_page
from integration.errors import Gone, Rejected
from integration.gatherings import answering, checking_in
from integration.model.registration import Kind, Registration
from integration.referrals import inviting
from integration.registration import applying, joining, wishes

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=130)
"""Longer than the function may run."""
KEPT = timedelta(days=35)

_WORK: Mapping[Kind, Callable[[App, Registration], None]] = {
    Kind.REGISTRATION: joining.register,
    Kind.CONFIRMATION: joining.confirm,
    Kind.APPLICATION: applying.apply,
    Kind.PREFERENCES: wishes.carry_out,
    Kind.PREFERENCES_LINK: wishes.send_link,
    Kind.OWN_PAGE: own_page.carry_out,
    Kind.PLACE: answering.register,
    Kind.PLACE_GIVEN_UP: answering.give_up,
    Kind.CHECK_IN: checking_in.check_in,
    Kind.REFUSAL: inviting.refuse,
}


def receive(app: App, message: Mapping[str, Any]) -> None:
    """Key: the message's own id, and below it every row's key. Salesforce down: the queue keeps it."""
    sent = Registration.from_message(message)
    log.bind(sent.id)
    key = f"registration#{sent.id}"
    if leases.take(app, key, lease=LEASE, kept=KEPT) is not None:
        log.event("registration.repeated", id=sent.id)
        return
    try:
        _WORK[sent.kind](app, sent)
    except Gone as gone:
        log.event("registration.gone", id=sent.id, reason=gone.message)
    except Rejected as rejected:
        # Nobody stands at a form any more to be told: kept in the dead-letter queue until the org takes it.
        leases.release(app, key)
        raise RuntimeError(f"a {sent.kind.value} cannot be written: {rejected.message}") from rejected
    except BaseException:
        leases.release(app, key)
        raise
    leases.finish(app, key, {"kind": sent.kind.value})
