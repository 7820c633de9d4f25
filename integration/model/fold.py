"""Totals from raw events. A fold over a set: any order and any repetition of the events gives the same totals."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integration.model.event import SECOND_LAYOUT, SITE, Event, Kind
from integration.model.signal import Signal, SignalKind
from integration.model.verdict import (
    CLASSIFIER,
    HIDDEN,
    JUDGED,
    NO_CROWDS,
    SETTLED_AFTER,
    Crowds,
    Verdict,
    Watch,
    Word,
    judge,
    time_of,
)

NONE = "-"
"""Stands in a result key for "no channel", "no campaign", "no requisition"."""

OUTCOMES = {
    Kind.REGISTERED: "registrations",
    Kind.APPLIED: "applications",
    Kind.QUALIFIED: "qualified",
    Kind.INTERVIEWED: "interviews",
    Kind.OFFERED: "offers",
    Kind.HIRED: "hires",
}

Counts = Counter[str]


@dataclass
class Person:
    """What one person did with one campaign."""

    counts: Counts = field(default_factory=Counter)
    """sent, delivered, human_opens, human_clicks, machine_events, bounced, complained, unsubscribed."""
    first_click_at: str = ""
    last_human_at: str = ""


@dataclass
class Totals:
    """The fold of one shard of one campaign; shards are added up by `added`."""

    steps: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counter))
    """step id -> people by outcome; "" is the campaign as a whole."""
    people: dict[str, Person] = field(default_factory=dict)
    mails: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counter))
    """`candidate|step|version` -> human_opens, human_clicks, machine_events of one mail."""
    links: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counter))
    """`step|number` or `posting|id` -> human and machine clicks."""
    targets: dict[str, str] = field(default_factory=dict)
    results: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counter))
    """`channel|campaign|requisition|YYYY-MM` -> what came of it."""
    pages: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counter))
    """landing page id -> visits and registrations."""
    signals: list[Signal] = field(default_factory=list)
    """What people did in mails of campaigns, once it is sure that people did it."""
    open_until: str = ""
    """When the first of the verdicts that may still change will be settled; blank when all are."""

    def without_people(self) -> dict[str, Any]:
        """As JSON, for adding up."""
        tables = {"steps": self.steps, "links": self.links, "results": self.results, "pages": self.pages}
        plain = {name: {key: dict(counts) for key, counts in table.items()} for name, table in tables.items()}
        return {**plain, "targets": self.targets, "classifier": CLASSIFIER}


def result_key(channel: str, campaign: str, requisition: str, month: str) -> str:
    """Source_Result__c.Key__c."""
    return "|".join([channel or NONE, campaign or NONE, requisition or NONE, month])


def fold(
    events: Iterable[Event],
    *,
    crowds: Crowds = NO_CROWDS,
    watch: Watch | None = None,
    now: datetime | None = None,
) -> Totals:
    """Totals of the events of one shard of one campaign (or of the site).

    With `now`, what looks like a person counts only when the time in which a burst could show is over; `watch` collects
    what visitors did for the `crowds` of the whole campaign.
    """
    unique = {event.id: event for event in events}
    mails: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    totals = Totals()
    for event in sorted(unique.values(), key=lambda event: (event.at, event.id)):
        if event.kind in OUTCOMES:
            _count_outcome(totals, event)
        else:
            mails[event.candidate, event.step, event.version].append(event)
    for (candidate, step, version), mail in mails.items():
        verdicts = judge(mail, crowds, watch=watch)
        settled = mail if now is None else _settled(totals, mail, verdicts, now)
        _count_mail(totals, candidate, step, settled, verdicts, totals.mails[f"{candidate}|{step}|{version}"])
    _count_people(totals)
    return totals


def added(shards: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sum of several shards' `without_people`."""
    tables: dict[str, dict[str, Counts]] = {name: defaultdict(Counter) for name in _TABLES}
    targets: dict[str, str] = {}
    for shard in shards:
        for name in _TABLES:
            for key, counts in shard[name].items():
                tables[name][key].update(counts)
        targets.update(shard["targets"])
    return {**{name: {key: dict(counts) for key, counts in table.items()} for name, table in tables.items()},
            "targets": targets}  # fmt: skip


_TABLES = ("steps", "links", "results", "pages")


def _count_outcome(totals: Totals, event: Event) -> None:
    """What came of a source is credited to the first touch: its channel, in the month of the touch."""
    name = OUTCOMES[event.kind]
    totals.results[result_key(event.channel, "", event.requisition, _month(event))][name] += 1
    if event.page and event.kind is Kind.REGISTERED:
        totals.pages[event.page]["registrations"] += 1
        totals.pages[event.page]["registrations_b"] += event.version == SECOND_LAYOUT


