"""Who must not be written to: opt-outs, bounces and complaints, read again right before every mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from integration import log
from integration.model import topic as topics
from integration.model.address import fingerprint
from integration.model.topic import Refusal, Word
from integration.model.vocabulary import MailFrequency, Purpose
from integration.ports import Item
from integration.sending.aliases import SUPPRESSION, Aliases, aliases, current, person_pk

if TYPE_CHECKING:
    from integration.app import App


class Reason(StrEnum):
    """From the weakest to the strongest; a weaker one never replaces a stronger one."""

    PAUSED = "paused"
    DO_NOT_CONTACT = "do not contact"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    ERASED = "erased"


_ORDER = list(Reason)
ANSWERED = frozenset({Reason.PAUSED, Reason.DO_NOT_CONTACT, Reason.UNSUBSCRIBED})
"""Do not stop the answer to what the person just asked for (double opt-in)."""
_THEIR_OWN = frozenset({Reason.PAUSED, Reason.UNSUBSCRIBED})


@dataclass(frozen=True)
class Look:
    """What must be known of a person right before a mail."""

    reason: Reason | Refusal | None
    """Why there must be none."""
    aliases: Aliases


def address_pk(app: "App", address: str) -> str:
    """An address under a name that does not tell it."""
    return address_mark_pk(fingerprint(address, app.links.salt))


def address_mark_pk(mark: str) -> str:
    return f"address#{mark}"


def suppress(
    app: "App",
    candidate: str,
    reason: str,
    at: datetime,
    *,
    address: str = "",
    address_mark: str = "",
    until: datetime | None = None,
) -> None:
    """Stops mail to a person, to an address, or both, from this moment on. `until` ends a pause by itself.

    A person who was merged is stopped under the key that remains as well: the “no” outlives an unmerge.

    `candidate` is a candidate key, blank for an address alone; `reason` is a word of Reason; `address_mark` is an
    address's fingerprint where the address itself is not known.
    """
    reason = Reason(reason)
    places = [person_pk(key) for key in dict.fromkeys((candidate, current(app, candidate)))] if candidate else []
    if address or address_mark:
        places.append(address_pk(app, address) if address else address_mark_pk(address_mark))
    weaker = {None, *_ORDER[: _ORDER.index(reason) + 1]}
    for pk in places:
        values = {"reason": reason, "at": at.isoformat(), "until": until.isoformat() if until else None}
        if app.people.update(pk, SUPPRESSION, values, only_if={"reason": weaker}):
            log.event("person.suppressed", reason=reason, candidate=candidate)


def release(app: "App", candidate: str, *, address: str = "") -> bool:
    """The person asks for mail again: ends their own opt-out or pause, never what a recruiter or the provider said.
    `address`: one that they have proven, about which they said no before we knew them."""
    item = app.people.get(person_pk(candidate), SUPPRESSION)
    places = [person_pk(key) for key in (candidate, *aliases(app, candidate, item).others)]
    if address:
        places.append(address_pk(app, address))
    lifted = [
        app.people.update(pk, SUPPRESSION, {"reason": None, "until": None}, only_if={"reason": set(_THEIR_OWN)})
        for pk in places
    ]
    return any(lifted)


def note_topics(app: "App", candidate: str, purposes: Iterable[str], word: Word) -> None:
    """Key: candidate and topic, the last word stands. What a person said about topics, under each of their keys."""
    said = {topics.attribute(topic): word.value for topic in topics.MAIL_TOPICS if topic in set(purposes)}
    if not said:
        return
    item = app.people.get(person_pk(candidate), SUPPRESSION)
    for key in (candidate, *aliases(app, candidate, item).others):
        app.people.update(person_pk(key), SUPPRESSION, said)


def note_frequency(app: "App", candidate: str, frequency: MailFrequency) -> None:
    """Key: candidate, the last word stands. How often the person wants mail."""
    item = app.people.get(person_pk(candidate), SUPPRESSION)
    values = {"frequency": frequency.value if frequency.days else None}
    for key in (candidate, *aliases(app, candidate, item).others):
        app.people.update(person_pk(key), SUPPRESSION, values)


def topic_refusal(items: Iterable[Item], topic: str) -> Refusal | None:
    """Why there is no mail about a topic, by what stands on every item of the person; no topic is refused by none."""
    if not topic:
        return None
    name = topics.attribute(Purpose(topic))
    return topics.refusal(Purpose(topic), [str(item[name]) for item in items if item.get(name)])


def why_not(
    app: "App", candidate: str, address: str, *, transactional: bool = False, topic: str = ""
) -> Reason | Refusal | None:
    """Why this person must not get a mail at this moment; None when nothing speaks against it."""
    return look(app, candidate, address, transactional=transactional, topic=topic).reason


def look(app: "App", candidate: str, address: str, *, transactional: bool = False, topic: str = "") -> Look:
    """The same, and under which other keys the person is known: a “no” under any of them counts."""
    own = (person_pk(candidate), SUPPRESSION)
    found = app.people.get_many([own, (address_pk(app, address), SUPPRESSION)])
    known = aliases(app, candidate, found.get(own))
    if known.others:
        found |= app.people.get_many([(person_pk(key), SUPPRESSION) for key in known.others])
    now = app.clock.now().isoformat()
    for item in found.values():
        if (reason := standing(item, now)) and not (transactional and reason in ANSWERED):
            return Look(reason, known)
    return Look(topic_refusal(found.values(), topic), known)


def suppressed_among(app: "App", candidates: list[str]) -> set[str]:
    """Those of many candidate keys who must not get mail: to leave them out before anything is queued.

    A pause only puts mail off, so it leaves nobody out.
    """
    now = app.clock.now().isoformat()
    items = app.people.get_many([(person_pk(key), SUPPRESSION) for key in candidates])
    found = {pk.removeprefix("person#"): item for (pk, _), item in items.items()}
    stopped = {key for key, item in found.items() if _stops(item, now)}
    for key in found.keys() - stopped:
        if others := aliases(app, key, found[key]).others:
            more = app.people.get_many([(person_pk(other), SUPPRESSION) for other in others])
            if any(_stops(item, now) for item in more.values()):
                stopped.add(key)
    return stopped


def standing(item: Item, now: str) -> Reason | None:
    """The reason that holds now; a pause that is over is none."""
    if "reason" not in item or (item.get("until") and item["until"] <= now):
        return None
    return Reason(item["reason"])


def _stops(item: Item, now: str) -> bool:
    reason = standing(item, now)
    return reason is not None and not (reason is Reason.PAUSED and item.get("until"))
