"""Human, machine or unknown: the judgement of one open, click or visit, with its reasons.

A verdict is a pure function of the events of one mail to one person, so history can be judged again by a later
version. Timings follow what was measured of mail gateways: nearly all of their clicks come in bursts on all links.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from integration.model.event import Event, Kind

CLASSIFIER = "1"
"""Goes up when a rule changes; stored beside every total."""

BURST = timedelta(seconds=2)
READING = timedelta(seconds=10)
"""Less than this after delivery, nobody has read the mail."""

_MACHINES = re.compile(
    r"bot\b|bot/|crawl|spider|scan|preview|headless|python|curl|wget|java/|okhttp|go-http|libwww|httpclient|axios"
    r"|barracuda|proofpoint|mimecast|symantec|forcepoint|ironport|safelinks|slack|whatsapp|facebookexternalhit|skype",
    re.IGNORECASE,
)
_PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|^Mozilla/5\.0$")


class Word(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    word: Word
    reasons: tuple[str, ...] = ()


def judge(events: Sequence[Event]) -> dict[str, Verdict]:
    """Verdicts by event id for the opens, clicks and visits among the events of one mail to one person."""
    delivered = min((time_of(event) for event in events if event.kind in {Kind.DELIVERY, Kind.SEND}), default=None)
    bursts = _burst_ids([event for event in events if event.kind is Kind.CLICK])
    return {event.id: _verdict(event, delivered, bursts) for event in events if event.kind in _JUDGED}


def time_of(event: Event) -> datetime:
    return datetime.fromisoformat(event.at)


_JUDGED = {Kind.OPEN, Kind.CLICK, Kind.VISIT}


def _verdict(event: Event, delivered: datetime | None, bursts: Mapping[str, str]) -> Verdict:
    machine = [reason for reason in (_by_request(event), bursts.get(event.id, "")) if reason]
    too_soon = delivered is not None and time_of(event) - delivered < READING
    if event.kind is Kind.CLICK and too_soon:
        machine.append("clicked sooner than a person could read")
    if machine:
        return Verdict(Word.MACHINE, tuple(machine))
    if event.kind is Kind.OPEN and _PROXIES.search(event.user_agent):
        return Verdict(Word.UNKNOWN, ("fetched by the mailbox provider's picture proxy",))
    if event.kind is Kind.OPEN and too_soon:
        return Verdict(Word.UNKNOWN, ("fetched within seconds of delivery",))
    return Verdict(Word.HUMAN)


def _by_request(event: Event) -> str:
    if event.method == "HEAD":
        return "asked for headers only"
    if not event.user_agent:
        return "named no browser"
    found = _MACHINES.search(event.user_agent)
    return f"its browser calls itself {found.group(0).lower()!r}" if found else ""


def _burst_ids(clicks: Iterable[Event]) -> dict[str, str]:
    """Clicks on different links of one mail within two seconds of each other."""
    ordered = sorted(clicks, key=time_of)
    found = {}
    for first, second in pairwise(ordered):
        if first.link != second.link and time_of(second) - time_of(first) <= BURST:
            found[first.id] = found[second.id] = "several links within two seconds"
    return found
