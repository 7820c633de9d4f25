"""`prospect@…`: a mail that a recruiter forwards becomes a quick add of theirs, with its possible duplicates shown.

Only mail whose sender is proven by SPF, DKIM and DMARC and is an active user counts: a From line alone is anybody's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import getaddresses
from typing import TYPE_CHECKING

import phonenumbers

from integration import log
from integration.errors import Rejected
from integration.model.address import sendable
from integration.model.delivered import Delivered
from integration.model.incoming import Incoming
from integration.model.quoting import cut
from integration.ports import Value
from integration.prospecting import quick_add
from integration.records import QuickAdd
from integration.replies import files, names, resumes
from integration.replies.people import Colleague, colleague_at
from integration.soql import both, compare, equals, select

if TYPE_CHECKING:
    from integration.app import App

_KEPT = 60 * 86_400
_FROM = re.compile(r"^[>* ]*(?:from|von|de|da|van|od|från|fra)\s?:\*?\s*(.{3,300})$", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}")
_PROFILE = re.compile(
    r"(?:https?://)?(?:[a-z]{2,3}\.)?(?:linkedin\.com/in/|github\.com/|xing\.com/profile/)[\w%-]{2,100}", re.IGNORECASE
)
_LOOKED_AT = 20_000


@dataclass(frozen=True)
class _Profile:
    """Whom the forwarded mail is about."""

    name: str
    email: str
    text: str


def take(app: App, told: Delivered, mail: Incoming, cause: str) -> str:
    """Key: the mail's cause. Raises Rejected for a sender who is not proven or not a user of ours."""
    if not told.is_proven:
        raise Rejected("a forwarded profile whose sender is not proven")
    user = colleague_at(app, mail.sender) if mail.sender else None
    if user is None:
        raise Rejected("a forwarded profile from nobody who works here")
    found = resumes.first_read(_files_of(mail).attachments)
    values = _values(app, mail, user, found)
    quick_add_id = _create(app, values, user, cause)
    files.attach(app, quick_add_id, _files_of(mail), cause)
    try:
        message = quick_add.check(app, quick_add_id)
    except Rejected as rejected:  # what the recruiter can put right stands on the record
        message = rejected.message
    app.salesforce.update(QuickAdd.API_NAME, quick_add_id, {QuickAdd.MESSAGE: message[:4_000]})
    log.event("prospect.by_mail", cause=cause, quick_add=quick_add_id)
    return "quick add"


def _files_of(mail: Incoming) -> Incoming:
    """The mail that carries the files: the attached one when the forward has none of its own."""
    return mail.forwarded if mail.forwarded and not mail.attachments else mail


def _create(app: App, values: dict[str, Value], user: Colleague, cause: str) -> str:
    """The intent first: an attempt that died after creating finds what it made."""
    now = app.clock.now()
    place = {"pk": f"prospect#{cause}", "sk": "claim"}
    intent = {**place, "since": now.isoformat(timespec="seconds"), "ttl": int(now.timestamp()) + _KEPT}
    if not app.claims.put(intent, unless_exists=True):
        item = app.claims.get(place["pk"], place["sk"]) or intent
        if made := str(item.get("id") or _made_since(app, values, user, str(item["since"]))):
            return made
    made = app.salesforce.create(QuickAdd.API_NAME, values)
    app.claims.update(place["pk"], place["sk"], {"id": made})
    return made


def _made_since(app: App, values: dict[str, Value], user: Colleague, since: str) -> str:
    where = both(
        equals(QuickAdd.OWNER, user.id),
        equals(QuickAdd.FULL_NAME, values[QuickAdd.FULL_NAME]),
        equals(QuickAdd.EMAIL, values[QuickAdd.EMAIL]),
        compare(QuickAdd.CREATED_AT, ">=", datetime.fromisoformat(since)),
    )
    rows = app.salesforce.query(select(QuickAdd.API_NAME, [QuickAdd.ID], where=where, limit=1))
    return str(rows[0][QuickAdd.ID]) if rows else ""


def _values(app: App, mail: Incoming, user: Colleague, found: dict[str, str]) -> dict[str, Value]:
    profile = _profile(app, mail, user)
    email = profile.email or found.get("E-mail", "").split(" ")[0]
    first, last = names.of(profile.name, email or "unknown@", found)
    link = _PROFILE.search(profile.text[:_LOOKED_AT])
    return {
        QuickAdd.OWNER: user.id,
        QuickAdd.FULL_NAME: f"{first} {last}".strip()[:80],
        QuickAdd.EMAIL: email[:80] or None,
        QuickAdd.PHONE: _phone(profile.text) or found.get("Phone", "")[:40] or None,
        QuickAdd.PROFILE_URL: (link[0] if link else found.get("Profile", "").split(" ")[0])[:255] or None,
        QuickAdd.TITLE: found.get("Title", "")[:120] or None,
        QuickAdd.EMPLOYER: found.get("Employer", "")[:120] or None,
        QuickAdd.NOTE: profile.text[:8_000] or None,
    }


def _profile(app: App, mail: Incoming, user: Colleague) -> _Profile:
    """The mail inside: attached as a whole, or quoted below; without one the mail itself tells of somebody."""
    if mail.forwarded:
        return _Profile(mail.forwarded.sender_name, mail.forwarded.sender, mail.forwarded.text)
    own, quoted = cut(mail.text)
    for line in _FROM.findall(quoted[:_LOOKED_AT]):
        for name, address in getaddresses([line.replace("*", "").replace("[mailto:", "<").replace("]", ">")]):
            if (good := sendable(address)) and not _is_ours(app, good, user):
                return _Profile(name, good, quoted)
    text = quoted or own
    others = [each for each in _ADDRESS.findall(text[:_LOOKED_AT]) if not _is_ours(app, each, user)]
    return _Profile("", sendable(others[0]) if others else "", text)


def _is_ours(app: App, address: str, user: Colleague) -> bool:
    lower = address.lower()
    return lower == user.email.lower() or lower.endswith(f"@{app.config.inbound_domain}")


def _phone(text: str) -> str:
    """The first number with its country code: without one nobody knows where it rings."""
    for match in phonenumbers.PhoneNumberMatcher(text[:_LOOKED_AT], None):
        return str(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
    return ""
