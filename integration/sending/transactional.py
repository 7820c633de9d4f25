"""Mail that somebody just asked for, such as the double opt-in: no campaign, no audience, the same ledger."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from integration import log, soql
from integration.errors import Rejected
from integration.messages import BRAND_FIELDS, Draft, key_of, make, publish
from integration.messages.compiling import TEMPLATES
from integration.messages.findings import in_words
from integration.model.address import normalised
from integration.model.message import CONFIRM_URL
from integration.ports import Queue, Record
from integration.records import Brand
from integration.sending.one import Recipient
from integration.sending.suppression import address_pk

if TYPE_CHECKING:
    from integration.app import App

ONCE_IN = timedelta(hours=24)
"""One mail of a kind to an address, whoever enters it and however often (subscription bombing)."""
_KINDS = frozenset({"optin", "preferences"})


def queue_transactional(
    app: "App",
    kind: str,
    recipient: Mapping[str, str],
    slots: Mapping[str, str],
    cause: str,
    *,
    brand: str = "",
    language: str = "en",
) -> bool:
    """Idempotency key: `cause`, as part of the ledger key. False when the address had its mail of this kind today.

    `recipient` has key, id and email; `slots` confirm_url and first_name; `brand` is an id, blank for the org's first.
    """
    if kind not in _KINDS or not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", cause):
        raise ValueError(f"{kind!r} is not a kind of transactional mail, or its cause is not an id")
    # Addresses go into links as they are, so they must be made of what a token of ours is made of.
    if not re.fullmatch(re.escape(f"{app.config.public_base_url}/") + r"[A-Za-z0-9/._-]+", slots.get(CONFIRM_URL, "")):
        raise ValueError("the address to confirm is not an address of ours")
    if not _is_first_today(app, kind, recipient["email"], cause):
        log.event("mail.held_back", kind=kind, cause=cause)
        return False
    version = _version(app, kind, _brand(app, brand), language)
    to = Recipient(f"{recipient['key']}.{cause}", recipient.get("id", ""), recipient["email"], slots)
    body: dict[str, Any] = {"campaign": kind, "step": kind, "version": version, "recipients": [to.as_json()]}
    app.queues.send(Queue.MAIL, body)
    return True


def _is_first_today(app: "App", kind: str, email: str, cause: str) -> bool:
    """Claims the day for this address; the same cause may come twice."""
    now = app.clock.now()
    pk = f"{kind}#{address_pk(app, normalised(email))}"
    values = {"cause": cause, "at": now.isoformat(), "ttl": int((now + 2 * ONCE_IN).timestamp())}
    if app.claims.put({"pk": pk, "sk": "claim", **values}, unless_exists=True):
        return True
    held = app.claims.get(pk, "claim") or {}
    if held.get("cause") == cause:
        return True
    if held and now - datetime.fromisoformat(held["at"]) < ONCE_IN:
        return False
    return app.claims.update(pk, "claim", values, only_if={"cause": held.get("cause")})


def _brand(app: "App", brand: str) -> Record:
    where = soql.equals(Brand.ID, brand) if brand else None
    rows = app.salesforce.query(
        soql.select(Brand.API_NAME, BRAND_FIELDS, where=where, order_by=[Brand.CREATED_AT], limit=1)
    )
    if not rows:
        raise Rejected("No brand says who the mail comes from. Create a Brand with a sender address.", field="Brand")
    return rows[0]


def _version(app: "App", kind: str, brand: Record, language: str) -> str:
    """The version of the compiled message: made of all that goes into it, so a new look is a new message."""
    spoken = language if re.fullmatch(r"[a-z]{2}", language) else "en"
    parts = _sources(kind)
    digest = sha256(repr((parts, sorted(brand.items(), key=str), app.config.public_base_url)).encode()).hexdigest()
    version = f"{spoken}-{digest[:8]}"
    if app.data.read(key_of(kind, kind, version)) is None:
        subject, body, text = parts
        draft = Draft(kind, kind, version, subject, body, text, brand, spoken, transactional=True)
        message, findings = make(app, draft)
        if message is None:
            raise Rejected(f"The {kind} mail cannot be made. {in_words(findings)}", field="Brand")
        publish(app, message)
    return version


@lru_cache
def _sources(kind: str) -> tuple[str, str, str]:
    names = (f"{kind}.subject.j2", f"{kind}.mjml.j2", f"{kind}.txt.j2")
    subject, body, text = ((TEMPLATES / name).read_text() for name in names)
    return subject.strip(), body, text
