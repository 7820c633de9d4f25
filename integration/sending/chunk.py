"""Sends one chunk of recipients through the ledger.

A chunk is done when each of its people is in a final state. Until then it goes back to the queue, so whatever kills a
worker, the next run finds in the ledger what was done and goes on behind it, without a command from anybody.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.messages import writer
from integration.model.decision import open_hours
from integration.model.facts import Facts
from integration.model.ledger import FINAL, State, before, ledger_pk
from integration.model.pace import WAIT_HERE
from integration.model.schedule import zone_of
from integration.ports import Item, Message, Queue
from integration.sending import control, later
from integration.sending.control import Control, Leave
from integration.sending.deciding import PATIENCE, Variants, holidays_for, zone_for
from integration.sending.one import Recipient, Result, recipients_of, send_one
from integration.sending.pacing import Pacer

if TYPE_CHECKING:
    from integration.app import App

LEAST_MS, LEAST_SHARE = 1_500, 0.4
"""Less time than this, or than this share of what a short-lived worker began with, and no new mail is begun: a call
that is cut off is a mail in doubt."""
LOOK_AGAIN = timedelta(seconds=1)
LONGEST_DELAY = 900
Remaining = Callable[[], int]


@dataclass
class Job:
    """One run over one queue message."""

    message: Message
    recipients: Sequence[Recipient]
    states: dict[str, State | None]
    since: dict[str, str]
    """When each open intent was written."""
    first: datetime
    """When the chunk was tried for the first time."""
    delay: float | None = None
    """Seconds after which the chunk has to be looked at again; None: it is done or parked."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why people of the chunk got no mail."""
    deferred: Counter[str] = field(default_factory=Counter)
    """Why people of the chunk have to wait."""
    wish: int = 0
    """A person's wish: one more copy of mails in doubt, the so manieth."""
    slot: float | None = None
    slots: int = 0
    """How many are kept, from `slot` on."""
    throttled: bool = False
    moved_on: bool = False
    """Whether this run got at least one mail through."""

    @property
    def campaign(self) -> str:
        return str(self.message["campaign"])

    @property
    def variants(self) -> Variants:
        """The other mails for the same step."""
        return tuple((str(step), str(version)) for step, version in self.message.get("variants", ()))

    @property
    def open(self) -> list[Recipient]:
        return [recipient for recipient in self.recipients if self.states[recipient.key] is None]

    @property
    def fruitless(self) -> int:
        """How many runs in a row were refused without getting anything through."""
        return 0 if self.moved_on else int(self.message.get("throttled", 0))

    def put_off(self, reason: str, until: datetime, now: datetime) -> None:
        """Somebody has to wait for a moment that is known."""
        self.deferred[reason] += 1
        self.again((until - now).total_seconds())

    def again(self, seconds: float) -> None:
        """Asks for another run; the earliest wish counts."""
        wanted = max(0.0, seconds)
        self.delay = wanted if self.delay is None else min(self.delay, wanted)


def send_chunk(app: "App", message: Message, remaining_ms: Remaining) -> None:
    """Idempotency key: campaign, step, version and candidate key, the key of the ledger row.

    `message` is {"campaign", "step", "version"} and "chunk" (recipients in S3) or "recipients".
    """
    current = control.read(app, str(message["campaign"]))
    if current.leave is Leave.CANCELLED:
        log.event("chunk.dropped", campaign=message["campaign"])
        return
    if current.leave is Leave.PAUSED:
        control.park(app, message)
        return
    job = _begun(app, message)
    parked = _send_open(app, job, current, remaining_ms)
    _hold_what_is_in_doubt(app, job)
    _note_progress(app, job)
    if parked:
        control.park(app, message)
    elif job.delay is not None:
        _back_to_queue(app, job)


def _begun(app: "App", message: Message) -> Job:
    recipients = recipients_of(app, message)
    keys = {recipient.key: (_pk(message, recipient.key), recipient.key) for recipient in recipients}
    rows = app.sends.get_many(list(keys.values()))
    states: dict[str, State | None] = {}
    since: dict[str, str] = {}
    reasons: dict[str, str] = {}
    again = int(message.get("again", 0))
    for key, place in keys.items():
        row = rows.get(place, {})
        states[key] = State(row["state"]) if "state" in row else None
        since[key] = str(row.get("at", ""))
        reasons[key] = str(row.get("reason", ""))
        if again:
            states[key] = _of_doubted(row, again)
    first = datetime.fromisoformat(message["first"]) if "first" in message else app.clock.now()
    return Job(message, recipients, states, since, first, wish=again, reasons=reasons)


def _of_doubted(row: Item, again: int) -> State | None:
    """A mail in doubt is open once more only for the wish that is noted on its row."""
    state = State(row.get("state", State.IN_DOUBT))
    return None if state is State.IN_DOUBT and row.get("again_wanted") == again else state


