"""One visitor in the mails of several people: a gateway that scans the mailboxes of a firm.

A visitor is a network and a browser together. Colleagues behind one router share both, so only what colleagues do not
do counts: links in several people's mails within seconds, or a visitor that was caught in several mails.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

AT_ONCE = ((5.0, 3), (20.0, 5))
"""(seconds, people): so many people's mails within so many seconds."""
HASTY = ((120.0, 3), (300.0, 4))
"""(seconds, people): nearly all a visitor's clicks, in so many people's mails, came so soon after each delivery."""
_NEARLY = 0.8
CAUGHT_IN = 2
"""Mails in which a visitor was caught, so that its other requests count as caught too."""

Who = tuple[str, str]
"""Network and browser."""


@dataclass(frozen=True)
class Crowds:
    """What is known of visitors across mails."""

    spans: Mapping[Who, Sequence[tuple[float, float]]] = field(default_factory=dict)
    """When a visitor was in several people's mails at once."""
    caught: frozenset[Who] = frozenset()
    hasty: Mapping[Who, float] = field(default_factory=dict)
    """Visitors who come to everybody's mail right after its delivery, and how soon at the latest."""

    def __bool__(self) -> bool:
        return bool(self.spans or self.caught or self.hasty)

    def differs(self, other: "Crowds") -> set[Who]:
        """The visitors of whom the other knows something else."""
        known = {*self.spans, *self.caught, *self.hasty, *other.spans, *other.caught, *other.hasty}
        return {who for who in known if self._of(who) != other._of(who)}

    def _of(self, who: Who) -> tuple[object, ...]:
        return (list(self.spans.get(who, ())), who in self.caught, self.hasty.get(who))

    def knows(self, who: Who) -> bool:
        return who in self.caught or who in self.spans or who in self.hasty

    def reason(self, who: Who, at: float | None, lag: float | None) -> str:
        """Why a request of this visitor at this time is a machine's; blank when nothing says so."""
        if not self.knows(who):
            return ""
        if lag is not None and lag <= self.hasty.get(who, -1.0):
            return "the same visitor came to several people's mails right after delivery"
        if at is not None and any(first <= at <= last for first, last in self.spans.get(who, ())):
            return "the same visitor was in several people's mails within seconds"
        return "the same visitor was caught in several mails" if who in self.caught else ""


NO_CROWDS = Crowds()


@dataclass
class Watch:
    """Collects visitors over many mails. Small: whoever clicks in one mail only leaves one line."""

    clicks: dict[Who, list[tuple[float, str]]] = field(default_factory=lambda: defaultdict(list))
    lags: dict[Who, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    """visitor -> person -> seconds from the delivery to the first click."""
    caught: dict[Who, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, who: Who, at: float | None, lag: float | None, person: str, *, is_caught: bool) -> None:
        """One click in a person's mail."""
        if not all(who) or not person:
            return
        if at is not None:
            self.clicks[who].append((at, person))
        if lag is not None:
            self.lags[who][person] = min(lag, self.lags[who].get(person, lag))
        if is_caught:
            self.caught[who].add(person)

    @property
    def visitors(self) -> set[Who]:
        return {*self.clicks, *self.lags, *self.caught}

    def as_json(self) -> list[list[Any]]:
        """[network, browser, clicks, lags, people it was caught with] a visitor."""
        return [
            [
                *who,
                sorted(set(self.clicks.get(who, ()))),
                dict(self.lags.get(who, {})),
                sorted(self.caught.get(who, ())),
            ]
            for who in sorted(self.visitors)
        ]

    @classmethod
    def from_json(cls, stored: Iterable[Sequence[Any]]) -> "Watch":
        watch = cls()
        for network, agent, clicks, lags, caught in stored:
            who = (str(network), str(agent))
            watch.clicks[who] = [(float(at), str(person)) for at, person in clicks]
            watch.lags[who] = {str(person): float(lag) for person, lag in lags.items()}
            watch.caught[who] = set(caught)
        return watch

    def add(self, other: "Watch") -> None:
        for who, clicks in other.clicks.items():
            self.clicks[who].extend(clicks)
        for who, lags in other.lags.items():
            self.lags[who].update(lags)
        for who, people in other.caught.items():
            self.caught[who] |= people

    def crowds(self) -> Crowds:
        spans = {who: list(_spans(clicks)) for who, clicks in self.clicks.items() if len(clicks) >= _FEWEST}
        caught = frozenset(who for who, people in self.caught.items() if len(people) >= CAUGHT_IN)
        hasty = {who: seconds for who, lags in self.lags.items() if (seconds := _hasty(list(lags.values())))}
        return Crowds({who: found for who, found in spans.items() if found}, caught, hasty)


_FEWEST = min(people for _, people in AT_ONCE)


def _spans(clicks: Iterable[tuple[float, str]]) -> Iterator[tuple[float, float]]:
    ordered = sorted(set(clicks))
    for seconds, wanted in AT_ONCE:
        first = 0
        for last, (at, _) in enumerate(ordered):
            while at - ordered[first][0] > seconds:
                first += 1
            if last - first + 1 >= wanted and len({person for _, person in ordered[first : last + 1]}) >= wanted:
                yield ordered[first][0], at


def _hasty(lags: Sequence[float]) -> float:
    """The seconds within which nearly all came, where that is telling; else nought."""
    for seconds, people in HASTY:
        soon = sum(1 for lag in lags if lag <= seconds)
        if soon >= people and soon >= _NEARLY * len(lags):
            return seconds
    return 0.0
