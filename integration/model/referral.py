"""Who is owed what for having recommended somebody: a pure function of the facts, whatever order they arrived in.

A claim is exclusive from its day to the last day of its window. In that time nobody else gets a claim to the same
person (or, per job, to the same person for the same job); whoever recommends them after it does. A hire is owed to
whoever held the claim when the person applied.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from integration.model.vocabulary import BonusState, ReferralModel

WINDOW_DAYS = 90
PAID_AFTER_DAYS = 90
PAYABLE = frozenset({BonusState.EARNED, BonusState.DUE, BonusState.PAID})


@dataclass(frozen=True)
class Terms:
    """What the channel of recommendations says."""

    model: ReferralModel = ReferralModel.PER_CANDIDATE
    window_days: int = WINDOW_DAYS
    paid_after_days: int = PAID_AFTER_DAYS
    pays_managers: bool = False


@dataclass(frozen=True)
class Claim:
    """One recommendation."""

    id: str
    name: str
    """Number of the record, as people see it."""
    referrer: str
    at: datetime
    requisition: str = ""
    """Of a recommendation for one job; blank for any."""
    title: str = ""
    same_person: str = ""
    """Why the recommended person is or may be the one who recommends; blank when nothing says so."""
    manages: frozenset[str] = frozenset()
    """Requisitions whose hiring manager recommended."""
    rejected: bool = False
    reason: str = ""
    """What the recruiter wrote beside a rejection."""
    approved_on: date | None = None
    paid_on: date | None = None
    application: str = ""
    """The hire that it was paid for."""
    was_due: bool = False

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def may_hold(self) -> bool:
        return bool(self.referrer) and not self.rejected and not self.same_person


@dataclass(frozen=True)
class Applied:
    """One application of the recommended person."""

    id: str
    name: str
    requisition: str
    title: str
    at: datetime
    hired_on: date | None = None
    is_open: bool = True


@dataclass(frozen=True)
class Decision:
    """What holds for one claim, and why, in words that name records and days, and no person."""

    state: BonusState
    explanation: str
    expires_on: date | None = None
    """The last day of the exclusive claim; None when it holds none."""
    application: str = ""
    due_on: date | None = None


def decide(
    terms: Terms, claims: Sequence[Claim], applications: Sequence[Applied], *, employed: bool, today: date
) -> dict[str, Decision]:
    """Claim id -> its decision, of all claims to one person. `employed`: whether they work here today."""
    won = _won(terms, claims, applications)
    found = {}
    for claim in claims:
        leader = _leader(terms, claims, claim)
        expires = _expires(terms, leader) if leader and leader.referrer == claim.referrer and claim.may_hold else None
        applied = won.get(claim.id)
        if claim.paid_on or claim.rejected or not claim.referrer or claim.same_person:
            decision = _settled(claim)
        elif applied and applied.hired_on:
            decision = _hired(terms, claim, applied, applied.hired_on, employed=employed, today=today)
        elif applied:
            decision = _eligible(terms, claim, applied)
        else:
            decision = _waiting(terms, claim, leader, claims, applications, today)
        found[claim.id] = replace(decision, expires_on=expires)
    return found


def holder(terms: Terms, claims: Iterable[Claim], requisition: str, at: datetime) -> Claim | None:
    """Who has the exclusive claim to the person at a moment, for a job; blank `requisition`: for none in particular."""
    standing = _walk(terms, claims, requisition, at)
    if standing is None or at.date() > _expires(terms, standing):
        return None
    return standing


def _walk(terms: Terms, claims: Iterable[Claim], requisition: str, at: datetime) -> Claim | None:
    """The last claim that began a spell: the first of all, then each that came after the spell before had ended."""
    standing: Claim | None = None
    for claim in sorted(_about(terms, claims, requisition), key=lambda one: (one.at, one.id)):
        if claim.at > at:
            break
        if claim.may_hold and (standing is None or claim.day > _expires(terms, standing)):
            standing = claim
    return standing


def _about(terms: Terms, claims: Iterable[Claim], requisition: str) -> Iterable[Claim]:
    """Claims that exclude one another: all to a person, or per job those for it and those for any."""
    if terms.model is ReferralModel.PER_CANDIDATE:
        return claims
    return (one for one in claims if one.requisition in ("", requisition))


def _leader(terms: Terms, claims: Sequence[Claim], claim: Claim) -> Claim | None:
    """Whose spell it was when the claim was made; its own when it began one."""
    others = [one for one in claims if (one.at, one.id) <= (claim.at, claim.id)]
    return _walk(terms, others, claim.requisition, claim.at)


def _expires(terms: Terms, claim: Claim) -> date:
    return claim.day + timedelta(days=terms.window_days)


def _won(terms: Terms, claims: Sequence[Claim], applications: Sequence[Applied]) -> dict[str, Applied]:
    """Claim id -> the application it stands for; a hire before a mere application, the earliest first.

    A hire that was paid is owed to nobody else, whatever the rules say by now.
    """
    paid = {claim.application for claim in claims if claim.paid_on and claim.application}
    found: dict[str, Applied] = {}
    ordered = sorted(
        applications, key=lambda one: (one.hired_on is None, one.hired_on or one.at.date(), one.at, one.id)
    )
    for applied in ordered:
        if applied.id in paid or not (applied.is_open or applied.hired_on):
            continue
        winner = _winner(terms, claims, applied)
        if winner is not None and not winner.paid_on:
            found.setdefault(winner.id, applied)
    return found


def _winner(terms: Terms, claims: Sequence[Claim], applied: Applied) -> Claim | None:
    able = [one for one in claims if terms.pays_managers or applied.requisition not in one.manages]
    first = holder(terms, able, applied.requisition, applied.at)
    if first is None:
        return None
    # Of several claims of whoever holds it, the one that names the job.
    own = [one for one in _about(terms, able, applied.requisition) if one.referrer == first.referrer and one.may_hold]
    named = [one for one in own if one.requisition == applied.requisition and first.at <= one.at <= applied.at]
    return min(named, key=lambda one: (one.at, one.id), default=first)


def _settled(claim: Claim) -> Decision:
    """What no date changes any more."""
    if claim.paid_on:
        return Decision(BonusState.PAID, f"Paid on {claim.paid_on}.", application=claim.application)
    if claim.rejected:
        why = f": {claim.reason.rstrip('.')}." if claim.reason else ", without a reason noted."
        return Decision(BonusState.NOT_ELIGIBLE, f"Rejected by a recruiter{why} Restore takes that back.")
    if not claim.referrer:
        return Decision(
            BonusState.NOT_ELIGIBLE, "Whoever recommended is not on record any more, so nobody can be paid."
        )
    return Decision(BonusState.NOT_ELIGIBLE, f"Nobody can recommend themselves: {claim.same_person}")


def _hired(terms: Terms, claim: Claim, applied: Applied, hired_on: date, *, employed: bool, today: date) -> Decision:
    due_on = hired_on + timedelta(days=terms.paid_after_days)
    begun = f"Recommended on {claim.day}, applied on {applied.at.date()}, hired on {hired_on} ({_job(applied)})."
    if today >= due_on and (employed or claim.was_due):
        approved = f" Payment approved on {claim.approved_on}." if claim.approved_on else " Payment may be approved."
        words = f"{begun} {terms.paid_after_days} days after the hire were over on {due_on}.{approved}"
        state = BonusState.DUE
    elif employed:
        words, state = f"{begun} Due on {due_on} if the person still works here then.", BonusState.EARNED
    else:
        words = f"{begun} The bonus was to be due on {due_on}, and the person is not on record as an employee any more."
        state = BonusState.FORFEITED
    return Decision(state, words, application=applied.id, due_on=due_on)


def _eligible(terms: Terms, claim: Claim, applied: Applied) -> Decision:
    words = (
        f"Recommended on {claim.day}, applied on {applied.at.date()} within the window ({_job(applied)}). "
        f"A hire earns the bonus, due {terms.paid_after_days} days after it."
    )
    return Decision(BonusState.ELIGIBLE, words, application=applied.id)


def _waiting(
    terms: Terms,
    claim: Claim,
    leader: Claim | None,
    claims: Sequence[Claim],
    applications: Sequence[Applied],
    today: date,
) -> Decision:
    """Of a claim that stands for no application."""
    refused = BonusState.NOT_ELIGIBLE
    if leader is not None and leader.referrer != claim.referrer:
        words = (
            f"{leader.name} was there first, on {leader.day}, and is exclusive up to {_expires(terms, leader)}. "
            f"This recommendation came on {claim.day}, within that time."
        )
        return Decision(refused, words)
    for applied in sorted(applications, key=lambda one: (one.at, one.id)):
        if applied.requisition in claim.manages and not terms.pays_managers and applied.at >= claim.at:
            return Decision(refused, f"Hiring managers are not paid for their own jobs ({_job(applied)}).")
        if applied.requisition == claim.requisition and applied.at < claim.at:
            words = f"Applied for the job on {applied.at.date()}, before this recommendation of {claim.day}"
            return Decision(refused, f"{words} ({_job(applied)}).")
    paid = {one.application: one for one in claims if one.paid_on and one.id != claim.id}
    for applied in applications:
        if applied.id in paid and _winner(terms, claims, applied) == claim:
            other = paid[applied.id]
            return Decision(refused, f"The hire was paid to {other.name} on {other.paid_on} already.")
    ends = _expires(terms, leader or claim)
    if today > ends:
        words = (
            f"The window of {terms.window_days} days ended on {ends} without an application{_for(claim)} in process."
        )
        return Decision(refused, words)
    words = f"Recommended on {claim.day}. The claim is exclusive up to {ends}; an application{_for(claim)} until then"
    return Decision(BonusState.OPEN, f"{words} makes it eligible.")


def _for(claim: Claim) -> str:
    return f" for {claim.title}" if claim.title else ""


def _job(applied: Applied) -> str:
    return f"{applied.title}, {applied.name}" if applied.title else applied.name
