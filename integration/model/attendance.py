"""Who comes to an event: answers, places, the waiting list, ticks at the door and what is left at the end.

What a person answered is a set, so messages may arrive in any order and any number of times. Places are given in the
order in which people registered, and a place that was given is never taken back by a message that comes late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from integration.model.vocabulary import AttendanceState

MOST_ANSWERS = 16
"""Of one person; older ones are forgotten."""


@dataclass(frozen=True, order=True)
class Answer:
    """What a person said by a form or link. `at` is in milliseconds since 1970."""

    at: int
    coming: bool


@dataclass(frozen=True)
class Tick:
    """What staff said at the door."""

    at: int
    came: bool


@dataclass(frozen=True)
class Attendance:
    """One person at one event."""

    id: str
    """Of the candidate; decides between two who registered in the same millisecond."""
    answers: tuple[Answer, ...] = ()
    """By time."""
    has_place: bool = False
    tick: Tick | None = None
    walk_in: bool = False
    over: bool = False
    """Whether the event was completed."""

    @property
    def coming(self) -> bool:
        return bool(self.answers) and self.answers[-1].coming

    @property
    def since(self) -> int:
        """When they said yes first since they last said no; 0 when they do not come."""
        found = 0
        for answer in reversed(self.answers):
            if not answer.coming:
                break
            found = answer.at
        return found

    @property
    def came(self) -> bool:
        return self.tick is not None and self.tick.came

    @property
    def takes_place(self) -> bool:
        return self.came or (self.coming and self.has_place)

    @property
    def state(self) -> AttendanceState:
        if self.came:
            return AttendanceState.ATTENDED
        if self.coming and self.has_place:
            return AttendanceState.NO_SHOW if self.over else AttendanceState.REGISTERED
        if self.coming:
            return AttendanceState.WAITING
        return AttendanceState.CANCELLED if self.answers or self.tick else AttendanceState.INVITED


def answered(one: Attendance, answer: Answer) -> Attendance:
    """With one more answer. A place is lost by a no, and by nothing else."""
    known = tuple(sorted({*one.answers, answer}))[-MOST_ANSWERS:]
    heard = replace(one, answers=known)
    keeps = one.has_place and heard.coming and (not one.since or heard.since <= one.since)
    return replace(heard, has_place=keeps)


def ticked(one: Attendance, tick: Tick, *, walk_in: bool = False) -> Attendance:
    """With what the door said last. Of two ticks in the same millisecond the one that says “came” stands."""
    heard = replace(one, walk_in=one.walk_in or (walk_in and not one.answers))
    if one.tick is not None and (tick.at, tick.came) <= (one.tick.at, one.tick.came):
        return heard
    return replace(heard, tick=tick)


def seated(people: Iterable[Attendance], capacity: int | None) -> list[Attendance]:
    """Who moves up now: the first on the waiting list, as many as there are places. None: no limit."""
    known = list(people)
    taken = sum(one.takes_place for one in known)
    waiting = sorted((one for one in known if one.coming and not one.takes_place), key=_turn)
    free = len(waiting) if capacity is None else max(0, capacity - taken)
    return [replace(one, has_place=True) for one in waiting[:free]]


def _turn(one: Attendance) -> tuple[int, str]:
    return one.since, one.id


def written(answers: Sequence[Answer], tick: Tick | None = None) -> str:
    """As the record keeps it: `1772442000000y 1772528400000n 1772600000000t`; `t` and `u` are the last tick."""
    words = [f"{answer.at}{'y' if answer.coming else 'n'}" for answer in answers]
    return " ".join([*words, f"{tick.at}{'t' if tick.came else 'u'}"] if tick else words)


def read(text: str) -> tuple[tuple[Answer, ...], Tick | None]:
    """What `written` wrote; what it did not write is left out."""
    answers, tick = set(), None
    for word in text.split():
        at, kind = word[:-1], word[-1]
        if not (at.isascii() and at.isdigit()):
            continue
        if kind in "yn":
            answers.add(Answer(int(at), kind == "y"))
        elif kind in "tu":
            tick = Tick(int(at), kind == "t")
    return tuple(sorted(answers)), tick
