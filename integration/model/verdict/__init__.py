"""Human, machine or unknown: the judgement of one open, click or visit, with its reasons.

A verdict is a pure function of the events of one mail to one person and of what visitors did in other mails
(`Crowds`), so history can be judged again by a later version. What is missing in an event speaks neither way.
"""

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from integration.model.event import Event, Kind
from integration.model.verdict.bursts import Request, bursts
from integration.model.verdict.crowds import NO_CROWDS, Crowds, Watch, Who
from integration.model.verdict.evidence import HIDDEN, SCANNING, Evidence, of_request
from integration.model.verdict.networks import coarse
from integration.model.verdict.word import Verdict, Word

__all__ = [
    "CLASSIFIER",
    "HIDDEN",
    "JUDGED",
    "NO_CROWDS",
    "SETTLED_AFTER",
    "Crowds",
    "Verdict",
    "Watch",
    "Word",
    "judge",
    "time_of",
    "who",
]

CLASSIFIER = "2"
"""Goes up when a rule or a list changes; stored beside every total."""
SETTLED_AFTER = timedelta(minutes=2)
"""A verdict may change until what could show a burst has had the time to arrive; until then nothing follows from it."""
JUDGED = frozenset({Kind.OPEN, Kind.CLICK, Kind.VISIT})
_ALONE = 60.0
"""Seconds around a burst in which a visitor whose network is not known counts as the same."""
_CONFIRMED = 1_800.0
"""A person who clicks has seen the pictures that their proxy fetched so long before."""
_TRAPPED = 20
"""Clicks on the hidden link that are looked at; one would do."""
_ECHO = 10.0
"""Seconds between a person's click and the look that a gateway takes at the same link because of it."""


def judge(
    events: Sequence[Event], crowds: Crowds = NO_CROWDS, *, names_browsers: bool = True, watch: Watch | None = None
) -> dict[str, Verdict]:
    """Verdicts by event id for the opens, clicks and visits among the events of one mail to one person.

    Events of nobody (no candidate and no message) are strangers to each other unless their network and browser agree.
    `watch` is told of the visitors, so that `Crowds` can be made of many mails.
    """
    found: dict[str, Verdict] = {}
    for group in _apart(events):
        mail = _Mail(group, crowds, names_browsers=names_browsers)
        found |= {event.id: mail.verdict(event) for event in mail.judged}
        if watch is not None:
            mail.tell(watch)
    return found


def _apart(events: Sequence[Event]) -> Iterable[Sequence[Event]]:
    """The mail's events together, those of nobody by visitor."""
    groups: dict[object, list[Event]] = defaultdict(list)
    for event in events:
        own = who(event)
        groups["mail" if person_of(event) else own if any(own) else event.id].append(event)
    return groups.values()


def time_of(event: Event) -> datetime:
    """Of an event's `at`; a time without zone is UTC."""
    at = datetime.fromisoformat(event.at)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def who(event: Event) -> Who:
    """The visitor: network and browser."""
    return (coarse(event.network) if event.network else "", event.user_agent)


def person_of(event: Event) -> str:
    """Whose mail it was."""
    return event.candidate or event.message_id


