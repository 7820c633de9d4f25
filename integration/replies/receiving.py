"""One mail that came in: read, recognised, given to its door. What cannot be is put aside and told, never lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from integration import leases, log
from integration.errors import Gone, Rejected
from integration.model import delivered, reply_address
from integration.model.delivered import Delivered, Door
from integration.model.incoming import Incoming
from integration.ports import Value
from integration.records import OPERATIONS_ROW, Operations
from integration.replies import answering, applying, prospecting
from integration.replies.forwarding import OWN_MARK
from integration.replies.opening import Unreadable, opened

if TYPE_CHECKING:
    from integration.app import App

LEASE = timedelta(seconds=130)
"""Longer than the function may run."""
KEPT = timedelta(days=60)
ASIDE = "inbound#aside"
"""Partition of `claims`: mails nothing was done with, by time, with the reason and where they lie."""
MOST_COUNTED = 1_001
ASIDE_KEPT = timedelta(days=30)
"""As long as the mails themselves."""


def receive(app: App, message: Mapping[str, Any]) -> None:
    """Key: the mail's Message-ID and its bytes. Every effect below has a key made from it."""
    told = Delivered.read(message)
    if told.is_virus:
        put_aside(app, told, "a virus was found in it")
        return
    raw = app.data.read(told.key)
    if raw is None:
        raise Gone("The mail is not there any more.")
    try:
        mail = opened(raw, told.recipients)
    except Unreadable as reason:
        put_aside(app, told, str(reason))
        return
    cause = delivered.cause_of(mail.message_id, raw)
    log.bind(cause)
    key = f"inbound#{cause}"
    if leases.take(app, key, lease=LEASE, kept=KEPT) is not None:
        log.event("mail.repeated", cause=cause)
        return
    try:
        outcome = _through_its_door(app, told, mail, cause)
    except BaseException:
        leases.release(app, key)
        raise
    leases.finish(app, key, {"outcome": outcome})
    log.event("mail.received", cause=cause, outcome=outcome)


def _through_its_door(app: App, told: Delivered, mail: Incoming, cause: str) -> str:
    if OWN_MARK in mail.headers:
        return _aside(app, told, "it is one of our own that came back")
    door, rest = delivered.door_of(mail.recipients, app.config.inbound_domain)
    answered = reply_address.read(app.links, rest) if door is Door.REPLY else None
    answered = answered or _answered_by_headers(app, mail)
    try:
        if answered and (door in (Door.REPLY, Door.NONE) or mail.report):
            return answering.take(app, told, mail, answered, cause)
        if told.is_spam:
            return _aside(app, told, "it is taken for spam")
        if door is Door.JOB:
            return applying.take(app, told, mail, rest, cause)
        if door is Door.PROSPECT:
            return prospecting.take(app, told, mail, cause)
    except Gone:
        return "the person or record is gone"
    except Rejected as rejected:
        return _aside(app, told, rejected.message)
    return _aside(app, told, "no true address of ours is in it")


def _answered_by_headers(app: App, mail: Incoming) -> reply_address.Answered | None:
    """Programs that answer to the sender still name the mail they answer; a returned mail shows its own headers."""
    named = " ".join(mail.headers.get(name, "") for name in ("references", "in-reply-to"))
    original = mail.report.original if mail.report else ""
    return reply_address.first_in(app.links, f"{named} {original}"[:30_000])


def _aside(app: App, told: Delivered, reason: str) -> str:
    put_aside(app, told, reason)
    return f"put aside: {log.scrubbed(reason)[:200]}"


def put_aside(app: App, told: Delivered, reason: str) -> None:
    """Key: the mail's place. Kept in S3 and counted, for an operator to look at."""
    ttl = int((datetime.fromisoformat(told.at) + ASIDE_KEPT).timestamp())
    reason = log.scrubbed(reason)[:300]
    app.claims.put({"pk": ASIDE, "sk": f"{told.at}#{told.key}", "reason": reason, "ttl": ttl})
    log.event("mail.put_aside", key=told.key, reason=reason)
    _count_asides(app)


def _count_asides(app: App) -> None:
    """A recount, so that a mail that comes twice counts once; up to a thousand and one."""
    count = sum(1 for _ in app.claims.query(ASIDE, limit=MOST_COUNTED))
    row: dict[str, Value] = {Operations.KEY: OPERATIONS_ROW, Operations.MAILS_PUT_ASIDE: count}
    app.salesforce.upsert_many(Operations.API_NAME, Operations.KEY, [row])
