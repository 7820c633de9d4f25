"""What a series would send to a person who behaves in a given way: the rules that count, on a clock of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from integration.model import decision as chain
from integration.model.endings import ends, reason_of
from integration.model.facts import Facts
from integration.model.schedule import Window, due_at
from integration.model.series import Act, Place, Step, asked, decide
from integration.model.signal import Signal, SignalKind

LONGEST = timedelta(days=90)
_LOOKS = 50
"""How often a mail is put off before the rehearsal leaves it at that."""


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
    """`send`, `put off`, `left out`, `does`, `end`, `done`."""
    step: str = ""
    note: str = ""


@dataclass(frozen=True)
class Asked:
    """What the senders would know of the person, and how long they keep a mail that has to wait."""

    facts: Facts
    patience: timedelta = LONGEST
    key: str = ""
    """Of a real person: who is held out of a step, and which variant they get."""


def rehearse(
    steps: Sequence[Step], habit: Habit, joined: datetime, window: Window, zone: tzinfo, by: Asked | None = None
) -> list[Line]:
    """Everything that happens within 90 days to somebody who joins at `joined`; times as in earnest, to the minute.

    With `by` each mail also passes the senders' own chain of rules: caps, pauses, holidays, the campaign's end.
    """
    place = Place(due=due_at(joined, steps[0].day, window, zone), anchor=joined)
    heard: list[Signal] = []
    coming: list[Signal] = []
    lines: list[Line] = []
    now, mails, written = place.due, 0, list(by.facts.mails) if by else []
    while now - joined <= LONGEST:
        for signal in [each for each in coming if datetime.fromisoformat(each.at) <= now]:
            coming.remove(signal)
            heard.append(signal)
            lines.append(Line(datetime.fromisoformat(signal.at), "does", signal.step, signal.kind))
            if ends(signal.kind, asked(steps)):
                end = datetime.fromisoformat(signal.at)
                # A mail that waits with the senders is withheld when its person leaves.
                kept = [line for line in lines if line.at <= end]
                return [*_in_order(kept), Line(end, "end", note=reason_of(signal))]
        decision = decide(steps, place, heard, now, window, zone, by.key if by else "")
        place = decision.place
        lines += [Line(now, "left out", step, why) for step, why in decision.left_out]
        if decision.act is Act.END:
            return [*_in_order(lines), Line(now, "end", note=decision.reason)]
        if decision.act is Act.SEND and decision.step is not None:
            gone, words = _asked(by, now, written) if by else (now, "")
            if words:
                lines.append(Line(now, "put off" if gone else "left out", decision.step.id, words))
            if gone is not None:
                mails += 1
                written.append(gone)
                lines.append(Line(gone, "send", decision.step.id))
            if gone is not None and habit.does is not None and (not habit.mails or mails in habit.mails):
                at = (gone + habit.after).isoformat()
                coming.append(Signal(habit.does, "", at, cause=f"{mails}", step=decision.step.id))
        if place.number >= len(steps):
            return [*_in_order(lines), Line(now, "done")]
        until = decision.until if decision.act is Act.WAIT and decision.until else place.due
        # Whoever waits is looked at again when something is heard, in the minute after it.
        now = min([until, *(datetime.fromisoformat(each.at) for each in coming)])
    return _in_order(lines)


def _in_order(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: line.at)


def _asked(by: Asked, now: datetime, written: Sequence[datetime]) -> tuple[datetime | None, str]:
    """(when the mail goes, why not at once); None: it does not go."""
    at, words = now, ""
    for _ in range(_LOOKS):
        facts = replace(by.facts, now=at, mails=tuple(written), ends=by.facts.ends or now + by.patience)
        decision = chain.decide(facts)
        if decision.outcome is chain.Outcome.PASSED:
            return at, words
        words = words or decision.reason
        if decision.outcome is chain.Outcome.STOPPED or decision.until is None:
            return None, decision.reason
        at = decision.until
    return None, words