class _Mail:
    """The events of one mail, and what they say of each other."""

    def __init__(self, events: Sequence[Event], crowds: Crowds, *, names_browsers: bool) -> None:
        unique = {event.id: event for event in events}
        self.at = {event.id: time_of(event).timestamp() if event.at else None for event in unique.values()}
        self.judged = [event for event in unique.values() if event.kind in JUDGED]
        self._crowds = crowds
        self._delivered = self._first(unique.values(), Kind.DELIVERY, Kind.SEND)
        self._evidence = {
            event.id: of_request(event, self._lag(event), names_browsers=names_browsers) for event in self.judged
        }
        self._burst: set[str] = set()
        self.caught: set[str] = set()
        """Ids of what a burst, the hidden link or the request itself gave away, not only its time."""
        self._find_bursts()
        self._follow_the_caught()
        self._find_echoes()

    def tell(self, watch: Watch) -> None:
        for event in self.judged:
            if event.kind is Kind.CLICK:
                caught = event.id in self.caught
                watch.note(who(event), self.at[event.id], self._lag(event), person_of(event), is_caught=caught)

    def verdict(self, event: Event) -> Verdict:
        found = self._evidence[event.id]
        machine = list(found.machine)
        if crowd := self._crowds.reason(who(event), self.at[event.id], self._lag(event)):
            machine.append(crowd)
        lag = self._lag(event)
        suspicions = found.doubts + found.hints
        if len(suspicions) > 1 or (found.doubts and self._is_scanning_time(event, lag)):
            machine.extend(suspicions)
        if machine:
            return Verdict(Word.MACHINE, tuple(dict.fromkeys(machine)))
        if found.doubts:
            return Verdict(Word.UNKNOWN, tuple(found.doubts))
        if found.unclear:
            return self._unclear(event, found)
        return Verdict(Word.HUMAN)

    def _unclear(self, event: Event, found: Evidence) -> Verdict:
        at = self.at[event.id]
        if event.kind is Kind.OPEN and at is not None and self._person_clicked(at):
            return Verdict(Word.HUMAN, ("a person clicked soon after",))
        return Verdict(Word.UNKNOWN, tuple(found.unclear))

    def _person_clicked(self, at: float) -> bool:
        return any(
            0 <= clicked - at <= _CONFIRMED
            for event in self.judged
            if event.kind is Kind.CLICK
            and (clicked := self.at[event.id]) is not None
            and self.verdict(event).word is Word.HUMAN
        )

    def _is_scanning_time(self, event: Event, lag: float | None) -> bool:
        """A doubt counts double while gateways scan, unless the same visitor had opened the mail before."""
        if lag is None or lag > SCANNING or event.kind is not Kind.CLICK:
            return False
        at = self.at[event.id]
        return not any(
            other.kind is Kind.OPEN and who(other) == who(event) and (self.at[other.id] or 0.0) < (at or 0.0) - 1
            for other in self.judged
        )

    def _first(self, events: Iterable[Event], *kinds: Kind) -> float | None:
        """The earliest event of the first of these kinds that there is."""
        for kind in kinds:
            times = [at for event in events if event.kind is kind and (at := self.at[event.id]) is not None]
            if times:
                return min(times)
        return None

    def _lag(self, event: Event) -> float | None:
        at = self.at[event.id]
        return None if at is None or self._delivered is None or not person_of(event) else at - self._delivered

    def _find_bursts(self) -> None:
        for why, burst in bursts(self._clicks(), self._delivered):
            for request in burst:
                self._evidence[request.id].machine.append(why)
                self._burst.add(request.id)
        self._burst |= {event.id for event in self.judged if event.link.lower() in HIDDEN}
        self.caught = self._burst | {id for id, found in self._evidence.items() if found.gave_itself_away}

    def _clicks(self) -> list[Request]:
        """Clicks and visits in the order of time."""
        found = [
            Request(event.id, at, event.link or event.posting or event.target or event.page, who(event))
            for event in self.judged
            if event.kind is not Kind.OPEN and (at := self.at[event.id]) is not None
        ]
        return sorted(found, key=lambda request: (request.at, request.id))

    def _follow_the_caught(self) -> None:
        """Whatever else the caught visitor did in this mail it did as a machine."""
        visitors = {who(event) for event in self.judged if event.id in self.caught}
        bursts_at = sorted(self.at[id] or 0.0 for id in self._burst)
        agents = {event.user_agent for event in self.judged if event.id in self._burst}
        trapped = [event for event in self.judged if event.id in self._burst and event.link.lower() in HIDDEN]
        for event in self.judged:
            own, at = who(event), self.at[event.id]
            if event.id in self.caught:
                continue
            unplaced = own[1] in agents and self._is_near(at, bursts_at) and self._lacks_network(event)
            if (all(own) and own in visitors) or unplaced or self._is_with(event, trapped):
                self._evidence[event.id].machine.append("the same visitor was caught in this mail")

    @staticmethod
    def _is_near(at: float | None, others: Sequence[float]) -> bool:
        if at is None or not others:
            return False
        place = bisect(others, at)
        return any(abs(other - at) <= _ALONE for other in others[max(place - 1, 0) : place + 1])

    def _lacks_network(self, event: Event) -> bool:
        """Where networks are not told, the same browser at the same time must do."""
        return not event.network and (bool(event.user_agent) or bool(person_of(event)))

    def _is_with(self, event: Event, trapped: Sequence[Event]) -> bool:
        """Around the hidden link everything of the same network or of the same browser belongs to it."""
        at, own = self.at[event.id], who(event)
        for culprit in trapped[:_TRAPPED]:
            theirs = who(culprit)
            close = at is not None and abs(at - (self.at[culprit.id] or 0.0)) <= _ALONE
            if close and (own[0] == theirs[0] or own[1] == theirs[1]):
                return True
        return False

    def _find_echoes(self) -> None:
        """A gateway looks at a link because a person follows it: from elsewhere, with another browser."""
        readers = {who(event)[0] for event in self.judged if event.kind is Kind.OPEN and event.network}
        clicks = [event for event in self.judged if event.kind is Kind.CLICK and all(who(event))] if readers else []
        strangers = [event for event in clicks if who(event)[0] not in readers]
        for event in strangers[:_TRAPPED]:
            for other in clicks:
                network, agent = who(other)
                near = abs((self.at[other.id] or 0.0) - (self.at[event.id] or 0.0)) <= _ECHO
                if near and network in readers and agent != event.user_agent and other.link == event.link:
                    self._evidence[event.id].machine.append("looked at a link because a person followed it")
