"""Reads what a decision needs to know of one person, in as few calls as it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration.model.address import fingerprint, is_allowed, sendable
from integration.model.countries import COUNTRIES
from integration.model.facts import Facts
from integration.model.ledger import State, ledger_pk
from integration.model.schedule import FALLBACK_ZONE, is_zone
from integration.model.vocabulary import MailFrequency
from integration.ports import Item
from integration.sending import mails, quota, zones
from integration.sending.aliases import SUPPRESSION, Aliases, aliases, person_pk
from integration.sending.control import Control
from integration.sending.notices import TOLD
from integration.sending.recipients import Recipient
from integration.sending.suppression import ANSWERED, Reason, address_pk, standing, topic_refusal

if TYPE_CHECKING:
    from integration.app import App

HOLD = "hold"
"""Sort key of what recruiters do with a person at present: {until, contact_at, contact, contact_record}."""
PATIENCE = timedelta(days=7)
"""A mail that has to wait for longer is not sent any more, unless the campaign says when it ends."""
Variants = tuple[tuple[str, str], ...]
GONE_OUT = frozenset({State.INTENT, State.IN_DOUBT, State.ACCEPTED, State.SETTLED})
"""States of a row whose mail went, or may have gone."""


@dataclass(frozen=True)
class Step:
    """Which mail is decided on."""

    campaign: str
    step: str
    version: str
    transactional: bool = False
    topic: str = ""
    """What the mail is about, a word of consents."""
    variants: Variants = ()
    """(step, version) of other mails for the same place: who has one of them gets no second."""

    def row_of(self, key: str) -> tuple[str, str]:
        return ledger_pk(self.campaign, self.step, self.version, key), key

    def rows_of(self, key: str) -> list[tuple[str, str]]:
        """The rows under any variant."""
        others = [(ledger_pk(self.campaign, step, version, key), key) for step, version in self.variants]
        return [self.row_of(key), *others]

    @property
    def place(self) -> str:
        """The same for all variants."""
        step, version = min([(self.step, self.version), *self.variants])
        return f"{step}-v{version}"

    @property
    def mail(self) -> str:
        return f"{self.campaign}|{self.step}-v{self.version}"


@dataclass(frozen=True)
class Known:
    """The facts, and what acting on them needs."""

    facts: Facts
    aliases: Aliases
    mails: Item | None
    """The item that the cap is claimed on."""
    told: bool = False
    """Whether somebody whose details were found has been told so."""


def known(app: "App", step: Step, recipient: Recipient, control: Control, since: datetime | None = None) -> Known:
    """Everything but the ledger row; `since` is when the mail was first tried."""
    now = app.clock.now()
    address = sendable(recipient.email)
    facts = Facts(
        now,
        address=bool(address),
        allowed=bool(address) and is_allowed(address, app.config.mail_allow_list),
        transactional=step.transactional,
    )
    if not facts.address or not facts.allowed:
        return Known(facts, Aliases(recipient.candidate), None)
    pk, address_at = person_pk(recipient.candidate), (address_pk(app, address), SUPPRESSION)
    wanted = [(pk, SUPPRESSION), address_at]
    if not step.transactional:
        wanted += [(pk, mails.MAILS), (pk, HOLD)]
    found = app.people.get_many(wanted)
    alias = aliases(app, recipient.candidate, found.get((pk, SUPPRESSION)))
    if alias.others:
        kinds = (SUPPRESSION,) if step.transactional else (SUPPRESSION, mails.MAILS, HOLD)
        found |= app.people.get_many([(person_pk(key), kind) for key in alias.others for kind in kinds])
    values = _rights(found, now, step)
    if not step.transactional:
        values |= of_campaign(control, recipient, since or now)
        values |= _contacts([item for (_, kind), item in found.items() if kind == HOLD])
        items = [item for (_, kind), item in found.items() if kind == mails.MAILS]
        values["wish_days"] = wish = max((_days_between(item) for item in found.values()), default=0)
        values["mails"] = mails.mails_among(items, step.mail) if control.cap or wish else ()
        values["full_until"], values["full"] = quota.full(app, control, address, now)
        values["twin"] = "" if values["refusal"] else _twin(app, step, recipient, alias, address)
    was_told = any(item.get(TOLD) for item in found.values())
    return Known(facts_with(facts, values), alias, found.get((person_pk(alias.root), mails.MAILS)), was_told)


def _days_between(item: Item) -> int:
    """What the person chose on the page of preferences."""
    return MailFrequency(item["frequency"]).days if item.get("frequency") else 0


def facts_with(facts: Facts, values: Mapping[str, object]) -> Facts:
    """The facts with some of them known better."""
    return Facts(**{**vars(facts), **values})


def _rights(found: Mapping[tuple[str, str], Item], now: datetime, step: Step) -> dict[str, object]:
    """A “no” under any key of the person or at the address; a pause only waits."""
    refusal, paused = "", None
    for (_, kind), item in found.items():
        reason = standing(item, now.isoformat()) if kind == SUPPRESSION else None
        if reason is None or (step.transactional and reason in ANSWERED):
            continue
        if reason is Reason.PAUSED and item.get("until"):
            paused = max(filter(None, (paused, datetime.fromisoformat(item["until"]))))
        else:
            refusal = refusal or str(reason)
    refusal = refusal or str(topic_refusal(found.values(), step.topic) or "")
    return {"refusal": refusal, "paused_until": paused}


def of_campaign(control: Control, recipient: Recipient, since: datetime) -> dict[str, object]:
    """The facts that campaign and brand set for everybody, and where the person lives."""
    zone, zone_from = zone_for(control, recipient)
    return {
        "leave": str(control.leave),
        "leave_reason": control.reason,
        # A sender that warms up takes as long as it takes.
        "ends": control.ends or (None if control.warm_up_from or control.daily_limit else since + PATIENCE),
        "window": control.window,
        "zone": zone,
        "zone_from": zone_from,
        "working_days": control.working_days,
        "holidays": _near(holidays_for(control, recipient), since) if control.working_days else (),
        "cap": control.cap,
        "cap_days": control.cap_days,
        "hold_days": control.hold_days,
    }


def zone_for(control: Control, recipient: Recipient) -> tuple[str, str]:
    """(time zone, who says so) of one person."""
    if control.own_zones and recipient.zone and is_zone(recipient.zone):
        return recipient.zone, "profile"
    if control.own_zones and (zone := zones.of_country(country_of(recipient))):
        return zone, "country"
    return (control.zone if is_zone(control.zone or "-") else FALLBACK_ZONE), "campaign"


def holidays_for(control: Control, recipient: Recipient) -> tuple[str, ...]:
    """The days without mail where the person lives."""
    return control.holidays.get(country_of(recipient), ())


def _near(days: tuple[str, ...], now: datetime) -> tuple[str, ...]:
    """Those that can matter for a mail of these weeks: the facts stay small."""
    first, last = (moment.date().isoformat() for moment in (now - timedelta(days=2), now + timedelta(days=60)))
    return tuple(day for day in days if first <= day <= last)


def country_of(recipient: Recipient) -> str:
    """The two-letter code of the person's country, blank when nobody knows it."""
    name = recipient.slots.get("country", "").strip().casefold()
    return name.upper() if name.upper() in _CODES else COUNTRIES.get(name, "")