def _send_open(app: "App", job: Job, current: Control, remaining_ms: Remaining) -> bool:
    """Sends to everybody who has no row yet. True when the campaign was paused meanwhile."""
    now = app.clock.now()
    waiting = _inside_window(job, current, now)
    if not waiting:
        return False
    mails = writer(app, job.campaign, str(job.message["step"]), str(job.message["version"]))
    pacer = Pacer(app, mails.message.sender, job.campaign, current.rate)
    if "slot" in job.message:
        pacer.keep(float(job.message["slot"]), min(len(waiting), int(job.message.get("slots", len(waiting)))))
    looked, least_ms = now, min(LEAST_MS, LEAST_SHARE * remaining_ms())
    for number, recipient in enumerate(waiting):
        if app.clock.now() - looked > LOOK_AGAIN:
            looked, current = app.clock.now(), control.read(app, job.campaign)
        if current.leave is not Leave.RUNNING:
            return current.leave is Leave.PAUSED
        wait = pacer.seconds_to_next(len(waiting) - number)
        if wait > WAIT_HERE or remaining_ms() - wait * 1000 < least_ms:
            job.slot, job.slots = pacer.next_slot, pacer.left
            job.again(wait)
            return False
        pacer.take()
        letters = mails.speaking(recipient.language)
        attempt = send_one(app, letters, recipient, current, job.first, job.wish, job.variants)
        result = attempt.result
        if result is Result.DEFERRED:
            job.put_off(attempt.reason, attempt.until or app.clock.now() + LOOK_AGAIN, app.clock.now())
            continue
        if result is Result.THROTTLED:
            seconds = _patience(job)
            pacer.back_off(seconds)
            job.throttled = True
            job.again(seconds)
            return False
        if result is Result.TAKEN:
            job.again(2)
            continue
        if result is Result.SENDING_PAUSED:
            control.pause(app, job.campaign, "The mail provider refuses mail from this sender. Ask your administrator.")
            return True
        job.moved_on = job.moved_on or result is Result.ACCEPTED
        job.states[recipient.key] = State(result.value)
        job.reasons[recipient.key] = attempt.reason
        job.since[recipient.key] = app.clock.now().isoformat()
    return False


def _inside_window(job: Job, current: Control, now: datetime) -> list[Recipient]:
    """Those who may get mail at this hour; the others ask for another run when theirs has come.

    It spares the reads: whoever is let through here is asked again, by every rule, right before the mail.
    """
    if current.window.is_always and not current.working_days:
        return job.open
    allowed = []
    ends = current.ends or job.first + PATIENCE
    for recipient in job.open:
        free = holidays_for(current, recipient)
        facts = Facts(now, window=current.window, working_days=current.working_days, holidays=free)
        opens = open_hours(now, facts.window, zone_of(zone_for(current, recipient)[0]), facts.is_free)
        if opens <= now or opens >= ends:
            allowed.append(recipient)
        else:
            job.put_off("outside the hours of mail there", opens, now)
    return allowed


def _patience(job: Job) -> int:
    """A second, doubled with every run that got nothing through, to about four minutes.

    It stops the whole sender, so a chunk that moves on must not add up the refusals of its earlier runs.
    """
    return 1 << min(8, job.fruitless)


def _hold_what_is_in_doubt(app: "App", job: Job) -> None:
    """An intent without an answer waits for the provider's event; after the horizon it is held for a person."""
    horizon = timedelta(seconds=app.config.in_doubt_seconds)
    for key, state in job.states.items():
        if state is not State.INTENT:
            continue
        age = app.clock.now() - datetime.fromisoformat(job.since[key])
        if age < horizon:
            job.again((horizon - age).total_seconds() + 1)
            continue
        values = {
            "state": State.IN_DOUBT,
            "reason": "no answer and no event",
            "listed": None,
            "doubted_at": app.clock.now().isoformat(),
        }
        held = app.sends.update(_pk(job.message, key), key, values, only_if={"state": set(before(State.IN_DOUBT))})
        if held:
            job.states[key] = State.IN_DOUBT
            app.sends.put({"pk": control.campaign_pk(job.campaign), "sk": control.DOUBT})
            log.event("mail.in_doubt", campaign=job.campaign, candidate=key)
        else:
            job.again(1)  # an answer or event came in this moment: the next run reads which


def _note_progress(app: "App", job: Job) -> None:
    """One item per chunk of a blast: how far it is, overwritten by every run. It tells when the campaign is done."""
    if "chunk" not in job.message:
        return
    counts = Counter(str(state) for state in job.states.values() if state)
    unsent = {State.SUPPRESSED, State.FAILED}
    why = Counter(job.reasons.get(key) or "no reason noted" for key, state in job.states.items() if state in unsent)
    app.sends.put(
        {
            "pk": control.campaign_pk(job.campaign),
            "sk": f"chunk#{job.message['step']}-v{job.message['version']}#{job.message['chunk']}",
            "size": len(job.states),
            "done": all(state in FINAL for state in job.states.values()),
            **counts,
            "why": dict(why),
            "deferred": dict(job.deferred),
            "again_at": (app.clock.now() + timedelta(seconds=job.delay or 0)).isoformat() if job.deferred else None,
        }
    )


def _back_to_queue(app: "App", job: Job) -> None:
    body = {name: value for name, value in job.message.items() if name not in {"slot", "slots", "throttled"}}
    if job.deferred:
        body["first"] = job.first.isoformat(timespec="seconds")
    seconds = job.delay or 0.0
    if job.slot is not None:
        body |= {"slot": round(job.slot, 3), "slots": job.slots}
    elif seconds > LONGEST_DELAY:
        later.keep(app, body, app.clock.now() + timedelta(seconds=seconds))
        return
    if job.throttled:
        body["throttled"] = job.fruitless + 1
    app.queues.send(Queue.MAIL, body, delay_seconds=min(LONGEST_DELAY, int(seconds)))


def _pk(message: Message, key: str) -> str:
    return ledger_pk(str(message["campaign"]), str(message["step"]), str(message["version"]), key)
