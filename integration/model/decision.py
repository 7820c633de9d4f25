"""Whether one person gets one mail now: an ordered chain of rules over facts, for the sender and for the explainer.

The sender decides by it right before a mail and leaves the facts on the ledger row, so the same chain can be evaluated
again later and tells why. A rule that stops ends the matter; one that defers says until when; the first that does not
pass decides, but whatever stops for good comes before whatever only waits.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from integration.model.facts import Facts
from integration.model.ledger import State
from integration.model.schedule import Window, next_open, zone_of


class Outcome(StrEnum):
    """What one rule says."""

    PASSED = "passed"
    STOPPED = "stopped"
    DEFERRED = "deferred"


class Name(StrEnum):
    """The rules, in the order in which they are asked."""

    LEDGER = "Not sent before"
    AUDIENCE = "In the audience"
    DUE = "The step is due"
    CANCELLED = "Campaign not cancelled"
    ADDRESS = "Address can be mailed"
    STAGE = "Address allowed on this stage"
    RIGHTS = "No opt-out, bounce or complaint"
    TWIN = "Not sent to a merged record"
    ENDED = "Campaign has not ended"
    RUNNING = "Campaign is running"
    PAUSE = "Person has not paused mail"
    OWNER = "Owner is not talking to them"
    CAP = "Fewer mails than the cap allows"
    WISH = "No more mails than the person wants"
    LIMIT = "Sender has mails left today"
    HOURS = "Inside the hours of the campaign"


@dataclass(frozen=True)
class Rule:
    """One rule's answer."""

    name: Name
    outcome: Outcome = Outcome.PASSED
    reason: str = ""
    until: datetime | None = None
    """When a rule that defers has to be asked again; None: nobody knows, as long as the campaign is paused."""
    record: str = ""
    """Which record says so: `candidate`, `campaign`, or a record's id."""


@dataclass(frozen=True)
class Decision:
    """All rules; `deciding` is the one that counts."""

    rules: tuple[Rule, ...]

    @property
    def deciding(self) -> Rule | None:
        for outcome in (Outcome.STOPPED, Outcome.DEFERRED):
            for rule in self.rules:
                if rule.outcome is outcome:
                    return rule
        return None

    @property
    def outcome(self) -> Outcome:
        return self.deciding.outcome if self.deciding else Outcome.PASSED

    @property
    def reason(self) -> str:
        return self.deciding.reason if self.deciding else ""

    @property
    def until(self) -> datetime | None:
        """When to ask again: nothing can pass before the last of what defers is over."""
        moments = [rule.until for rule in self.rules if rule.outcome is Outcome.DEFERRED]
        return None if None in moments else max((moment for moment in moments if moment), default=None)


def decide(facts: Facts) -> Decision:
    """The whole chain. Transactional mail asks only what protects the person and the address."""
    rules = [
        _ledger(facts),
        _stop(Name.AUDIENCE, facts.left_out, record=facts.left_out_record or "campaign"),
        _stop(Name.CANCELLED, "the campaign was cancelled" if facts.leave == "cancelled" else "", record="campaign"),
        _stop(Name.ADDRESS, "" if facts.address else "no mail can be sent to this address", record="candidate"),
        _stop(Name.STAGE, "" if facts.allowed else "not on the list of this stage"),
        _stop(Name.RIGHTS, facts.refusal, record="candidate"),
        _stop(Name.TWIN, "has this mail under a record merged with this one" if facts.twin else ""),
    ]
    if not facts.transactional:
        rules += _deferring(facts)
    return Decision(tuple(rules))


def _ledger(facts: Facts) -> Rule:
    """A row is an end: what it says is what became of the mail."""
    if not facts.row:
        return Rule(Name.LEDGER)
    words = {
        State.SETTLED: "it was sent",
        State.ACCEPTED: "it was sent",
        State.INTENT: "it is being sent",
        State.IN_DOUBT: "it is not known whether it was sent",
    }
    reason = words.get(State(facts.row)) or facts.row_reason or facts.row
    return Rule(Name.LEDGER, Outcome.STOPPED, reason, record="candidate")


def _stop(name: Name, reason: str, *, record: str = "") -> Rule:
    return Rule(name, Outcome.STOPPED, reason, record=record) if reason else Rule(name)