def _settled(totals: Totals, mail: list[Event], verdicts: Mapping[str, Verdict], now: datetime) -> list[Event]:
    """The events without those whose verdict may still change; notes when the first of them will not any more."""
    done = []
    for event in mail:
        settles = time_of(event) + SETTLED_AFTER if event.kind in JUDGED else now
        if settles <= now or verdicts[event.id].word is Word.MACHINE:
            done.append(event)
        else:
            totals.open_until = min(totals.open_until or settles.isoformat(), settles.isoformat())
    return done


def _count_mail(
    totals: Totals, candidate: str, step: str, mail: list[Event], verdicts: Mapping[str, Verdict], counts: Counts
) -> None:
    person = totals.people.setdefault(candidate, Person()) if candidate else Person()
    outcome: set[str] = set()
    for event in mail:
        verdict = verdicts.get(event.id)
        if verdict is None:
            outcome.add(_PROVIDER.get(event.kind, ""))
        else:
            name = _engagement(event, verdict)
            if verdict.word is not Word.MACHINE:
                outcome.add(name)
            elif name and candidate:  # machines are counted by what they did, people by who they are
                totals.steps[step][name] += 1
            _count_visitor(totals, event, verdict)
            _count_signal(person, counts, event, verdict)
            if verdict.word is Word.HUMAN and candidate and event.campaign != SITE and event.kind in _SIGNALS:
                totals.signals.append(_signal(event))
    if candidate:
        person.counts.update(counts)
        outcome -= {"", *(name for stronger, weaker in _UNDONE.items() if stronger in outcome for name in weaker)}
        totals.steps[step].update(outcome)
        person.counts.update({name: 1 for name in outcome if name in _ONCE_PER_MAIL})


_PROVIDER = {
    Kind.SEND: "sent",
    Kind.DELIVERY: "delivered",
    Kind.BOUNCE: "bounced",
    Kind.COMPLAINT: "complained",
    Kind.REJECT: "rejected",
    Kind.UNSUBSCRIBE: "unsubscribed",
}
_UNDONE = {"bounced": {"delivered"}, "rejected": {"sent", "delivered"}}
"""What a later fact takes back, whichever was heard of first: a mail that bounced after all was not delivered."""
_ONCE_PER_MAIL = {"sent", "delivered", "bounced", "complained", "unsubscribed"}


def _engagement(event: Event, verdict: Verdict) -> str:
    if event.kind is Kind.VISIT or verdict.word is Word.UNKNOWN:
        return ""
    return f"{verdict.word}_{'opens' if event.kind is Kind.OPEN else 'clicks'}"


def _count_signal(person: Person, counts: Counts, event: Event, verdict: Verdict) -> None:
    if verdict.word is Word.MACHINE:
        counts["machine_events"] += 1
    elif verdict.word is Word.HUMAN and event.kind is not Kind.VISIT:
        counts["human_opens" if event.kind is Kind.OPEN else "human_clicks"] += 1
        person.last_human_at = max(person.last_human_at, event.at)
        if event.kind is Kind.CLICK:
            person.first_click_at = min(person.first_click_at or event.at, event.at)


_SIGNALS = {Kind.OPEN: SignalKind.OPENED, Kind.CLICK: SignalKind.CLICKED}


def _signal(event: Event) -> Signal:
    mail = {"campaign": event.campaign, "step": event.step, "version": event.version}
    return Signal(_SIGNALS[event.kind], event.candidate, event.at, cause=event.id, link=event.link, **mail)


def _count_visitor(totals: Totals, event: Event, verdict: Verdict) -> None:
    if event.kind is Kind.OPEN or verdict.word is Word.UNKNOWN:
        return
    is_human = verdict.word is Word.HUMAN
    campaign = "" if event.campaign == SITE else event.campaign
    result = totals.results[result_key(event.channel, campaign, event.requisition, _month(event))]
    if event.kind is Kind.VISIT:
        result["visits"] += is_human
        if event.page:
            totals.pages[event.page]["visits"] += is_human
            totals.pages[event.page]["visits_b"] += is_human and event.version == SECOND_LAYOUT
        return
    result["clicks" if is_human else "machine_clicks"] += 1
    if event.link in HIDDEN:
        return
    link = f"{event.step}|{event.link}" if event.step else f"posting|{event.posting}"
    totals.links[link]["human_clicks" if is_human else "machine_clicks"] += 1
    totals.targets[link] = event.target


def _count_people(totals: Totals) -> None:
    """The campaign as a whole counts people, not mails: who opened two of three steps is one person who opened."""
    whole: Counts = Counter()
    for person in totals.people.values():
        whole.update({name: 1 for name in ("human_opens", "human_clicks", "complained", "unsubscribed", "bounced")
                      if person.counts[name]})  # fmt: skip
        whole.update({name: person.counts[name] for name in ("sent", "delivered")})
    for counts in totals.steps.values():
        whole.update({name: counts[name] for name in ("machine_opens", "machine_clicks")})
    totals.steps[""] = +whole


def _month(event: Event) -> str:
    return event.source_month or event.at[:7]
