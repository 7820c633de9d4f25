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
from integration.model.wording import said
from integration.ports import Queue, Record
from integration.records import Brand, MessageTemplate
from integration.sending.one import Recipient
from integration.sending.suppression import address_pk

if TYPE_CHECKING:
    from integration.app import App

_OWN_WORDS = {"invited": ("referrer",)}
"""Slots of a kind of mail that no candidate's record fills."""
ONCE_IN = timedelta(hours=24)
_MOST_A_DAY = {"optin": 1, "preferences": 1, "registered": 1, "applied": 5, "closed": 5, "address": 4, "invited": 1}
"""Kinds of mail, and how many of each an address gets in a day, whoever causes them."""


def queue_transactional(
    app: "App",
    kind: str,
    recipient: Mapping[str, str],
    slots: Mapping[str, str],
    cause: str,
    *,
    brand: str = "",
    language: str = "en",
    template: str = "",
) -> bool:
    """Idempotency key: `cause`, as part of the ledger key. False when the address had its mail of this kind today.

    `recipient` has key, id and email; `slots` confirm_url and first_name; `brand` is an id, blank for the org's first;
    `template` the id of a Message_Template__c whose words stand instead of ours.
    """
    if kind not in _MOST_A_DAY or not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", cause):
        raise ValueError(f"{kind!r} is not a kind of transactional mail, or its cause is not an id")
    # Addresses go into links as they are, so they must be made of what a token of ours is made of.
    if not re.fullmatch(re.escape(f"{app.config.public_base_url}/") + r"[A-Za-z0-9/._-]+", slots.get(CONFIRM_URL, "")):
        raise ValueError("the address to confirm is not an address of ours")
    if not _has_place_today(app, kind, recipient["email"], cause):
        log.event("mail.held_back", kind=kind, cause=cause)
        return False
    version = _version(app, kind, brand_of(app, brand), language, template)
    to = Recipient(f"{recipient['key']}.{cause}", recipient.get("id", ""), recipient["email"], slots)
    body: dict[str, Any] = {"campaign": kind, "step": kind, "version": version, "recipients": [to.as_json()]}
    app.queues.send(Queue.MAIL, body)
    return True


def _has_place_today(app: "App", kind: str, email: str, cause: str) -> bool:
    """Claims a place of the day for this address; the same cause may come twice."""
    pk = f"{kind}#{address_pk(app, normalised(email))}"
    places = ["claim", *(f"claim {number}" for number in range(2, _MOST_A_DAY[kind] + 1))]
    if any((app.claims.get(pk, place) or {}).get("cause") == cause for place in places):
        return True
    return any(_claim(app, pk, place, cause) for place in places)


def _claim(app: "App", pk: str, place: str, cause: str) -> bool:
    now = app.clock.now()
    values = {"cause": cause, "at": now.isoformat(), "ttl": int((now + 2 * ONCE_IN).timestamp())}
    if app.claims.put({"pk": pk, "sk": place, **values}, unless_exists=True):
        return True
    held = app.claims.get(pk, place) or {}
    if held and now - datetime.fromisoformat(held["at"]) < ONCE_IN:
        return False
    return app.claims.update(pk, place, values, only_if={"cause": held.get("cause")})


def brand_of(app: "App", brand: str) -> Record:
    """The brand by id, or the org's first; raises Rejected when there is none."""
    where = soql.equals(Brand.ID, brand) if brand else None
    rows = app.salesforce.query(
        soql.select(Brand.API_NAME, BRAND_FIELDS, where=where, order_by=[Brand.CREATED_AT], limit=1)
    )
    if not rows:
        raise Rejected("No brand says who the mail comes from. Create a Brand with a sender address.", field="Brand")
    return rows[0]


def _version(app: "App", kind: str, brand: Record, language: str, template: str) -> str:
    """The version of the compiled message: made of all that goes into it, so a new look is a new message."""
    spoken = language if re.fullmatch(r"[a-z]{2}", language) else "en"
    parts = _words_of(app, template) if template else sources(kind, spoken)
    made_of = (parts, _layouts(), sorted(brand.items(), key=str), app.config.public_base_url)
    digest = sha256(repr(made_of).encode()).hexdigest()
    version = f"{spoken}-{digest[:8]}"
    if app.data.read(key_of(kind, kind, version)) is None:
        subject, body, text = parts
        words = _OWN_WORDS.get(kind, ())
        draft = Draft(kind, kind, version, subject, body, text, brand, spoken, transactional=True, own_words=words)
        message, findings = make(app, draft)
        if message is None:
            raise Rejected(f"The {kind} mail cannot be made. {in_words(findings)}", field="Brand")
        publish(app, message)
    return version


def _words_of(app: "App", template: str) -> tuple[str, str, str]:
    """Subject, body and text that a recruiter wrote."""
    fields = (MessageTemplate.SUBJECT, MessageTemplate.BODY, MessageTemplate.TEXT)
    row = app.salesforce.get(MessageTemplate.API_NAME, template, fields)
    subject, body, text = (str(row[name] or "") for name in fields)
    return subject, body, text


@lru_cache
def _layouts() -> tuple[str, ...]:
    """What stands around every mail; a new foot is a new message too."""
    return tuple((TEMPLATES / f"_layout.{kind}.j2").read_text() for kind in ("mjml", "txt"))


_SENTENCE = re.compile(r"\[\[(.+?)\]\]")


@lru_cache
def sources(kind: str, language: str) -> tuple[str, str, str]:
    """Subject, body and text; what stands in [[…]] is said in the language."""
    names = (f"{kind}.subject.j2", f"{kind}.mjml.j2", f"{kind}.txt.j2")
    subject, body, text = (
        _SENTENCE.sub(lambda match: said(match[1], language), (TEMPLATES / name).read_text()) for name in names
    )
    return subject.strip(), body, text
