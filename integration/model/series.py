"""A drip as a path: from the frozen steps, what was heard of the person and the moment follows what happens next.

Nothing here depends on the order or the number of times in which signals were heard, so every replay takes one path.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from integration.model.schedule import LEAST_GAP, Window, due_at, next_open
from integration.model.signal import Signal, SignalKind
from integration.model.variant import Variant, is_held_out
from integration.model.vocabulary import AtTimeOut

HELD_OUT = "Held out to measure the effect"


@dataclass(frozen=True)
class Ask:
    """Whether a person did something."""

    kind: SignalKind
    step: str = ""
    """The mail that it is about; blank: any mail of the series."""
    links: tuple[str, ...] = ()
    """Numbers of links, one of which must have been clicked; empty: any."""

    def answered(self, heard: Collection[Signal]) -> bool:
        return any(self._fits(signal) for signal in heard)

    def _fits(self, signal: Signal) -> bool:
        # Who clicked has opened, whether or not pictures were loaded.
        opened = self.kind is SignalKind.OPENED and signal.kind is SignalKind.CLICKED
        if signal.kind is not self.kind and not opened:
            return False
        return self.step in ("", signal.step) and (not self.links or signal.link in self.links)

    def as_item(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "step": self.step, "links": list(self.links)}

    @classmethod
    def from_item(cls, item: Mapping[str, Any] | None) -> "Ask | None":
        return cls(SignalKind(item["kind"]), str(item["step"]), tuple(item["links"])) if item else None


@dataclass(frozen=True)
class Step:
    """One step of a drip as it was frozen."""

    id: str
    version: str
    day: int
    """The sum of the delays up to this step."""
    wait: Ask | None = None
    wait_days: int = 0
    at_time_out: AtTimeOut = AtTimeOut.SKIP
    only_if: Ask | None = None
    unless: bool = False
    """Whether `only_if` is turned round: the step is for those who did not."""
    source: str = ""
    """Mark of what the mail is made of: it changes when template, brand or sender do."""
    name: str = ""
    variants: tuple[Variant, ...] = ()
    """Several mails of which a person gets one; the step bears the id of the first."""
    hold_out: float = 0.0
    """Per cent of the people who go past it without a mail."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids under which its mails go."""
        return tuple(one.id for one in self.variants) or (self.id,)

    @property
    def mails(self) -> tuple[Variant, ...]:
        """Its mails, also when there is only one."""
        return self.variants or (Variant(self.id, self.version, "", 100.0, self.source, self.name),)

    def as_item(self) -> dict[str, Any]:
        """As the frozen plan keeps it."""
        item: dict[str, Any] = {"id": self.id, "version": self.version, "day": self.day, "name": self.name}
        item |= {"source": self.source, "wait_days": self.wait_days, "at_time_out": self.at_time_out.value}
        if self.variants:
            item["variants"] = [one.as_item() for one in self.variants]
        if self.hold_out:
            item["hold_out"] = self.hold_out
        asks = {"wait": self.wait, "only_if": self.only_if}
        return item | {"unless": self.unless} | {name: ask.as_item() for name, ask in asks.items() if ask is not None}

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Step":
        return cls(
            id=item["id"],
            version=str(item["version"]),
            day=int(item["day"]),
            wait=Ask.from_item(item.get("wait")),
            wait_days=int(item.get("wait_days", 0)),
            at_time_out=AtTimeOut(item.get("at_time_out", AtTimeOut.SKIP)),
            only_if=Ask.from_item(item.get("only_if")),
            unless=bool(item.get("unless", False)),
            source=str(item.get("source", "")),
            name=str(item.get("name", "")),
            variants=tuple(Variant.from_item(one) for one in item.get("variants", ())),
            hold_out=float(item.get("hold_out", 0)),
        )


@dataclass(frozen=True)
class Place:
    """Where one person stands. Days are counted from `anchor`: joining, or the end of the last wait."""

    due: datetime
    anchor: datetime
    number: int = 0
    anchor_step: str = ""
    sent: datetime | None = None
    sent_step: str = ""
    had: tuple[str, ...] = ()
    """Ids of the steps that were sent, in whatever version, with all their variants: none is sent again."""


class Act(StrEnum):
    SEND = "send"
    WAIT = "wait"
    DONE = "done"
    END = "end"


