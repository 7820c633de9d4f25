"""Plays a drip through on a clock that jumps from one event to the next, and writes down what happens to whom."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integration import campaigns, drips
from integration.app import App
from integration.drips.plan import MINUTES, STATE, enrollment_pk, find
from integration.local.rehearsal.memory import RecordingMailer
from integration.model.rehearsal import Habit
from integration.model.schedule import zone_of
from integration.model.series import Step
from integration.model.series_words import named
from integration.model.signal import Signal
from integration.model.vocabulary import EnrollmentState
from integration.ports import Message
from integration.sending import send_chunk
from integration.sending.later import LATER

Drain = Callable[[], Sequence[Message]]
PLENTY = 60_000


@dataclass(frozen=True)
class Actor:
    """Somebody in a rehearsal."""

    key: str
    name: str
    habit: Habit
    zone: str = ""
    left_out: str = ""
    """Why a real member is not taken in."""


class Play:
    """One campaign, its people, and the log so far."""

    def __init__(
        self,
        app: App,
        campaign: str,
        cast: Sequence[Actor],
        mailer: RecordingMailer,
        drain: Drain,
        next_at: Callable[[], datetime | None] = lambda: None,
    ) -> None:
        """`next_at`: when the queue of mails has something next, where it can tell."""
        self._app, self._campaign, self._mailer, self._drain, self._next_at = app, campaign, mailer, drain, next_at
        self._cast = {actor.key: actor for actor in cast}
        self._seen: dict[str, tuple[int, str]] = {}
        self._coming: list[Signal] = []
        self._mails: dict[str, int] = {}
        self._told = 0
        drip = find(app, campaign)
        steps: Sequence[Step] = drip.steps if drip else ()
        self._steps = {step.id: f"step {n}{named(step)}" for n, step in enumerate(steps, 1)}
        several = [(number, one) for number, step in enumerate(steps, 1) for one in step.variants]
        self._names = self._steps | {one.id: f"step {number} {one.variant} “{one.name}”" for number, one in several}
        self.log: list[str] = []

    def run(self, days: int) -> list[str]:
        """Everything of so many days; the clock is then where they end, or where nothing is left to happen."""
        clock: Any = self._app.clock
        end = clock.now() + timedelta(days=days)
        for actor in self._cast.values():
            if actor.left_out:
                self._write(actor.key, f"is not taken in: {actor.left_out}")
        while (at := self._next()) is not None and at <= end:
            clock.at = max(at, clock.at)
            self._hear()
            drips.run_due(self._app)
            campaigns.tend(self._app)
            for message in self._drain():
                send_chunk(self._app, message, lambda: PLENTY)
            self._tell_mails()
            self._tell_places()
        return self.log

    def _next(self) -> datetime | None:
        minute = next(iter(self._app.due.query(MINUTES, limit=1)), None)
        times = [datetime.fromisoformat(signal.at) for signal in self._coming]
        if (queued := self._next_at()) is not None:
            times.append(queued)
        if (later := next(iter(self._app.sends.query(LATER, limit=1)), None)) is not None:
            times.append(datetime.fromisoformat(later["sk"].partition("#")[0]))
        if minute is not None:
            times.append(datetime.fromisoformat(minute["sk"].partition("#")[0].replace("Z", "+00:00")))
        return min(times, default=None)

    def _hear(self) -> None:
        now = self._app.clock.now()
        heard = [signal for signal in self._coming if datetime.fromisoformat(signal.at) <= now]
        self._coming = [signal for signal in self._coming if signal not in heard]
        for signal in sorted(heard, key=lambda each: (each.at, each.cause)):
            self._write(signal.candidate, f"has {signal.kind} ({self._names.get(signal.step, '')})")
            drips.hear(self._app, [signal])

    def _tell_mails(self) -> None:
        sent = self._mailer.sent
        new, self._told = sent[self._told :], len(sent)
        for tags in sorted(new, key=lambda each: (each["candidate"], each["step"])):
            key, step = tags["candidate"], tags["step"]
            self._write(key, f"gets {self._names.get(step, step)}")
            self._mails[key] = number = self._mails.get(key, 0) + 1
            habit = self._cast[key].habit
            if habit.does is not None and (not habit.mails or number in habit.mails):
                at = (self._app.clock.now() + habit.after).isoformat()
                cause = f"{habit.does}|{key}|{number}"
                self._coming.append(Signal(habit.does, key, at, cause, campaign=self._campaign, step=step))

    def _tell_places(self) -> None:
        for key in sorted(self._cast):
            state = self._app.due.get(enrollment_pk(self._campaign, key), STATE)
            if state is None:
                continue
            left_out = state.get("left_out", ())
            told, was = self._seen.get(key, (0, EnrollmentState.ACTIVE))
            for step, why in left_out[told:]:
                self._write(key, f"does not get {self._steps.get(step, step)}: {why}")
            if state["state"] != was:
                left = state["state"] == EnrollmentState.EXITED
                self._write(key, f"leaves the series: {state['reason']}" if left else "is through")
            self._seen[key] = (len(left_out), state["state"])

    def _write(self, key: str, what: str) -> None:
        actor = self._cast[key]
        at = self._app.clock.now().astimezone(zone_of(actor.zone))
        self.log.append(f"{at:%Y-%m-%d %H:%M %a}  {actor.name}: {what}")


def timelines(log: Sequence[str], cast: Sequence[Actor]) -> Mapping[str, list[str]]:
    """The log by person, without the names."""
    found: dict[str, list[str]] = {actor.name: [] for actor in cast}
    for line in log:
        when, _, rest = line.partition("  ")
        name, _, what = rest.partition(": ")
        found[name].append(f"{when}  {what}")
    return found
