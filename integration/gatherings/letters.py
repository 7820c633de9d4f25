"""Mails about an event to who registered: they sell nothing, so they need no consent to marketing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from integration import log
from integration.errors import Rejected
from integration.gatherings.reading import Gathering
from integration.gatherings.roster import Row
from integration.gatherings.times import in_words
from integration.messages import Draft, key_of, make, publish
from integration.messages.event import Event, calendar
from integration.messages.findings import in_words as in_sentences
from integration.messages.making import in_wire_form
from integration.model import link
from integration.model.link import Purpose
from integration.model.message import CONFIRM_URL
from integration.model.wording import said, spoken
from integration.ports import Queue
from integration.records import Brand
from integration.sending.one import Recipient
from integration.sending.transactional import brand_of, sources

if TYPE_CHECKING:
    from integration.app import App

EVENT = "event"
"""Campaign and step of these mails in the ledger, as `optin` is of the opt-in mail."""
PER_MESSAGE = 20
OWN_WORDS = ("event_head", "event_line", "event_title", "event_when", "event_where", "event_button")


class Letter(StrEnum):
    REGISTERED = "registered"
    WAITING = "waiting"
    MOVED_UP = "moved-up"
    LEFT = "left"
    CHANGED = "changed"
    CANCELLED = "cancelled"
    TOMORROW = "tomorrow"
    SOON = "soon"


@dataclass(frozen=True)
class Words:
    head: str
    line: str
    method: str = ""
    """Of the calendar file that goes along: `PUBLISH`, `CANCEL`, or empty for none."""


LETTERS = {
    Letter.REGISTERED: Words(
        "You have a place",
        "we look forward to seeing you. The file in this mail puts it into your calendar.",
        "PUBLISH",
    ),
    Letter.WAITING: Words(
        "You are on the waiting list",
        "all places are taken. As soon as one is free and it is your turn, it is yours, and we tell you by mail.",
    ),
    Letter.MOVED_UP: Words(
        "A place is free, and it is yours",
        "you have moved up from the waiting list. If you cannot come any more, please pass the place on.",
        "PUBLISH",
    ),
    Letter.LEFT: Words("Your place is given up", "thank you for telling us: somebody else can have it now.", "CANCEL"),
    Letter.CHANGED: Words("Time or place has changed", "please look at what has changed for this event.", "PUBLISH"),
    Letter.CANCELLED: Words(
        "The event is called off", "we are sorry: this event does not take place. You need not do anything.", "CANCEL"
    ),
    Letter.TOMORROW: Words("Tomorrow", "this is only to remind you of our event."),
    Letter.SOON: Words("It begins in two hours", "this is only to remind you of our event."),
}
BUTTON = "Look at it, or pass the place on"


def write(app: App, event: Gathering, letter: Letter, people: Sequence[tuple[Row, str]]) -> int:
    """Key: the cause beside each person. Who has no address gets none; a mail that cannot be made holds nothing up."""
    reachable = [(row, cause) for row, cause in people if row.email and row.key]
    if not reachable:
        return 0
    try:
        version = _version(app, event, letter)
    except Rejected as rejected:
        log.event("event_mail.unsent", event=event.id, letter=letter, reason=rejected.message)
        return 0
    recipients = [_recipient(app, event, letter, row, cause).as_json() for row, cause in reachable]
    app.queues.send_many(
        Queue.MAIL,
        (
            {"campaign": EVENT, "step": EVENT, "version": version, "recipients": recipients[at : at + PER_MESSAGE]}
            for at in range(0, len(recipients), PER_MESSAGE)
        ),
    )
    return len(recipients)


def _recipient(app: App, event: Gathering, letter: Letter, row: Row, cause: str) -> Recipient:
    language, words = spoken(event.language), LETTERS[letter]
    claims = {
        link.CANDIDATE: row.key,
        link.ITEM: event.id,
        link.DOOR: event.slug,
        link.LANGUAGE: language,
    }
    token = app.links.sign(Purpose.PLACE, claims)
    slots = {
        CONFIRM_URL: f"{app.config.public_base_url}/place/{token}",
        "first_name": row.first_name,
        "event_head": said(words.head, language),
        "event_line": said(words.line, language),
        "event_title": event.name,
        "event_when": in_words(event.starts, event.ends, event.zone, language),
        "event_where": event.where,
        "event_button": said(BUTTON, language),
    }
    return Recipient(f"{row.key}.{row.id}-{letter}-{cause}", row.one.id, row.email, slots)


def _version(app: App, event: Gathering, letter: Letter) -> str:
    """The version of the compiled mail, made of all that goes into it: brand, language and calendar file."""
    brand, language = brand_of(app, event.brand), spoken(event.language)
    parts, method = sources(EVENT, language), LETTERS[letter].method
    file = calendar_file(app, event, str(brand[Brand.FROM_ADDRESS] or ""), method) if method else ""
    mark = repr((parts, file, sorted(brand.items(), key=str), app.config.public_base_url))
    version = f"{language}-{sha256(mark.encode()).hexdigest()[:12]}"
    if app.data.read(key_of(EVENT, EVENT, version)) is None:
        subject, body, text = parts
        draft = Draft(
            EVENT, EVENT, version, subject, body, text, brand, language, transactional=True, own_words=OWN_WORDS
        )
        message, findings = make(app, draft)
        if message is None:
            raise Rejected(f"The mail about the event cannot be made. {in_sentences(findings)}", field="Brand")
        attached = replace(message, calendar=in_wire_form(file) if file else "", calendar_method=method or "PUBLISH")
        publish(app, attached)
    return version


def calendar_file(app: App, event: Gathering, organizer: str, method: str) -> str:
    """The event's entry. Its UID never changes, its SEQUENCE rises with every change, so calendars keep one entry."""
    entry = Event(
        title=event.name,
        start=event.starts.isoformat(),
        end=event.ends.isoformat(),
        when="",
        place=event.where,
        url=f"{app.config.public_base_url}/events/{event.slug}",
    )
    return calendar(
        entry,
        uid=f"{event.id}@{organizer.rpartition('@')[2]}",
        organizer=organizer,
        sequence=event.number,
        at=app.clock.now().replace(hour=0, minute=0, second=0, microsecond=0),
        cancelled=method == "CANCEL",
    )