@dataclass(frozen=True)
class Decision:
    """What happens now, and the place afterwards."""

    act: Act
    place: Place
    step: Step | None = None
    """The step that is sent or waited for."""
    until: datetime | None = None
    """Of a wait: when to look again, whatever is heard."""
    reason: str = ""
    left_out: tuple[tuple[str, str], ...] = field(default=())
    """Steps that were passed over just now, and why."""


def decide(
    steps: Sequence[Step],
    place: Place,
    heard: Collection[Signal],
    now: datetime,
    window: Window,
    zone: tzinfo,
    key: str = "",
) -> Decision:
    """The next action for one person. After a SEND the place is the one behind the step."""
    heard = of_steps(steps, heard)
    left_out: list[tuple[str, str]] = []
    while place.number < len(steps):
        step = steps[place.number]
        if has_had(step, place):
            place = _behind(steps, place, now, window, zone)
            continue
        if now < place.due:
            return Decision(Act.WAIT, place, step, place.due, left_out=tuple(left_out))
        why = ""
        if step.wait is not None:
            until = due_at(place.due, step.wait_days, window, zone)
            answered = step.wait.answered(heard)
            if not answered and now < until:
                return Decision(Act.WAIT, place, step, until, f"{step.wait.kind}?", tuple(left_out))
            place = replace(place, anchor=now, anchor_step=step.id)
            if not answered and step.at_time_out is AtTimeOut.END:
                return Decision(Act.END, place, step, reason=_not_done(step.wait), left_out=tuple(left_out))
            if not answered and step.at_time_out is AtTimeOut.SKIP:
                why = _not_done(step.wait)
        if not why and step.only_if is not None and step.only_if.answered(heard) is step.unless:
            why = _not_for(step.only_if, step.unless)
        if not why and is_held_out(key, step.id, step.hold_out):
            why = HELD_OUT
        if why:
            left_out.append((step.id, why))
            place = _behind(steps, place, now, window, zone)
            continue
        if (opens := next_open(now, window, zone)) > now:
            return Decision(Act.WAIT, place, step, opens, left_out=tuple(left_out))
        gone = replace(place, sent=now, sent_step=step.id, had=(*place.had, *step.ids))
        return Decision(Act.SEND, _behind(steps, gone, now, window, zone), step, left_out=tuple(left_out))
    return Decision(Act.DONE, place, left_out=tuple(left_out))


def has_had(step: Step, place: Place) -> bool:
    """Whether a person got one of the step's mails before."""
    return any(one in place.had for one in step.ids)


def of_steps(steps: Sequence[Step], heard: Collection[Signal]) -> Collection[Signal]:
    """What was heard, as if every step had one mail: of a variant it is told of the step."""
    lead = {one: step.id for step in steps for one in step.ids if one != step.id}
    return [replace(each, step=lead.get(each.step, each.step)) for each in heard] if lead else heard


def due_of(steps: Sequence[Step], place: Place, window: Window, zone: tzinfo) -> datetime:
    """When the step at this place is due: by plan, but never right behind a mail that went late."""
    day = steps[place.number].day
    planned = due_at(place.anchor, max(0, day - _day(steps, place.anchor_step)), window, zone)
    if place.sent is None:
        return planned
    gap = timedelta(days=max(0, day - _day(steps, place.sent_step)))
    return max(planned, next_open(place.sent + min(gap, LEAST_GAP), window, zone))


def asked(steps: Sequence[Step]) -> frozenset[SignalKind]:
    """What leads on in this series, and so does not end it."""
    waits = {step.wait.kind for step in steps if step.wait is not None}
    return frozenset(waits | {step.only_if.kind for step in steps if step.only_if is not None and not step.unless})


def listens(steps: Sequence[Step]) -> bool:
    """Whether anything in the series depends on what people do."""
    return any(step.wait is not None or step.only_if is not None for step in steps)


def _behind(steps: Sequence[Step], place: Place, now: datetime, window: Window, zone: tzinfo) -> Place:
    following = replace(place, number=place.number + 1)
    if following.number >= len(steps):
        return replace(following, due=now)
    return replace(following, due=due_of(steps, following, window, zone))


def _day(steps: Sequence[Step], step_id: str) -> int:
    return next((step.day for step in steps if step.id == step_id), 0)


def _not_done(wait: Ask) -> str:
    return f"Not {wait.kind} in time"


def _not_for(only_if: Ask, unless: bool) -> str:
    return f"Only for those who have {'not ' if unless else ''}{only_if.kind}"