def _deferring(facts: Facts) -> list[Rule]:
    """What only waits; at the campaign's end it waits no longer."""
    over = facts.ends is not None and facts.now >= facts.ends
    ended = _stop(Name.ENDED, "the campaign has ended" if over else "", record="campaign")
    waiting = [_pause(facts), _owner(facts), _cap(facts), _wish(facts), _limit(facts)]
    hours = _hours(facts, max((rule.until for rule in waiting if rule.until), default=facts.now))
    rules = [_running(facts), *waiting, hours]
    last = max((rule.until for rule in rules if rule.until), default=None)
    if not over and facts.ends is not None and last is not None and last >= facts.ends:
        first = next(rule for rule in rules if rule.until)
        ended = Rule(Name.ENDED, Outcome.STOPPED, f"{first.reason}, past the end of the campaign", record="campaign")
    return [ended, *rules]


def _running(facts: Facts) -> Rule:
    if facts.leave != "paused":
        return Rule(Name.RUNNING)
    return Rule(Name.RUNNING, Outcome.DEFERRED, facts.leave_reason or "the campaign is paused", record="campaign")


def _later(name: Name, facts: Facts, until: datetime | None, reason: str, record: str = "candidate") -> Rule:
    if until is None or until <= facts.now:
        return Rule(name)
    return Rule(name, Outcome.DEFERRED, reason, until, record)


def _pause(facts: Facts) -> Rule:
    return _later(Name.PAUSE, facts, facts.paused_until, "has paused mail")


def _owner(facts: Facts) -> Rule:
    if facts.hold_until and facts.hold_until > facts.now:
        return _later(Name.OWNER, facts, facts.hold_until, "is held by a recruiter")
    until = facts.contact_at + timedelta(days=facts.hold_days) if facts.contact_at and facts.hold_days else None
    reason = f"is in contact with a recruiter ({facts.contact or 'logged'})"
    return _later(Name.OWNER, facts, until, reason, facts.contact_record or "candidate")


def _cap(facts: Facts) -> Rule:
    until = cap_opens(facts.mails, facts.cap, facts.cap_days, facts.now, zone_of(facts.zone))
    return _later(Name.CAP, facts, until, f"over the cap of {facts.cap} in {_days(facts.cap_days)}")


def _wish(facts: Facts) -> Rule:
    until = cap_opens(facts.mails, 1, facts.wish_days, facts.now, zone_of(facts.zone))
    return _later(Name.WISH, facts, until, f"wants at most one mail in {_days(facts.wish_days)}")


def cap_opens(mails: Sequence[datetime], most: int, days: int, now: datetime, zone: tzinfo) -> datetime | None:
    """When a person may get the next mail: at most `most` on any `days` calendar days of theirs; None: now.

    Calendar days, not hours: a mail that goes at nine each morning must not slip by a second each day.
    """
    if most <= 0 or days <= 0:
        return None
    today = now.astimezone(zone).date()
    counted = sorted(day for mail in mails if (day := mail.astimezone(zone).date()) > today - timedelta(days=days))
    if len(counted) < most:
        return None
    return midnight(counted[len(counted) - most] + timedelta(days=days), zone)


def _limit(facts: Facts) -> Rule:
    return _later(Name.LIMIT, facts, facts.full_until, facts.full or "the sender's mails of today are used up", "brand")


def _hours(facts: Facts, at: datetime) -> Rule:
    zone = zone_of(facts.zone)
    opens = open_hours(max(at, facts.now), facts.window, zone, facts.is_free)
    if opens <= facts.now:
        return Rule(Name.HOURS)
    if at > facts.now:
        # Another rule waits, and its end may itself lie outside the hours.
        later = Rule(Name.HOURS, Outcome.DEFERRED, "the next hours of mail there", opens, "campaign")
        return later if opens > at else Rule(Name.HOURS)
    is_free = facts.is_free(facts.now.astimezone(zone).date())
    reason = "it is a day without mail there" if is_free else "it is outside the hours of mail there"
    return Rule(Name.HOURS, Outcome.DEFERRED, reason, opens, "campaign")


def open_hours(at: datetime, window: Window, zone: tzinfo, is_free: Callable[[date], bool]) -> datetime:
    """The first moment from `at` on that is inside the hours, on a day that is not free; in UTC."""
    opens = next_open(at, window, zone)
    for _ in range(60):
        day = opens.astimezone(zone).date()
        if not is_free(day):
            break
        opens = next_open(midnight(day + timedelta(days=1), zone), window, zone)
    return opens


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, datetime.min.time(), tzinfo=zone)


def _days(count: int) -> str:
    return "a day" if count == 1 else f"{count} days"
