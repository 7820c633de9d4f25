"""Once a day: referrals that a date or somebody's leaving moves on, without any event that says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from integration import log
from integration.errors import TryAgain
from integration.model.vocabulary import BonusState, Lifecycle, ReferralStatus
from integration.records import Candidate, Referral, parent
from integration.referrals.deciding import review
from integration.soql import both, compare, either, equals, select

if TYPE_CHECKING:
    from integration.app import App

PLACE = ("referrals", "day")
"""In the `people` table: the last day on which all were looked at."""
A_RUN = 100
"""People decided in one sweep; the next one, a minute later, goes on."""


def decide_daily(app: App) -> int:
    """Key: the day. Windows that ended, bonuses due, people who left, referrals made by hand; how many people."""
    today = app.clock.now().date()
    item = app.people.get(*PLACE)
    if item is None:  # the first sweep of all: the next one looks
        _note(app, today - timedelta(days=1))
    if item is None or item["day"] >= today.isoformat():
        return 0
    rows = app.salesforce.query(_moved_on(today))
    people = list(dict.fromkeys(str(row[Referral.CANDIDATE]) for row in rows))
    passing = sum(_decided(app, one) for one in people)
    if len(rows) < A_RUN and not passing:
        _note(app, today)
    if people:
        log.event("referrals.day_turned", people=len(people), again=passing)
    return len(people)


def _note(app: App, day: date) -> None:
    app.people.put({"pk": PLACE[0], "sk": PLACE[1], "day": day.isoformat()})


def _decided(app: App, candidate_id: str) -> bool:
    """Whether it has to be tried again today. One that cannot be decided holds up nobody else."""
    try:
        review(app, candidate_id)
    except TryAgain:
        return True
    except Exception as fault:
        log.fault("referrals.undecided", fault, candidate=candidate_id)
    return False


def _moved_on(today: date) -> str:
    """What is decided now is not found again."""
    left = compare(parent(Referral.CANDIDATE, Candidate.LIFECYCLE), "!=", Lifecycle.EMPLOYEE)
    earned = equals(Referral.BONUS_STATE, BonusState.EARNED)
    moved = either(
        both(equals(Referral.BONUS_STATE, BonusState.OPEN), compare(Referral.EXPIRES_ON, "<", today)),
        both(earned, compare(Referral.DUE_ON, "<=", today)),
        both(earned, left),
        equals(Referral.KEY, None),
    )
    where = both(equals(Referral.STATUS, ReferralStatus.ACTIVE), compare(Referral.CANDIDATE, "!=", None), moved)
    return select(Referral.API_NAME, [Referral.CANDIDATE], where=where, order_by=[Referral.CREATED_AT], limit=A_RUN)