_CODES = frozenset(COUNTRIES.values())


def _contacts(holds: list[Item]) -> dict[str, object]:
    """The latest hold and contact under any key of the person."""
    values: dict[str, object] = {}
    until = max((item["until"] for item in holds if item.get("until")), default="")
    last = max((item for item in holds if item.get("contact_at")), key=lambda item: item["contact_at"], default=None)
    if until:
        values["hold_until"] = datetime.fromisoformat(until)
    if last:
        values["contact_at"] = datetime.fromisoformat(last["contact_at"])
        values |= {name: str(last.get(name, "")) for name in ("contact", "contact_record")}
    return values


def _twin(app: "App", step: Step, recipient: Recipient, alias: Aliases, address: str) -> str:
    """Another key of theirs that has this mail: now, or at this address while two were one."""
    places = [(key, place) for key in (*alias.others, *alias.former) for place in step.rows_of(key)]
    places += [(recipient.key, place) for place in step.rows_of(recipient.key)[1:]]
    if not places:
        return ""
    rows = app.sends.get_many([place for _, place in places])
    mark = fingerprint(address, app.links.salt)
    for key, place in places:
        row = rows.get(place, {})
        if row.get("state") in GONE_OUT and (key not in alias.former or row.get("address") == mark):
            return key
    return ""
