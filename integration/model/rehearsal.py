"""What a series would send to a person who behaves in a given way: the rules that count, on a clock of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from integration.model.endings import ends, reason_of
from integration.model.schedule import Window, due_at
from integration.model.series import Act, Place, Step, asked, decide
from integration.model.signal import Signal, SignalKind

LONGEST = timedelta(days=90)


@dataclass(frozen=True)
class Habit:
    """A made-up person: what they do with every mail, and after how long."""

    name: str
    does: SignalKind | None = None
    after: timedelta = timedelta(days=1)
    mails: frozenset[int] = frozenset()
    """Numbers of the mails received that it is done with, from 1; empty: all."""


HABITS = (
    Habit("Does nothing"),
    Habit("Opens every mail after a day", SignalKind.OPENED),
    Habit("Clicks every mail after a day", SignalKind.CLICKED),
    Habit("Clicks the first mail after an hour", SignalKind.CLICKED, timedelta(hours=1), frozenset({1})),
    Habit("Replies to the first mail after two days", SignalKind.REPLIED, timedelta(days=2), frozenset({1})),
    Habit("Applies two days after the first mail", SignalKind.APPLIED, timedelta(days=2), frozenset({1})),
)


@dataclass(frozen=True)
class Line:
    """One thing that happens in a rehearsal."""

    at: datetime
    what: str
    """`send`, `left out`, `does`, `end`, `done`."""
    step: str = ""
    note: str = ""


def rehearse(steps: Sequence[Step], habit: Habit, joined: datetime, window: Window, zone: tzinfo) -> list[Line]:
    """Everything that happens within 90 days to somebody who joins at `joined`; times as in earnest, to the minute."""
    place = Place(due=due_at(joined, steps[0].day, window, zone), anchor=joined)
    heard: list[Signal] = []
    coming: list[Signal] = []
    lines: list[Line] = []
    now, mails = place.due, 0
    while now - joined <= LONGEST:
        for signal in [each for each in coming if datetime.fromisoformat(each.at) <= now]:
            coming.remove(signal)
            heard.append(signal)
            lines.append(Line(datetime.fromisoformat(signal.at), "does", signal.step, signal.kind))
            if ends(signal.kind, asked(steps)):
                return [*lines, Line(datetime.fromisoformat(signal.at), "end", note=reason_of(signal))]
        decision = decide(steps, place, heard, now, window, zone)
        place = decision.place
        lines += [Line(now, "left out", step, why) for step, why in decision.left_out]
        if decision.act is Act.END:
            return [*lines, Line(now, "end", note=decision.reason)]
        if decision.act is Act.SEND and decision.step is not None:
            mails += 1
            lines.append(Line(now, "send", decision.step.id))
            if habit.does is not None and (not habit.mails or mails in habit.mails):
                at = (now + habit.after).isoformat()
                coming.append(Signal(habit.does, "", at, cause=f"{mails}", step=decision.step.id))
        if place.number >= len(steps):
            return [*lines, Line(now, "done")]
        until = decision.until if decision.act is Act.WAIT and decision.until else place.due
        # Whoever waits is looked at again when something is heard, in the minute after it.
        now = min([until, *(datetime.fromisoformat(each.at) for each in coming)])
    return lines
