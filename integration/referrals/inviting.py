"""One mail to somebody whom a person recommends by address. Nobody goes on record by it: that takes their own act.

What is kept: for the referrer's own list a first name, until the window is over; for good a mark of the address that
does not tell it, so that it is never invited again, by nobody.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.candidates import parsing
from integration.errors import Rejected
from integration.model import link
from integration.model.address import fingerprint
from integration.model.identity import Address
from integration.model.link import Purpose
from integration.model.referral import WINDOW_DAYS
from integration.model.registration import Registration
from integration.ports import Item
from integration.records import Candidate, ContactPoint, parent
from integration.referrals.programme import programme
from integration.registration.writing import Known
from integration.sending import queue_transactional
from integration.sending.aliases import person_pk
from integration.sending.suppression import Reason, address_mark_pk, suppress, why_not
from integration.soql import equals, select

if TYPE_CHECKING:
    from integration.app import App

A_DAY, A_MONTH = 5, 20
"""How many people somebody may invite."""
KEPT = timedelta(days=WINDOW_DAYS)
PREFIX = "invitation "
INVITED = "invited"
LONGEST_NAME = 60
_REFERENCE = re.compile(r"[a-z0-9]{1,40}")


def invite(app: App, sent: Registration, referrer: Known) -> None:
    """Key: the wish. The referrer sees “invited” also where no mail could go: what we know of others is not told."""
    friend = parsing.email(sent.fields.get("email", ""))
    if friend.value == referrer.email.strip().lower() or not _noted(app, sent, referrer):
        return
    mark = fingerprint(friend.value, app.links.salt)
    place = {"pk": address_mark_pk(mark), "sk": INVITED}
    app.people.put({**place, "cause": sent.id, "at": sent.at}, unless_exists=True)
    first = (app.people.get(place["pk"], INVITED) or {}).get("cause") == sent.id
    channel = programme(app).channel
    if not first or not channel or _refuses(app, friend):
        log.event("invitation.held_back", id=sent.id, first=first)
        return
    _send(app, sent, referrer, friend, {link.MARK: mark, link.CHANNEL: channel})


def refuse(app: App, sent: Registration) -> None:
    """Key: the invitation. Whoever was invited wants no mail: it holds for the address, whoever else brings it."""
    suppress(app, "", Reason.UNSUBSCRIBED, sent.when, address_mark=sent.fields["mark"])


def invitations(app: App, candidate_key: str) -> list[Item]:
    """Those that are still listed for a person, oldest first."""
    now = int(app.clock.now().timestamp())
    items = [item for item in app.people.query(person_pk(candidate_key)) if str(item["sk"]).startswith(PREFIX)]
    return sorted((item for item in items if int(item["ttl"]) > now), key=lambda item: str(item["at"]))


def left_today(app: App, candidate_key: str) -> int:
    """How many more people somebody may invite just now."""
    now = app.clock.now()
    made = [datetime.fromisoformat(str(item["at"])) for item in invitations(app, candidate_key)]
    day = sum(at > now - timedelta(days=1) for at in made)
    month = sum(at > now - timedelta(days=30) for at in made)
    return max(0, min(A_DAY - day, A_MONTH - month))


def answered(app: App, candidate_key: str, invitation: str) -> None:
    """Key: the invitation. Whoever was invited came: the referral stands in the place of the name that was typed."""
    item = app.people.get(person_pk(candidate_key), f"{PREFIX}{invitation}") if invitation else None
    if item is not None:
        app.people.update(person_pk(candidate_key), f"{PREFIX}{invitation}", {"name": "", "came": "yes"})


def _noted(app: App, sent: Registration, referrer: Known) -> bool:
    """A line of the referrer's own list; False when they have invited as many as they may."""
    pk, sk = person_pk(referrer.key), f"{PREFIX}{sent.id}"
    if app.people.get(pk, sk) is not None:
        return True
    if not left_today(app, referrer.key):
        log.event("invitation.too_many", id=sent.id)
        return False
    until = int((sent.when + KEPT).timestamp())
    line = {"name": sent.fields.get("first_name", "")[:LONGEST_NAME], "job": sent.fields.get("job", "")[:120]}
    return app.people.put({"pk": pk, "sk": sk, "at": sent.at, "ttl": until, **line}, unless_exists=True)


def _refuses(app: App, friend: Address) -> bool:
    """Whether anything speaks against a mail to this address, as a person of ours or as an address alone."""
    key = parent(ContactPoint.CANDIDATE, Candidate.CANDIDATE_KEY)
    barred = parent(ContactPoint.CANDIDATE, Candidate.DO_NOT_CONTACT)
    rows = app.salesforce.query(
        select(ContactPoint.API_NAME, [key, barred], where=equals(ContactPoint.KEY, friend.key), limit=1)
    )
    if rows and rows[0][barred]:
        return True
    return why_not(app, str(rows[0][key] or "") if rows else "", friend.value) is not None


def _send(app: App, sent: Registration, referrer: Known, friend: Address, claims: dict[str, str]) -> None:
    reference = sent.fields.get("reference", "")
    claims |= {link.BROUGHT: referrer.key, link.ITEM: sent.id, link.LANGUAGE: sent.locale[:2]}
    if _REFERENCE.fullmatch(reference):
        claims[link.DOOR] = reference
    token = app.links.sign(Purpose.INVITATION, claims, expires=sent.when + KEPT)
    slots = {
        "confirm_url": f"{app.config.public_base_url}/invited/{token}",
        "referrer": _name(app, referrer),
        "desired_role": sent.fields.get("job", "")[:120] if link.DOOR in claims else "",
    }
    recipient = {"key": f"invited-{sent.id}", "email": friend.value}
    try:
        queue_transactional(app, "invited", recipient, slots, sent.id, language=sent.locale[:2])
    except Rejected as rejected:
        log.event("invitation.unsent", id=sent.id, reason=rejected.message)


def _name(app: App, referrer: Known) -> str:
    """As it stands on the record, without anything that could be an address: it is read by a stranger to us."""
    row = app.salesforce.get(Candidate.API_NAME, referrer.id, [Candidate.FIRST_NAME, Candidate.LAST_NAME])
    whole = f"{row[Candidate.FIRST_NAME] or ''} {row[Candidate.LAST_NAME] or ''}"
    letters = "".join(one for one in whole if one.isalpha() or one in " '’-")
    return " ".join(letters.split())[:LONGEST_NAME]
